"""The picture of what each scenario prevents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from hvsim.reporting import findings, style
from hvsim.reporting.figures import Figures
from hvsim.reporting.rows import said, turned
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.way import scenario_colors
from hvsim.reporting.words import count, percent, quoted
from hvsim.runs import Measure, ScenarioNote

_DETECTED = ("harm", "report", "stage")
_AXIS = 24
"""Longest title, in characters, that stands below the axis."""
_BETWEEN_OUTCOMES = 0.9
_BETWEEN_GROUPS = 0.5
_ROW = 0.155
"""Inches per bar; outcomes stand apart by a share of it."""


def draw_harms(figures: Figures, folder: Path) -> list[Picture]:
    """Harm prevented by outcome, low to high effects, as a share of the baseline's."""
    notes = [*figures.yardsticks, *figures.strategies]
    measures = _ordered(figures.adverse)
    if not notes or not measures:
        return []
    paint = scenario_colors(figures)
    rows = _positions(measures, len(notes))
    drawing = style.figure(0.75 + _ROW * (rows[-1] + len(notes)))
    axes = drawing.subplots()
    entries: dict[str, Any] = {}
    for measure, top in zip(measures, rows, strict=True):
        for place, note in enumerate(notes):
            entries |= _bar(axes, figures, note, measure, top + place, paint[note.name])
    _frame(axes, figures, notes, measures, rows)
    title = style.fitting(*findings.harms(figures))
    style.headline(drawing, title, entries | _signs(figures, notes, measures))
    style.save(drawing, folder, "harms-prevented")
    return [Picture("harms-prevented", title, _reading(figures), _table(figures, measures))]


def _ordered(measures: list[Measure]) -> list[Measure]:
    """Harm and what agencies see of it first, then the rest, each in the scenario's order."""
    return sorted(measures, key=lambda measure: measure.kind not in _DETECTED)


def _positions(measures: list[Measure], bars: int) -> list[float]:
    """Where the first bar of each outcome stands, counted in bars from the top."""
    found, where = [], 0.0
    for place, measure in enumerate(measures):
        if place and (measures[place - 1].kind in _DETECTED) != (measure.kind in _DETECTED):
            where += _BETWEEN_GROUPS
        found.append(where)
        where += bars + _BETWEEN_OUTCOMES
    return found


def _bar(
    axes: Axes, figures: Figures, note: ScenarioNote, measure: Measure, y: float, color: str
) -> dict[str, Any]:
    """A scenario's range, its central value and what no effect would give; legend entries."""
    share = figures.share(note, measure)
    axes.plot([share.least, share.most], [y, y], color=color, linewidth=3, alpha=0.45)
    (dot,) = axes.plot(share.value, y, "o", color=color, markersize=5)
    entries: dict[str, Any] = {_entry(figures, note): dot}
    if share.unaided is not None:
        axes.plot(share.unaided, y, "x", color=style.INK, markersize=4)
    axes.annotate(
        _amount(figures, note, measure),
        (1, y),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        fontsize=7.5,
        parse_math=False,
    )
    return entries


def _signs(figures: Figures, notes: list[ScenarioNote], measures: list[Measure]) -> dict[str, Any]:
    """What lines and crosses mean."""
    found: dict[str, Any] = {}
    shares = [figures.share(note, measure) for note in notes for measure in measures]
    if any(share.low is not None for share in shares):
        found["from the least to the most favorable effects"] = Line2D(
            [], [], color=style.QUIET, linewidth=3, alpha=0.7
        )
    if any(share.unaided is not None for share in shares):
        found["if visits have no effect, but visitors report what they see"] = Line2D(
            [], [], color=style.INK, marker="x", markersize=4, linestyle="none"
        )
    return found


def _entry(figures: Figures, note: ScenarioNote) -> str:
    """How the legend names a bar."""
    base = figures.baseline
    if base is not None and note in figures.yardsticks:
        return f"{findings.short(base.title)} itself, against {findings.short(note.title)}"
    return findings.short(note.title)


