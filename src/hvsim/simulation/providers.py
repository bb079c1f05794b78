"""Providers, as Mesa agents: staff, places, the families served and waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from hvsim.randomness import key
from hvsim.scenario.vocabulary import levels_of
from hvsim.simulation.labor import LaborPool
from hvsim.simulation.lists import NOBODY
from hvsim.simulation.tables import IntArray
from hvsim.simulation.teams import Team

if TYPE_CHECKING:
    from hvsim.simulation.system import System


class Provider(mesa.Agent):
    """One agency's team for one program.

    Attributes
    ----------
    positions, hires, capacity
        Visitors that money of this month pays for, who were hired in it, load units that those at
        work carry.
    roster, queue
        Families in service, in the order in which they are served; families waiting.
    """

    model: System

    def __init__(self, model: System, name: str, position: int, pool: LaborPool | None) -> None:
        super().__init__(model)
        plan = model.plan
        provider = plan.providers[name]
        program = plan.programs[provider.program]
        staff = program.staff
        self.name = name
        self.position = position
        self.program = list(plan.programs).index(provider.program)
        self.track = plan.tracks.index(program.track)
        self.pool = pool
        self.key = np.uint64(key("provider", name))
        self.highest_score_first = program.priority == "highest-score"
        self.caseload = program.caseload
        pay = staff.cost_per_visitor if staff.pay_per_year is None else staff.pay_per_year
        self.pay = pay.value * provider.pay_ratio.value
        self._newcomer = max(
            (level.load for level in program.levels if level.until_age > 0), default=1
        )
        self.team = Team(
            plan, staff, provider, tuple(levels_of(plan.scenario)), self.key, model.seed
        )
        self.positions = 0
        self.hires = 0
        self.capacity = 0
        self.load = 0
        self.on_hold = 0
        self.roster: IntArray = NOBODY
        self.queue: IntArray = NOBODY

    # --- staff

    def fund(self, positions: int) -> None:
        """Lose visitors whose time has come, and those beyond the positions that are funded."""
        self.team.lose(self.model.t)
        self.positions = positions
        self.hires = 0
        self.team.shrink(positions)

    def hire(self) -> None:
        """Let pending hires start whose first day has come, who can be paid and are found."""
        t, terms, payroll = self.model.t, self.model.terms, self.model.payroll
        for pending in [pending for pending in self.team.pending if pending.month <= t]:
            if not payroll.affords_hire(self.position, len(self.team) + 1, terms):
                break
            if self.pool is None or self.pool.find(self, pending.serial):
                payroll.pay_hire(self.position, t, terms)
                self.team.start(pending, t)
                self.hires += 1

    def staff(self) -> None:
        """Post open positions, and see what load the team carries."""
        self.team.post(self.positions, self.model.t)
        self.capacity = self.team.capacity(self.caseload, self.model.t)

    @property
    def unstaffed(self) -> int:
        """Load units of positions that are funded and vacant, or whose visitors still learn."""
        return self.caseload * self.positions - self.capacity

    # --- families

    def join(self, who: IntArray) -> None:
        """Take families into the queue."""
        self.queue = np.concatenate([self.queue, who])

    def snapshot(self, begun: int, waiting: int) -> tuple[int, ...]:
        """What `CAPACITY_MEASURES` names, of the month that ends.

        Parameters
        ----------
        begun, waiting
            Simulated families on the roster whose service has begun; those who wait.
        """
        units = self.model.plan.units
        enrolled = begun - self.on_hold
        return (
            enrolled * units + max(0, self.capacity - self.load) // self._newcomer,
            enrolled * units,
            self.on_hold * units,
            waiting * units,
            len(self.team),
            max(0, self.positions - len(self.team)),
            self.hires,
        )
