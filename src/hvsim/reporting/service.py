"""Pictures of capacity: places, families and visitors by month, for each program."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from hvsim.months import fiscal_year, fiscal_year_label, parse_month
from hvsim.reporting import style
from hvsim.reporting.figures import Figures, programs
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.words import count, percent

Means: TypeAlias = dict[tuple[str, str], dict[str, float]]

_MEASURES = ("places", "enrolled", "on_hold", "waiting", "visitors", "vacancies")


def draw_service(figures: Figures, folder: Path) -> list[Picture]:
    """A picture for each program."""
    monthly = (
        figures.run.capacity.groupby(["scenario", "program", "month"])[list(_MEASURES)].sum()
        / len(figures.manifest.seeds)
    ).reset_index()
    return [
        _program(figures, folder, name, label, monthly[monthly["program"] == name])
        for name, label in reversed(programs(figures).items())
    ]


def _program(
    figures: Figures, folder: Path, name: str, label: str, monthly: pd.DataFrame
) -> Picture:
    notes = [n for n in figures.manifest.scenarios if (monthly["scenario"] == n.name).any()]
    drawing = style.figure(1.5 + 1.65 * len(notes))
    grid = drawing.subplots(len(notes), 2, squeeze=False, sharex=True, sharey="col")
    for (families, staff), note in zip(grid, notes, strict=True):
        own = monthly[monthly["scenario"] == note.name].sort_values("month")
        _families(families, own)
        _staff(staff, own)
        families.set_title(note.title, parse_math=False, wrap=False)
    for axes in grid.flat:
        axes.axvline(parse_month(figures.manifest.end) / 12, color=style.QUIET, linestyle=":")
        axes.set_ylim(bottom=0)
    handles, labels = grid[0][0].get_legend_handles_labels()
    more_handles, more_labels = grid[0][1].get_legend_handles_labels()
    drawing.legend(handles + more_handles, labels + more_labels, loc="outside lower left", ncols=3)
    title = _finding(figures, label, monthly)
    style.headline(drawing, title)
    style.save(drawing, folder, f"capacity-{name}")
    return Picture(
        f"capacity-{name}",
        title,
        "Left: families in service, on hold for want of a visitor, and waiting, against places "
        "(families served and free places for newcomers). Right: visitors at work against "
        "positions with money. Dotted: the last births of the run; afterward nobody new arrives.",
        _table(figures, monthly),
    )


def _families(axes: Axes, own: pd.DataFrame) -> None:
    years = _years(own)
    served, held = own["enrolled"].to_numpy(), own["on_hold"].to_numpy()
    axes.fill_between(years, served, color="#56B4E9", linewidth=0, label="in service")
    axes.fill_between(
        years, served, served + held, color="#E69F00", linewidth=0, label="on hold, no visitor"
    )
    axes.plot(years, own["places"], color=style.INK, linewidth=1.3, label="places")
    axes.plot(
        years, own["waiting"], color="#D55E00", linewidth=1.3, linestyle="--", label="waiting"
    )
    axes.set_ylabel("families")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    style.thousands(axes, "y")


def _staff(axes: Axes, own: pd.DataFrame) -> None:
    years = _years(own)
    visitors = own["visitors"].to_numpy()
    axes.fill_between(years, visitors, color="#009E73", alpha=0.6, linewidth=0, label="visitors")
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


def _finding(figures: Figures, label: str, monthly: pd.DataFrame) -> str:
    """How full the program is while families are born, and how long its queue gets."""
    born = monthly[monthly["month"] <= figures.manifest.end]
    parts = []
    for note in figures.manifest.scenarios:
        own = born[born["scenario"] == note.name]
        places = float(own["places"].sum())
        if places:
            used = percent(100 * float(own["enrolled"].sum()) / places)
            parts.append(f"{note.title} {used} (longest queue {count(own['waiting'].max())})")
    return f"{label}, places in use: {'; '.join(parts)}"


def _table(figures: Figures, monthly: pd.DataFrame) -> Table:
    """Averages by fiscal year, as the folder holds them for draw 0."""
    starts = figures.manifest.fiscal_year_starts
    years = monthly.assign(year=[_fiscal(month, starts) for month in monthly["month"]])
    means = years.groupby(["scenario", "year"])[list(_MEASURES)].mean().to_dict("index")
    rows = [
        (note.title, year, *(count(row[measure]) for measure in _MEASURES))
        for note in figures.manifest.scenarios
        for (scenario, year), row in cast(Means, means).items()
        if scenario == note.name
    ]
    heads = ("Places", "In service", "On hold", "Waiting", "Visitors", "Vacancies")
    return Table(("Scenario", "Fiscal year", *heads), tuple(rows))


def _fiscal(month: str, starts: int) -> str:
    return fiscal_year_label(fiscal_year(parse_month(month), starts), starts)
