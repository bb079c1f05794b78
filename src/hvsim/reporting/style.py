"""How pictures look, and how they are saved: the same bytes for the same numbers."""

from __future__ import annotations

import io
import math
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FixedFormatter

from hvsim.runs.files import write_text

WIDTH = 5.2
"""Inches: pictures stand in one column, so that a phone shows them at a readable size."""

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito 2008: told apart by color-blind readers too."""

PROGRAM_COLORS = (
    "#332288",
    "#DDCC77",
    "#44AA99",
    "#882255",
    "#999933",
    "#88CCEE",
    "#117733",
    "#AA4499",
    "#6699CC",
    "#661100",
)
"""Tol's muted scheme and two of his further colors, for programs: none is a scenario's."""

BASELINE_COLOR = "#5F6368"
QUIET = "#9AA0A6"
INK = "#202124"

_FONTS = "DejaVu Sans,Verdana,sans-serif"
"""By which pictures are read where the first is missing: Verdana's letters are as wide."""
_TITLE_SIZE = 10.0
_TITLE_LINES = 2
_LEGEND_ROW = 13.0  # points
_FILLED = 0.98
"""Share of the width that is drawn on: letters of another font may be a little wider."""
_TITLE = FontProperties(family="DejaVu Sans", weight="bold", size=_TITLE_SIZE)
_TITLE_WIDTH = (WIDTH - 0.12) * 72  # points
_SETTINGS: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": QUIET,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
    "font.size": 9,
    "grid.color": "#E8EAED",
    "legend.borderaxespad": 0.2,
    "legend.borderpad": 0.1,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "legend.labelspacing": 0.35,
    "svg.fonttype": "none",  # letters are text: a fifth of the bytes of drawn ones
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
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture in a run folder.

    Attributes
    ----------
    name
        Its file is ``plots/NAME.svg``.
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


def program_colors(names: Iterable[str]) -> dict[str, str]:
    """Color of each program, the same in every picture."""
    return {name: PROGRAM_COLORS[p % len(PROGRAM_COLORS)] for p, name in enumerate(names)}


def figure(height: float) -> Figure:
    """An empty figure that lays itself out; no window system is ever asked for."""
    drawing = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasAgg(drawing)
    return drawing


def lines(title: str) -> list[str]:
    """The lines on which a title stands above a picture."""
    found = [""]
    for word in title.split():
        longer = f"{found[-1]} {word}".strip()
        if found[-1] and _width(longer) > _TITLE_WIDTH:
            found.append(word)
        else:
            found[-1] = longer
    return found


@cache
def _width(text: str) -> float:
    """Width of a line of a title, in points."""
    text = drawable(text)
    return float(text_to_path.get_text_width_height_descent(text, _TITLE, ismath=False)[0])


def fitting(*titles: str) -> str:
    """The first title that stands on two lines; if none does, the last one, cut."""
    for title in titles:
        if len(lines(title)) <= _TITLE_LINES:
            return title
    words = titles[-1].split()
    while len(words) > 1 and len(lines(" ".join([*words, "..."]))) > _TITLE_LINES:
        words.pop()
    return " ".join([*words, "..."])


def headline(
    drawing: Figure, title: str, entries: Mapping[str, Any] | None = None, *, columns: int = 1
) -> None:
    """Set the finding above the picture, and below it the legend; the figure grows for them.

    Parameters
    ----------
    drawing
        The figure, its height that of the picture proper.
    title
        The finding, left-aligned and folded.
    entries
        What is drawn, by label; labels are text, never mathematics.
    columns
        Of the legend.
    """
    folded_title = lines(title)
    rows = math.ceil(len(entries) / columns) if entries else 0
    first = (len(folded_title) * 1.25 * _TITLE_SIZE + 8) / 72
    whole_height = drawing.get_figheight() + first + rows * _LEGEND_ROW / 72
    top = 1 - (whole_height - drawing.get_figheight()) / whole_height
    drawing.set_figheight(whole_height)
    engine = drawing.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(rect=(0, 0, _FILLED, top))
    drawing.text(
        0.01,
        1 - 4 / 72 / whole_height,
        "\n".join(folded_title),
        ha="left",
        va="top",
        fontproperties=_TITLE,
        parse_math=False,
        linespacing=1.2,
    )
    if entries:
        found = drawing.legend(
            list(entries.values()),
            list(entries),
            loc="upper left",
            bbox_to_anchor=(0.005, 1 - first / whole_height),
            ncols=columns,
            columnspacing=1.2,
        )
        for text in found.get_texts():
            text.set_parse_math(False)


