"""Numbers as a scenario writes them: with a unit, perhaps dated, perhaps uncertain, with a source.

Every numeric field accepts a scalar (``40%``), a series (``{2023-07: 40%, 2025-07: 95%}``) or the
annotated form (``{value: 40%, low: 30%, high: 50%, evidence: PF003}``), and yields a `Quantity`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a scenario.

    Attributes
    ----------
    points
        One point without index, or the steps of a series: index (month number; child age or
        months since enrollment where the field is by stage) and the value from there on.
    kind, unit
        Name and unit of the field's kind.
    low, high, distribution
        Uncertainty, if stated; for a series, that of its first value.
    evidence, assumption, note
        Where the number comes from.
    """

    points: tuple[tuple[int | None, float], ...]
    kind: str
    unit: str
    low: float | None = None
    high: float | None = None
    distribution: str | None = None
    evidence: tuple[str, ...] = ()
    assumption: str | None = None
    note: str | None = None

    @property
    def value(self) -> float:
        """The only value, or the first of a series."""
        return self.points[0][1]

    @property
    def is_series(self) -> bool:
        """Whether the value depends on month or stage."""
        return self.points[0][0] is not None

    def at(self, index: int) -> float:
        """Value at a month or stage: that of the last point at or before it.

        Before the first point a rate by stage is zero; any other series has its first value.
        """
        if not self.is_series:
            return self.points[0][1]
        position = bisect_right(self.points, index, key=index_of)
        if position == 0:
            return 0.0 if self.kind == "by-stage" else self.points[0][1]
        return self.points[position - 1][1]


def index_of(point: tuple[int | None, float]) -> int:
    """Month or stage of a point of a series."""
    assert point[0] is not None
    return point[0]