def _amount(figures: Figures, note: ScenarioNote, measure: Measure) -> str:
    """The central result with its unit; of hidden harm only the share can be known."""
    if measure.kind == "harm":
        share = percent(figures.share(note, measure).value)
        return (
            f"{share.removeprefix('-')} {'more' if share.startswith('-') else 'fewer'} "
            f"{measure.unit}"
        )
    if figures.no_effect_assumed(note, measure):
        return "no effect assumed"
    fewer = count(figures.prevented(note, measure))
    if not float(fewer.replace(",", "")):
        return f"no fewer {measure.unit}"
    return (
        f"{fewer.removeprefix('-')} {'more' if fewer.startswith('-') else 'fewer'} {measure.unit}"
    )


def _frame(
    axes: Axes,
    figures: Figures,
    notes: list[ScenarioNote],
    measures: list[Measure],
    rows: list[float],
) -> None:
    """Axes, the names of outcomes, and which side is which."""
    shares = [figures.share(note, measure) for note in notes for measure in measures]
    ends = [end for own in shares for end in (own.least, own.most, own.unaided or 0.0, 0.0)]
    width = (max(ends) - min(ends)) or 1.0
    left, right = min(ends) - 0.08 * width, max(ends) + 0.05 * width
    # Room for the words on both sides of zero.
    left, right = min(left, -0.3 * right), max(right, -0.3 * left)
    axes.set_xlim(left, right)
    axes.set_ylim(rows[-1] + len(notes) - 0.3, -0.7)
    axes.axvspan(left, 0, color="#FBEDE6", linewidth=0, zorder=0)
    axes.axvline(0, color=style.INK, linewidth=1)
    middle = (len(notes) - 1) / 2
    labels = [style.folded(measure.label, 18) for measure in measures]
    axes.set_yticks([row + middle for row in rows], labels)
    for text in axes.get_yticklabels():
        text.set_parse_math(False)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    base = figures.baseline
    assert base is not None
    axes.set_xlabel(
        f"percent fewer than under {quoted(findings.short(base.title, _AXIS))}", parse_math=False
    )
    for words, side, offset in (("← more", "right", -5), ("fewer →", "left", 5)):
        axes.annotate(
            words,
            (0, 1),
            xycoords=("data", "axes fraction"),
            xytext=(offset, 3),
            textcoords="offset points",
            ha=side,
            fontsize=8.5,
            fontweight="bold",
        )
    axes.annotate(
        "central effects",
        (1, 1),
        xycoords="axes fraction",
        xytext=(4, 3),
        textcoords="offset points",
        fontsize=7.5,
    )


def _reading(figures: Figures) -> str:
    """How to read it."""
    base = figures.baseline
    assert base is not None
    parts = [
        "Each dot, and the number at the right, is the result under central effects: programs "
        "work as trials found on average. The line spans the least and the most favorable "
        "effects that trials leave possible; it says nothing about chance.",
        f"Everything is compared with {findings.called(base)}: same families, same luck.",
    ]
    if figures.yardsticks:
        parts.append(
            f"The gray bars say what {findings.called(base)} itself prevents, compared with "
            f"{findings.named(figures.yardsticks)}."
        )
    parts.append(
        "A minus means more, not less. Visitors see and report more: that alone (cross) adds "
        "reports and what follows from them: seen, not caused."
        if any(
            (figures.share(note, measure).unaided or 0) < 0
            for note in figures.strategies
            for measure in figures.adverse
        )
        else "A minus means more, not less."
    )
    return " ".join(parts)


def _table(figures: Figures, measures: list[Measure]) -> Table:
    rows = []
    for measure in measures:
        for note in [*figures.yardsticks, *figures.strategies]:
            found = [
                figures.row(note.name, f"{what}:{measure.name}")
                for what in ("prevented", "prevented_percent", "prevented_if_no_effect")
            ]
            if note in figures.yardsticks:
                found = [turned(row) for row in found]
            rows.append((measure.title, _entry(figures, note), *map(said, found)))
    return Table(
        (
            "Measure",
            "Scenario",
            "Prevented (least to most favorable effects)",
            "Percent of the baseline's",
            "If no effect",
        ),
        tuple(rows),
    )
