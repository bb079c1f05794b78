"""Families: synthetic, from a scenario's margins and the associations of real births."""

from hvsim.population.families import Families
from hvsim.population.siblings import siblings_of
from hvsim.population.synthesis import reference_families, synthesize

__all__ = ["Families", "reference_families", "siblings_of", "synthesize"]
