"""Counts by group of families, fiscal year and effect set, averaged over replicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.reporting.figures import Figures, totals

FloatArray: TypeAlias = npt.NDArray[np.float64]

DIMENSIONS: Final = {
    "all": "Everyone",
    "risk_group": "Risk",
    "race_ethnicity": "Race and ethnicity",
    "payer": "Who pays for the birth",
    "region": "Area",
}
"""Ways to divide families, as headings; the first is no division."""

WAY: Final = (
    "births",
    "screened",
    "flagged",
    "false-positive",
    "offered",
    "waitlisted",
    "enrolled",
    "withdrawn-no-visitor",
    "withdrawn-no-money",
    "visits-completed",
)
"""Steps of the way through the system that are counted by group."""

_EFFECTS: Final = ("central", "low", "high", "zero")
_SMALL: Final = 2000
"""Simulated births below which a group is called small."""


@dataclass(frozen=True)
class Group:
    """Some families.

    Attributes
    ----------
    births
        Of the baseline.
    small
        Whether so few of them were simulated that chance moves their numbers much.
    """

    dimension: str
    name: str
    label: str
    births: float
    small: bool

    @property
    def key(self) -> str:
        """What identifies it."""
        return f"{self.dimension}:{self.name}"


def cube(frame: pd.DataFrame, value: str, axes: Mapping[str, Sequence[object]]) -> FloatArray:
    """Sums of a column, an axis for each list of values; rows with other values are left out."""
    wanted: dict[str, Any] = {name: list(values) for name, values in axes.items()}
    places = [pd.Index(values).get_indexer(pd.Index(frame[n])) for n, values in wanted.items()]
    kept = np.all([place >= 0 for place in places], axis=0)
    found = np.zeros([len(values) for values in axes.values()])
    np.add.at(found, tuple(place[kept] for place in places), frame[value].to_numpy()[kept])
    return found


def keyed(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table of groups with the `key` of each row's group."""
    return frame.assign(key=frame["dimension"].astype(str) + ":" + frame["group"].astype(str))


class Groups:
    """What happens to groups of families.

    Attributes
    ----------
    effects
        Effect sets that the run holds, the central one (or the only one) first.
    scenarios, outcomes, years
        Names and fiscal years, in the order of the axes.
    """

    def __init__(self, figures: Figures) -> None:
        manifest = figures.manifest
        self._figures = figures
        draws = {name: manifest.draw_of(name) for name in _EFFECTS}
        self._draws = {name: draw for name, draw in draws.items() if draw is not None}
        self.effects = list(self._draws)
        self.scenarios = [note.name for note in manifest.scenarios]
        self.outcomes = [measure.name for measure in figures.judged]
        run = figures.run
        self.years = sorted({int(year) for year in run.outcomes["year"].unique()})

    @cached_property
    def groups(self) -> list[Group]:
        """All groups, everyone first, those of a dimension by their need, the greatest first."""
        figures, manifest = self._figures, self._figures.manifest
        frame = figures.run.funnel
        own = frame[
            (frame["transition"] == "births")
            & (frame["draw"] == manifest.draws[0].draw)
            & (frame["scenario"] == (manifest.baseline or self.scenarios[0]))
        ]
        sums = totals(own, ("dimension", "group"), "families")
        labels = {r.name: r.label for note in manifest.scenarios for r in note.regions}
        found = [
            Group(
                dimension,
                name,
                labels[name] if dimension == "region" else _label(dimension, name),
                births / len(manifest.seeds),
                round(births * manifest.scale) < _SMALL,
            )
            for dimension in DIMENSIONS
            for (of, name), births in sums.items()
            if of == dimension
        ]
        return sorted(found, key=lambda g: (list(DIMENSIONS).index(g.dimension), -self._need(g)))

    def _need(self, group: Group) -> float:
        """Events of the measure of need per birth, under the baseline."""
        return self._needs.get((group.dimension, group.name), 0.0) / (group.births or 1.0)

    def in_need(self, dimension: str) -> bool:
        """Whether any group of a dimension has need."""
        return any(self._need(self.groups[place]) for place in self.of(dimension))

    @cached_property
    def _needs(self) -> dict[tuple[Any, ...], float]:
        manifest, measure = self._figures.manifest, self._figures.need
        frame = self._figures.run.outcomes
        own = frame[
            (frame["outcome"] == (measure.name if measure else ""))
            & (frame["measure"] == "events")
            & (frame["draw"] == manifest.draws[0].draw)
            & (frame["scenario"] == (manifest.baseline or self.scenarios[0]))
        ]
        sums = totals(own, ("dimension", "group"), "value")
        return {group: events / len(manifest.seeds) for group, events in sums.items()}

    @cached_property
    def events(self) -> FloatArray:
        """Events by outcome, scenario, group, year and effect set."""
        run = self._figures.run
        own = keyed(run.outcomes[run.outcomes["measure"] == "events"])
        axes: dict[str, Sequence[object]] = {
            "outcome": self.outcomes,
            "scenario": self.scenarios,
            "key": [group.key for group in self.groups],
            "year": self.years,
            "draw": list(self._draws.values()),
        }
        return cube(own, "value", axes) / len(self._figures.manifest.seeds)

    @cached_property
    def way(self) -> FloatArray:
        """Families by step, scenario, group and year, under the first effect set."""
        run, manifest = self._figures.run, self._figures.manifest
        own = keyed(run.funnel[run.funnel["draw"] == manifest.draws[0].draw])
        axes: dict[str, Sequence[object]] = {
            "transition": WAY,
            "scenario": self.scenarios,
            "key": [group.key for group in self.groups],
            "year": self.years,
        }
        return cube(own, "families", axes) / len(manifest.seeds)

    def steps(self, step: str, scenario: str) -> FloatArray:
        """Families at a step of the way, by group, all years."""
        return np.asarray(self.way[WAY.index(step), self.scenarios.index(scenario)].sum(axis=-1))

    def counted(self, outcome: str, scenario: str, effects: str) -> FloatArray:
        """Events of an outcome, by group, all years."""
        place = self.outcomes.index(outcome), self.scenarios.index(scenario)
        return np.asarray(self.events[place][:, :, self.effects.index(effects)].sum(axis=-1))

    def of(self, dimension: str) -> list[int]:
        """Places of a dimension's groups on the axis of groups."""
        return [p for p, group in enumerate(self.groups) if group.dimension == dimension]


def _label(dimension: str, name: str) -> str:
    if dimension == "all":
        return DIMENSIONS["all"]
    words = name.replace("-", " ").title()
    return f"{words} risk".capitalize() if dimension == "risk_group" else words
