"""Pictures of capacity: places, families and visitors by month, for each program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from hvsim.months import fiscal_year, parse_month
from hvsim.reporting import findings, style
from hvsim.reporting.figures import Figures
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.way import scenario_colors
from hvsim.reporting.words import count, listed
from hvsim.runs import ScenarioNote

Means: TypeAlias = dict[tuple[str, int], dict[str, float]]

_MEASURES = ("places", "enrolled", "on_hold", "waiting", "visitors", "vacancies")


def draw_service(figures: Figures, folder: Path) -> list[Picture]:
    """A picture for each program."""
    monthly = (
        figures.run.capacity.groupby(["scenario", "program", "month"])[list(_MEASURES)].sum()
        / len(figures.manifest.seeds)
    ).reset_index()
    return [
        _program(figures, folder, name, label, monthly[monthly["program"] == name])
        for name, label in figures.programs.items()
        if (monthly["program"] == name).any()
    ]


def _program(
    figures: Figures, folder: Path, name: str, label: str, monthly: pd.DataFrame
) -> Picture:
    notes = [n for n in figures.visiting if (monthly["scenario"] == n.name).any()]
    paint, color = scenario_colors(figures), program_color(figures, name)
    drawing = style.figure(0.45 + 1.35 * len(notes))
    grid = drawing.subplots(len(notes), 2, squeeze=False, sharex=True, sharey="col")
    for (families, staff), note in zip(grid, notes, strict=True):
        own = monthly[monthly["scenario"] == note.name].sort_values("month")
        _families(families, own, color)
        _staff(staff, own, color)
        families.set_title(
            findings.short(note.title), parse_math=False, wrap=False, color=paint[note.name]
        )
    for axes in grid.flat:
        last = (parse_month(figures.manifest.end) + 1) / 12
        axes.set_ylim(bottom=0)
        style.mark_last_births(axes, last, label=axes is grid[0][0] or axes is grid[0][1])
    for axes in grid[-1]:
        axes.set_xlabel("January of the year")
    entries = {
        label: handle
        for axes in grid[0]
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    title = style.fitting(*_finding(figures, label, monthly))
    style.headline(drawing, title, entries, columns=3)
    style.save(drawing, folder, f"capacity-{name}")
    return Picture(
        f"capacity-{name}",
        title,
        "Left: families in service, on hold for want of a visitor or of money, and waiting, "
        "against places (families served and free places for newcomers). Right: visitors at work "
        "against positions with money. Dotted line: the last births of the run; afterward nobody "
        "new arrives, so that places empty. " + _priority(figures, name, notes),
        _table(figures, monthly),
    )


_ORDERS = {
    "first-come": "to those who have waited longest, first come, first served",
    "highest-score": "to those with the highest score first",
}


def _priority(figures: Figures, program: str, notes: Sequence[ScenarioNote]) -> str:
    """Who among those who wait is served first."""
    found: dict[str, list[ScenarioNote]] = {}
    for note in notes:
        own = (figures.content(note.name).get("programs") or {}).get(program)
        if own and own.get("priority") in _ORDERS:
            found.setdefault(_ORDERS[own["priority"]], []).append(note)
    if not found:
        return ""
    if len(found) == 1:
        return f"Free places go {next(iter(found))}."
    orders = [f"{order} under {findings.named(own)}" for order, own in found.items()]
    return f"Free places go {listed(orders)}."


def program_color(figures: Figures, name: str) -> str:
    """Color of a program, the same in every picture."""
    return style.program_colors(figures.programs)[name]


def _families(axes: Axes, own: pd.DataFrame, color: str) -> None:
    years = _years(own)
    served, held = own["enrolled"].to_numpy(), own["on_hold"].to_numpy()
    axes.fill_between(years, served, color=color, alpha=0.4, linewidth=0, label="in service")
    axes.fill_between(
        years, served, served + held, color="#CC6677", linewidth=0, label="on hold, no place"
    )
    axes.plot(years, own["places"], color=style.INK, linewidth=1.3, label="places")
    axes.plot(
        years, own["waiting"], color=style.INK, linewidth=1.3, linestyle="--", label="waiting"
    )
    axes.set_ylabel("families")
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    style.thousands(axes, "y")


def _staff(axes: Axes, own: pd.DataFrame, color: str) -> None:
    years = _years(own)
    visitors = own["visitors"].to_numpy()
    axes.fill_between(years, visitors, color=color, alpha=0.7, linewidth=0, label="visitors")
    axes.plot(
        years,
        visitors + own["vacancies"].to_numpy(),
        color=style.INK,
        linewidth=1.3,
        label="funded positions",
    )
    axes.set_ylabel("positions")
    style.thousands(axes, "y")


def _years(own: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([parse_month(month) / 12 for month in own["month"]])


def _finding(figures: Figures, label: str, monthly: pd.DataFrame) -> list[str]:
    """How full the program is while families are born, and how long its queue gets."""
    born = monthly[monthly["month"] <= figures.manifest.end]
    full, queues = {}, {}
    for note in figures.visiting:
        own = born[born["scenario"] == note.name]
        places = float(own["places"].sum())
        if places:
            full[note.name] = 100 * float(own["enrolled"].sum()) / places
            queues[note.name] = float(own["waiting"].max())
    return findings.capacity(figures, label, full, queues)


def _table(figures: Figures, monthly: pd.DataFrame) -> Table:
    """Averages by fiscal year, as the folder holds them for draw 0."""
    starts = figures.manifest.fiscal_year_starts
    years = monthly.assign(
        year=[fiscal_year(parse_month(month), starts) for month in monthly["month"]]
    )
    means = years.groupby(["scenario", "year"])[list(_MEASURES)].mean().to_dict("index")
    rows = [
        (note.title, *figures.year_labels([year]), *(count(row[measure]) for measure in _MEASURES))
        for note in figures.manifest.scenarios
        for (scenario, year), row in cast(Means, means).items()
        if scenario == note.name
    ]
    heads = ("Places", "In service", "On hold", "Waiting", "Visitors", "Vacancies")
    return Table(("Scenario", "Fiscal year", *heads), tuple(rows), figures.partial_note())
