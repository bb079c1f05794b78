"""The picture of money by fiscal year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hvsim.reporting import findings, style
from hvsim.reporting.figures import Figures, totals
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.way import scenario_colors
from hvsim.reporting.words import dollars
from hvsim.simulation.ledger import SPENDING

_MILLION = 1e6


def draw_money(figures: Figures, folder: Path) -> list[Picture]:
    """Spent by program, and unspent, by fiscal year and scenario."""
    costs = _average(figures)
    if costs.empty:
        return []
    notes, labels = figures.visiting, figures.programs
    scenarios, paint = scenario_colors(figures), style.program_colors(labels)
    years = sorted(int(year) for year in costs["year"].unique())
    drawing = style.figure(0.6 + 1.2 * len(notes))
    grid = drawing.subplots(len(notes), 1, squeeze=False, sharex=True, sharey=True)[:, 0]
    entries: dict[str, Any] = {}
    for axes, note in zip(grid, notes, strict=True):
        own = costs[costs["scenario"] == note.name]
        base = np.zeros(len(years))
        for name, label in labels.items():
            spent = _by_year(own[own["program"] == name], years)
            entries[label] = axes.bar(years, spent, 0.75, base, color=paint[name])
            base = base + spent
        unspent = _by_year(own[own["category"] == "unspent"], years)
        entries["received, not spent"] = axes.bar(
            years,
            unspent,
            0.75,
            base,
            facecolor="white",
            edgecolor=style.QUIET,
            hatch="////",
            linewidth=0.8,
        )
        axes.set_title(findings.short(note.title), parse_math=False, color=scenarios[note.name])
        axes.set_ylabel("million USD")
        axes.grid(visible=False, axis="x")
        style.thousands(axes, "y")
    for place, axes in enumerate(grid):
        style.mark_last_births(axes, figures.through() + 0.5, label=place == 0)
    names = [label.replace("-", "-\n") for label in figures.year_labels(years)]
    grid[-1].set_xticks(years, names, fontsize=8)
    note_on_parts = figures.partial_note()
    grid[-1].set_xlabel("fiscal year" + (f" ({note_on_parts})" if note_on_parts else ""))
    title = style.fitting(*findings.money(figures))
    style.headline(drawing, title, entries, columns=2)
    style.save(drawing, folder, "money")
    return [
        Picture(
            "money",
            title,
            "Dollars of each fiscal year, undiscounted: the full bar is what funding streams paid "
            "out to the system. The hatched part lapsed: money of vacant positions, and what was "
            "left where it did not pay another whole position. Dotted line: the end of the year "
            "of the last births, with which all sums end; later spending would serve later "
            "families.",
            _table(figures, costs),
        )
    ]


def spending(figures: Figures) -> Table:
    """Dollars spent by fiscal year, a column for each payer of a stream."""
    costs = _average(figures)
    costs = costs[costs["category"].isin(SPENDING)]
    payers = list(costs.groupby("payer")["dollars"].sum().sort_values(ascending=False).index)
    rows = []
    for note in figures.manifest.scenarios:
        own = costs[costs["scenario"] == note.name]
        paid = totals(own, ("year", "payer"), "dollars")
        for year in sorted({year for year, _ in paid}):
            cells = [paid.get((year, payer), 0.0) for payer in payers]
            label = figures.year_labels([int(year)])[0]
            rows.append((note.title, label, dollars(sum(cells)), *map(dollars, cells)))
    names = [str(payer).replace("-", " ") for payer in payers]
    heads = ("Scenario", "Fiscal year", "All", *names)
    return Table(heads, tuple(rows), figures.partial_note())


def _average(figures: Figures) -> pd.DataFrame:
    costs = figures.run.costs
    own = costs[costs["draw"] == figures.manifest.draws[0].draw]
    return own.assign(dollars=own["dollars"] / len(figures.manifest.seeds))


def _by_year(own: pd.DataFrame, years: list[int]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    sums = own.groupby("year")["dollars"].sum()
    return np.array([float(sums.get(year, 0.0)) / _MILLION for year in years])


def _table(figures: Figures, costs: pd.DataFrame) -> Table:
    """By fiscal year, stream and program, in dollars."""
    labels = figures.programs
    rows = []
    for note in figures.manifest.scenarios:
        streams = {stream.name: stream.label for stream in note.streams}
        own = costs[costs["scenario"] == note.name]
        received = totals(own, ("year", "stream", "payer"), "dollars")
        used = totals(own, ("year", "stream", "program"), "dollars")
        paid = totals(own, ("year", "stream", "category"), "dollars")
        for (year, stream, payer), amount in received.items():
            spent = [
                f"{label} {dollars(used[year, stream, program])}"
                for program, label in labels.items()
                if (year, stream, program) in used
            ]
            rows.append(
                (
                    note.title,
                    *figures.year_labels([year]),
                    streams[stream],
                    payer,
                    dollars(amount),
                    "; ".join(spent),
                    dollars(paid.get((year, stream, "supervision"), 0.0)),
                    dollars(used.get((year, stream, ""), 0.0)),
                )
            )
    heads = (
        "Scenario",
        "Fiscal year",
        "Stream",
        "Payer",
        "Received",
        "Spent on",
        "Of it supervision",
        "Not spent",
    )
    return Table(heads, tuple(rows), figures.partial_note())
