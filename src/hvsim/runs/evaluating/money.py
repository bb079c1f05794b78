"""Who pays and who saves over the draws: returns by payer, and the impact on budgets."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from hvsim.economics import Prices, budget_impact, returns_table
from hvsim.economics.valuation.discounting import discount_factors
from hvsim.economics.valuation.indices import index_of
from hvsim.economics.valuation.valuing import BENEFIT, CAPACITY, CASHABLE, PROGRAM_COST
from hvsim.runs.evaluating.arrays import Asked, FloatArray

EVERYBODY: Final = "all"
GOVERNMENTS: Final = "governments"

_SAVINGS: Final = {
    "without capacity freed": (CASHABLE, BENEFIT),
    "with capacity freed": (CASHABLE, BENEFIT, CAPACITY),
}
"""What is set against costs, by its name in the table."""

_BUDGETS: Final = {
    "programs": (PROGRAM_COST,),
    "programs less cash savings": (PROGRAM_COST, CASHABLE),
}


def returns(asked: Asked) -> pd.DataFrame:
    """Net present value and benefit-cost ratio of each strategy, by view and payers.

    Returns
    -------
    `view`, `savings` (what is counted as a benefit), `strategy`, and the columns of
    `returns_table`: its `perspective` is a payer, `GOVERNMENTS`, or `EVERYBODY` whom the view
    counts. These overlap and are not to be added.
    """
    settings = asked.prices.discounting
    parts = []
    for view in ("fiscal", "lifetime"):
        years, payers = _calendar(asked, view)
        if not years:
            continue
        sets = {payer: [payer] for payer in payers}
        governments = [payer for payer in payers if asked.prices.payers[payer].government]
        if len(governments) < len(payers):
            sets[GOVERNMENTS] = governments
        sets[EVERYBODY] = payers
        rate = settings.costs_per_year.value
        first = asked.sample.run.manifest.first_year
        factors = discount_factors(years, first, rate, settings.first_year)
        spent = _by_set(asked, view, years, sets, (PROGRAM_COST,))
        for savings, kinds in _SAVINGS.items():
            if CAPACITY in kinds and not _holds(asked, view, CAPACITY):
                continue
            costs = _by_set(asked, view, years, sets, kinds)
            for place, name in enumerate(asked.names[1:], start=1):
                table = returns_table(
                    costs[:, 0] - costs[:, place],
                    spent[:, place] - spent[:, 0],
                    factors,
                    list(sets),
                    level=asked.level,
                )
                table.insert(0, "view", view)
                table.insert(1, "savings", savings)
                table.insert(2, "strategy", name)
                parts.append(table)
    return pd.concat(parts, ignore_index=True)


def budgets(asked: Asked) -> pd.DataFrame:
    """What each strategy changes in public budgets, by payer and fiscal year, undiscounted.

    Returns
    -------
    `counts` (what is in the sums), `strategy`, and the columns of `budget_impact`, with rows of all
    payers together (`EVERYBODY`).
    """
    years, payers = _calendar(asked, "fiscal")
    if not years:
        return pd.DataFrame(columns=["counts", "strategy", "payer", "year"])
    nominal, _ = price_path(asked.prices, years, asked.inflation)
    parts = []
    for counts, kinds in _BUDGETS.items():
        spending = _by_set(asked, "fiscal", years, {payer: [payer] for payer in payers}, kinds)
        for place, name in enumerate(asked.names[1:], start=1):
            table = budget_impact(
                spending[:, place],
                spending[:, 0],
                payers,
                years,
                nominal,
                total=EVERYBODY,
                level=asked.level,
            )
            table.insert(0, "counts", counts)
            table.insert(1, "strategy", name)
            parts.append(table)
    return pd.concat(parts, ignore_index=True)


def price_path(
    prices: Prices, years: list[int], inflation: float | None
) -> tuple[FloatArray, float]:
    """Dollars of each year that buy what a dollar of the price year buys, and the rate beyond.

    Parameters
    ----------
    prices
        Prices, whose index of budgets counts as far as it reaches.
    years
        Fiscal years.
    inflation
        Per year, for years that the index does not reach; none: its average growth over all of its
        years.
    """
    values = index_of(prices.budget.index, prices.indices[prices.budget.index]).values
    first, last = min(values), max(values)
    if inflation is None:
        inflation = (values[last] / values[first]) ** (1 / max(last - first, 1)) - 1

    def level(year: int) -> float:
        known = max((one for one in values if one <= year), default=first)
        return values[known] * (1 + inflation) ** (year - known)

    factors = np.array([level(year) for year in years]) / level(prices.price_year)
    return factors, inflation


def _calendar(asked: Asked, view: str) -> tuple[list[int], list[str]]:
    """Fiscal years and payers of whom a view holds anything."""
    own = asked.priced.dollars[asked.priced.dollars["view"] == view]
    payers = set(own["payer"])
    years = sorted(int(year) for year in own["year"].unique())
    return years, [payer for payer in asked.prices.payers if payer in payers]


def _holds(asked: Asked, view: str, kind: str) -> bool:
    frame = asked.priced.dollars
    return bool(((frame["view"] == view) & (frame["kind"] == kind)).any())


def _by_set(
    asked: Asked,
    view: str,
    years: list[int],
    sets: dict[str, list[str]],
    kinds: tuple[str, ...],
) -> FloatArray:
    """Constant dollars, undiscounted. Shape (draws, strategies, sets, years)."""
    parts = [
        asked.priced.by_year(years, view=view, kinds=kinds, payers=payers)
        for payers in sets.values()
    ]
    return np.stack(parts, axis=2)
