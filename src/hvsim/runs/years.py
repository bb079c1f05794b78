"""A run by fiscal year: whether what an expansion builds lasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from hvsim.runs.reading import Run
from hvsim.simulation.ledger import SPENDING, WITHDRAWN

if TYPE_CHECKING:
    import pandas as pd

UNITS: Final[Mapping[str, str]] = {
    "year_in_service": "families, average of the months",
    "year_enrolled": "families",
    "year_withdrawn": "families",
    "year_withdrawn_no_visitor": "families",
    "year_withdrawn_no_money": "families",
    "year_visitors": "visitors, average of the months",
    "year_received": "USD",
    "year_spent": "USD",
}
"""What is told of each fiscal year, and its unit."""


def years_of(run: Run, scenario: str) -> dict[int, dict[str, float]]:
    """By fiscal year what `UNITS` names, of all programs, averaged over replicates.

    Effects hardly move service, so that the first draw is told.
    """
    staff, funnel, costs = (
        _own(frame, scenario, run) for frame in (run.capacity_by_year, run.funnel, run.costs)
    )
    everyone = funnel[(funnel["dimension"] == "all") & (funnel["program"] != "")]

    def stepped(*transitions: str) -> dict[int, float]:
        return _sum(everyone[everyone["transition"].isin(transitions)], "families")

    sums = {
        "year_in_service": _sum(staff, "enrolled"),
        "year_enrolled": stepped("enrolled"),
        "year_withdrawn": stepped(*WITHDRAWN),
        "year_withdrawn_no_visitor": stepped("withdrawn-no-visitor"),
        "year_withdrawn_no_money": stepped("withdrawn-no-money"),
        "year_visitors": _sum(staff, "visitors"),
        "year_received": _sum(costs, "dollars"),
        "year_spent": _sum(costs[costs["category"].isin(SPENDING)], "dollars"),
    }
    replicates = len(run.manifest.seeds)
    return {
        year: {what: by_year.get(year, 0.0) / replicates for what, by_year in sums.items()}
        for year in sorted({year for by_year in sums.values() for year in by_year})
    }


def _own(frame: pd.DataFrame, scenario: str, run: Run) -> pd.DataFrame:
    return frame[(frame["scenario"] == scenario) & (frame["draw"] == run.manifest.draws[0].draw)]


def _sum(frame: pd.DataFrame, column: str) -> dict[int, float]:
    sums: dict[Any, float] = frame.groupby("year")[column].sum().to_dict()
    return {int(year): float(total) for year, total in sums.items()}
