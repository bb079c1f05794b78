"""The tables of a run folder: what they hold, and how a ledger becomes rows.

Rows whose count is zero are left out, monthly snapshots of capacity excepted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hvsim.months import fiscal_year, format_month
from hvsim.simulation.ledger import (
    CAPACITY_MEASURES,
    DOOR_TRANSITIONS,
    OUTCOME_COUNTS,
    PROGRAM_TRANSITIONS,
    SPENDING,
    STOCKS,
    Ledger,
)

Array = npt.NDArray[Any]

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "funnel": (
        "scenario",
        "replicate",
        "draw",
        "year",
        "dimension",
        "group",
        "door",
        "program",
        "transition",
    ),
    "outcomes": (
        "scenario",
        "replicate",
        "draw",
        "year",
        "dimension",
        "group",
        "outcome",
        "measure",
    ),
    "costs": (
        "scenario",
        "replicate",
        "draw",
        "year",
        "payer",
        "stream",
        "category",
        "program",
    ),
    "capacity": ("scenario", "replicate", "month", "provider", "program"),
    "capacity_by_year": ("scenario", "replicate", "draw", "year", "provider", "program"),
    "monthly": (
        "scenario",
        "replicate",
        "month",
        "dimension",
        "group",
        "door",
        "program",
        "outcome",
        "measure",
    ),
    "families": ("scenario", "replicate", "draw", "quantity", "name"),
    "ages": ("scenario", "replicate", "draw", "outcome", "age"),
}
"""Columns that identify a row of each table, in the order of sorting."""

FAMILIES: Final = pa.schema(
    {
        "quantity": pa.string(),
        "name": pa.string(),
        "total": pa.int64(),
        "difference": pa.int64(),
        "standard_error": pa.float64(),
        "variance_ratio": pa.float64(),
        "fewer": pa.int64(),
        "more": pa.int64(),
    }
)
"""What the table 'families' holds of each run: its `total`, and, against the baseline, the
`difference` (baseline minus scenario) with its chance error, and families with fewer and more."""

AGES: Final = pa.schema(
    {
        "outcome": pa.string(),
        "age": pa.int64(),
        "events": pa.int64(),
        "children": pa.int64(),
        "prevented": pa.int64(),
        "spared": pa.int64(),
        "struck": pa.int64(),
        "postponed": pa.int64(),
        "hastened": pa.int64(),
    }
)
"""What the table 'ages' holds of each run, of children followed to each of two ages."""

MONTHLY_DRAW: Final = 0
"""The draw that monthly tables hold."""


@dataclass(frozen=True)
class Axis:
    """One axis of an array of counts: the columns that its positions become."""

    columns: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


def axis(name: str, labels: Sequence[Any]) -> Axis:
    """Axis whose positions become the values of one column."""
    return Axis({name: labels})


def long(counts: Array, value: str, *axes: Axis, zeros: bool = False) -> pa.Table:
    """Rows of an array, one per cell that is not zero.

    Parameters
    ----------
    counts
        One dimension per axis.
    value
        Name of the column that holds the counts.
    axes
        What the positions along each dimension mean.
    zeros
        Keep cells of zero too.
    """
    if counts.shape != tuple(map(len, axes)):
        raise ValueError(f"{counts.shape} counts for axes of {tuple(map(len, axes))}")
    where = np.indices(counts.shape).reshape(counts.ndim, -1) if zeros else counts.nonzero()
    columns = {
        # Without labels to infer from (no program, no door) the column still holds names.
        name: pa.array(labels, None if len(labels) else pa.string()).take(pa.array(positions))
        for one, positions in zip(axes, where, strict=True)
        for name, labels in one.columns.items()
    }
    return pa.table({**columns, value: pa.array(counts[tuple(where)])})


def yearly(ledger: Ledger) -> dict[str, pa.Table]:
    """Rows of one run by fiscal year, for each table that has them."""
    return {
        "funnel": _funnel(ledger, by_year=True),
        "outcomes": _outcomes(ledger, by_year=True),
        "costs": _costs(ledger),
        "capacity_by_year": _capacity_by_year(ledger),
    }


def tables_of(ledger: Ledger, replicate: int) -> dict[str, pa.Table]:
    """Rows of one run for every table of the folder that it belongs in."""
    tables = yearly(ledger)
    if ledger.draw == MONTHLY_DRAW:
        tables["capacity"] = capacity_by_month(ledger)
        tables["monthly"] = _monthly(ledger)
    run: dict[str, str | int] = {
        "scenario": ledger.scenario,
        "replicate": replicate,
        "draw": ledger.draw,
    }
    return {name: identified(table, KEYS[name], run) for name, table in tables.items()}


def identified(table: pa.Table, keys: Sequence[str], run: Mapping[str, str | int]) -> pa.Table:
    """Table with the columns that name its run, keys first."""
    for column, content in run.items():
        if column in keys:
            kind = pa.string() if isinstance(content, str) else pa.int64()
            table = table.append_column(column, pa.repeat(pa.scalar(content, kind), len(table)))
    values = [column for column in table.column_names if column not in keys]
    return table.select([*keys, *values])


def sorted_rows(table: pa.Table, name: str) -> pa.Table:
    """Rows in the order of the table's keys, dictionaries replaced by what they stand for."""
    table = table.unify_dictionaries().combine_chunks()
    ranks = [_ranks(table[key].combine_chunks()) for key in KEYS[name]]
    plain = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.take(pa.array(np.lexsort(ranks[::-1]))).cast(pa.schema(plain))


