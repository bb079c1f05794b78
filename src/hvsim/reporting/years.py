"""The picture of the system year by year: whether what is built up lasts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from hvsim.reporting import findings, style
from hvsim.reporting.figures import Figures
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.way import scenario_colors
from hvsim.reporting.words import count, dollars
from hvsim.runs import ScenarioNote
from hvsim.runs.years import UNITS

Years: TypeAlias = dict[int, dict[str, float]]

_PANELS = {
    "year_in_service": "families\nin service",
    "year_enrolled": "newly\nenrolled",
    "year_withdrawn": "cut off",
    "year_visitors": "visitors\nat work",
    "year_spent": "million\nUSD",
}
_ABREAST = 5
"""Scenarios beside one another; more of them fill a further picture."""
_MILLION = 1e6
_CUT_OFF = {
    "year_withdrawn": ("cut off: no visitor", "#DDCC77"),
    "year_withdrawn_no_money": ("cut off: no money", "#A3243B"),
}
"""Bars one before the other: all who are cut off, and those for want of money."""
_LABEL = 8.5
"""Points from one label of a year to the next, at least."""
_MARGIN = 0.75
"""Inches left of the first scenario."""
_LATER = 0.35
"""Opacity of years after the last births."""


def draw_years(figures: Figures, folder: Path) -> list[Picture]:
    """Service, cut-offs, visitors and money by fiscal year, a column for each scenario."""
    found = {note.name: _years(figures, note) for note in figures.visiting}
    shown = sorted(
        {year for own in found.values() for year, row in own.items() if row["year_in_service"] > 0}
    )
    if not shown:
        return []
    tops = {
        what: max(row[_outline(what)] for own in found.values() for row in own.values())
        / _unit(what)
        for what in _PANELS
    }
    notes = figures.visiting
    blocks = [notes[place : place + _ABREAST] for place in range(0, len(notes), _ABREAST)]
    return [
        _picture(figures, folder, place, block, found, shown, tops)
        for place, block in enumerate(blocks)
    ]


def _years(figures: Figures, note: ScenarioNote) -> Years:
    """Rows of the summary, by fiscal year."""
    years = sorted(int(year) for year in figures.run.capacity_by_year["year"].unique())
    return {
        year: {what: figures.value(note.name, f"{what}:{year}") for what in UNITS} for year in years
    }


def _picture(
    figures: Figures,
    folder: Path,
    place: int,
    notes: Sequence[ScenarioNote],
    found: Mapping[str, Years],
    shown: Sequence[int],
    tops: Mapping[str, float],
) -> Picture:
    name = "year-by-year" + (f"-{place + 1}" if place else "")
    paint = scenario_colors(figures)
    drawing = style.figure(0.7 + 0.95 * len(_PANELS))
    grid = drawing.subplots(len(_PANELS), len(notes), squeeze=False, sharex=True, sharey="row")
    entries: dict[str, Any] = {}
    width = int((style.WIDTH - _MARGIN) / len(notes) * 13)
    for column, note in enumerate(notes):
        rows = found[note.name]
        for axes, what in zip(grid[:, column], _PANELS, strict=True):
            entries |= _bars(axes, figures, rows, shown, what, paint[note.name])
            axes.set_ylim(0, 1.18 * tops[what] or 1)
            style.mark_last_births(axes, figures.through() + 0.5, label=False)
        title = style.folded(findings.short(note.title, 2 * width), width)
        grid[0][column].set_title(title, parse_math=False, color=paint[note.name], fontsize=8)
        _fall(grid[0][column], figures, rows)
    for axes, label in zip(grid[:, 0], _PANELS.values(), strict=True):
        axes.set_ylabel(label, fontsize=8)
        axes.yaxis.set_major_locator(MaxNLocator(3))
        style.thousands(axes, "y")
    _label_years(grid, figures, shown)
    title = style.fitting(*findings.years(figures, {n.name: found[n.name] for n in notes}))
    style.headline(drawing, title, entries, columns=2)
    style.save(drawing, folder, name)
    return Picture(name, title, _reading(), _table(figures, notes, found))


def _outline(what: str) -> str:
    """What bounds a bar: of money spent, the money received."""
    return "year_received" if what == "year_spent" else what


def _unit(what: str) -> float:
    """What the axis of a panel counts in."""
    return _MILLION if what == "year_spent" else 1.0


def _bars(
    axes: Axes, figures: Figures, rows: Years, shown: Sequence[int], what: str, color: str
) -> dict[str, Any]:
    """Bars by year, paler after the last births; legend entries."""
    unit = _unit(what)
    last = figures.through()
    entries: dict[str, Any] = {}
    for year in shown:
        row, alpha = rows[year], 1.0 if year <= last else _LATER
        if what == "year_spent":
            entries["received, not spent"] = axes.bar(
                year,
                row["year_received"] / unit,
                0.8,
                facecolor="white",
                edgecolor=style.QUIET,
                hatch="//////",
                linewidth=0.6,
            )
        parts = _CUT_OFF if what == "year_withdrawn" else {what: ("", color)}
        for part, (label, own) in parts.items():
            axes.bar(year, row[part] / unit, 0.8, color="white")
            bar = axes.bar(year, row[part] / unit, 0.8, color=own, alpha=alpha)
            if label:
                entries.setdefault(label, bar)
    axes.grid(visible=False, axis="x")
    return entries


def _fall(axes: Axes, figures: Figures, rows: Years) -> None:
    """The steepest fall in service while children are born, if it is a large one."""
    fall = findings.steepest(figures, rows)
    if fall is None or fall.share < findings.CLIFF:
        return
    axes.annotate(
        f"-{fall.share:.0f}%",
        (fall.year - 0.4, fall.after),
        xytext=(2, 2),
        textcoords="offset points",
        ha="left",
        va="bottom",
        fontsize=7.5,
        fontweight="bold",
        color="#A3243B",
    )


def _label_years(grid: Any, figures: Figures, shown: Sequence[int]) -> None:
    """Names of as many years as there is room for."""
    room = (style.WIDTH - _MARGIN) * 72 / grid.shape[1]
    every = math.ceil(len(shown) * _LABEL / room)
    some = list(shown)[::every]
    for axes in grid[-1]:
        axes.set_xticks(some, figures.year_labels(some), fontsize=7, rotation=90)
        axes.set_xlim(shown[0] - 0.6, shown[-1] + 0.6)
    note = figures.partial_note()
    grid[-1][0].figure.supxlabel("fiscal year" + (f" ({note})" if note else ""), fontsize=8)


def _reading() -> str:
    return (
        "Each column is a scenario, each bar a fiscal year, all on the same scales: families in "
        "service and visitors at work on average over the months of the year; families who enroll, "
        "and families who are cut off, because positions with money have no trained visitor for "
        "them or no position is paid for them any longer; money spent, and received but not spent. "
        "A percentage marks the steepest fall in service. Dotted line: the last births of the run. "
        "Afterward (paler) nobody new arrives, so that service empties in every scenario."
    )


def _table(figures: Figures, notes: Sequence[ScenarioNote], found: Mapping[str, Years]) -> Table:
    heads = (
        "In service",
        "Newly enrolled",
        "Cut off",
        "No visitor",
        "No money",
        "Visitors at work",
        "Received",
        "Spent",
    )
    rows = [
        (
            note.title,
            *figures.year_labels([year]),
            *((dollars if UNITS[what] == "USD" else count)(row[what]) for what in UNITS),
        )
        for note in notes
        for year, row in found[note.name].items()
    ]
    return Table(("Scenario", "Fiscal year", *heads), tuple(rows), figures.partial_note())
