"""Hubs, one Mesa agent each: coordinated intake for many doors (``docs/month.md``, 5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mesa import Agent, Model

from hvsim.reference import rules
from hvsim.reference.families import Family
from hvsim.reference.luck import Luck
from hvsim.scenario import schema


class Referral(NamedTuple):
    """When a family joined a hub's queue, and from which door."""

    month: int
    door: str


class Hub(Agent):
    """One list of families to call.

    Parameters
    ----------
    model
        The model that the agent lives in.
    name, terms
        The hub, and what the scenario says of it.
    first_month
        First simulated month.
    margins
        Share of families at each level.
    weight
        Families that a simulated one stands for.
    luck
        The draws of the run.
    """

    def __init__(
        self,
        model: Model,
        name: str,
        terms: schema.Hub,
        first_month: int,
        margins: Mapping[str, float],
        weight: int,
        luck: Luck,
    ) -> None:
        super().__init__(model)
        self.name = name
        self.terms = terms
        self.first_month = first_month
        self.margins = margins
        self.weight = weight
        self.luck = luck
        self.queue: dict[Family, Referral] = {}

    def refer(self, family: Family, month: int, door: str) -> None:
        """Put a family on the list, unless it is there."""
        if family not in self.queue:
            family.note(month, f"referred/{door}")
            self.queue[family] = Referral(month, door)

    def call(self, month: int) -> list[tuple[Family, str]]:
        """Call families: those reached, in order, and the doors that referred them."""
        self.queue = {
            family: referral for family, referral in self.queue.items() if family.resides(month)
        }
        due = sorted(
            (
                family
                for family, referral in self.queue.items()
                if referral.month <= month - self.terms.months.value
            ),
            key=self._place,
        )
        reached = []
        for family in due[: self._calls(month)]:
            door = self.queue.pop(family).door
            if self._reaches(family, month):
                family.note(month, f"reached/{door}")
                reached.append((family, door))
        return reached

    def _place(self, family: Family) -> tuple[int, float, int]:
        place = self.luck.uniform(family.key, "hub", self.name)
        return (self.queue[family].month, place, family.id)

    def _calls(self, month: int) -> int:
        """Simulated families that can be called this month, each for those it stands for."""
        families, passed = int(self.terms.families_per_month.at(month)), month - self.first_month
        return families * (passed + 1) // self.weight - families * passed // self.weight

    def _reaches(self, family: Family, month: int) -> bool:
        p = rules.chance(
            self.terms.reaches.value, self.terms.reaches_log_odds, family.held, self.margins
        )
        u = self.luck.uniform(family.key, "reaches", self.name, family.since_entry(month))
        return u < p
