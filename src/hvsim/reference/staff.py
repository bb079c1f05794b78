"""Teams of visitors: positions, hires and what they cost (``docs/month.md``, 5.2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hvsim.reference import rules
from hvsim.reference.labor import LaborPool
from hvsim.reference.luck import Luck
from hvsim.reference.money import Accounts, Bill, FundingStream, can_pay
from hvsim.scenario import schema


@dataclass(eq=False)
class Visitor:
    """A home visitor of a provider."""

    serial: int
    started: int
    leaves: float
    trained: bool = False


@dataclass(eq=False)
class Opening:
    """A posted position: a hire not yet at work."""

    serial: int
    first_day: int


class Team:
    """The visitors of one provider.

    Parameters
    ----------
    key
        The provider, as its draws are keyed.
    terms, program
        What the scenario says of the provider and of its program.
    accounts
        The provider's money.
    pool
        Where it hires, if it hires in a pool.
    luck
        The draws of the run.

    Attributes
    ----------
    cost
        Of a visitor's month, in cents.
    pay
        Of a visitor's year, by which providers compete for people.
    positions
        Positions that this month's money pays.
    hires
        Visitors hired this month.
    postings
        Positions posted so far: the next serial.
    capacity
        Load units that the visitors carry this month.
    salaries
        What each stream paid of this month's salaries.
    """

    def __init__(
        self,
        key: np.uint64,
        terms: schema.Provider,
        program: schema.Program,
        accounts: Accounts,
        pool: LaborPool | None,
        luck: Luck,
    ) -> None:
        self.key = key
        self.staff = program.staff
        self.caseload = program.caseload
        self.accounts = accounts
        self.pool = pool
        self.luck = luck

        cost = self.staff.cost_per_visitor.value * terms.pay_ratio.value
        self.cost = rules.cents(cost / 12)
        self.pay = (self.staff.pay_per_year or self.staff.cost_per_visitor).value
        self.pay *= terms.pay_ratio.value
        self.visitors: list[Visitor] = []
        self.openings: list[Opening] = []
        self.positions = 0
        self.hires = 0
        self.postings = 0
        self.capacity = 0
        self.salaries: dict[FundingStream, int] = {}

    def bills(self, visitors: int) -> list[Bill]:
        """What a month with so many visitors costs."""
        supervision = 0
        ratio, cost = self.staff.visitors_per_supervisor, self.staff.cost_per_supervisor
        if ratio is not None and cost is not None:
            supervision = rules.cents(cost.value / 12) * math.ceil(visitors / ratio.value)
        return [Bill("salaries", self.cost * visitors), Bill("supervision", supervision)]

    # steps 1 to 3

    def shrink(self, month: int) -> list[Visitor]:
        """Part with visitors whose time has come and with those above the funded positions.

        Returns
        -------
        list of Visitor
            Who left or was laid off.
        """
        before = list(self.visitors)
        self.visitors = [visitor for visitor in self.visitors if month < visitor.leaves]
        self.positions = self._fundable()
        while len(self.visitors) + len(self.openings) > self.positions:
            (self.openings or self.visitors).pop()
        return [visitor for visitor in before if visitor not in self.visitors]

    def _fundable(self) -> int:
        """Most positions that this month's allotments alone can pay."""
        allotted = self.accounts.allotted
        positions = sum(allotted.values()) // self.cost
        while not can_pay(self.bills(positions), allotted):
            positions -= 1
        return positions

    # step 4

    def start_hires(self, month: int, teams: Sequence[Team]) -> None:
        """Let pending hires start who can be paid and found.

        Parameters
        ----------
        month
            The month.
        teams
            Those of all providers, in order.
        """
        self.hires = 0
        hire = Bill("hires", rules.cents(self.staff.cost_per_hire.value))
        for opening in list(self.openings):
            bills = [hire, *self.bills(len(self.visitors) + 1)]
            if (
                opening.first_day <= month
                and can_pay(bills, self.accounts.held)
                and self._finds_somebody(opening, month, teams)
            ):
                self.accounts.pay(hire)
                self.openings.remove(opening)
                self._employ(opening.serial, month)
                self.hires += 1

    def _finds_somebody(self, opening: Opening, month: int, teams: Sequence[Team]) -> bool:
        if self.pool is None:
            return True
        if self.pool.people > 0:
            self.pool.people -= 1
            return True
        if not self.pool.lets_poach(self.key, opening.serial, month):
            return False
        outbid = [
            team
            for team in teams
            if team.pool is self.pool and team.pay < self.pay and team.settled(month)
        ]
        if not outbid:
            return False
        loser = min(outbid, key=lambda team: team.pay)
        loser.visitors.remove(loser.settled(month)[0])
        return True

    def settled(self, month: int) -> list[Visitor]:
        """Visitors who started before a month, in order of serial."""
        return [visitor for visitor in self.visitors if visitor.started < month]

    def _employ(self, serial: int, month: int, *, trained: bool = False) -> None:
        tenure = self.luck.exponential(self.key, "visitor", "tenure", serial)
        leaves = month + rules.stay(tenure, self.staff.turnover_per_year.value)
        self.visitors.append(Visitor(serial, month, leaves, trained))
        self.visitors.sort(key=lambda visitor: visitor.serial)

    # steps 5 to 7

    def post(self, month: int) -> None:
        """Post the positions that are still open."""
        first_day = month + int(self.staff.hiring_months.value)
        for serial in self._new_serials():
            self.openings.append(Opening(serial, first_day))

    def open(self, month: int) -> None:
        """Fill all positions at once with trained visitors: the simulation begins."""
        for serial in self._new_serials():
            self._employ(serial, month, trained=True)

    def _new_serials(self) -> range:
        first = self.postings
        self.postings += self.positions - len(self.visitors) - len(self.openings)
        return range(first, self.postings)

    def work(self, month: int) -> None:
        """Pay the month, and see what the team can carry."""
        salaries, supervision = self.bills(len(self.visitors))
        self.salaries = self.accounts.pay(salaries)
        self.accounts.pay(supervision)
        self.capacity = sum(self._carried_by(visitor, month) for visitor in self.visitors)

    @property
    def vacant_units(self) -> int:
        """Load units that filling all positions with trained visitors would add."""
        return self.caseload * self.positions - self.capacity

    def _carried_by(self, visitor: Visitor, month: int) -> int:
        if visitor.trained:
            return self.caseload
        every, ramp = int(self.staff.training_every.value), int(self.staff.ramp_months.value)
        trained_in = rules.training_month(visitor.started, every)
        return rules.carries(self.caseload, ramp, month - trained_in + 1)
