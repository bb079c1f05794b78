"""Providers, as Mesa agents: money, staff, places, the families served and waiting."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import mesa
import numpy as np

from hvsim.randomness import key
from hvsim.scenario.vocabulary import levels_of
from hvsim.simulation.labor import LaborPool
from hvsim.simulation.lists import NOBODY
from hvsim.simulation.payments import Payment, can_be_made, parts
from hvsim.simulation.tables import IntArray
from hvsim.simulation.teams import Team

if TYPE_CHECKING:
    from hvsim.simulation.system import System


class Provider(mesa.Agent):
    """One agency's team for one program.

    Attributes
    ----------
    accounts, allotted
        Cents held of each stream; those received this month and not yet looked at.
    places, closing
        Load units of each group of streams that pay salaries this month, in order, and how many of
        them take no new families.
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
        self.cost = round(100 * (staff.cost_per_visitor.value * provider.pay_ratio.value / 12))
        pay = staff.cost_per_visitor if staff.pay_per_year is None else staff.pay_per_year
        self.pay = pay.value * provider.pay_ratio.value
        self._cost_of_hire = round(100 * staff.cost_per_hire.value)
        self._cost_of_supervisor, self._visitors_per_supervisor = 0, 1.0
        if staff.visitors_per_supervisor is not None and staff.cost_per_supervisor is not None:
            self._cost_of_supervisor = round(100 * (staff.cost_per_supervisor.value / 12))
            self._visitors_per_supervisor = staff.visitors_per_supervisor.value
        self._newcomer = max(
            (level.load for level in program.levels if level.until_age > 0), default=1
        )
        self.team = Team(
            plan, staff, provider, tuple(levels_of(plan.scenario)), self.key, model.seed
        )
        self.accounts = [0] * len(plan.streams)
        self.allotted = [0] * len(plan.streams)
        self._affordable: dict[tuple[int, ...], int] = {}
        self.positions = 0
        self.capacity = 0
        self.load = 0
        self.on_hold = 0
        self.places: dict[int, int] = {}
        self.closing: dict[int, int] = {}
        self.roster: IntArray = NOBODY
        self.queue: IntArray = NOBODY

    # --- money and staff

    def receive(self, stream: int, cents: int) -> None:
        """Take in money of a stream."""
        self.accounts[stream] += cents
        self.allotted[stream] += cents

    def _payment(self, category: str, cents: int) -> Payment:
        return Payment(cents, self.model.terms.payers[category])

    def _wages(self, visitors: int) -> list[Payment]:
        """A month of salaries and of supervision with this many visitors."""
        supervisors = math.ceil(visitors / self._visitors_per_supervisor)
        return [
            self._payment("salaries", self.cost * visitors),
            self._payment("supervision", self._cost_of_supervisor * supervisors),
        ]

    def fund(self) -> None:
        """Lose visitors whose time has come, and those beyond the positions that money funds."""
        t = self.model.t
        self.team.lose(t)
        self.positions = self._funded_positions()
        self.allotted = [0] * len(self.accounts)
        self.team.shrink(self.positions)

    def _funded_positions(self) -> int:
        """Most visitors whose month can be paid from this month's allotments alone."""
        known = (self.model.policy, *self.allotted)
        if known not in self._affordable:
            n = sum(self.allotted) // self.cost if self.cost > 0 else 0
            while not can_be_made(self._wages(n), self.allotted):
                n -= 1
            self._affordable[known] = n
        return self._affordable[known]

    def hire(self) -> None:
        """Let pending hires start whose first day has come, who can be paid and are found."""
        t = self.model.t
        due = [pending for pending in self.team.pending if pending.month <= t]
        hire = self._payment("hires", self._cost_of_hire)
        for pending in due:
            if not can_be_made([hire, *self._wages(len(self.team) + 1)], self.accounts):
                break
            if self.pool is None or self.pool.find(self, pending.serial):
                self._pay("hires", hire)
                self.team.start(pending, t)

    def _pay(self, category: str, payment: Payment) -> dict[int, int]:
        """Make a payment from the accounts; cents by stream."""
        paid = dict(parts(payment, self.accounts))
        for stream, cents in paid.items():
            self.accounts[stream] -= cents
            self.model.spend(stream, self.program, category, cents)
        missing = payment.cents - sum(paid.values())
        if missing > 0:
            raise AssertionError(f"{self.name} spent {missing} cents that it does not hold")
        return paid

    def staff(self) -> None:
        """Post open positions, and pay the visitors: their places are those of who pays."""
        t = self.model.t
        self.team.post(self.positions, t)
        salaries, supervision = self._wages(len(self.team))
        paid = self._pay("salaries", salaries)
        self._pay("supervision", supervision)
        self.capacity = self.team.capacity(self.caseload, t)
        self._divide(paid)

    def _divide(self, paid: dict[int, int]) -> None:
        """Divide capacity among groups of streams by the salaries that they paid."""
        terms, total = self.model.terms, max(1, sum(paid.values()))
        by_group: dict[int, int] = defaultdict(int)  # in the order of their first streams
        closing: dict[int, int] = defaultdict(int)
        for stream, cents in paid.items():
            group = terms.group[stream]
            by_group[group] += cents
            closing[group] += cents if self.model.t >= terms.intake_closes[stream] else 0
        self.places = {group: self.capacity * cents // total for group, cents in by_group.items()}
        rounded = self.capacity - sum(self.places.values())
        for first in list(self.places)[:1]:
            self.places[first] += rounded
        self.closing = {group: self.capacity * cents // total for group, cents in closing.items()}

    # --- families

    def join(self, who: IntArray) -> None:
        """Take families into the queue."""
        self.queue = np.concatenate([self.queue, who])

    def snapshot(self, begun: int, waiting: int) -> tuple[int, int, int, int, int, int]:
        """Places, enrolled, on hold, waiting (families), visitors and vacancies at month's end.

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
        )
