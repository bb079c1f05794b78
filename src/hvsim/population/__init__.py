"""Families: synthetic, from a scenario's margins and the associations of real births."""

from hvsim.population.families import Families
from hvsim.population.synthesis import reference_families, synthesize

__all__ = ["Families", "reference_families", "synthesize"]
