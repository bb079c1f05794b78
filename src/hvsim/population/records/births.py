"""A birth file understood: who was born when, where, to whom, with which attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hvsim.months import format_month
from hvsim.population.records.cells import Cells, Column
from hvsim.population.records.mapping import Bools, IntArray, Mapped, mapped
from hvsim.population.records.opening import read_cells, sha256
from hvsim.population.records.problems import Complaints
from hvsim.population.records.report import ColumnReport, RecordsReport, told
from hvsim.randomness import key
from hvsim.scenario.codes import MISSING
from hvsim.scenario.records import (
    BIRTH_DATE,
    BIRTH_MONTH,
    BIRTH_YEAR,
    ID,
    KEYS,
    LEAVE_OUT,
    MOTHER,
    REFUSE,
    REGION,
    rule_if_missing,
    words_of,
)
from hvsim.scenario.schema import Records, Scenario
from hvsim.scenario.vocabulary import attributes_of

KeyArray = npt.NDArray[np.uint64]
UNKNOWN = -1
"""In place of a level: it is to be drawn."""


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
        Shape (n, attributes): position of the level, or `UNKNOWN`.
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


def run_months(scenario: Scenario) -> tuple[int, int]:
    """First and last month in which families of a run are born."""
    warm = round(scenario.warm_start.months.value)
    return scenario.start - warm + round(scenario.population.enters_before_birth.value), scenario.end


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
    ids, without_id = _ids(records, cells, complaints)
    mothers, no_mother, without_mother = _mothers(records, cells, ids, complaints)
    months = _birth_months(columns)
    left_out = without_id | without_mother
    for column in columns.values():
        left_out |= column.left_out
    _check_months(scenario, records, months, left_out, cells, complaints)
    complaints.raise_if_any()
    used = np.flatnonzero(~left_out)
    attributes = attributes_of(scenario)
    levels = np.full((len(used), len(attributes)), UNKNOWN, np.int8)
    for place, name in enumerate(attributes):
        if name in columns:
            levels[:, place] = columns[name].values[used]
    least = records.smallest_count
    told_columns = [
        ColumnReport(
            name,
            told(column.missing, least),
            told(column.unknown, least),
            rule_if_missing(name, records.columns[name]),
            records.columns[name].if_unknown,
        )
        for name, column in columns.items()
    ]
    if MOTHER in records.columns:
        rule = rule_if_missing(MOTHER, records.columns[MOTHER])
        told_columns.append(ColumnReport(MOTHER, told(no_mother, least), 0, rule, REFUSE))
    report = RecordsReport(
        file=records.file.name,
        sha256=sha256(records.file),
        smallest_count=least,
        rows=told(len(cells), least),
        left_out=told(int(left_out.sum()), least),
        columns=tuple(told_columns),
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


def _birth_months(columns: Mapping[str, Mapped]) -> IntArray:
    if BIRTH_DATE in columns:
        return columns[BIRTH_DATE].values
    return columns[BIRTH_YEAR].values * 12 + columns[BIRTH_MONTH].values - 1


def _keys(kind: str, column: Column) -> KeyArray:
    return np.array([key(kind, text) for text in column.texts], np.uint64)[column.numbers]


def _ids(records: Records, cells: Cells, complaints: Complaints) -> tuple[KeyArray, Bools]:
    """Key of each record, and which are left out for having none.

    Without a column of ids the place in the file is the id.
    """
    spec = records.columns.get(ID)
    if spec is None or spec.column is None:
        keys = np.array([key("birth-record", str(place)) for place in range(len(cells))], np.uint64)
        return keys, np.zeros(len(cells), np.bool_)
    column = cells.columns[spec.column]
    absent = _absent(records, ID, column)
    if rule_if_missing(ID, spec) == REFUSE:
        for place in cells.places[absent].tolist():
            complaints.add("id", "no id; each birth needs one of its own", place, column.name)
    keys = _keys("birth-id", column)
    order = np.argsort(keys, kind="stable")
    again = order[1:][(keys[order][1:] == keys[order][:-1]) & ~absent[order][1:]]
    if len(again):
        _, first = np.unique(keys, return_index=True)
        places = dict(zip(keys[first].tolist(), cells.places[first].tolist(), strict=True))
        where = "line" if complaints.counts_lines else "row"
        for row in np.sort(again).tolist():
            message = f"the same id as on {where} {places[int(keys[row])]}; each birth needs its own"
            complaints.add("same id", message, int(cells.places[row]), column.name)
    return keys, absent


def _mothers(
    records: Records, cells: Cells, ids: KeyArray, complaints: Complaints
) -> tuple[KeyArray, int, Bools]:
    """Key of each record's mother, how many name none, and which are left out for it."""
    nobody = np.zeros(len(cells), np.bool_)
    spec = records.columns.get(MOTHER)
    if spec is None or spec.column is None:
        return ids, 0, nobody
    column = cells.columns[spec.column]
    absent = _absent(records, MOTHER, column)
    keys = np.where(absent, ids, _keys("birth-mother", column))
    rule = rule_if_missing(MOTHER, spec)
    if rule == REFUSE:
        for place in cells.places[absent].tolist():
            complaints.add("mother", "no mother", place, column.name)
    return keys, int(absent.sum()), absent if rule == LEAVE_OUT else nobody


def _absent(records: Records, name: str, column: Column) -> Bools:
    """Records whose cell is empty or a code for missing."""
    codes = records.columns[name].codes
    if codes.entries:
        said = [not text or codes.meaning(text) == MISSING for text in column.texts]
    else:
        said = [not text for text in column.texts]
    return np.array(said, np.bool_)[column.numbers]


def _check_months(
    scenario: Scenario,
    records: Records,
    months: IntArray,
    left_out: Bools,
    cells: Cells,
    complaints: Complaints,
) -> None:
    """Note births that the run cannot place, and months for which the file has none.

    Births outside the months of the run are left out where the scenario says so.
    """
    if complaints.kinds:
        return  # not every month is known
    first, last = run_months(scenario)
    if records.use == "as-dated":
        outside = ~left_out & ((months < first) | (months > last))
        span = f"{format_month(first)} to {format_month(last)}"
        if records.outside == REFUSE:
            dated = BIRTH_DATE if BIRTH_DATE in records.columns else BIRTH_YEAR
            column = records.columns[dated].column or ""
            for row in np.flatnonzero(outside).tolist():
                message = (
                    f"born in {format_month(int(months[row]))}, but families of the run are born "
                    f"from {span}; set 'outside: leave-out', or 'use: every-year'"
                )
                complaints.add("outside", message, int(cells.places[row]), column)
            if outside.any():
                return
        left_out |= outside
        held = months[~left_out]
        if not len(held) or held.min() > first or held.max() < last:
            message = f"the run needs births from {span}"
            if len(held):
                ends = (format_month(int(held.min())), format_month(int(held.max())))
                message += f", the file holds {ends[0]} to {ends[1]}"
            complaints.add("months", message + "; set 'use: every-year', or move the run")
        return
    held = np.unique(months[~left_out])
    calendar = held % 12 + 1
    for month in range(1, 13):
        years = (held[calendar == month] // 12).tolist()
        if not years:
            complaints.add("months", f"no births in month {month}; every-year needs all twelve")
        elif len(years) > 1:
            message = f"births in month {month} of {years[0]} and {years[1]}; keep those of one year"
            complaints.add("months", message)
