"""Files of structures: axes along which the world may work in one way or another.

An axis has named alternatives, each with its weight and with what it changes in the scenarios; the
first is the scenario as it is written. The classes hold meaning only; ``structure_files`` reads
them, ``alternatives`` lays them over scenarios.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, ClassVar, Final, TypeAlias

import numpy as np
from pydantic import Field

from hvsim.randomness import key, purpose, uniform
from hvsim.scenario.errors import Mistake, Origin, quoted, refusal
from hvsim.scenario.reading import Node
from hvsim.scenario.values import Filed, FilePath, Named, PositiveRatio, Record
from hvsim.scenario.written import Written

FRAME: Final = (
    "title",
    "question",
    "place",
    "start",
    "end",
    "follow_up",
    "also_at",
    "fiscal_year_starts",
    "price_year",
    "warm_start",
    "population",
)
"""Fields that no alternative changes: what the run is, and which families there are."""


@dataclass(frozen=True, slots=True)
class Settings(Written):
    """Values of a scenario by dotted path, as an alternative sets them."""

    JSON_SCHEMA: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "description": "Values by dotted path, as with --set.",
    }

    values: tuple[tuple[str, object], ...] = ()

    @classmethod
    def read(cls, raw: object) -> Settings:
        """Settings from their written form."""
        if isinstance(raw, Settings):
            return raw
        if not isinstance(raw, dict):
            raise refusal([Mistake(quoted(raw), "write {PATH: VALUE}, one or more")])
        return cls(tuple(raw.items()))

    def written(self) -> object:
        """The settings as a file would write them."""
        return dict(self.values)


class AlternativeRecord(Record):
    """One way in which the world may work."""

    label: str = Field(default="", description="Name in reports; by default its name here.")
    weight: PositiveRatio = Field(
        description="How much it counts beside the other alternatives of its axis."
    )
    part: FilePath | None = Field(
        default=None,
        description="Part of a scenario that is laid over: a path or 'hvsim:NAME'.",
    )
    settings: Settings = Field(
        default=Settings(), alias="set", description="Values that replace those of the scenarios."
    )


class AxisRecord(Record):
    """A question that data do not answer, and the answers to it that are run."""

    label: str = Field(description="Name in reports.")
    alternatives: Named[AlternativeRecord] = Field(
        description="Two or more; the first is the scenario as it is written."
    )


class StructuresRecord(Filed):
    """A file of structures."""

    title: str = Field(description="What the file is, in a line.")
    axes: Named[AxisRecord] = Field(description="Structural choices; no two change the same value.")


@dataclass(frozen=True)
class Alternative:
    """One way in which the world may work, read and ready to be laid over scenarios.

    Attributes
    ----------
    name, label
        Its name on its axis, and in reports.
    weight
        Above zero, relative to the others of its axis.
    evidence, assumption
        Where the weight is from.
    layer
        What it lays over a scenario; nothing if it is the scenario as it is written.
    sets
        The same as values by dotted path, as a file would write them.
    origin
        Where it is written.
    """

    name: str
    label: str
    weight: float
    evidence: tuple[str, ...]
    assumption: str
    layer: Node
    sets: Mapping[str, object]
    origin: Origin


@dataclass(frozen=True)
class Axis:
    """A structural choice: its alternatives, the first as written."""

    name: str
    label: str
    alternatives: tuple[Alternative, ...]

    def pick(self, u: float) -> int:
        """Place of the alternative that a number between 0 and 1 picks, by weight."""
        weights = [alternative.weight for alternative in self.alternatives]
        below = list(accumulate(weights))
        return min(bisect_right(below, u * below[-1]), len(weights) - 1)


Choice: TypeAlias = tuple[int, ...]
"""Place of an alternative on each axis."""


@dataclass(frozen=True)
class Structures:
    """Axes of structural uncertainty."""

    title: str
    axes: tuple[Axis, ...]

    @property
    def as_written(self) -> Choice:
        """The first alternative everywhere."""
        return (0,) * len(self.axes)

    def alone(self) -> tuple[Choice, ...]:
        """Choices that change one axis at a time: none first, then each other alternative."""
        written = self.as_written
        changed = [
            (*written[:place], other, *written[place + 1 :])
            for place, axis in enumerate(self.axes)
            for other in range(1, len(axis.alternatives))
        ]
        return (written, *changed)

    def drawn(self, seed: int, draw: int) -> Choice:
        """Choice of a draw, keyed by seed, axis and number of the draw alone."""
        what = purpose("structure", "0")
        numbers = (
            float(uniform(seed, np.uint64(key("structure", axis.name)), what, draw))
            for axis in self.axes
        )
        return tuple(axis.pick(u) for axis, u in zip(self.axes, numbers, strict=True))

    def chosen(self, choice: Choice) -> list[tuple[Axis, Alternative]]:
        """Axis and alternative of each part of a choice."""
        return [
            (axis, axis.alternatives[place]) for axis, place in zip(self.axes, choice, strict=True)
        ]
