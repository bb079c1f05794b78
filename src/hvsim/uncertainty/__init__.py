"""What is not known about a scenario's numbers: distributions of them, and draws."""

from hvsim.uncertainty.drawing import FIRST_DRAW, DrawError, Drawing, Drawn
from hvsim.uncertainty.leaves import Leaf, leaves_of, ways_drawn
from hvsim.uncertainty.posterior import Posterior, PosteriorError, read_posterior

__all__ = [
    "FIRST_DRAW",
    "DrawError",
    "Drawing",
    "Drawn",
    "Leaf",
    "Posterior",
    "PosteriorError",
    "leaves_of",
    "read_posterior",
    "ways_drawn",
]
