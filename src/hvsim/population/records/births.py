"""A birth file understood: who was born when, where, to whom, with which attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hvsim.population.completion import OPEN
from hvsim.population.records.identity import ids_of, mothers_of
from hvsim.population.records.mapping import IntArray, Mapped, mapped
from hvsim.population.records.months import outside
from hvsim.population.records.opening import read_cells, sha256
from hvsim.population.records.report import ColumnReport, RecordsReport, told
from hvsim.population.traits import KeyArray
from hvsim.scenario.records import (
    BIRTH_DATE,
    BIRTH_MONTH,
    BIRTH_YEAR,
    KEYS,
    MOTHER,
    REGION,
    rule_if_missing,
    words_of,
)
from hvsim.scenario.schema import Records, Scenario
from hvsim.scenario.vocabulary import attributes_of


@dataclass(frozen=True)
class BirthRecords:
    """The births of a file that a scenario uses. Shapes: (n,) unless stated.

    Attributes
    ----------
    id, mother
        Keys, from the texts of the file alone.
    birth_month
        Month number.
    region
        Position in the scenario's regions.
    levels
        Shape (n, attributes): position of the level, or `OPEN`.
    attributes
        Levels of each attribute, in the order of the columns of `levels`.
    report
        What may be told about the file.
    """

    id: KeyArray
    mother: KeyArray
    birth_month: IntArray
    region: npt.NDArray[np.int16]
    levels: npt.NDArray[np.int8]
    attributes: Mapping[str, tuple[str, ...]]
    report: RecordsReport


def read_records(scenario: Scenario) -> BirthRecords:
    """The birth file of a scenario.

    Raises
    ------
    ScenarioError
        With what is wrong with the file, a few problems of each kind.
    ValueError
        If the scenario has no birth file.
    """
    records = scenario.population.records
    if records is None:
        raise ValueError("the scenario names no birth file")
    wanted = dict.fromkeys(
        spec.column for spec in records.columns.values() if spec.column is not None
    )
    cells, complaints = read_cells(records.file, list(wanted))
    columns = {
        name: mapped(name, spec, words_of(scenario, name), cells, complaints)
        for name, spec in records.columns.items()
        if name not in KEYS
    }
    ids, without_id = ids_of(records, cells, complaints)
    mothers, no_mother, without_mother = mothers_of(records, cells, ids, complaints)
    months = _birth_months(columns)
    left_out = without_id | without_mother
    for column in columns.values():
        left_out |= column.left_out
    if not complaints.kinds:  # otherwise not every month is known
        left_out |= outside(scenario, records, months, left_out, cells, complaints)
    complaints.raise_if_any()
    used = np.flatnonzero(~left_out)
    attributes = attributes_of(scenario)
    levels = np.full((len(used), len(attributes)), OPEN, np.int8)
    for place, name in enumerate(attributes):
        if name in columns:
            levels[:, place] = columns[name].values[used]
    least = records.smallest_count
    counts = {name: (column.missing, column.unknown) for name, column in columns.items()}
    if MOTHER in records.columns:
        counts[MOTHER] = no_mother, 0
    report = RecordsReport(
        file=records.file.name,
        sha256=sha256(records.file),
        smallest_count=least,
        rows=told(len(cells), least),
        left_out=told(int(left_out.sum()), least),
        columns=tuple(_column_report(records, name, *counts[name]) for name in counts),
        drawn=tuple(name for name in attributes if name not in columns),
    )
    return BirthRecords(
        id=ids[used],
        mother=mothers[used],
        birth_month=months[used],
        region=columns[REGION].values[used].astype(np.int16),
        levels=levels,
        attributes=attributes,
        report=report,
    )


def _column_report(records: Records, name: str, missing: int, unknown: int) -> ColumnReport:
    least, spec = records.smallest_count, records.columns[name]
    rules = rule_if_missing(name, spec), spec.if_unknown
    return ColumnReport(name, told(missing, least), told(unknown, least), *rules)


def _birth_months(columns: Mapping[str, Mapped]) -> IntArray:
    if BIRTH_DATE in columns:
        return columns[BIRTH_DATE].values
    return columns[BIRTH_YEAR].values * 12 + columns[BIRTH_MONTH].values - 1
