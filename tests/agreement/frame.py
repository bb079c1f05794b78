"""What all parts of a generated scenario share: the dice, the calendar and the names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agreement.dice import Dice
from hvsim.months import format_month
from hvsim.scenario.vocabulary import ATTRIBUTES

Tree = dict[str, Any]

YEAR = 2020 * 12


class Frame:
    """Calendar and names of a scenario at random.

    Half the scenarios are rich: their families mostly find their way into service, often into
    several programs.
    """

    def __init__(self, number: int) -> None:
        self.dice = dice = Dice(number, "scenario")
        self.rich = dice.happens(0.5)
        self.enters = dice.one([0, 1, 3, 4, 4, 5, 9])
        self.follow_up = dice.one([1, 6, 12, 18, 18, 24, 24])
        self.warm = dice.one([0, 0, 1, 7, 12, 18])
        self.start = YEAR + dice.whole(24, 40)
        least = max(0, self.enters - self.warm)  # somebody must be born
        self.end = self.start + dice.whole(least, 14)
        self.months = range(self.start - self.warm, self.end + self.follow_up)
        self.regions = ["north", "south", "isle"][: dice.whole(1, 3)]
        self.recurrent = ["harm", "false-reports", "scares", "rumors", "injury"][: dice.whole(2, 5)]
        self.states = ["depression", "smoking"][: dice.whole(0, 2)]
        self.spells = ["open-case", "placement"][: dice.whole(0, 2)]
        self.statuses = ["nursing", "ready", "early"][: dice.whole(0, 3)]
        self.endings = dice.some(["death", "move", "emigration"], 0, 2)
        self.own = dict(list(OWN_ATTRIBUTES.items())[: dice.whole(0, 2)])
        self.attributes = {**ATTRIBUTES, **self.own}
        self.has_siblings = False
        dice.levels = [level for levels in self.attributes.values() for level in levels]

    @property
    def outcomes(self) -> list[str]:
        """Names of all outcomes."""
        return [*self.recurrent, *self.states, *self.spells, *self.statuses, *self.endings]

    def dated(self, draw: Callable[[], object]) -> object:
        """A number, or a series that begins before, in or after the simulated months."""
        dice = self.dice
        if dice.happens(0.6):
            return draw()
        dates = dice.some(range(self.months.start - 3, self.months.stop + 2), 1, 4)
        return {format_month(date): draw() for date in sorted(dates)}


OWN_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "language": ("english-at-home", "spanish-at-home", "other-at-home"),
    "income": ("not-poor", "poor"),
}
"""Attributes beside those of birth records; the first level is the one of those left."""
