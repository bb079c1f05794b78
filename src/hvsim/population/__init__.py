"""Families: synthetic, from a scenario's margins and real births' associations, or from a file."""

from hvsim.population.choice import families_of
from hvsim.population.families import Families
from hvsim.population.records import RecordsReport, read_records
from hvsim.population.siblings import siblings_of
from hvsim.population.synthesis import synthesize

__all__ = [
    "Families",
    "RecordsReport",
    "families_of",
    "read_records",
    "siblings_of",
    "synthesize",
]
