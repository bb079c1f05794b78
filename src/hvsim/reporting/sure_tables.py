"""How sure the answer is: the tables of an evaluation over draws."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from hvsim.months import fiscal_year_label
from hvsim.reporting.style import Table
from hvsim.reporting.sure import Sure
from hvsim.reporting.words import count, dollars, percent, price, span
from hvsim.runs.evaluating.money import EVERYBODY, GOVERNMENTS

_FOREMOST = 10
"""Parameters that a table or picture names."""

_CAPACITY = {"with capacity freed": ", with capacity freed"}
_STATUS = {"ND": "on the frontier", "ED": "dominated by a mixture", "D": "dominated"}


def interval(row: pd.Series[float], name: str, said: Callable[[float], str] = dollars) -> str:
    """A value with the interval that stands beside it."""
    ends = (row[f"{name}_low"], row[f"{name}_high"])
    if any(math.isnan(end) for end in ends):
        return "" if math.isnan(row[name]) else said(row[name])
    return f"{said(row[name])} ({span(*map(said, ends))})"


def strategies_table(sure: Sure) -> Table:
    """The incremental cost-effectiveness of strategies."""
    settled, rows = sure.evaluation.settled, []
    table = sure.evaluation.strategies
    said = sure.amounts(table["effect"])
    for _, row in table.iterrows():
        step = interval(row, "icer", price) or ("lowest cost" if row["status"] == "ND" else "")
        rows.append(
            (
                sure.title(row["strategy"]),
                interval(row, "cost"),
                interval(row, "effect", said),
                step,
                _STATUS[str(row["status"])],
                percent(100 * row["on_frontier"]),
                interval(row, "net_benefit"),
            )
        )
    heads = (
        "Strategy",
        "Cost",
        settled.effect_label,
        "Dollars for one more",
        "Place",
        "On the frontier in",
        f"Net benefit at {sure.price}",
    )
    widest = (table["cost_error"] / table["cost"].abs()).max()
    note = (
        f"By cost: {settled.perspective_label}. {percent(100 * settled.level)} of {settled.draws} "
        f"draws in parentheses. Discounted, costs at {100 * settled.costs_per_year:g}% and effects "
        f"at {100 * settled.effects_per_year:g}% a year; dollars of {settled.price_year}. “For one "
        "more” compares with the next cheaper strategy on the frontier; its interval is given "
        "where both differences are above zero in every draw. The finite number of draws leaves a "
        f"standard error of at most {percent(100 * widest)} in mean costs; the tables in the "
        "folder evaluation hold every one."
    )
    return Table(heads, tuple(rows), note)


def plane_table(sure: Sure) -> Table:
    """Each strategy against the baseline."""
    table = sure.evaluation.plane
    said = sure.amounts(table["inc_effect"])
    quadrants = {
        "costs_more_does_more": "Costs more, does more",
        "costs_more_does_less": "Costs more, does less",
        "costs_less_does_more": "Costs less, does more",
        "costs_less_does_less": "Costs less, does less",
    }
    rows = [
        (
            sure.title(row["strategy"]),
            interval(row, "inc_cost"),
            interval(row, "inc_effect", said),
            *(percent(100 * row[column]) for column in quadrants),
        )
        for _, row in table.iterrows()
    ]
    heads = ("Strategy", "Costs more by", "Does more by", *quadrants.values())
    return Table(heads, tuple(rows), "Against the baseline; shares are of draws.")


def kinds_table(sure: Sure) -> Table:
    """How far the answer moves with each kind of uncertainty."""
    rows, table = [], sure.evaluation.uncertainty
    said = sure.amounts(table["value"])
    for _, row in table.iterrows():
        share = "" if math.isnan(row["percent"]) else percent(row["percent"])
        if share:
            share += f" ({span(percent(row['percent_low']), percent(row['percent_high']))})"
        rows.append(
            (
                sure.title(row["strategy"]),
                sure.kind(str(row["kind"])),
                interval(row.rename({"low": "value_low", "high": "value_high"}), "value", said),
                share,
            )
        )
    heads = ("Strategy", "What moves", sure.evaluation.settled.effect_label, "Of the baseline's")
    return Table(heads, tuple(rows))


def curves_table(sure: Sure, column: str, *, money: bool) -> Table:
    """A curve at some values of the willingness to pay, strategies in the columns."""
    table = sure.evaluation.curves
    values = sorted(table["wtp"].unique())
    shown = values[:: max(1, len(values) // 10)]
    wide = table.pivot_table(index="wtp", columns="strategy", values=column)
    said = dollars if money else (lambda value: percent(100 * value))
    rows = [
        (price(float(wtp)), *(said(float(wide.loc[wtp, name])) for name in sure.notes))
        for wtp in shown
    ]
    return Table((f"Dollars {sure.per}", *(n.title for n in sure.notes.values())), tuple(rows))


def tornado_rows(sure: Sure) -> pd.DataFrame:
    """The parameters that move the best strategy's effect most."""
    table = sure.evaluation.tornado
    own = table[(table["strategy"] == sure.best.name) & (table["outcome"] == "effect")]
    return own.head(_FOREMOST)


