"""A provider's team: its visitors, one a row, and those to be hired.

Months count from the first simulated one. Meaning: ``docs/month.md``, section 5.2.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from hvsim.randomness import exponential, purpose, uniform
from hvsim.scenario.schema import Provider, Staff
from hvsim.simulation.plan import Plan

_TENURE = purpose("visitor", "tenure")


class Visitor(NamedTuple):
    """Serial, first month, month of leaving, month of training, and levels that it can serve."""

    serial: int
    start: int
    leaves: int
    trained: int
    serves: int


class Pending(NamedTuple):
    """A hire to come, and its first day at the earliest."""

    serial: int
    month: int


ALWAYS = -(1 << 30)
"""Month of training of who came fully trained."""


def trained_units(caseload: int, tenure: int, ramp: int) -> int:
    """Load units that a visitor carries in month `tenure` (from 0) after the training.

    Before it, in negative months, it carries none.
    """
    if tenure < 0:
        return 0
    if ramp <= 0 or tenure >= ramp - 1:
        return caseload
    return caseload * (tenure + 1) // ramp


class Team:
    """Visitors and pending hires, both in order of serial.

    Attributes
    ----------
    bits
        Bit of each level, 0 where it does not matter who comes.
    gone
        Serials of those who left or were laid off this month; who is poached is not among them.
    """

    def __init__(
        self,
        plan: Plan,
        staff: Staff,
        provider: Provider,
        levels: tuple[str, ...],
        key: np.uint64,
        seed: np.uint64,
    ) -> None:
        self.visitors: list[Visitor] = []
        self.pending: list[Pending] = []
        self.gone: list[int] = []
        self._next_serial = 0
        self._hiring_months = int(staff.hiring_months.value)
        self._ramp_months = int(staff.ramp_months.value)
        self._training_every = int(staff.training_every.value)
        stay = 1.0 - staff.turnover_per_year.value
        self._leaving_hazard = math.inf if stay <= 0.0 else -math.log(stay) / 12
        self._plan, self._key, self._seed = plan, key, seed
        self._speaks = [
            (purpose("speaks", level), share.value) for level, share in provider.speaks.items()
        ]
        self.bits = np.zeros(len(levels), np.int64)
        for position, level in enumerate(provider.speaks):
            self.bits[levels.index(level)] = 1 << position

    def __len__(self) -> int:
        return len(self.visitors)

    def lose(self, t: int) -> None:
        """Let go of visitors whose time has come."""
        leaving = [visitor for visitor in self.visitors if visitor.leaves <= t]
        self.gone = [visitor.serial for visitor in leaving]
        for visitor in leaving:
            self.visitors.remove(visitor)

    def shrink(self, positions: int) -> None:
        """Cancel pending hires, then lay off visitors, until all have a position."""
        while self.pending and len(self.visitors) + len(self.pending) > positions:
            self.pending.pop()
        while len(self.visitors) > positions:
            self.gone.append(self.visitors.pop().serial)

    def post(self, positions: int, t: int) -> None:
        """Look for visitors for the positions still open; in the first month they are there."""
        for _ in range(positions - len(self.visitors) - len(self.pending)):
            if t == 0:
                self._join(self._next_serial, t, ALWAYS)
            else:
                self.pending.append(Pending(self._next_serial, t + self._hiring_months))
            self._next_serial += 1

    def start(self, hire: Pending, t: int) -> None:
        """Turn a pending hire into a visitor, who carries families after the next training."""
        self.pending.remove(hire)
        trained = t
        while (self._plan.t0 + trained) % 12 % self._training_every:
            trained += 1
        self._join(hire.serial, t, trained)

    def _join(self, serial: int, t: int, trained: int) -> None:
        draw = exponential(self._seed, self._key, _TENURE, serial)
        tenure = draw / self._leaving_hazard if self._leaving_hazard > 0.0 else math.inf
        leaves = t + 1 + math.floor(min(tenure, self._plan.months))
        serves = 0
        for position, (number, share) in enumerate(self._speaks):
            serves |= int(uniform(self._seed, self._key, number, serial) < share) << position
        self.visitors.append(Visitor(serial, t, leaves, trained, serves))
        self.visitors.sort()

    def has_started_before(self, t: int) -> bool:
        """Whether a visitor is there who did not start this month."""
        return any(visitor.start < t for visitor in self.visitors)

    def lose_first(self, t: int) -> None:
        """Lose the first of those who did not start this month to another provider."""
        self.visitors.remove(next(v for v in self.visitors if v.start < t))

    def capacity(self, caseload: int, t: int) -> int:
        """Load units that the visitors carry."""
        full = t - self._ramp_months
        learning = [visitor for visitor in self.visitors if visitor.trained > full]
        carried = [trained_units(caseload, t - v.trained, self._ramp_months) for v in learning]
        return caseload * (len(self.visitors) - len(learning)) + sum(carried)
