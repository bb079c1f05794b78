"""Providers, one Mesa agent each: their queues, and families in service (``docs/model.md``)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from mesa import Agent, Model

from hvsim import randomness
from hvsim.reference import rules
from hvsim.reference.families import Case, Family, State
from hvsim.reference.labor import LaborPool
from hvsim.reference.luck import Luck
from hvsim.reference.money import Accounts, FundingStream
from hvsim.reference.places import Group, Seats, make_groups
from hvsim.reference.staff import Team, Visitor
from hvsim.scenario import schema


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
    doors
        All doors by name, each on the scenario's own terms if it has any.
    streams
        The funding streams, in the order in which they pay.
    pool
        Where it hires, if it hires in a pool.
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
        doors: Mapping[str, schema.Door],
        streams: Sequence[FundingStream],
        pool: LaborPool | None,
        margins: Mapping[str, float],
        weight: int,
        luck: Luck,
    ) -> None:
        super().__init__(model)
        self.name = name
        self.key = np.uint64(randomness.key("provider", name))
        self.terms = terms
        self.program_name = terms.program
        self.program = program
        self.doors = doors
        self.margins = margins
        self.weight = weight
        self.luck = luck

        self.accounts = Accounts(streams)
        self.team = Team(self.key, terms, program, self.accounts, pool, luck)
        self.groups: list[Group] = []
        """This month's places."""
        self.waiting: list[Case] = []
        self.cases: list[Case] = []
        """Families in service, or to begin next month."""

    def serves(self, family: Family) -> bool:
        """Whether the family lives in one of the provider's regions."""
        return family.attributes["region"] in self.terms.regions

    def share(self, policy: schema.Scenario, month: int) -> float:
        """Its part of the program's money under a policy."""
        terms = policy.providers.get(self.name)
        return 0.0 if terms is None else terms.share.at(month)

    # families and their visitors

    def divide_places(self, month: int) -> None:
        """See what places the month's salaries pay, and for whom."""
        self.groups = make_groups(self.team.capacity, self.team.salaries, month)

    def care_for_families(self, month: int) -> None:
        """Give every family in service a visitor, and put on hold whom the places leave out."""
        self.cases = [case for case in self.cases if case.in_service(month)]
        at_work = set(self.team.visitors)
        for case in self.cases:
            if case.visitor is not None and case.visitor not in at_work:
                case.visitor, case.visitor_left = None, month
            if case.visitor is None:
                self._assign(case)

        seats = Seats(self.groups, self.weight)
        for case in sorted(self.cases, key=self._order_of_service):
            case.on_hold = not seats.take(case.family, self._load(case, month))
            case.months_on_hold = case.months_on_hold + 1 if case.on_hold else 0
        self._see_what_is_lacking(month, seats)

    def _see_what_is_lacking(self, month: int, seats: Seats) -> None:
        """Tell families who would be served if all funded positions were filled from others."""
        filled = Seats([Group(units=self.team.vacant_units)], self.weight)
        for case in sorted(self.cases, key=self._order_of_service):
            if case.on_hold:
                paid = not self.groups or bool(seats.open_to(case.family))
                load = self._load(case, month)
                case.lacks_visitor = paid and filled.take(case.family, load)

    def _load(self, case: Case, month: int) -> int:
        return self.weight * case.load(month)

    def _assign(self, case: Case) -> None:
        visitors = self.team.visitors
        if not visitors:
            return
        suited = [v for v in visitors if self._can_serve(v, case.family)] or visitors
        assignments, track = case.family.assignments, self.program.track
        u = self.luck.uniform(case.family.key, "visitor", case.name, assignments[track])
        case.visitor = suited[math.floor(u * len(suited))]
        assignments[track] += 1

    def _can_serve(self, visitor: Visitor, family: Family) -> bool:
        return rules.can_serve(
            lambda level: self.luck.uniform(self.key, "speaks", level, visitor.serial),
            self.terms.speaks,
            family.held,
        )

    def _order_of_service(self, case: Case) -> tuple[int, float, int]:
        assert case.begin is not None
        return (
            case.begin,
            self.luck.uniform(case.family.key, "order", case.name),
            case.family.id,
        )

    # waiting

    def room(self, month: int) -> float:
        """Families of load one for whom there is room next month, in caseloads."""
        following = month + 1
        held = [case for case in self.cases if case.in_service(following)]
        held += [case for case in self.waiting if self.awaits(case, month)]
        load = sum(self._load(case, following) for case in held)
        return (self.team.capacity - load) / self.program.caseload

    def allocate(self, month: int) -> None:
        """Let go who has waited too long, and enroll the others while there is room."""
        for case in self.waiting:
            if self.awaits(case, month):
                self._review(case, month)
        self.waiting = [case for case in self.waiting if self.awaits(case, month)]

        following = month + 1
        seats = Seats(self.groups, self.weight)
        kept = [case for case in self.cases if case.in_service(following)]
        for case in sorted(kept, key=self._order_of_service):
            seats.keep(case.family, self._load(case, following))
        seats.close_intake()
        for case in sorted(self.waiting, key=self._priority):
            if seats.admit(case.family, self._load(case, following)):
                self._enroll(case, month)
        self.waiting = [case for case in self.waiting if self.awaits(case, month)]

    @staticmethod
    def awaits(case: Case, month: int) -> bool:
        """Whether a family still waits."""
        return case.state is State.WAITING and case.family.lives(month)

    def _review(self, case: Case, month: int) -> None:
        program, family = self.program, case.family
        waited = month - case.waiting_since
        following = month + 1
        too_old = family.age(following) > program.enroll_until_age
        if too_old or not family.lives(following):
            case.turn(State.AGED_OUT, month)
        elif waited >= program.wait_expires.value:
            case.turn(State.EXPIRED, month)
        elif waited >= 1:
            u = self.luck.uniform(family.key, "gives-up", case.name, family.since_entry(month))
            if u < program.gives_up_per_month.value:
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

    def visit(self, month: int, *, stopped: bool) -> Iterator[tuple[Family, int]]:
        """Visit the families in service, and let go those whose service ends.

        Parameters
        ----------
        month
            The month.
        stopped
            Whether families on hold now leave, because a stream that paid has ended.

        Yields
        ------
        tuple of Family and int
            Each family in service, and the visits made.
        """
        for case in self.cases:
            if case.in_service(month):
                yield case.family, self._visit(case, month)
                if case.state is State.ENROLLED:
                    self._end(case, month, stopped)

    def _is_mismatched(self, case: Case) -> bool:
        return case.visitor is not None and not self._can_serve(case.visitor, case.family)

    def _visit(self, case: Case, month: int) -> int:
        program, family, service = self.program, case.family, case.service
        odds_ratio = 1.0
        if program.mismatch is not None and self._is_mismatched(case):
            odds_ratio = program.mismatch.visits_odds_ratio.value
        p = rules.chance(
            program.visits_completed.value,
            program.visits_completed_log_odds,
            family.held,
            self.margins,
            odds_ratio,
        )
        due = rules.visits_due(program.levels, case.age(month))
        made = 0
        for k in range(service.scheduled, service.scheduled + due):
            case.note(month, "visits-scheduled")
            if not case.on_hold and self.luck.uniform(family.key, "visit", case.name, k) < p:
                case.note(month, "visits-completed")
                made += 1
        service.scheduled += due
        service.completed += made
        return made

    def _end(self, case: Case, month: int, stopped: bool) -> None:
        program, family = self.program, case.family
        lost = stopped or case.months_on_hold >= program.hold_months.value
        if case.age(month) + 1 >= program.levels[-1].until_age:
            case.leave(State.COMPLETED, month)
        elif case.on_hold and lost:
            without = State.WITHDRAWN_NO_VISITOR, State.WITHDRAWN_NO_MONEY
            case.leave(without[not case.lacks_visitor], month)
        elif self._leaves_with_closure(case, month) or self.luck.uniform(
            family.key, "leaves", case.name, family.since_entry(month)
        ) < rules.probability(self._hazard_of_leaving(case, month)):
            case.leave(State.DROPPED_OUT, month)

    def _leaves_with_closure(self, case: Case, month: int) -> bool:
        """Whether the occasion of the referral ended last month, and the family leaves with it."""
        family, closure = case.family, self.doors[case.door].closure
        spells = None if closure is None else family.spells.get(closure.of)
        if closure is None or spells is None or spells.ended_in != month - 1:
            return False
        u = self.luck.uniform(family.key, "closes", case.door, family.since_entry(month))
        return u < closure.leaves.value

    def _hazard_of_leaving(self, case: Case, month: int) -> float:
        assert case.begin is not None
        program = self.program
        lean = rules.lean(program.leaves_log_hazard, case.family.held, self.margins)
        hazard = program.leaves_per_month.at(month - case.begin) * math.exp(lean)
        left = case.visitor_left
        if left is not None and month - left < program.visitor_left_months.value:
            hazard *= program.visitor_left_hazard_ratio.value
        if program.mismatch is not None and self._is_mismatched(case):
            hazard *= program.mismatch.leaving_hazard_ratio.value
        return hazard * self.doors[case.door].leaving_hazard_ratio.value
