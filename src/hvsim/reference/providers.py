"""Providers, one Mesa agent each, with their visitors as rows (``docs/model.md``)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from mesa import Agent, Model

from hvsim import randomness
from hvsim.reference import rules
from hvsim.reference.families import Case, Family, State
from hvsim.reference.luck import Luck
from hvsim.reference.organizations import FundingStream
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


class Provider(Agent):
    """One agency's team for one program.

    Parameters
    ----------
    model
        The model that the agent lives in.
    name
        Name of the provider.
    terms, program
        What the scenario says of it and of its program.
    streams
        The funding streams, in the order in which they pay.
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
        terms: schema.Provider,
        program: schema.Program,
        streams: Sequence[FundingStream],
        margins: Mapping[str, float],
        weight: int,
        luck: Luck,
    ) -> None:
        super().__init__(model)
        self.name = name
        self.key = np.uint64(randomness.key("provider", name))
        self.program_name = terms.program
        self.regions = terms.regions
        self.program = program
        self.margins = margins
        self.weight = weight
        self.luck = luck

        self.accounts = dict.fromkeys(streams, 0)
        self.allotted = 0
        self.positions = 0
        self.visitors: list[Visitor] = []
        self.openings: list[Opening] = []
        self.postings = 0
        self.capacity = 0

        self.waiting: list[Case] = []
        self.cases: list[Case] = []
        """Families in service, or to begin next month."""

    # money

    @property
    def balance(self) -> int:
        """Cents in all accounts."""
        return sum(self.accounts.values())

    def lapse(self, stream: FundingStream) -> None:
        """Give back what is left of a stream."""
        stream.lapsed += self.accounts[stream]
        self.accounts[stream] = 0

    def allot(self, stream: FundingStream, amount: int) -> None:
        """Receive this month's part of a stream."""
        self.accounts[stream] += amount
        self.allotted += amount

    def _draw(self, amount: int) -> list[tuple[FundingStream, int]]:
        """Take an amount from the accounts, in the order of streams."""
        parts = []
        for stream, held in self.accounts.items():
            part = min(amount, held)
            self.accounts[stream] -= part
            amount -= part
            parts.append((stream, part))
        assert amount == 0, f"{self.name} spends what it does not hold"
        return parts

    # staff

    def staff_month(self, month: int, *, opening_month: bool) -> None:
        """Bring visitors and positions into line with the money of the month.

        Parameters
        ----------
        month
            The month.
        opening_month
            Whether the simulation begins: posted visitors are then at work at once, trained.
        """
        staff = self.program.staff
        cost = rules.cents(staff.cost_per_visitor.at(month) / 12)
        self.visitors = [visitor for visitor in self.visitors if month < visitor.leaves]
        self.positions = self.allotted // cost
        self._cut()
        self._start_hires(month, cost)
        self._post(month, opening_month=opening_month)
        for stream, part in self._draw(cost * len(self.visitors)):
            stream.salaries += part
        self.capacity = sum(self._carried_by(visitor, month) for visitor in self.visitors)

    def _cut(self) -> None:
        while len(self.visitors) + len(self.openings) > self.positions:
            (self.openings or self.visitors).pop()

    def _start_hires(self, month: int, cost: int) -> None:
        hire = rules.cents(self.program.staff.cost_per_hire.at(month))
        for opening in list(self.openings):
            needed = cost * (len(self.visitors) + 1) + hire
            if opening.first_day <= month and self.balance >= needed:
                for stream, part in self._draw(hire):
                    stream.hires += part
                self.openings.remove(opening)
                self._employ(opening.serial, month, trained=False)

    def _post(self, month: int, *, opening_month: bool) -> None:
        hiring_months = int(self.program.staff.hiring_months.at(month))
        for _ in range(self.positions - len(self.visitors) - len(self.openings)):
            serial, self.postings = self.postings, self.postings + 1
            if opening_month:
                self._employ(serial, month, trained=True)
            else:
                self.openings.append(Opening(serial, month + hiring_months))

    def _employ(self, serial: int, month: int, *, trained: bool) -> None:
        tenure = self.luck.exponential(self.key, "visitor", "tenure", serial)
        leaves = month + rules.stay(tenure, self.program.staff.turnover_per_year.at(month))
        self.visitors.append(Visitor(serial, month, leaves, trained))
        self.visitors.sort(key=lambda visitor: visitor.serial)

    def _carried_by(self, visitor: Visitor, month: int) -> int:
        if visitor.trained:
            return self.program.caseload
        ramp = int(self.program.staff.ramp_months.at(month))
        return rules.carries(self.program.caseload, ramp, month - visitor.started + 1)

    # families and their visitors

    def serves(self, family: Family) -> bool:
        """Whether the family lives in one of the provider's regions."""
        return family.attributes["region"] in self.regions

    def care_for_families(self, month: int) -> None:
        """Give every family in service a visitor, and put on hold whom the capacity leaves out."""
        self.cases = [case for case in self.cases if case.in_service(month)]
        at_work = set(self.visitors)
        for case in self.cases:
            if case.visitor is not None and case.visitor not in at_work:
                case.visitor, case.visitor_left = None, month
            if case.visitor is None:
                self._assign(case)

        room = self.capacity
        for case in sorted(self.cases, key=self._order_of_service):
            load = self.weight * case.load(month)
            case.on_hold = load > room
            if case.on_hold:
                case.months_on_hold += 1
            else:
                case.months_on_hold = 0
                room -= load

    def _assign(self, case: Case) -> None:
        if self.visitors:
            u = self.luck.uniform(case.family.key, "visitor", case.name, case.assignments)
            case.visitor = self.visitors[math.floor(u * len(self.visitors))]
            case.assignments += 1

    def _order_of_service(self, case: Case) -> tuple[int, float, int]:
        assert case.begin is not None
        return (
            case.begin,
            self.luck.uniform(case.family.key, "order", case.name),
            case.family.id,
        )

    # waiting

    def allocate(self, month: int) -> None:
        """Let go who has waited too long, and enroll the others while there is room."""
        for case in self.waiting:
            if self.awaits(case, month):
                self._review(case, month)
        self.waiting = [case for case in self.waiting if self.awaits(case, month)]

        following = month + 1
        free = self.capacity - sum(
            self.weight * case.load(following) for case in self.cases if case.in_service(following)
        )
        for case in sorted(self.waiting, key=self._priority):
            load = self.weight * case.load(following)
            if load > free:
                break
            free -= load
            self._enroll(case, month)
        self.waiting = [case for case in self.waiting if self.awaits(case, month)]

    @staticmethod
    def awaits(case: Case, month: int) -> bool:
        """Whether a family still waits."""
        return case.state is State.WAITING and case.family.lives(month)

    def _review(self, case: Case, month: int) -> None:
        program = self.program
        waited = month - case.waiting_since
        following = month + 1
        too_old = case.family.age(following) > program.enroll_until_age
        if too_old or not case.family.lives(following):
            case.turn(State.AGED_OUT, month)
        elif waited >= program.wait_expires.at(month):
            case.turn(State.EXPIRED, month)
        elif waited >= 1:
            u = self.luck.uniform(case.family.key, "gives-up", case.name, waited)
            if u < program.gives_up_per_month.at(month):
                case.turn(State.GAVE_UP, month)

    def _priority(self, case: Case) -> tuple[float, int, float, int]:
        family = case.family
        by_score = self.program.priority == "highest-score"
        unscreened_last = -family.score if family.screened else math.inf
        return (
            unscreened_last if by_score else 0.0,
            case.waiting_since,
            self.luck.uniform(family.key, "queue", case.name),
            family.id,
        )

    def _enroll(self, case: Case, month: int) -> None:
        case.turn(State.ENROLLED, month)
        case.begin = month + 1
        self.cases.append(case)
        self._assign(case)
        for other in case.family.cases.values():
            if other is not case and self.program.track in other.program.gives_way_to:
                other.stop(State.TRANSFERRED, month)

    # service

    def visit(self, month: int) -> None:
        """Visit the families in service, and let go those whose service ends."""
        for case in self.cases:
            if case.in_service(month):
                self._visit(case, month)
                if case.state is State.ENROLLED:
                    self._end(case, month)

    def _visit(self, case: Case, month: int) -> None:
        program, family = self.program, case.family
        due = rules.visits_due(program.levels, family.age(month))
        if due == 0:
            return
        p = rules.chance(
            program.visits_completed.at(month),
            program.visits_completed_log_odds,
            family.held,
            self.margins,
        )
        service = case.service
        for k in range(service.scheduled, service.scheduled + due):
            case.note(month, "visits-scheduled")
            if not case.on_hold and self.luck.uniform(family.key, "visit", case.name, k) < p:
                case.note(month, "visits-completed")
                service.completed += 1
        service.scheduled += due

    def _end(self, case: Case, month: int) -> None:
        assert case.begin is not None
        program, family = self.program, case.family
        months = month - case.begin
        if family.age(month + 1) >= program.levels[-1].until_age:
            case.leave(State.COMPLETED, month)
        elif case.on_hold and case.months_on_hold >= program.hold_months.at(month):
            case.leave(State.WITHDRAWN, month)
        elif self.luck.uniform(family.key, "leaves", case.name, months) < rules.probability(
            self._hazard_of_leaving(case, month, months)
        ):
            case.leave(State.DROPPED_OUT, month)

    def _hazard_of_leaving(self, case: Case, month: int, months: int) -> float:
        program = self.program
        lean = rules.lean(program.leaves_log_hazard, case.family.held, self.margins)
        hazard = program.leaves_per_month.at(months) * math.exp(lean)
        left = case.visitor_left
        if left is not None and month - left < program.visitor_left_months.at(month):
            hazard *= program.visitor_left_hazard_ratio.at(month)
        return hazard
