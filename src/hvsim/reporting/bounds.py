"""Harm by group, and what is prevented of it, under each structure that moves it.

Structures (`hvsim.uncertainty.structures`) are ways in which the world may work that no data tell
apart. Each was run by itself, everything else as written, so that what they give are bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from hvsim.reporting import style
from hvsim.reporting.benefits import lower
from hvsim.reporting.equity import SMALL, divisions
from hvsim.reporting.figures import Figures
from hvsim.reporting.findings import called, short
from hvsim.reporting.groups import DIMENSIONS, FloatArray, Groups, cube, keyed
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.words import count, percent
from hvsim.runs import Measure, ScenarioNote
from hvsim.runs.manifest import AxisNote
from hvsim.runs.rows import TWO_SIDED_95

_PER: Final = 1000
"""Births to which harm is related."""
_MOVES: Final = 0.05
"""Part of a group's harm from which an alternative moves it: less is what services do to it."""
_LEGEND: Final = 62
"""Letters of an alternative in a legend."""
_TENTHS_BELOW: Final = 10
"""Events per so many births below which a tenth is told."""


@dataclass(frozen=True)
class Bounds:
    """What is known of one axis of structures.

    Attributes
    ----------
    heading
        What the alternatives answer.
    finding
        Whether the order of strategies depends on the answer.
    picture
        Harm by group under each alternative.
    tables
        By heading of what divides families: harm, and what is prevented of it.
    """

    heading: str
    finding: str
    picture: Picture
    tables: dict[str, Table]


def draw_bounds(figures: Figures, folder: Path) -> list[Bounds]:
    """What axes say whose alternatives move the harm of some group."""
    about, need, base = figures.manifest.structures, figures.need, figures.baseline
    if about is None or need is None or base is None or not figures.strategies:
        return []
    alone = _Alone(figures, need, base)
    return [
        _bounds(alone, axis, told, folder)
        for axis in about.axes
        if len(told := alone.told(axis)) > 1
    ]


class _Alone:
    """Harm per thousand births by alternative and group.

    Attributes
    ----------
    own
        Groups with births, on the axis of all groups; the first is everyone.
    """

    def __init__(self, figures: Figures, need: Measure, base: ScenarioNote) -> None:
        self.figures, self.need, self.base = figures, need, base
        self.groups = Groups(figures)
        about = figures.manifest.structures
        assert about is not None
        self._alone = about.alone
        keys = [group.key for group in self.groups.groups]
        draws, replicates = list(range(len(self._alone))), len(figures.manifest.seeds)
        read = figures.run.structures
        outcomes, funnel = read("outcomes", groups=True), read("funnel", groups=True)
        events = outcomes[(outcomes["outcome"] == need.name) & (outcomes["measure"] == "events")]
        self._events = (
            cube(
                keyed(events),
                "value",
                {"draw": draws, "scenario": self.groups.scenarios, "key": keys},
            )
            / replicates
        )
        born = funnel[(funnel["transition"] == "births") & (funnel["scenario"] == base.name)]
        births = cube(keyed(born), "families", {"draw": draws, "key": keys}) / replicates
        self._births = np.where(births > 0, births, np.nan)

    def _of(self, scenario: str) -> FloatArray:
        return np.asarray(self._events[:, self.groups.scenarios.index(scenario)])

    @cached_property
    def harm(self) -> FloatArray:
        """Events per thousand births under the baseline. Shape (alternatives, groups)."""
        return np.asarray(_PER * self._of(self.base.name) / self._births)

    @cached_property
    def shares(self) -> FloatArray:
        """Share of a group in all events under the baseline, percent. Shape as `harm`."""
        events = self._of(self.base.name)
        return np.asarray(100 * events / events[:, :1])

    def prevented(self, scenario: str) -> FloatArray:
        """Events per thousand births that a scenario prevents. Shape as `harm`."""
        less = self._of(self.base.name) - self._of(scenario)
        return np.asarray(_PER * less / self._births)

    @cached_property
    def chance(self) -> dict[str, FloatArray]:
        """Half the width of the 95% interval of chance, by scenario. Shape as `harm`.

        Of a group it is that of everybody by the root of its share of events (as in `equity`).
        """
        families = self.figures.run.structures("families")
        own = families[(families["quantity"] == "events") & (families["name"] == self.need.name)]
        errors = cube(
            own,
            "standard_error",
            {"draw": list(range(len(self._alone))), "scenario": self.groups.scenarios},
        )
        # The error of an average over replicates, each with its own families.
        errors /= len(self.figures.manifest.seeds) ** 1.5
        spread = TWO_SIDED_95 * errors[..., None] * np.sqrt(self.shares / 100)[:, None]
        found = _PER * spread / self._births[:, None]
        return {name: found[:, place] for place, name in enumerate(self.groups.scenarios)}

    @property
    def digits(self) -> int:
        """Digits beyond the point with which harm is told."""
        return int(float(np.nanmin(self.harm)) < _TENTHS_BELOW)

    def told(self, axis: AxisNote) -> list[tuple[int, str]]:
        """Place and label of the first alternative and of those that move some group's harm."""
        places = {name: place for place, (of, name) in enumerate(self._alone) if of == axis.name}
        moved = np.nanmax(np.abs(self.harm / self.harm[0] - 1), axis=1) >= _MOVES
        first, *others = axis.alternatives
        return [
            (0, f"as written: {first.label}"),
            *((places[own.name], own.label) for own in others if moved[places[own.name]]),
        ]


