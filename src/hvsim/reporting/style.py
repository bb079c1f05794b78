"""How pictures look, and how they are saved: the same bytes for the same numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from hvsim.runs.files import whole

WIDTH = 6.6
"""Inches: pictures stand in one column, so that a phone shows them at a readable size."""

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito 2008: told apart by color-blind readers too."""

BASELINE_COLOR = "#5F6368"
QUIET = "#9AA0A6"
INK = "#202124"

_TITLE_WIDTH = 72
_SETTINGS: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": QUIET,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
    "font.size": 9,
    "grid.color": "#E8EAED",
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "svg.hashsalt": "hvsim",
    "text.color": INK,
    "xtick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.color": INK,
    "ytick.labelsize": 8.5,
    "ytick.major.size": 0,
}


@dataclass(frozen=True)
class Table:
    """The numbers behind a picture."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A picture in a run folder.

    Attributes
    ----------
    name
        Its files are ``plots/NAME.svg`` and ``plots/NAME.png``.
    title
        What it finds, in words.
    reading
        How to read it.
    table
        The numbers behind it.
    """

    name: str
    title: str
    reading: str
    table: Table


@contextmanager
def styled() -> Iterator[None]:
    """Settings for everything that is drawn inside; nobody else's change."""
    with rc_context(_SETTINGS):
        yield


def colors(names: Sequence[str], baseline: str | None) -> dict[str, str]:
    """Color of each scenario; the baseline's is gray."""
    others = [name for name in names if name != baseline]
    found = {name: COLORS[place % len(COLORS)] for place, name in enumerate(others)}
    return found if baseline is None else {**found, baseline: BASELINE_COLOR}


def figure(height: float) -> Figure:
    """An empty figure that lays itself out; no window system is ever asked for."""
    drawing = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasAgg(drawing)
    return drawing


def headline(drawing: Figure, title: str) -> None:
    """Set the finding above the picture, left-aligned and folded."""
    drawing.suptitle(
        textwrap.fill(title, _TITLE_WIDTH),
        x=0.01,
        ha="left",
        fontsize=11,
        fontweight="bold",
        parse_math=False,
    )


def folded(label: str, width: int = 26) -> str:
    """A label of an axis on as many lines as it needs."""
    return textwrap.fill(label, width)


def thousands(axes: Axes, which: str = "x") -> None:
    """Write the numbers of an axis as ``12,000``."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def save(drawing: Figure, folder: Path, name: str) -> None:
    """Write a figure as PNG and SVG, without a date."""
    with whole(folder / f"{name}.png") as path:
        drawing.savefig(path, format="png", dpi=160, metadata={"Software": "hvsim"})
    drawing.set_layout_engine("none")  # it is laid out now, and need not be again
    with whole(folder / f"{name}.svg") as path:
        drawing.savefig(path, format="svg", metadata={"Date": None, "Creator": "hvsim"})
