"""Stored tables of a run times prices: dollars by payer, year and view.

Nothing here runs a simulation: other prices or another discount rate are another call.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from hvsim.economics.valuation.discounting import discount_factors
from hvsim.economics.valuation.indices import indices_of
from hvsim.economics.valuation.prices import Cost, Prices, QualityLoss, View
from hvsim.economics.valuation.spending import RUN, UNSPENT, divided, payer_shares
from hvsim.economics.valuation.tables import Tables

PROGRAM_COST: Final = "program cost"
CASHABLE: Final = "cashable saving"
CAPACITY: Final = "capacity freed"
BENEFIT: Final = "benefit"

GROUPS: Final = ("dimension", "group")
EVERYBODY: Final = "all"

KEYS: Final = (*RUN, "view", "year", *GROUPS, "payer", "kind", "category", "item")
"""What identifies a row of dollars; `item` is a program or a cost of the catalog, `category` what
the money is for. What streams pay is not divided among groups of families."""

SEVERAL: Final = "several"
"""Category of a cost that holds more than one."""

MEASURES: Final = {
    "event": "events",
    "child": "children",
    "month": "person_months",
    "year": "person_months",
}
"""What tables of outcomes call the thing that a price is `per`."""

MONTHS: Final = {"year": 12}
"""Months of what is counted by months, and stated by another time."""


@dataclass(frozen=True)
class Valuation:
    """What a run costs and saves.

    Attributes
    ----------
    costs
        By `KEYS`: dollars of each scenario, `dollars` in constant prices and `discounted`. The kind
        of what outcomes cost says what it becomes when it is prevented.
    compared
        The same against the baseline (`against`). Empty without one.
    unused
        Costs that views count and that have nothing to be counted by: of whose outcome the run
        knows nothing, or no months.
    unpriced
        Outcome measures of the run to which no view gives a price.
    remarks
        What a reader of the dollars must know.
    """

    costs: pd.DataFrame
    compared: pd.DataFrame
    unused: tuple[str, ...]
    unpriced: tuple[str, ...]
    remarks: tuple[str, ...]


def value_tables(
    tables: Tables, prices: Prices, at_draw: Mapping[int, Prices] | None = None
) -> Valuation:
    """Dollars of a finished run, by payer, year, kind and view.

    Parameters
    ----------
    tables
        Tables of the run.
    prices
        Prices, which the loader has checked: no view holds a dollar twice.
    at_draw
        The same prices at each draw of the tables, which differ in amounts and cashable shares of
        the catalog alone (`hvsim.uncertainty.drawn_prices`); none: the same in all draws.

    Raises
    ------
    ValuationError
        If the prices do not know who pays a stream of the run, or an index does not reach the
        price year of the run.
    """
    parts = (*_budget_costs(tables, prices), *_catalog_costs(tables, prices, at_draw or {}))
    costs = pd.concat([part[[*KEYS, "dollars"]] for part in parts], ignore_index=True)
    costs = costs.groupby(list(KEYS))["dollars"].sum().reset_index()
    costs = _discounted(costs, tables, prices)
    known = _known(tables)
    outcomes = {name: cost for name, cost in _counted(prices).items() if cost.outcome is not None}
    used = [name for name, cost in outcomes.items() if _counted_as(cost) in known]
    priced = {outcomes[name].outcome for name in used}
    return Valuation(
        costs=costs,
        compared=against(costs, tables.baseline),
        unused=tuple(name for name in outcomes if name not in used),
        unpriced=tuple(sorted({outcome for outcome, _ in known} - priced)),
        remarks=tuple(_remarks(tables, prices)),
    )


def against(costs: pd.DataFrame, baseline: str | None) -> pd.DataFrame:
    """What scenarios spend more and what they save, against the baseline.

    Parameters
    ----------
    costs
        `Valuation.costs`.
    baseline
        Name of the scenario that the others are compared with.

    Returns
    -------
    The same columns: of kind *program cost* what a scenario spends more, of all other kinds what
    it saves. *Cashable saving* and *capacity freed* make up the average cost together; only the
    first leaves money in a budget. Empty without a baseline.
    """
    values = ["dollars", "discounted"]
    keys = [key for key in KEYS if key != "scenario"]
    if baseline is None:
        return costs.iloc[:0]
    base = costs[costs["scenario"] == baseline].set_index(keys)[values]
    parts = []
    for scenario in costs["scenario"].unique():
        if scenario == baseline:
            continue
        own = costs[costs["scenario"] == scenario].set_index(keys)[values]
        more = own.sub(base, fill_value=0.0)
        spent = more.index.get_level_values("kind") == PROGRAM_COST
        signed = more.mul(np.where(spent, 1.0, -1.0), axis=0)
        parts.append(signed.reset_index().assign(scenario=scenario))
    if not parts:
        return costs.iloc[:0]
    result: pd.DataFrame = pd.concat(parts, ignore_index=True)[[*KEYS, *values]]
    return result.sort_values(list(KEYS), ignore_index=True)


def discounted_events(tables: Tables, prices: Prices) -> pd.DataFrame:
    """Events, person-months and children of everybody by year, with the rate for effects.

    Returns
    -------
    The rows of ``outcomes`` of dimension ``all`` with a column `discounted`.
    """
    everybody = tables.outcomes[tables.outcomes["dimension"] == EVERYBODY]
    settings = prices.discounting
    rate = settings.of_effects
    factors = discount_factors(
        everybody["year"].to_numpy(), tables.first_year, rate.value, settings.first_year
    )
    return everybody.assign(discounted=everybody["value"] * factors).reset_index(drop=True)


def events_by_view(tables: Tables, prices: Prices) -> pd.DataFrame:
    """Events, person-months and children of everybody, in the years that each view counts.

    Returns
    -------
    The rows and columns of `discounted_events`, once for each view that holds their year, with a
    column `view`.
    """
    events = discounted_events(tables, prices)
    parts = []
    for name, view in _views(prices):
        years = _years(view, tables, programs=False)
        parts.append(events[events["year"].between(*years)].assign(view=name))
    return pd.concat(parts, ignore_index=True)


def no_months(name: str, entry: Cost | QualityLoss) -> str:
    """What a reader must know of a cost or a loss per month or year of what is no state."""
    return (
        f"'{name}' is per {entry.per} of '{entry.outcome}', which is no state in this run: it has "
        "events and no months, so that nothing of it is counted."
    )


def _views(prices: Prices) -> tuple[tuple[str, View], ...]:
    return (("fiscal", prices.views.fiscal), ("lifetime", prices.views.lifetime))


def _counted(prices: Prices) -> dict[str, Cost]:
    """Costs that some view counts, in the order of the catalog."""
    names = {name for _, view in _views(prices) for name in view.counts}
    return {name: cost for name, cost in prices.costs.items() if name in names}


def _known(tables: Tables) -> set[tuple[str, str]]:
    """Outcomes and measures of them that the run counts, whether they happened or not.

    What only some scenarios have is known where it happened.
    """
    alone = tables.outcomes[~tables.outcomes["outcome"].isin(tables.counted)]
    happened = alone[["outcome", "measure"]].drop_duplicates()
    counted = {(name, measure) for name, own in tables.counted.items() for measure in own}
    return counted | set(happened.itertuples(index=False, name=None))


def _budget_costs(tables: Tables, prices: Prices) -> Iterator[pd.DataFrame]:
    """What streams paid, by view."""
    spent = tables.costs[tables.costs["category"] != UNSPENT]
    index = indices_of(prices)[prices.budget.index]
    paid = divided(spent, "payer", payer_shares(tables.costs["payer"], prices))
    paid["dollars"] *= index.factor(tables.price_year, prices.price_year)
    paid = paid.assign(item=paid["program"], kind=PROGRAM_COST)
    paid = paid.assign(dimension=EVERYBODY, group=EVERYBODY)
    for name, view in _views(prices):
        yield _in_view(paid, name, prices, _years(view, tables, programs=True))


def _catalog_costs(
    tables: Tables, prices: Prices, at_draw: Mapping[int, Prices]
) -> Iterator[pd.DataFrame]:
    """What the catalog gives a price: steps of the way through the system, then outcomes.

    The item of a step is its program, if it has one.
    """
    lines, by = _lines(tables, prices), ["counted", "measure"]
    if at_draw:
        drawn = [_lines(tables, own).assign(draw=draw) for draw, own in at_draw.items()]
        lines, by = pd.concat(drawn, ignore_index=True), [*by, "draw"]
    steps = {"transition": "counted", "program": "item", "families": "units"}
    counts = {"outcome": "counted", "value": "units"}
    for units in (
        tables.funnel.rename(columns=steps).assign(measure=""),
        tables.outcomes.rename(columns=counts).assign(item=""),
    ):
        rows = units.merge(lines, on=by)
        rows = rows[rows["year"].between(rows["first"], rows["last"])]
        yield rows.assign(
            item=rows["item"].where(rows["item"] != "", rows["cost"]),
            dollars=rows["units"] * rows["unit_cost"] * rows["share"] * rows["part"],
        )


_LINE: Final = (
    *("counted", "measure", "cost", "category", "view", "kind", "payer"),
    *("unit_cost", "share", "part", "first", "last"),
)


def _lines(tables: Tables, prices: Prices) -> pd.DataFrame:
    """By `_LINE`: what each view counts of the catalog, once for each payer and kind."""
    lines = [
        (
            *(*_counted_as(cost), name, _category(cost), view_name, kind, payer),
            *(_unit_cost(cost, prices), share.value, part),
            *_years(view, tables, programs=cost.outcome is None),
        )
        for view_name, view in _views(prices)
        for name, cost in ((name, prices.costs[name]) for name in view.counts)
        for kind, part in _kinds(cost)
        for payer, share in cost.payers.items()
        if payer in _payers(view_name, prices)
    ]
    return pd.DataFrame(lines, columns=list(_LINE))


def _counted_as(cost: Cost) -> tuple[str | None, str]:
    """Step of the way, or outcome and measure, of which a cost is the price."""
    if cost.outcome is None:
        return cost.transition, ""
    return cost.outcome, MEASURES[cost.per]


def _kinds(cost: Cost) -> Iterator[tuple[str, float]]:
    """What a cost is, or becomes when it is prevented, and which share of it."""
    if cost.outcome is None:
        yield PROGRAM_COST, 1.0
    elif cost.cashable is None:
        yield BENEFIT, 1.0
    else:
        yield CASHABLE, cost.cashable.value
        yield CAPACITY, 1 - cost.cashable.value


def _unit_cost(cost: Cost, prices: Prices) -> float:
    """Dollars of the price year for one unit that the tables count."""
    index = indices_of(prices)[cost.index]
    dollars = cost.amount.value * index.factor(cost.price_year, prices.price_year)
    return dollars / MONTHS.get(cost.per, 1)


def _category(cost: Cost) -> str:
    return cost.holds[0] if len(cost.holds) == 1 else SEVERAL


def _years(view: View, tables: Tables, *, programs: bool) -> tuple[int, float]:
    """First and last fiscal year that a view counts, of programs' costs or of outcomes'."""
    last = math.inf if view.years is None else tables.first_year + view.years - 1
    if programs and view.spending == "to-last-births":
        last = min(last, tables.last_births)
    return tables.first_year, last


def _in_view(
    rows: pd.DataFrame, view: str, prices: Prices, years: tuple[int, float]
) -> pd.DataFrame:
    """Rows of the years and payers that a view counts, marked with its name."""
    within = rows["year"].between(*years) & rows["payer"].isin(_payers(view, prices))
    return rows[within].assign(view=view)


def _payers(view: str, prices: Prices) -> list[str]:
    """Payers whose dollars a view counts."""
    return [name for name, payer in prices.payers.items() if view == "lifetime" or payer.government]


def _discounted(costs: pd.DataFrame, tables: Tables, prices: Prices) -> pd.DataFrame:
    settings = prices.discounting
    factors = discount_factors(
        costs["year"].to_numpy(),
        tables.first_year,
        settings.costs_per_year.value,
        settings.first_year,
    )
    return costs.assign(discounted=costs["dollars"] * factors)


def _remarks(tables: Tables, prices: Prices) -> Iterator[str]:
    years = prices.views.fiscal.years
    with_births = tables.last_births - tables.first_year + 1
    if years is not None and with_births < years:
        yield (
            f"The fiscal view holds {years} fiscal years, but births end in year {with_births}: "
            "what programs cost and prevent later is not that of a system that goes on."
        )
    known = _known(tables)
    for name, cost in _counted(prices).items():
        if (cost.outcome, "events") in known and _counted_as(cost) not in known:
            yield no_months(name, cost)
    rate = prices.discounting.costs_per_year.value
    for name in prices.views.lifetime.counts:
        inside = prices.costs[name].discounted_at
        if inside is not None and inside.value != rate:
            yield (
                f"'{name}' is a present value at {100 * inside.value:g}% a year, and all else is "
                f"discounted at {100 * rate:g}%."
            )
