"""Tables of a run folder, handed to economics."""

from __future__ import annotations

from pathlib import Path

from hvsim.economics import Prices, Tables, Valuation, refuse_other_place, value_tables
from hvsim.runs.manifest import Manifest
from hvsim.runs.reading import Run, read_run


def counted_of(manifest: Manifest) -> dict[str, tuple[str, ...]]:
    """What the tables count of each outcome measure: events and children, of states months too."""
    of_any = ("events", "children")
    return {
        measure.name: (*of_any, "person_months") if measure.kind == "state" else of_any
        for measure in manifest.measures
    }


def tables_of_run(run: Run) -> Tables:
    """The stored tables of a run, with its calendar and baseline."""
    manifest = run.manifest
    return Tables(
        funnel=run.funnel,
        outcomes=run.outcomes,
        costs=run.costs,
        capacity=run.capacity,
        counted=counted_of(manifest),
        baseline=manifest.baseline,
        first_year=manifest.first_year,
        last_births=manifest.last_births,
        fiscal_year_starts=manifest.fiscal_year_starts,
        price_year=manifest.price_year,
    )


def value(run: Run, prices: Prices) -> Valuation:
    """Dollars of a run, by payer, year, group, kind and view.

    Raises
    ------
    ValuationError
        If the prices do not fit the run, or were made for another place.
    """
    refuse_other_place(run.manifest.place, prices)
    return value_tables(tables_of_run(run), prices)


def value_run(folder: str | Path, prices: Prices) -> Valuation:
    """The same of the run in a folder.

    Raises
    ------
    RunFolderError
        If the folder holds no complete run.
    ValuationError
        If the prices do not fit the run, or were made for another place.
    """
    return value(read_run(folder), prices)
