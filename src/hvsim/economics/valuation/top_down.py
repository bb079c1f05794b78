"""Spending per family against published figures: a check from the top down."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hvsim.economics.valuation.indices import indices_of
from hvsim.economics.valuation.prices import Prices, TopDown
from hvsim.economics.valuation.spending import UNSPENT
from hvsim.economics.valuation.tables import Tables
from hvsim.months import fiscal_year, parse_month

COLUMNS: Final = (
    "scenario",
    "check",
    "program",
    "per",
    "families",
    "spent",
    "simulated",
    "published",
    "low",
    "high",
    "ratio",
)


def cost_per_family(tables: Tables, prices: Prices) -> pd.DataFrame:
    """Dollars per family of the ledger beside what was published, in the prices of then.

    A *family-year* is twelve months in service. A *family served* is in service at the beginning
    of a fiscal year or enrolls in it; the first fiscal year has no beginning in the tables and is
    left out. Years after that of the last births are left out too: streams then pay for families
    of whom a run holds nothing.

    Returns
    -------
    One row per scenario and check whose program the scenario has: `families` (family-years, or
    families by fiscal year), dollars `spent` on them in the prices of the run, `simulated` dollars
    per family in the published price year, `published` with `low` and `high` where it has bounds,
    and the `ratio` of simulated to published. Draw 0, all replicates.

    Raises
    ------
    PriceYearError
        If an index does not reach the price year of the run.
    """
    rows = []
    for scenario in tables.capacity["scenario"].unique():
        service = _service(tables, scenario)
        for name, check in prices.top_down.items():
            own = service[service["program"] == check.program]
            if check.per == "family-served":
                own = own[own["year"] > tables.first_year]
            families = own["served" if check.per == "family-served" else "family_years"].sum()
            if families > 0:
                spent = own["spent"].sum()
                rows.append((scenario, name, *_row(check, families, spent, tables, prices)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    check: TopDown, families: float, spent: float, tables: Tables, prices: Prices
) -> tuple[object, ...]:
    factor = indices_of(prices)[check.index].factor(tables.price_year, check.price_year)
    simulated = spent / families * factor
    published = check.amount
    return (
        check.program,
        check.per,
        families,
        spent,
        simulated,
        published.value,
        published.low,
        published.high,
        simulated / published.value,
    )


def _service(tables: Tables, scenario: str) -> pd.DataFrame:
    """Family-years, families served and dollars by replicate, year and program; draw 0."""
    keys = ["replicate", "year", "program"]
    capacity = _of(tables.capacity, scenario)
    months = capacity["month"].map(parse_month)
    starts = tables.fiscal_year_starts
    capacity = capacity.assign(
        year=[fiscal_year(month, starts) for month in months],
        next_year=[fiscal_year(month + 1, starts) for month in months],
    )
    in_service = capacity.groupby(keys)["enrolled"].sum() / 12
    last_months = capacity[capacity["next_year"] > capacity["year"]]
    at_start = last_months.assign(year=last_months["next_year"]).groupby(keys)["enrolled"].sum()
    funnel = _of(tables.funnel, scenario)
    joined = funnel[(funnel["dimension"] == "all") & (funnel["transition"] == "enrolled")]
    entered = joined.groupby(keys)["families"].sum()
    costs = _of(tables.costs, scenario)
    spent = costs[costs["category"] != UNSPENT].groupby(keys)["dollars"].sum()
    service = pd.DataFrame(
        {"family_years": in_service, "at_start": at_start, "entered": entered, "spent": spent}
    )
    service = service.fillna(0.0).reset_index()
    service["served"] = service["at_start"] + service["entered"]
    years = service["year"]
    return service[(years >= tables.first_year) & (years <= tables.last_births)]


def _of(table: pd.DataFrame, scenario: str) -> pd.DataFrame:
    own = table[table["scenario"] == scenario]
    return own[own["draw"] == 0] if "draw" in own else own