def _bounds(alone: _Alone, axis: AxisNote, told: Sequence[tuple[int, str]], folder: Path) -> Bounds:
    dimensions = divisions(alone.groups)
    return Bounds(
        axis.label,
        _finding(alone, told),
        _picture(alone, axis, told, dimensions, folder),
        {
            DIMENSIONS[dimension]: _table(alone, told, alone.groups.of(dimension))
            for dimension in dimensions
        },
    )


def _finding(alone: _Alone, told: Sequence[tuple[int, str]]) -> str:
    """Which strategy prevents most under each alternative, of all families."""
    strategies = alone.figures.strategies
    if len(strategies) == 1:
        found = [float(alone.prevented(strategies[0].name)[place, 0]) for place, _ in told]
        return (
            f"{called(strategies[0])} prevents {count(min(found), 2)} to {count(max(found), 2)} "
            f"per {count(_PER)} births."
        )
    most = {
        label: max(strategies, key=lambda note: float(alone.prevented(note.name)[place, 0]))
        for place, label in told
    }
    first = next(iter(most.values()))
    if all(note == first for note in most.values()):
        return f"Under each answer {called(first)} prevents most."
    answers = "; ".join(f"{called(note)} if {label}" for label, note in most.items())
    return f"Which strategy prevents most depends on the answer: {answers}."


def _table(alone: _Alone, told: Sequence[tuple[int, str]], own: Sequence[int]) -> Table:
    """Harm and what is prevented of it, group by group, alternatives below one another."""
    need, strategies = alone.need, alone.figures.strategies
    rows = []
    for group in own:
        for place, label in told:
            cells = [
                alone.groups.groups[group].label + SMALL * alone.groups.groups[group].small,
                label,
                f"{count(alone.harm[place, group], alone.digits)} "
                f"({percent(alone.shares[place, group])})",
            ]
            for note in strategies:
                less = float(alone.prevented(note.name)[place, group])
                within = abs(less) <= float(alone.chance[note.name][place, group])
                part = 100 * less / float(alone.harm[place, group])
                cells.append(f"{count(less, 2)} ({percent(part)}){'*' * within}")
            rows.append(tuple(cells))
    heads = (
        "Group",
        "If",
        f"{need.label} per {count(_PER)} births (share of all)",
        *(f"{need.benefit.capitalize()}: {note.title}" for note in strategies),
    )
    return Table(
        heads,
        tuple(rows),
        f"{need.label} of all families followed, under the baseline, by the births of the period; "
        f"{need.benefit}: likewise per {count(_PER)} births, and in percent of the group's. "
        "Central effects. * within chance.",
    )


def _picture(
    alone: _Alone,
    axis: AxisNote,
    told: Sequence[tuple[int, str]],
    dimensions: Sequence[str],
    folder: Path,
) -> Picture:
    """A panel for each way to divide families, a row for each group, a dot for each alternative."""
    parts = [alone.groups.of(dimension) for dimension in dimensions]
    own = [group for part in parts for group in part]
    drawing = style.figure(0.35 + 0.45 * len(parts) + 0.19 * len(own))
    grid = drawing.subplots(len(parts), 1, squeeze=False, height_ratios=list(map(len, parts)))
    found = alone.harm[[place for place, _ in told]]
    entries: dict[str, Any] = {}
    for axes, dimension, part in zip(grid[:, 0], dimensions, parts, strict=True):
        y, values = np.arange(len(part)), found[:, part]
        axes.hlines(y, values.min(axis=0), values.max(axis=0), color=style.QUIET, linewidth=1.5)
        for row, (_, label) in enumerate(told):
            color = style.COLORS[row % len(style.COLORS)]
            entries[short(label, _LEGEND)] = axes.plot(values[row], y, "o", ms=5, color=color)[0]
        axes.set_title(DIMENSIONS[dimension])
        axes.set_yticks(y, [alone.groups.groups[group].label for group in part])
        axes.set_ylim(len(part) - 0.4, -0.6)
        axes.set_xlim(left=0)
        axes.grid(visible=False, axis="y")
        style.thousands(axes)
    grid[-1, 0].set_xlabel(f"{lower(alone.need.label)} per {count(_PER)} births")
    found = found[:, own]
    widest = int(np.argmax((found.max(axis=0) - found.min(axis=0)) / found.mean(axis=0)))
    ends = (count(end(found[:, widest]), alone.digits) for end in (np.min, np.max))
    says = f"{alone.groups.groups[own[widest]].label}: {' to '.join(ends)} per {count(_PER)} births"
    name = f"bounds-{axis.name}"
    title = style.fitting(
        f"{axis.label}: the answer decides how much harm there is, and in whom. {says}.",
        f"The answer decides how much harm there is, and in whom. {says}.",
        f"{says}.",
    )
    style.headline(drawing, title, entries)
    style.save(drawing, folder, name)
    return Picture(
        name,
        title,
        f"{axis.label}: {lower(alone.need.label)} per {count(_PER)} births of each group under the "
        "baseline, a dot for each answer, joined by a line. No data tell which answer holds.",
        Table(
            ("Divided by", "Group", *(label for _, label in told)),
            tuple(
                (
                    DIMENSIONS[alone.groups.groups[group].dimension],
                    alone.groups.groups[group].label,
                    *(count(alone.harm[place, group], alone.digits) for place, _ in told),
                )
                for group in own
            ),
            f"{alone.need.label} per {count(_PER)} births.",
        ),
    )