def tornado_table(sure: Sure) -> Table:
    """What moves the best strategy's effect."""
    table = tornado_rows(sure)
    said = sure.amounts(table["width"])
    rows = [
        (
            sure.parameter(str(row["parameter"])),
            sure.meaning(str(row["parameter"])),
            " to ".join(sure.value(str(row["parameter"]), row[end]) for end in ("low", "high")),
            f"{said(row['at_low'])} to {said(row['at_high'])}",
            said(row["standard_error"]),
            "yes" if row["clear"] else "no",
        )
        for _, row in table.iterrows()
    ]
    heads = (
        "Parameter",
        "What it is",
        "From … to",
        "The effect goes from … to",
        "Standard error",
        "Beyond luck",
    )
    return Table(heads, tuple(rows))


def group_rows(sure: Sure) -> pd.DataFrame:
    """What it would be worth to know each set of parameters, the most first."""
    table = sure.evaluation.partial_information
    own = table[(table["kind"] == "group") & (table["wtp"] == sure.evaluation.settled.at)]
    return own.sort_values("evppi", ascending=False, kind="stable")


def information_table(sure: Sure) -> Table:
    """What it would be worth to know sets of parameters, and the foremost ones alone."""
    table = sure.evaluation.partial_information
    alone = table[table["kind"] == "parameter"].head(_FOREMOST)
    rows = []
    for _, row in pd.concat([group_rows(sure), alone]).iterrows():
        name = str(row["name"])
        group = row["kind"] == "group"
        rows.append(
            (
                name[:1].upper() + name[1:] if group else sure.parameter(name),
                count(row["parameters"]),
                dollars(row["evppi"]),
                dollars(row["standard_error"]),
                dollars(row["by_luck"]),
                _cents(row["evppi_per_birth"]),
            )
        )
    heads = (
        "If this were known",
        "Parameters",
        "Worth",
        "Standard error",
        "By luck alone up to",
        "Worth per birth",
    )
    births = count(sure.evaluation.settled.births)
    note = (
        f"At {sure.price}, for one decision about the {births} births of the run. What is not "
        "above luck says nothing: draws are too few to tell. Values of several do not add up."
    )
    return Table(heads, tuple(rows), note)


def returns_table(sure: Sure) -> Table:
    """Net present value and benefit-cost ratio by payer."""
    labels = sure.evaluation.settled.payers | {
        GOVERNMENTS: "All governments",
        EVERYBODY: "All of them",
    }
    headings = sure.evaluation.settled.views
    rows = [
        (
            sure.title(row["strategy"]),
            headings[str(row["view"])],
            labels[str(row["perspective"])] + _CAPACITY.get(str(row["savings"]), ""),
            interval(row, "net_present_value"),
            interval(row, "benefit_cost_ratio", lambda value: count(value, 2)) or "spends no more",
            percent(100 * row["share_positive"]),
        )
        for _, row in sure.evaluation.returns.iterrows()
    ]
    heads = (
        "Strategy",
        "View",
        "Payer",
        "Net present value",
        "Benefits per dollar",
        "Above zero in",
    )
    note = (
        "Against the baseline, discounted. What is saved leaves money in a budget or is a benefit; "
        "“with capacity freed” it is the average cost of what is prevented. The two views, and "
        "payers with their sums, overlap: they are not to be added."
    )
    return Table(heads, tuple(rows), note)


def budgets_table(sure: Sure) -> Table:
    """What changes in each public budget, year by year."""
    labels = sure.evaluation.settled.payers | {EVERYBODY: "All of them"}
    starts = sure.figures.manifest.fiscal_year_starts
    table = sure.evaluation.budgets
    own = table[table["counts"] == table["counts"].iloc[-1]] if len(table) else table
    rows = [
        (
            sure.title(row["strategy"]),
            labels[str(row["payer"])],
            fiscal_year_label(int(row["year"]), starts),
            interval(row, "impact"),
            interval(row, "cumulative"),
            interval(row, "nominal"),
        )
        for _, row in own.iterrows()
    ]
    settled = sure.evaluation.settled
    heads = (
        "Strategy",
        "Payer",
        "Fiscal year",
        f"Dollars of {settled.price_year}",
        "Up to then",
        "Dollars of the year",
    )
    note = (
        "What programs cost less what is saved in cash, against the baseline; above zero is "
        "spending added. Undiscounted, as budget impact is told. Dollars of the year: prices rise "
        f"by {100 * settled.inflation:.1f}% a year where the price index ends."
    )
    return Table(heads, tuple(rows), note)


def components_table(sure: Sure) -> Table | None:
    """How much of the spread is chance; none with a single replicate."""
    table = sure.evaluation.components
    if table.empty:
        return None
    rows = []
    for _, row in table.iterrows():
        effect = row["quantity"] == "effect"
        parts = ("mean", "parameters", "chance", "interaction", "chance_left")
        said = sure.amounts([row["mean"]]) if effect else dollars
        cells = [said(row[part]) for part in parts]
        rows.append((sure.title(row["strategy"]), str(row["quantity"]).capitalize(), *cells))
    heads = (
        "Strategy",
        "Of what",
        "Mean",
        "Parameters",
        "Chance",
        "Chance that differs by draw",
        "Left in the average",
    )
    note = (
        "Standard deviations of a single run against the baseline, by analysis of variance over "
        f"{sure.draws} draws and {sure.evaluation.settled.replicates} replicates. The last column "
        "is what chance still adds to the average over replicates."
    )
    return Table(heads, tuple(rows), note)


def _cents(value: float) -> str:
    return f"${value:,.2f}"
