"""What is not known about a scenario's numbers: distributions of them, and draws."""

from hvsim.uncertainty.alternatives import Alternatives
from hvsim.uncertainty.drawing import (
    FIRST_DRAW,
    DrawError,
    Drawing,
    Drawn,
    choice_of,
    refuse_undrawable,
)
from hvsim.uncertainty.leaves import Leaf, leaves_of, ways_drawn
from hvsim.uncertainty.posterior import Posterior, PosteriorError, read_posterior
from hvsim.uncertainty.prices import drawn_prices, price_ways
from hvsim.uncertainty.structure_files import load_structures
from hvsim.uncertainty.structures import Structures

__all__ = [
    "FIRST_DRAW",
    "Alternatives",
    "DrawError",
    "Drawing",
    "Drawn",
    "Leaf",
    "Posterior",
    "PosteriorError",
    "Structures",
    "choice_of",
    "drawn_prices",
    "leaves_of",
    "load_structures",
    "price_ways",
    "read_posterior",
    "refuse_undrawable",
    "ways_drawn",
]
