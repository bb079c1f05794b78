"""The picture of money by fiscal year."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from hvsim.months import fiscal_year, fiscal_year_label, parse_month
from hvsim.reporting import style
from hvsim.reporting.figures import Figures, programs, totals
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.words import dollars, percent

_MILLION = 1e6


def draw_money(figures: Figures, folder: Path) -> list[Picture]:
    """Spent by program, and unspent, by fiscal year and scenario."""
    costs = _average(figures)
    if costs.empty:
        return []
    notes, labels = figures.manifest.scenarios, dict(reversed(programs(figures).items()))
    years = sorted(costs["year"].unique())
    starts = figures.manifest.fiscal_year_starts
    last = fiscal_year(parse_month(figures.manifest.end), starts)
    drawing = style.figure(1.5 + 1.6 * len(notes))
    grid = drawing.subplots(len(notes), 1, squeeze=False, sharex=True, sharey=True)[:, 0]
    for axes, note in zip(grid, notes, strict=True):
        own = costs[costs["scenario"] == note.name]
        base = np.zeros(len(years))
        for place, (name, label) in enumerate(labels.items()):
            spent = _by_year(own[own["program"] == name], years)
            axes.bar(years, spent, 0.75, base, color=style.COLORS[place % 6], label=label)
            base = base + spent
        unspent = _by_year(own[own["category"] == "unspent"], years)
        axes.bar(
            years,
            unspent,
            0.75,
            base,
            facecolor="white",
            edgecolor=style.QUIET,
            hatch="////",
            linewidth=0.8,
            label="received, not spent",
        )
        axes.axvline(last + 0.5, color=style.QUIET, linestyle=":")
        axes.set_title(note.title, parse_math=False)
        axes.set_ylabel("million USD")
        axes.grid(visible=False, axis="x")
        style.thousands(axes, "y")
    grid[-1].set_xticks(years, [fiscal_year_label(year, starts) for year in years], fontsize=8)
    grid[-1].set_xlabel("fiscal year")
    drawing.legend(*grid[0].get_legend_handles_labels(), loc="outside lower left", ncols=2)
    spent_by = [
        f"{note.title} {dollars(figures.value(note.name, 'spent'))}, "
        f"{percent(_unspent_share(figures, note.name))}"
        for note in notes
    ]
    title = f"Spent until the last births, and share left unspent: {'; '.join(spent_by)}"
    style.headline(drawing, title)
    style.save(drawing, folder, "money")
    return [
        Picture(
            "money",
            title,
            "Dollars of each fiscal year, undiscounted: the full bar is what funding streams paid "
            "out to the system, the hatched part lapsed. Dotted: the end of the year of the last "
            "births, with which the sums in the title end.",
            _table(figures, costs),
        )
    ]


def _average(figures: Figures) -> pd.DataFrame:
    costs = figures.run.costs
    own = costs[costs["draw"] == figures.manifest.draws[0].draw]
    return own.assign(dollars=own["dollars"] / len(figures.manifest.seeds))


def _by_year(own: pd.DataFrame, years: list[int]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    sums = own.groupby("year")["dollars"].sum()
    return np.array([float(sums.get(year, 0.0)) / _MILLION for year in years])


def _unspent_share(figures: Figures, scenario: str) -> float:
    unspent = figures.value(scenario, "unspent")
    received = unspent + figures.value(scenario, "spent")
    return 100 * unspent / received if received else 0.0


def _table(figures: Figures, costs: pd.DataFrame) -> Table:
    """By fiscal year, stream and program, in dollars."""
    starts = figures.manifest.fiscal_year_starts
    labels = programs(figures)
    rows = []
    for note in figures.manifest.scenarios:
        streams = {stream.name: stream.label for stream in note.streams}
        own = costs[costs["scenario"] == note.name]
        received = totals(own, ("year", "stream", "payer"), "dollars")
        used = totals(own, ("year", "stream", "program"), "dollars")
        for (year, stream, payer), amount in received.items():
            spent = [
                f"{label} {dollars(used[year, stream, program])}"
                for program, label in labels.items()
                if (year, stream, program) in used
            ]
            rows.append(
                (
                    note.title,
                    fiscal_year_label(year, starts),
                    streams[stream],
                    payer,
                    dollars(amount),
                    "; ".join(spent),
                    dollars(used.get((year, stream, ""), 0.0)),
                )
            )
    heads = ("Scenario", "Fiscal year", "Stream", "Payer", "Received", "Spent on", "Not spent")
    return Table(heads, tuple(rows))
