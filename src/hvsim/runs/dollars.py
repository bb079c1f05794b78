"""Dollars in the summary: what a scenario costs more than the baseline, and what it saves.

All are discounted. A view is named before a payer: ``net_cost:fiscal:county``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hvsim.economics import against, break_even_year, discounted_events, present_value
from hvsim.economics.valuation.valuing import BENEFIT, CAPACITY, CASHABLE, PROGRAM_COST
from hvsim.runs.reading import Run
from hvsim.runs.rows import TWO_SIDED_95, Row, interval
from hvsim.runs.valuing import tables_of_run
from hvsim.simulation.ledger import SPENDING

if TYPE_CHECKING:
    import pandas as pd

DOLLARS: Final = "USD, discounted"
KINDS: Final[Mapping[str, str]] = {
    "added_cost": PROGRAM_COST,
    "cashable_saving": CASHABLE,
    "capacity_freed": CAPACITY,
    "benefit": BENEFIT,
}
"""Measures, and the kind of dollars that each holds."""

COUNTED: Final[Mapping[str, tuple[str, ...]]] = {
    "": (CASHABLE, BENEFIT),
    "_with_capacity": (CASHABLE, BENEFIT, CAPACITY),
}
"""What is set against costs: what leaves money in a budget, and all that is saved on average."""


def dollar_rows(run: Run, scenario: str) -> Iterator[Row]:
    """Rows of one scenario against the baseline; none if the run has no dollars."""
    if run.manifest.valued is None or run.manifest.baseline is None:
        return
    found = against(run.valuation, run.manifest.baseline)
    own = found[(found["scenario"] == scenario) & (found["dimension"] == "all")]
    for view in own["view"].unique():
        in_view = own[own["view"] == view]
        yield from _balance(run, scenario, view, in_view)
        for payer in in_view["payer"].unique():
            of_payer = in_view[in_view["payer"] == payer]
            yield from _balance(run, scenario, f"{view}:{payer}", of_payer)
    yield from _per_benefit(run, scenario)


@dataclass(frozen=True)
class _Balance:
    """Dollars of one payer, or of all, by kind and fiscal year, under one effect set."""

    years: Mapping[str, Mapping[int, float]]

    def saved(self, counted: tuple[str, ...]) -> dict[int, float]:
        """What is saved by year, of the kinds that count."""
        sums: dict[int, float] = {}
        for kind in counted:
            for year, dollars in self.years.get(kind, {}).items():
                sums[year] = sums.get(year, 0.0) + dollars
        return sums

    def total(self, *kinds: str) -> float:
        """Dollars of all years."""
        return sum(self.saved(kinds).values())

    def returned(self, counted: tuple[str, ...]) -> float:
        """Dollars saved per dollar spent more; NaN where no more is spent."""
        added = self.total(PROGRAM_COST)
        return self.total(*counted) / added if added > 0 else math.nan

    def break_even(self, counted: tuple[str, ...]) -> float:
        """Year from which savings outweigh costs; NaN if there is none in the view."""
        year = break_even_year(self.years.get(PROGRAM_COST, {}), self.saved(counted))
        return math.nan if year is None else year


def _balance(run: Run, scenario: str, of: str, rows: pd.DataFrame) -> Iterator[Row]:
    """What one payer, or all, spend more and save, and when the one outweighs the other."""
    sets: dict[str, _Balance] = {
        draw.effects: _summed(rows[rows["draw"] == draw.draw], len(run.manifest.seeds))
        for draw in run.manifest.draws
    }
    held = set(rows["kind"])
    for measure, kind in KINDS.items():
        if kind in held or kind == PROGRAM_COST:
            by = {effects: found.total(kind) for effects, found in sets.items()}
            yield interval(scenario, f"{measure}:{of}", DOLLARS, by)
    spends_more = sets.get("central", next(iter(sets.values()))).total(PROGRAM_COST) > 0
    for suffix, counted in COUNTED.items():
        if suffix and CAPACITY not in held:
            continue
        net = {e: found.total(PROGRAM_COST) - found.total(*counted) for e, found in sets.items()}
        yield interval(scenario, f"net_cost{suffix}:{of}", DOLLARS, net)
        if spends_more:
            returned = {e: found.returned(counted) for e, found in sets.items()}
            unit = "USD saved per USD spent more"
            yield interval(scenario, f"return_per_dollar{suffix}:{of}", unit, returned)
        # A lifetime's costs stand in the year that they follow from, not in those they fall due.
        if spends_more and of.startswith("fiscal"):
            even = {e: found.break_even(counted) for e, found in sets.items()}
            yield interval(scenario, f"break_even_year{suffix}:{of}", "fiscal year", even)


def _summed(rows: pd.DataFrame, replicates: int) -> _Balance:
    years: dict[str, dict[int, float]] = {}
    for kind, own in rows.groupby("kind"):
        sums: dict[Any, float] = (own.groupby("year")["discounted"].sum() / replicates).to_dict()
        years[str(kind)] = {int(year): float(dollars) for year, dollars in sums.items()}
    return _Balance(years)


def _per_benefit(run: Run, scenario: str) -> Iterator[Row]:
    """What streams pay more for each event less, or of what is desirable for each more."""
    replicates = len(run.manifest.seeds)
    events = discounted_events(tables_of_run(run), run.prices)
    events = events[events["measure"] == "events"]
    keys = ["scenario", "draw", "outcome"]
    counts = (events.groupby(keys)["discounted"].sum() / replicates).to_dict()
    spending = _added_spending(run, scenario)
    yield interval(scenario, "added_spending", DOLLARS, spending)
    beyond_chance = _beyond_chance(run, scenario)
    for measure in run.manifest.measures:
        if not measure.is_judged or measure.name not in beyond_chance:
            continue
        by: dict[str, float] = {}
        for draw in run.manifest.draws:
            before, after = (
                counts.get((name, draw.draw, measure.name), 0.0)
                for name in (run.manifest.baseline, scenario)
            )
            better = after - before if measure.desirable else before - after
            spent = spending[draw.effects]
            by[draw.effects] = spent / better if better > 0 and spent > 0 else math.nan
        if not math.isnan(by.get("central", math.nan)):
            unit = f"USD per unit ({measure.unit}), both discounted"
            yield interval(scenario, f"cost_per_{measure.benefit}:{measure.name}", unit, by)


def _added_spending(run: Run, scenario: str) -> dict[str, float]:
    """What streams pay above the baseline's, to the fiscal year of the last births, by effect set.

    What `hvsim budget` makes equal: no view of the prices says until when.
    """
    about = run.manifest
    paid = run.costs[run.costs["category"].isin(SPENDING)]
    keys = ["scenario", "draw", "year"]
    sums: dict[Any, float] = (paid.groupby(keys)["dollars"].sum() / len(about.seeds)).to_dict()

    def worth(draw: int) -> float:
        more = {
            year: sums.get((scenario, draw, year), 0.0)
            - sums.get((about.baseline, draw, year), 0.0)
            for year in range(about.first_year, about.last_births + 1)
        }
        return present_value(more, about.first_year, about.price_year, run.prices)

    return {one.effects: worth(one.draw) for one in about.draws}


def _beyond_chance(run: Run, scenario: str) -> set[str]:
    """Measures whose central difference from the baseline's is more than chance gives."""
    families = run.families
    own = families[
        (families["scenario"] == scenario)
        & (families["draw"] == run.manifest.draw_of("central"))
        & (families["quantity"] == "events")
    ]
    means = own.groupby("name")[["difference", "standard_error"]].mean()
    error = means["standard_error"] / len(run.manifest.seeds) ** 0.5
    return set(means.index[means["difference"].abs() > TWO_SIDED_95 * error])