def mark_last_births(axes: Axes, where: float, *, label: bool) -> None:
    """A dotted line where the last births are, named if asked."""
    axes.axvline(where, color=QUIET, linestyle=":", linewidth=1.2)
    if label:
        axes.annotate(
            "last births",
            (where, 1),
            xycoords=("data", "axes fraction"),
            xytext=(3, -1),
            textcoords="offset points",
            va="top",
            fontsize=7.5,
            color=BASELINE_COLOR,
        )


def folded(label: str, width: int = 26) -> str:
    """A label of an axis on as many lines as it needs."""
    return textwrap.fill(label, width)


def thousands(axes: Axes, which: str = "x") -> None:
    """Write the numbers of an axis as ``12,000``."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def save(drawing: Figure, folder: Path, name: str) -> None:
    """Write a figure as SVG, without a date.

    The canvas is asked directly: ``savefig`` would draw each figure twice.
    """
    _leave_out_missing_glyphs(drawing)
    engine = drawing.get_layout_engine()
    assert engine is not None
    engine.execute(drawing)  # with letters measured by the canvas of `figure`
    drawing.set_layout_engine("none")
    canvas: Any = FigureCanvasSVG(drawing)
    text = io.StringIO()
    canvas.print_svg(text, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    write_text(folder / f"{name}.svg", _short(text.getvalue()))


def _short(svg: str) -> str:
    """The same picture in fewer bytes; only tags change, never a text."""
    return re.sub(r"\n\s*", "\n", re.sub(r"<[^<>]+>", _short_tag, svg))


def _short_tag(tag: re.Match[str]) -> str:
    """A tag with numbers to a tenth of a point, and without names that nothing refers to.

    Single quotes are shorter than double ones where the picture stands in an attribute.
    """
    text = re.sub(r"(\b[1-9]\d*\.\d)\d+", r"\1", tag[0])
    text = re.sub(r'^<g id="[^"]*"', "<g", text)
    text = re.sub(r' transform="rotate\(-0 [^"]*"', "", text)
    text = text.replace("'DejaVu Sans'", _FONTS)
    if ' d="' in text:
        text = re.sub(r"\s*([MLCQz])\s*", r"\1", text)
    return text.replace('"', "'")


def drawable(text: str) -> str:
    """A text without what the font of the pictures lacks, such as most emoji.

    A letter that it lacks becomes a question mark, so that a reader sees that something stood
    there.
    """
    if text.isascii():
        return text
    known = _characters()
    kept = [
        c if c.isspace() or ord(c) in known else "?" if unicodedata.category(c)[0] == "L" else ""
        for c in text
    ]
    return re.sub("  +", " ", "".join(kept)).strip(" ")


@cache
def _characters() -> frozenset[int]:
    """What the font of the pictures has, both plain and bold."""
    fonts = (FontProperties(family="DejaVu Sans", weight=weight) for weight in ("normal", "bold"))
    return frozenset.intersection(
        *(frozenset(get_font(findfont(font)).get_charmap()) for font in fonts)
    )


def _leave_out_missing_glyphs(drawing: Figure) -> None:
    for axes in drawing.axes:
        for axis in (axes.xaxis, axes.yaxis):
            names = axis.get_major_formatter()
            if isinstance(names, FixedFormatter):
                names.seq = [drawable(name) for name in names.seq]
    for text in drawing.findobj(Text):
        assert isinstance(text, Text)
        text.set_text(drawable(text.get_text()))
