"""The picture of what each scenario prevents."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hvsim.reporting import style
from hvsim.reporting.figures import Figures, said
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.words import count
from hvsim.runs import Measure


def draw_harms(figures: Figures, folder: Path) -> list[Picture]:
    """Harm prevented by outcome, low to high effects, as a share of the baseline's."""
    if not figures.others:
        return []
    measures, notes = figures.adverse, figures.others
    paint = style.colors(
        [note.name for note in figures.manifest.scenarios], figures.manifest.baseline
    )
    drawing = style.figure(1.5 + len(measures) * (0.2 + 0.22 * len(notes)))
    axes = drawing.subplots()
    step = 0.8 / len(notes)
    right = max(_ends(figures, note.name, m)[1] for note in notes for m in measures)
    left = min(_ends(figures, note.name, m)[0] for note in notes for m in measures)
    width = (right - left) or 1.0
    last = (len(notes) - 1, 0)  # so that the legend names the cross after all scenarios
    for place, note in enumerate(notes):
        for position, measure in enumerate(measures):
            low, high = _ends(figures, note.name, measure)
            value = figures.value(note.name, f"prevented_percent:{measure.name}")
            y = position + (place - (len(notes) - 1) / 2) * step
            axes.plot([low, high], [y, y], color=paint[note.name], linewidth=2.5, alpha=0.55)
            axes.plot(
                value,
                y,
                "o",
                color=paint[note.name],
                markersize=5,
                label=note.title if position == 0 else None,
            )
            unaided = figures.value(note.name, f"prevented_if_no_effect_percent:{measure.name}")
            axes.plot(
                unaided,
                y,
                "x",
                color=style.INK,
                markersize=4,
                label="if the programs have no effect" if last == (place, position) else None,
            )
            counted = figures.value(note.name, f"prevented:{measure.name}")
            axes.text(high + 0.015 * width, y, count(counted), va="center", fontsize=7.5)
    axes.axvline(0, color=style.INK, linewidth=1)
    axes.set_xlim(left - 0.05 * width, right + 0.12 * width)
    labels = [style.folded(measure.title) for measure in measures]
    axes.set_yticks(np.arange(len(measures)), labels)
    axes.set_ylim(len(measures) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    axes.set_xlabel(
        "prevented, percent of the baseline's (left of zero: more harm)\n"
        "dot, number: central effects; line: low to high effects; cross: no effect"
    )
    legend = drawing.legend(loc="outside lower left", ncols=1)
    for text in legend.get_texts():
        text.set_parse_math(False)
    title = _finding(figures)
    style.headline(drawing, title)
    style.save(drawing, folder, "harms-prevented")
    return [
        Picture(
            "harms-prevented",
            title,
            "Baseline minus scenario, the same families with the same luck. If the programs have "
            "no effect, each dot lies on zero, apart from reports and what follows them, which "
            "visitors make more likely by seeing more.",
            _table(figures, measures),
        )
    ]


def _ends(figures: Figures, scenario: str, measure: Measure) -> tuple[float, float]:
    """Interval of the percentage, a point where there is no interval."""
    row = figures.row(scenario, f"prevented_percent:{measure.name}")
    if row is None:
        return 0.0, 0.0
    return (row.value if row.low is None else row.low, row.value if row.high is None else row.high)


def _finding(figures: Figures) -> str:
    """Of each scenario, the measure that it moves most."""
    parts = []
    for note in figures.others:
        found = figures.foremost(note.name, 1)
        if found:
            row = figures.row(note.name, f"prevented_percent:{found[0].name}")
            parts.append(f"{note.title}: {found[0].label} {said(row)}")
        else:
            parts.append(f"{note.title}: nothing")
    return f"What is prevented most, of the baseline's: {'; '.join(parts)}"


def _table(figures: Figures, measures: list[Measure]) -> Table:
    rows = []
    for measure in measures:
        for note in figures.others:
            name = measure.name
            rows.append(
                (
                    measure.title,
                    note.title,
                    said(figures.row(note.name, f"prevented:{name}")),
                    said(figures.row(note.name, f"prevented_percent:{name}")),
                    said(figures.row(note.name, f"prevented_if_no_effect:{name}")),
                )
            )
    return Table(
        (
            "Measure",
            "Scenario",
            "Prevented (low to high effects)",
            "Percent of the baseline's",
            "If no effect",
        ),
        tuple(rows),
    )
