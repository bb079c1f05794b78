"""Doors, as Mesa agents: the families that they meet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import mesa
import numpy as np

from hvsim.simulation import screening
from hvsim.simulation.presence import distinct
from hvsim.simulation.state import NEVER
from hvsim.simulation.tables import BoolArray, IntArray

if TYPE_CHECKING:
    from hvsim.simulation.system import System

NOBODY = np.zeros(0, np.int64)


class Door(mesa.Agent):
    """A referral partner: the families that it meets, by the month in which they are handled."""

    model: System

    def __init__(self, model: System, name: str, position: int) -> None:
        super().__init__(model)
        self.name = name
        self.position = position
        self._expected: dict[int, list[IntArray]] = defaultdict(list)

    def expect(self, who: IntArray) -> None:
        """Note those among `who` whose contact will be handled, in its month."""
        handled = self.model.state.handled[who, self.position]
        ahead = (handled >= self.model.t) & (handled < NEVER)
        if not ahead.any():
            return
        who, handled = who[ahead], handled[ahead]
        order = np.argsort(handled, kind="stable")
        months, starts = np.unique(handled[order], return_index=True)
        for month, part in zip(months.tolist(), np.split(who[order], starts[1:]), strict=True):
            self._expected[month].append(part)

    def families(self) -> IntArray:
        """Families handled this month."""
        model = self.model
        expected = self._expected.pop(model.t, [])
        if not expected:
            return NOBODY
        who = distinct(*expected)
        who = who[model.state.handled[who, self.position] == model.t]
        there: BoolArray = screening.reside(who, model.t, model.state)
        return who[there]

    def screen(self, who: IntArray) -> None:
        """Screen families and refer them or make offers; who accepts joins a queue."""
        if len(who) == 0:
            return
        model = self.model
        screening.screen(
            who,
            self.position,
            model.t,
            model.seed,
            model.tally,
            model.state,
            model.offers,
            model.services,
        )
