"""Who gets places against who has the need, and what reports come with less harm, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from hvsim.economics import concentration_curve, concentration_index
from hvsim.reporting import style
from hvsim.reporting.benefits import lower
from hvsim.reporting.figures import Figures
from hvsim.reporting.findings import called, short
from hvsim.reporting.groups import DIMENSIONS, FloatArray, Groups
from hvsim.reporting.shares import Share, visible
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.way import scenario_colors
from hvsim.reporting.words import count, percent
from hvsim.runs import Measure, ScenarioNote

SMALL: Final = " (small group)"
_EVEN: Final = 0.02
"""Concentration index up to which places are called even."""


@dataclass(frozen=True)
class Divided:
    """One way to divide families, its groups in the rows.

    Attributes
    ----------
    heading
        What divides them.
    places
        Who is born, who has the need and who gets places.
    screen
        Who is flagged without need; none if nobody is flagged.
    benefits
        What is prevented of the need in each group, and which reports come with it; none if nothing
        is compared.
    outcomes
        What is prevented or gained of every outcome, groups in the columns; none likewise.
    """

    heading: str
    places: Table
    screen: Table | None
    benefits: Table | None
    outcomes: Table | None


def draw_equity(figures: Figures, folder: Path) -> list[Picture]:
    """Concentration curves of places, a panel for each way to divide families."""
    groups, need = Groups(figures), figures.need
    dimensions = divisions(groups)
    notes = [note for note in figures.visiting if groups.steps("enrolled", note.name)[0]]
    if need is None or not dimensions or not notes:
        return []
    paint = scenario_colors(figures)
    rows = -(-len(dimensions) // 2)
    drawing = style.figure(0.2 + 2.3 * rows)
    grid = np.atleast_1d(drawing.subplots(rows, min(2, len(dimensions)))).ravel()
    entries: dict[str, Any] = {}
    for axes, dimension in zip(grid, dimensions, strict=False):
        own = groups.of(dimension)
        births, per_birth = _births_and_need(groups, need, figures, own)
        axes.plot([0, 100], [0, 100], color=style.QUIET, linestyle=":", linewidth=1.2)
        x, y = concentration_curve(per_birth, per_birth, births)
        line = axes.plot(100 * x, 100 * y, color=style.INK, linestyle="--", linewidth=1.2)
        entries[f"need: {lower(need.label)}"] = line[0]
        for note in notes:
            places = groups.steps("enrolled", note.name)[own] / births
            x, y = concentration_curve(places, per_birth, births)
            line = axes.plot(100 * x, 100 * y, ".-", color=paint[note.name], linewidth=1.4)
            entries[f"places: {short(note.title)}"] = line[0]
        axes.set_title(DIMENSIONS[dimension])
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 100)
        axes.set_aspect("equal")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: f"{value:g}%")
    for axes in grid[len(dimensions) :]:
        axes.remove()
    drawing.supxlabel("share of births, groups with the least need first", fontsize=8.5)
    drawing.supylabel("share of places, or of need", fontsize=8.5)
    title = style.fitting(*_finding(figures, groups, need, dimensions, notes))
    style.headline(drawing, title, entries)
    style.save(drawing, folder, "equity")
    return [
        Picture(
            "equity",
            title,
            "Groups stand from the left by need, the least first: need is "
            f"{lower(need.label)} per birth under {called(figures.baseline or notes[0])}. A line "
            "below the dotted diagonal says that groups with more need get more than their share "
            "of places; a line as far down as the dashed one, that places follow the need. The "
            "index in the table is twice the area between a line and the diagonal: 0 is even, "
            "above 0 more goes to groups with more need, below 0 to groups with less.",
            _indices(figures, groups, need, dimensions, notes),
        )
    ]


def divided(figures: Figures) -> list[Divided]:
    """The tables by group."""
    groups, need = Groups(figures), figures.need
    if need is None:
        return []
    return [
        Divided(
            DIMENSIONS[dimension],
            _places(figures, groups, need, groups.of(dimension)),
            _screen(figures, groups, groups.of(dimension)),
            _benefits(figures, groups, need, groups.of(dimension)),
            _outcomes(figures, groups, groups.of(dimension)),
        )
        for dimension in divisions(groups)
    ]


def divisions(groups: Groups) -> list[str]:
    """Dimensions with groups to compare, in which there are births and need."""
    return [
        dimension
        for dimension in list(DIMENSIONS)[1:]
        if len(groups.of(dimension)) > 1 and groups.in_need(dimension)
    ]


def _births_and_need(
    groups: Groups, need: Measure, figures: Figures, own: Sequence[int]
) -> tuple[FloatArray, FloatArray]:
    """Births of groups, and events of need per birth."""
    births = np.array([groups.groups[place].births for place in own])
    before = figures.baseline or figures.manifest.scenarios[0]
    return births, groups.counted(need.name, before.name, groups.effects[0])[list(own)] / births


def index_of(figures: Figures, groups: Groups, dimension: str, note: ScenarioNote) -> float:
    """Concentration index of places by need."""
    need = figures.need
    assert need is not None
    own = groups.of(dimension)
    births, per_birth = _births_and_need(groups, need, figures, own)
    return concentration_index(groups.steps("enrolled", note.name)[own] / births, per_birth, births)


def _finding(
    figures: Figures,
    groups: Groups,
    need: Measure,
    dimensions: Sequence[str],
    notes: Sequence[ScenarioNote],
) -> list[str]:
    """To whom places go by risk, or by the first dimension there is."""
    first = dimensions[0]
    found = {note.name: index_of(figures, groups, first, note) for note in notes}
    low, high = min(found.values()), max(found.values())
    by = lower(DIMENSIONS[first])
    if max(abs(low), abs(high)) <= _EVEN:
        return [f"By {by}, places are spread about evenly: no more of them go to those in need."]
    if low > _EVEN:
        lead = f"By {by}, more than their share of places goes to families in need"
    elif high < -_EVEN:
        lead = f"By {by}, less than their share of places goes to families in need"
    else:
        lead = f"By {by}, places go to families in need under some scenarios and not under others"
    if len(notes) == 1 or f"{low:.2f}" == f"{high:.2f}":
        return [f"{lead}.", f"By {by}: concentration index {high:.2f}."]
    most = max(notes, key=lambda note: found[note.name])
    return [f"{lead}, most under {called(most)}.", f"{lead}."]


def _indices(
    figures: Figures,
    groups: Groups,
    need: Measure,
    dimensions: Sequence[str],
    notes: Sequence[ScenarioNote],
) -> Table:
    rows = []
    for dimension in dimensions:
        births, per_birth = _births_and_need(groups, need, figures, groups.of(dimension))
        itself = concentration_index(per_birth, per_birth, births)
        found = [index_of(figures, groups, dimension, note) for note in notes]
        rows.append((DIMENSIONS[dimension], *(signed(x) for x in (itself, *found))))
    heads = ("Concentration index by", "Need itself", *(f"Places: {n.title}" for n in notes))
    return Table(heads, tuple(rows))


def signed(index: float) -> str:
    """An index between -1 and 1."""
    return f"{round(index, 2) + 0.0:.2f}"


def _places(figures: Figures, groups: Groups, need: Measure, own: Sequence[int]) -> Table:
    """Shares of births, of need and of places, and places per hundred births."""
    before = figures.baseline or figures.manifest.scenarios[0]
    births = np.array([groups.groups[place].births for place in own])
    events = groups.counted(need.name, before.name, groups.effects[0])[list(own)]
    notes = figures.visiting
    taken = [groups.steps("enrolled", note.name)[list(own)] for note in notes]
    rows = []
    for row, place in enumerate(own):
        group = groups.groups[place]
        cells = [
            f"{_part(places, row)} ({count(100 * places[row] / births[row])} per 100 births)"
            for places in taken
        ]
        rows.append(
            (
                group.label + SMALL * group.small,
                count(group.births),
                _part(births, row),
                _part(events, row),
                *cells,
            )
        )
    heads = ("Group", "Births", "Share of births", f"Share of {lower(need.label)}")
    return Table((*heads, *(f"Share of places: {note.title}" for note in notes)), tuple(rows))


def _screen(figures: Figures, groups: Groups, own: Sequence[int]) -> Table | None:
    """Of families flagged, those whose risk lies below the threshold: false positives."""
    notes = [n for n in figures.visiting if groups.steps("flagged", n.name)[0]]
    if not notes:
        return None
    rows = []
    for place in own:
        group = groups.groups[place]
        for note in notes:
            screened, flagged, wrong = (
                groups.steps(step, note.name)[place]
                for step in ("screened", "flagged", "false-positive")
            )
            rows.append(
                (
                    group.label + SMALL * group.small,
                    note.title,
                    count(screened),
                    f"{count(flagged)} ({_per_cent(flagged, screened)})",
                    f"{count(wrong)} ({_per_cent(wrong, flagged)})",
                )
            )
    heads = ("Group", "Scenario", "Screened", "Score high", "False positives, of those")
    return Table(
        heads,
        tuple(rows),
        "False positives: families whose score is high though their risk does not lie above the "
        "threshold that the score passes. A screen without error would not have flagged them.",
    )


def _per_cent(part: float, whole: float) -> str:
    return percent(100 * part / whole) if whole else "none"


def _part(values: FloatArray, row: int) -> str:
    total = float(values.sum())
    return percent(100 * float(values[row]) / total) if total else "none"


def _benefits(figures: Figures, groups: Groups, need: Measure, own: Sequence[int]) -> Table | None:
    """Harm prevented in each group, and reports caused beside it."""
    base = figures.baseline
    if base is None or not figures.strategies:
        return None
    reports = next((m for m in figures.judged if m.kind == "report"), None)
    caused = reports is not None and "zero" in groups.effects
    rows = []
    for place in own:
        group = groups.groups[place]
        for note in figures.strategies:
            better = prevented(figures, groups, need, note, place)
            cells = [group.label + SMALL * group.small, note.title, better.said()]
            cells.append(_against_chance(better))
            if reports is not None and caused:
                cells += _reports(groups, need, reports, base, note, place)
            rows.append(tuple(cells))
    heads = [
        "Group",
        "Scenario",
        f"{need.label} {need.benefit}, percent of the group's (least to most favorable effects)",
        "Against chance",
    ]
    if caused:
        heads += ["Reports caused by being seen", f"For each of {lower(need.label)} prevented"]
    return Table(tuple(heads), tuple(rows))


def _outcomes(figures: Figures, groups: Groups, own: Sequence[int]) -> Table | None:
    """Percent prevented or gained of every outcome under central effects, by group."""
    if figures.baseline is None or not figures.strategies:
        return None
    rows = []
    for measure in figures.judged:
        for note in figures.strategies:
            found = [prevented(figures, groups, measure, note, place) for place in own]
            cells = [
                percent(share.value) + "*" * (abs(share.value) <= share.chance) for share in found
            ]
            rows.append((f"{measure.title}: {measure.benefit}", note.title, *cells))
    labels = [groups.groups[place].label + SMALL * groups.groups[place].small for place in own]
    return Table(
        ("Outcome", "Scenario", *labels),
        tuple(rows),
        "Percent of the group's number under the baseline, central effects. * within chance.",
    )


def prevented(
    figures: Figures, groups: Groups, measure: Measure, note: ScenarioNote, place: int
) -> Share:
    """What a scenario prevents, or gains, of a measure in a group.

    Chance is that of everybody, wider by the root of the group's share of events: an approximation,
    as if what services change were spread as the events are.
    """
    base = figures.baseline
    assert base is not None
    sign = -1 if measure.desirable else 1
    before = {e: groups.counted(measure.name, base.name, e)[place] for e in groups.effects}
    better = {
        effects: 100 * sign * (was - groups.counted(measure.name, note.name, effects)[place]) / was
        if was
        else 0.0
        for effects, was in before.items()
    }
    first = groups.effects[0]
    ends = [better[name] for name in ("low", "central", "high") if name in better]
    full = len(ends) == 3
    everyone = groups.counted(measure.name, base.name, first)[0]
    spread = figures.share(note, measure).chance
    return Share(
        float(better[first]),
        float(min(ends)) if full else None,
        float(max(ends)) if full else None,
        None,
        float(spread * np.sqrt(everyone / before[first])) if before[first] else 0.0,
    )


def _against_chance(share: Share) -> str:
    if not visible(share.value) and not share.chance:
        return "no difference"
    return "within chance" if abs(share.value) <= share.chance else "beyond chance"


def _reports(
    groups: Groups,
    need: Measure,
    reports: Measure,
    base: ScenarioNote,
    note: ScenarioNote,
    place: int,
) -> list[str]:
    """Reports that being seen adds, and how many of them for each event prevented."""
    more, less = (
        float(
            sign
            * (
                groups.counted(measure.name, note.name, effects)[place]
                - groups.counted(measure.name, base.name, effects)[place]
            )
        )
        for measure, effects, sign in ((reports, "zero", 1), (need, groups.effects[0], -1))
    )
    if less <= 0:
        return [count(more), "none prevented"]
    return [count(more), f"{max(more, 0.0) / less:.2f}"]
