"""Pictures of what each scenario prevents and gains, one for each group of outcomes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from hvsim.reporting import benefits, findings, style
from hvsim.reporting.figures import Figures
from hvsim.reporting.rows import said, turned
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.way import scenario_colors
from hvsim.reporting.words import count, percent, quoted
from hvsim.runs import Measure, ScenarioNote

_AXIS = 24
"""Longest title, in characters, that stands below the axis."""
_BETWEEN_OUTCOMES = 0.9
_FRAME = 0.75
_ROW = 0.155
"""Inches per bar; outcomes stand apart by a share of it."""


def draw_outcomes(figures: Figures, folder: Path) -> list[Picture]:
    """Outcomes, low to high effects, as a share of the baseline's."""
    notes = [*figures.yardsticks, *figures.strategies]
    if not notes:
        return []
    return [
        _group(figures, folder, f"outcomes-{place}{_slug(heading)}", heading, measures, notes)
        for place, (heading, measures) in enumerate(figures.groups.items(), start=1)
    ]


def _slug(heading: str) -> str:
    """A heading as a part of a file's name; the number before it tells two alike apart."""
    words = re.findall("[a-z0-9]+", heading.lower())
    return "".join(f"-{word}" for word in words)


def _group(
    figures: Figures,
    folder: Path,
    name: str,
    heading: str,
    measures: Sequence[Measure],
    notes: Sequence[ScenarioNote],
) -> Picture:
    """A picture of the outcomes under one heading; what is desirable has axes of its own."""
    paint = scenario_colors(figures)
    parts = [
        part
        for desirable in (False, True)
        if (part := [measure for measure in measures if measure.desirable == desirable])
    ]
    step = len(notes) + _BETWEEN_OUTCOMES
    heights = [_FRAME + _ROW * (len(part) * step - _BETWEEN_OUTCOMES) for part in parts]
    drawing = style.figure(sum(heights))
    grid = drawing.subplots(len(parts), 1, squeeze=False, height_ratios=heights)[:, 0]
    entries: dict[str, Any] = {}
    for axes, part in zip(grid, parts, strict=True):
        for top, measure in enumerate(part):
            for place, note in enumerate(notes):
                y = top * step + place
                entries |= _bar(axes, figures, note, measure, y, paint[note.name])
        _frame(axes, figures, notes, part, step)
    title = style.fitting(*benefits.benefits(figures, measures))
    style.headline(drawing, title, entries | _signs(figures, notes, measures))
    style.save(drawing, folder, name)
    reading = f"{heading}. {_reading(figures, measures)}"
    return Picture(name, title, reading, _table(figures, measures))


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


def _signs(
    figures: Figures, notes: Sequence[ScenarioNote], measures: Sequence[Measure]
) -> dict[str, Any]:
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
    better, worse = ("more", "fewer") if measure.desirable else ("fewer", "more")
    if measure.kind == "harm":
        text = percent(figures.share(note, measure).value)
    elif figures.no_effect_assumed(note, measure):
        return "no effect assumed"
    else:
        text = count(figures.better(note, measure))
        if not float(text.replace(",", "")):
            return f"no {better} {measure.unit}"
    return f"{text.removeprefix('-')} {worse if text.startswith('-') else better} {measure.unit}"


def _frame(
    axes: Axes,
    figures: Figures,
    notes: Sequence[ScenarioNote],
    measures: Sequence[Measure],
    step: float,
) -> None:
    """Axes, the names of outcomes, and which side is which; the better one is always right."""
    shares = [figures.share(note, measure) for note in notes for measure in measures]
    ends = [end for own in shares for end in (own.least, own.most, own.unaided or 0.0, 0.0)]
    width = (max(ends) - min(ends)) or 1.0
    left, right = min(ends) - 0.08 * width, max(ends) + 0.05 * width
    # Room for the words on both sides of zero.
    left, right = min(left, -0.3 * right), max(right, -0.3 * left)
    axes.set_xlim(left, right)
    axes.set_ylim(len(measures) * step - _BETWEEN_OUTCOMES - 0.3, -0.7)
    axes.axvspan(left, 0, color="#FBEDE6", linewidth=0, zorder=0)
    axes.axvline(0, color=style.INK, linewidth=1)
    middle = (len(notes) - 1) / 2
    labels = [style.folded(measure.label, 18) for measure in measures]
    axes.set_yticks([place * step + middle for place in range(len(measures))], labels)
    for text in axes.get_yticklabels():
        text.set_parse_math(False)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    base = figures.baseline
    assert base is not None
    better, worse = ("more", "fewer") if measures[0].desirable else ("fewer", "more")
    title = quoted(findings.short(base.title, _AXIS))
    axes.set_xlabel(f"percent {better} than under {title}", parse_math=False)
    for words, side, offset in ((f"← {worse}", "right", -5), (f"{better} →", "left", 5)):
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


def _reading(figures: Figures, measures: Sequence[Measure]) -> str:
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
            f"The gray bars say what {findings.called(base)} itself does, compared with "
            f"{findings.named(figures.yardsticks)}."
        )
    if any(measure.desirable for measure in measures):
        parts.append(
            "To the right of zero is better: more of what is desirable"
            + (", fewer of the rest." if any(not m.desirable for m in measures) else ".")
        )
    else:
        parts.append("A minus means more, not less.")
    if any(
        (figures.share(note, measure).unaided or 0) < 0
        for note in figures.strategies
        for measure in measures
    ):
        parts.append(
            "Visitors see and report more: that alone (cross) adds reports and what follows from "
            "them: seen, not caused."
        )
    return " ".join(parts)


def _table(figures: Figures, measures: Sequence[Measure]) -> Table:
    rows = []
    for measure in measures:
        for note in [*figures.yardsticks, *figures.strategies]:
            found = [figures.benefit(note, measure, of) for of in ("", "percent", "if_no_effect")]
            if note in figures.yardsticks:
                found = [turned(row) for row in found]
            rows.append((measure.title, _entry(figures, note), *map(said, found)))
    gained = [measure.desirable for measure in measures]
    what = "Gained" if all(gained) else "Prevented, or gained" if any(gained) else "Prevented"
    return Table(
        (
            "Measure",
            "Scenario",
            f"{what} (least to most favorable effects)",
            "Percent of the baseline's",
            "If no effect",
        ),
        tuple(rows),
    )