def _ranks(column: pa.Array) -> npt.NDArray[np.int32]:
    """Rank of each label among those of its column: with few labels they sort faster than texts."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    ranks = pc.rank(column.dictionary).to_numpy().astype(np.int32)
    return np.asarray(ranks[column.indices.to_numpy()])


def fiscal_years(ledger: Ledger) -> npt.NDArray[np.int64]:
    """Fiscal year, by the year in which it ends, of each reported month."""
    months = range(ledger.first_month, ledger.first_month + ledger.months)
    return np.array([fiscal_year(month, ledger.fiscal_year_starts) for month in months])


def _years(ledger: Ledger) -> tuple[Axis, npt.NDArray[np.int64]]:
    """Axis of fiscal years, and the position of the first month of each."""
    years, begins = np.unique(fiscal_years(ledger), return_index=True)
    return axis("year", years.tolist()), begins


def _months(ledger: Ledger) -> Axis:
    months = range(ledger.first_month, ledger.first_month + ledger.months)
    return axis("month", [format_month(month) for month in months])


def _groups(ledger: Ledger) -> Axis:
    dimensions, groups = zip(*ledger.groups, strict=True)
    return Axis({"dimension": dimensions, "group": groups})


def _constant(table: pa.Table, **columns: str) -> pa.Table:
    for name, content in columns.items():
        table = table.append_column(name, pa.repeat(content, len(table)))
    return table


def _periods(ledger: Ledger, counts: Array, month_axis: int, by_year: bool) -> tuple[Array, Axis]:
    """Counts by fiscal year or by month, and their axis."""
    if not by_year:
        return counts, _months(ledger)
    years, begins = _years(ledger)
    return np.add.reduceat(counts, begins, axis=month_axis), years


def _funnel(ledger: Ledger, *, by_year: bool) -> pa.Table:
    groups = _groups(ledger)
    births, periods = _periods(ledger, ledger.births, 0, by_year)
    doors, _ = _periods(ledger, ledger.door_funnel, 2, by_year)
    programs, _ = _periods(ledger, ledger.funnel, 3, by_year)
    met = axis("door", ledger.doors)
    parts = [
        _constant(
            long(births, "families", periods, groups), door="", program="", transition="births"
        ),
        _constant(
            long(doors, "families", met, axis("transition", DOOR_TRANSITIONS), periods, groups),
            program="",
        ),
        long(
            programs,
            "families",
            met,
            axis("program", ledger.programs),
            axis("transition", PROGRAM_TRANSITIONS),
            periods,
            groups,
        ),
    ]
    names = parts[0].column_names
    return pa.concat_tables([part.select(names) for part in parts])


def _outcomes(ledger: Ledger, *, by_year: bool) -> pa.Table:
    counts, periods = _periods(ledger, ledger.outcomes, 2, by_year)
    return long(
        counts,
        "value",
        axis("outcome", ledger.measures),
        axis("measure", OUTCOME_COUNTS),
        periods,
        _groups(ledger),
    )


def _monthly(ledger: Ledger) -> pa.Table:
    funnel = _funnel(ledger, by_year=False).rename_columns(
        {"transition": "measure", "families": "value"}
    )
    parts = [
        _constant(funnel, outcome=""),
        _constant(_outcomes(ledger, by_year=False), door="", program=""),
    ]
    names = parts[0].column_names
    return pa.concat_tables([part.select(names) for part in parts])


def _costs(ledger: Ledger) -> pa.Table:
    years, begins = _years(ledger)
    streams = Axis({"stream": ledger.streams, "payer": ledger.stream_payers})
    spent = np.add.reduceat(ledger.spent, begins, axis=3)
    received = np.add.reduceat(ledger.received, begins, axis=1)
    # Accounts lapse in the month *after* a fiscal year or a stream ends: what they held belongs
    # to the year before, so it is counted as what the year's money did not pay for.
    unspent = received - spent.sum(axis=(1, 2))
    parts = [
        long(
            spent / 100,
            "dollars",
            streams,
            axis("program", ledger.programs),
            axis("category", SPENDING),
            years,
        ),
        _constant(long(unspent / 100, "dollars", streams, years), program="", category="unspent"),
    ]
    names = parts[0].column_names
    return pa.concat_tables([part.select(names) for part in parts])


def _providers(ledger: Ledger) -> Axis:
    programs = [ledger.programs[position] for position in ledger.provider_programs]
    return Axis({"provider": ledger.providers, "program": programs})


def capacity_by_month(ledger: Ledger) -> pa.Table:
    """Rows of the monthly snapshots of each provider."""
    return _wide(ledger.capacity, CAPACITY_MEASURES, _providers(ledger), _months(ledger))


def _capacity_by_year(ledger: Ledger) -> pa.Table:
    """Averages over the months of each fiscal year, but of hires the sum."""
    years, begins = _years(ledger)
    counts = np.add.reduceat(ledger.capacity, begins, axis=2).astype(np.float64)
    counts[:, : len(STOCKS)] /= np.diff([*begins, ledger.months])
    return _wide(counts, CAPACITY_MEASURES, _providers(ledger), years)


def _wide(counts: Array, measures: Sequence[str], *axes: Axis) -> pa.Table:
    """Rows by the first and last axis of an array, its middle axis as columns."""
    first = long(counts[:, 0], measures[0], *axes, zeros=True)
    for position, measure in enumerate(measures[1:], start=1):
        first = first.append_column(measure, pa.array(counts[:, position].ravel()))
    return first
