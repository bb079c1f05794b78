"""Hubs of coordinated intake, as Mesa agents: their queue, and whom they call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from hvsim.randomness import purpose
from hvsim.scenario.schema import Hub as Terms
from hvsim.simulation import screening, waiting
from hvsim.simulation.lists import NOBODY
from hvsim.simulation.state import NEVER
from hvsim.simulation.tables import IntArray

if TYPE_CHECKING:
    from hvsim.simulation.system import System


class Hub(mesa.Agent):
    """One list for many doors.

    Attributes
    ----------
    queue
        Families, those who came first in front.
    """

    model: System

    def __init__(self, model: System, name: str, position: int, terms: Terms) -> None:
        super().__init__(model)
        self.name = name
        self.position = position
        self.queue: IntArray = NOBODY
        self._delay = int(terms.months.value)
        self._families_per_month = terms.families_per_month
        self._draw = purpose("hub", name)

    def join(self, who: IntArray) -> None:
        """Take those among `who` into the queue who were referred this month."""
        model = self.model
        new = who[model.state.waiting["since"][who, self.position] == model.t]
        luck = waiting.luck(new, self._draw, model.seed, model.state)
        self.queue = np.concatenate([self.queue, new[np.argsort(luck, kind="stable")]])

    def choose(self) -> IntArray:
        """Take out of the queue whom the hub calls this month, and who is gone."""
        model, t = self.model, self.model.t
        since = model.state.waiting["since"][:, self.position]
        there = screening.reside(self.queue, t, model.state)
        since[self.queue[~there]] = NEVER
        self.queue = self.queue[there]
        ripe = int(np.searchsorted(since[self.queue], t - self._delay, side="right"))
        n = min(ripe, self._quota())
        called, self.queue = self.queue[:n], self.queue[n:]
        return called

    def _quota(self) -> int:
        """Simulated families that can be called this month."""
        t, units = self.model.t, self.model.plan.units
        real = int(self._families_per_month.at(self.model.plan.t0 + t))
        return real * (t + 1) // units - real * t // units

    def call(self, who: IntArray) -> None:
        """Call families, and make offers to who is reached; who accepts waits."""
        model = self.model
        room = NOBODY
        if model.offers.by_room[self.position] and len(who) > 0:
            room = model.care.room()
        screening.call(
            who,
            self.position,
            model.t,
            room,
            model.seed,
            model.tally,
            model.state,
            model.offers,
            model.services,
        )
