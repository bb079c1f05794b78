"""The user's own birth file: read, understood, checked, counted."""

from hvsim.population.records.births import BirthRecords, read_records
from hvsim.population.records.families import families_of_records
from hvsim.population.records.report import ColumnReport, RecordsReport

__all__ = ["BirthRecords", "ColumnReport", "RecordsReport", "families_of_records", "read_records"]
