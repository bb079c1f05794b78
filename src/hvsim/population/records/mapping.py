"""From cells to what they mean: one column at a time, missing and unknown ones by their rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from hvsim.population.records.cells import Cells, Column
from hvsim.population.records.problems import Complaints
from hvsim.scenario.codes import MISSING, plain_code
from hvsim.scenario.errors import quoted
from hvsim.scenario.records import (
    BIRTH_DATE,
    BIRTH_MONTH,
    BIRTH_YEAR,
    DATES,
    DRAW,
    LEAVE_OUT,
    OWN,
    REFUSE,
    rule_if_missing,
)
from hvsim.scenario.schema import RecordColumn
from hvsim.scenario.values import FIRST_MONTH, LAST_MONTH

IntArray = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

NOTHING, STRANGE = -1, -2
"""Instead of a meaning: the cell says that nothing is known, or nothing that is understood."""

Meaning = Callable[[str], int]


@dataclass(frozen=True)
class Mapped:
    """A column understood.

    Attributes
    ----------
    values
        Position of the level or region, month or year; `NOTHING` where it is to be drawn.
    left_out
        Records that a rule leaves out.
    missing, unknown
        How many records say nothing, or nothing that is understood.
    """

    values: IntArray
    left_out: Bools
    missing: int
    unknown: int


def mapped(
    name: str, spec: RecordColumn, words: Sequence[str], cells: Cells, complaints: Complaints
) -> Mapped:
    """What a column says of each record; refused cells are noted.

    Parameters
    ----------
    name
        What the column is for.
    spec
        How to read it.
    words
        Levels or regions; none for parts of a date.
    cells
        What was read.
    complaints
        Where to note what is refused.
    """
    understand = _meaning(name, spec, words)
    n = len(cells)
    if spec.always is not None or spec.column is None:
        value = understand(str(spec.always))
        if value < 0:
            hint = _hint(name, spec, str(spec.always))
            complaints.add("always", f"{name}: found {quoted(spec.always)}; {hint}")
        return Mapped(np.full(n, value, np.int32), np.zeros(n, np.bool_), 0, 0)
    column = cells.columns[spec.column]
    values = np.array([understand(text) for text in column.texts], np.int32)[column.numbers]
    left_out = np.zeros(n, np.bool_)
    counts = []
    rules = {NOTHING: rule_if_missing(name, spec), STRANGE: spec.if_unknown}
    for kind, rule in rules.items():
        at = values == kind
        counts.append(int(at.sum()))
        if rule == REFUSE:
            _refuse(kind, name, spec, column, at, cells.places, complaints)
        elif rule == LEAVE_OUT:
            left_out |= at
        elif rule == DRAW:
            values[at] = NOTHING
        elif rule != OWN:
            values[at] = words.index(rule)
    return Mapped(values, left_out, *counts)


def _meaning(name: str, spec: RecordColumn, words: Sequence[str]) -> Meaning:
    """How to understand a cell of this column."""
    positions = {word: place for place, word in enumerate(words)} | {MISSING: NOTHING}
    own = _date_reader(spec.format) if name == BIRTH_DATE else _PARTS.get(name)

    def understand(text: str) -> int:
        meant = MISSING if not text else spec.codes.meaning(text)
        if meant is not None:
            return positions[meant]
        if own is not None:
            return own(text)
        return positions.get(text, STRANGE)

    return understand


def _year(text: str) -> int:
    year = plain_code(text)
    if not re.fullmatch(r"\d{4}", year):
        return STRANGE
    return int(year) if FIRST_MONTH // 12 <= int(year) <= LAST_MONTH // 12 else STRANGE


def _month(text: str) -> int:
    month = plain_code(text)
    return int(month) if re.fullmatch(r"1[0-2]|[1-9]", month) else STRANGE


_PARTS: dict[str, Meaning] = {BIRTH_YEAR: _year, BIRTH_MONTH: _month}


def _date_reader(form: str) -> Meaning:
    """Reader of dates written in this form, as months."""
    pattern = re.escape(form).replace("YYYY", r"(?P<y>\d{4})")
    pattern = pattern.replace("MM", r"(?P<m>\d{1,2})").replace("DD", r"(?P<d>\d{1,2})")
    if not re.search(r"[-/. ]", form):
        pattern = pattern.replace("{1,2}", "{2}")

    def read(text: str) -> int:
        match = re.fullmatch(pattern, text)
        if match is None:
            return STRANGE
        parts = match.groupdict()
        try:
            day = date(int(parts["y"]), int(parts["m"]), int(parts.get("d", 1)))
        except ValueError:
            return STRANGE
        month = day.year * 12 + day.month - 1
        return month if FIRST_MONTH <= month <= LAST_MONTH else STRANGE

    return read


def _refuse(
    kind: int,
    name: str,
    spec: RecordColumn,
    column: Column,
    at: Bools,
    places: npt.NDArray[np.int64],
    complaints: Complaints,
) -> None:
    """Note each distinct cell of a kind once, with the first place where it stands."""
    rows = np.flatnonzero(at)
    distinct, first, counts = np.unique(column.numbers[rows], return_index=True, return_counts=True)
    for text, place, count in sorted(zip(distinct, first, counts, strict=True), key=lambda x: x[1]):
        cell = column.texts[text]
        found = "an empty cell" if not cell else quoted(cell)
        again = f" and on {count - 1:,} more" if count > 1 else ""
        hint = _hint(name, spec, cell)
        if kind == NOTHING:
            hint = "set 'if_missing' to leave-out" + ("" if name in DATES else " or a level")
        message = f"found {found} for {name}{again}; {hint}"
        complaints.add(str(kind), message, int(places[rows[place]]), column.name)


def _hint(name: str, spec: RecordColumn, cell: str) -> str:
    """What would be right in place of a cell that is not understood."""
    if name == BIRTH_DATE:
        return f"no date written as {spec.format}"
    if name == BIRTH_MONTH:
        return "months are 1 to 12"
    if name == BIRTH_YEAR:
        return "write the year with four digits"
    if re.fullmatch(r"\d+,\d+", cell):
        return "decimals need a point, not a comma"
    return "explain it in 'codes', or set 'if_unknown'"
