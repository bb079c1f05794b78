"""What a scenario prevents of an outcome, as a share of the baseline's."""

from __future__ import annotations

from dataclasses import dataclass

from hvsim.reporting.words import percent, span


@dataclass(frozen=True)
class Share:
    """What is prevented, in percent of the baseline's.

    Attributes
    ----------
    value
        Under central effects.
    low, high
        The least and the most that the effect sets give; none where only one was run.
    unaided
        If the programs have no effect; none where that was not run.
    chance
        Half the width of the 95% interval of chance.
    """

    value: float
    low: float | None
    high: float | None
    unaided: float | None
    chance: float

    @property
    def least(self) -> float:
        """The least that effects may give."""
        return self.value if self.low is None else self.low

    @property
    def most(self) -> float:
        """The most that effects may give."""
        return self.value if self.high is None else self.high

    @property
    def moves(self) -> bool:
        """Whether anything differs from the baseline under any effects."""
        return any(map(visible, (self.value, self.least, self.most)))

    @property
    def helps(self) -> bool:
        """Whether it is for the better under all effects tried, as far as numbers are written."""
        return self.least > 0 and visible(self.least)

    @property
    def could_harm(self) -> bool:
        """Whether it is for the worse under some effects tried, likewise."""
        return self.least < 0 and visible(self.least)

    def turned(self) -> Share:
        """The same comparison seen from the other side."""
        low, high, unaided = (
            None if end is None else -end for end in (self.high, self.low, self.unaided)
        )
        return Share(-self.value, low, high, unaided, self.chance)

    def said(self) -> str:
        """The percentage with its range."""
        if self.low is None or self.high is None:
            return percent(self.value)
        return f"{percent(self.value)} ({span(percent(self.low), percent(self.high))})"


def visible(value: float) -> bool:
    """Whether a percentage is more than zero as it is written."""
    return float(percent(value).rstrip("%")) != 0
