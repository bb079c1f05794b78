"""Who pays and who saves: the dollars of the summary, by view and payer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from hvsim.months import fiscal_year_label
from hvsim.reporting.figures import Figures, benefit_row
from hvsim.reporting.findings import called
from hvsim.reporting.rows import said
from hvsim.reporting.style import Table
from hvsim.reporting.words import amount, dollars, percent, span
from hvsim.runs import ScenarioNote
from hvsim.runs.rows import Row
from hvsim.simulation.ledger import SPENDING

FISCAL, LIFETIME = "fiscal", "lifetime"

_NAMED: Final = 2
"""Payers named at a glance."""

_COLUMNS: Final = {
    "added_cost": "Pays more for programs",
    "cashable_saving": "Saves in cash",
    "benefit": "Benefits",
    "capacity_freed": "Capacity freed",
    "net_cost": "Net cost",
}
"""Measures of dollars, and how a table names them."""


@dataclass(frozen=True)
class View:
    """One way to count dollars, strategies and payers in the rows."""

    title: str
    table: Table


def payer_labels(figures: Figures) -> dict[str, str]:
    """Payers of the prices, as reports name them."""
    return {name: payer.label for name, payer in figures.run.prices.payers.items()}


def valued(figures: Figures) -> bool:
    """Whether the run has dollars of strategies against a baseline."""
    return figures.manifest.valued is not None and bool(figures.strategies)


def views(figures: Figures) -> list[View]:
    """Tables of who pays and who saves, in public budgets and over lifetimes."""
    if not valued(figures):
        return []
    labels = figures.run.prices.views
    return [
        View(view.label, _table(figures, name))
        for name, view in ((FISCAL, labels.fiscal), (LIFETIME, labels.lifetime))
        if any(figures.row(note.name, f"net_cost:{name}") for note in figures.strategies)
    ]


def saved(figures: Figures) -> str:
    """What comes back to public budgets, of the strategy that saves most; empty without dollars."""
    if not valued(figures):
        return ""
    found = [
        (row.value, note, row)
        for note in figures.strategies
        if (row := figures.row(note.name, _of("return_per_dollar", FISCAL, ""))) is not None
        and not math.isnan(row.value)
    ]
    if not found:
        return ""
    _, best, row = max(found, key=lambda own: own[0])
    years = figures.run.prices.views.fiscal.years
    return (
        f"For each dollar more, {called(best)} saves public budgets {returned(row)} in cash"
        + (f" within {years} years" if years else "")
        + (", the most of any strategy." if len(found) > 1 else ".")
    )


def _table(figures: Figures, view: str) -> Table:
    notes = figures.strategies
    payers = {"": "All of them", **payer_labels(figures)}
    used = [
        measure
        for measure in _COLUMNS
        if any(figures.row(n.name, _of(measure, view, p)) for n in notes for p in payers)
    ]
    paid_back = view == FISCAL
    rows = []
    for note in notes:
        for payer, label in payers.items():
            if figures.row(note.name, _of("net_cost", view, payer)) is None:
                continue
            cells = [said(figures.row(note.name, _of(m, view, payer))) for m in used]
            back = figures.row(note.name, _of("return_per_dollar", view, payer))
            cells.append(returned(back))
            if paid_back:
                row = figures.row(note.name, _of("break_even_year", view, payer))
                cells.append(_year(figures, row) if back else "")
            rows.append((note.title, label, *cells))
    heads = ["Strategy", "Payer", *(_COLUMNS[measure] for measure in used), "Back per dollar"]
    return Table((*heads, *(["Paid back in"] if paid_back else [])), tuple(rows))


def _of(measure: str, view: str, payer: str) -> str:
    return ":".join(filter(None, (measure, view, payer)))


def returned(row: Row | None) -> str:
    """Dollars back for each dollar spent more."""
    if row is None or math.isnan(row.value):
        return "spends no more"
    if row.low is None or row.high is None:
        return _cents(row.value)
    return f"{_cents(row.value)} ({span(_cents(row.low), _cents(row.high))})"


def _cents(value: float) -> str:
    cents = round(value, 2) + 0.0
    return f"{'-' if cents < 0 else ''}${abs(cents):,.2f}"


def _year(figures: Figures, row: Row | None) -> str:
    """Fiscal year from which savings outweigh costs."""
    if row is None or math.isnan(row.value):
        return "not in these years"
    return fiscal_year_label(round(row.value), figures.manifest.fiscal_year_starts)


def pays(figures: Figures, note: ScenarioNote) -> str:
    """Which governments pay more, the largest first: ``County $305 million, State $10 thousand``.

    Those beyond the first two are told together.
    """
    found = _largest(figures, note, "added_cost")
    shown = found if len(found) <= _NAMED + 1 else found[:_NAMED]
    told = [f"{label} {amount(paid)}" for paid, label in shown]
    if rest := found[len(shown) :]:
        told.append(f"others {amount(sum(paid for paid, _ in rest))}")
    return ", ".join(told)


def saves(figures: Figures, note: ScenarioNote) -> str:
    """What governments save in cash, with the range that effects give, and which most of it."""
    row = figures.row(note.name, _of("cashable_saving", FISCAL, ""))
    found = _largest(figures, note, "cashable_saving")
    if row is None:
        return ""
    told = amount(row.value)
    if row.low is not None and row.high is not None and row.low < row.high:
        told += f" ({span(amount(row.low), amount(row.high))})"
    return f"{told}; most: {found[0][1]}" if row.value > 0 and found else told


def shares(figures: Figures, note: ScenarioNote) -> str:
    """Who pays which part of all that programs cost: ``County 62%, Federal government 30%``."""
    frame = figures.run.valuation
    own = frame[
        (frame["scenario"] == note.name)
        & (frame["view"] == LIFETIME)
        & (frame["dimension"] == "all")
        & (frame["draw"] == figures.manifest.draws[0].draw)
        & frame["category"].isin(SPENDING)
    ]
    sums = own.groupby("payer")["dollars"].sum().sort_values(ascending=False, kind="stable")
    labels, total = payer_labels(figures), float(sums.sum())
    return ", ".join(
        f"{labels[str(payer)]} {percent(100 * paid / total)}"
        for payer, paid in sums.items()
        if paid
    )


def _largest(figures: Figures, note: ScenarioNote, measure: str) -> list[tuple[float, str]]:
    """Payers with a measure above or below nothing, the largest first."""
    found = [
        (figures.value(note.name, _of(measure, FISCAL, payer)), label)
        for payer, label in payer_labels(figures).items()
    ]
    return sorted((own for own in found if round(own[0])), key=lambda own: -own[0])


def costs_per_benefit(figures: Figures) -> Table | None:
    """What each event prevented, or gained, costs more in programs."""
    rows = []
    for measure in figures.judged:
        of = f"cost_per_{benefit_row(measure)}"
        found = [figures.row(note.name, of) for note in figures.strategies]
        if any(row is not None and not math.isnan(row.value) for row in found):
            rows.append((measure.title, *(_per_unit(row) for row in found)))
    if not rows:
        return None
    titles = tuple(note.title for note in figures.strategies)
    return Table(("Dollars for each", *titles), tuple(rows))


def _per_unit(row: Row | None) -> str:
    """A cost per event; without a highest where some effects prevent none."""
    if row is None or math.isnan(row.value):
        return "none, or within chance"
    if row.uncertainty and row.high is None:
        return f"{dollars(row.value)}; none under some effects"
    return said(row)
