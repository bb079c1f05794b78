"""The plain reference: the system as a Mesa model, one agent per family and organization."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from mesa import Model

from hvsim.months import month_of_fiscal_year
from hvsim.population.families import Families
from hvsim.population.siblings import siblings_of
from hvsim.reference import rules
from hvsim.reference.chains import StageEvent
from hvsim.reference.doors import Door
from hvsim.reference.families import Family
from hvsim.reference.hubs import Hub
from hvsim.reference.labor import LaborPool
from hvsim.reference.luck import Luck
from hvsim.reference.money import FundingStream
from hvsim.reference.offers import Offering
from hvsim.reference.outcomes import LifeCourse
from hvsim.reference.providers import Provider
from hvsim.scenario import schema
from hvsim.scenario.vocabulary import margin_of

T = TypeVar("T")


@dataclass(frozen=True)
class PlainRun:
    """What happened, family by family and month by month, from the first simulated month on.

    Attributes
    ----------
    trace
        Family (siblings too), month and label of everything that happened, sorted. Labels:
        ``contacted/DOOR``, ``screened/DOOR``, ``flagged/DOOR``,
        ``false-positive/DOOR``, ``referred/DOOR``, ``reached/DOOR``, ``TRANSITION/DOOR/PROGRAM``
        (a visit each for ``visits-scheduled`` and ``visits-completed``), outcomes and stages by
        name, amounts by name (once for each of the number), ``STATE-recovery``, ``reported`` and,
        in addition, ``reported-without-harm``.
    capacity
        By provider and month: visitors, funded positions, capacity in load units, simulated
        families served, on hold and waiting after allocation, visitors hired.
    money
        By stream and month, in cents: received, paid in salaries, for hires and for supervision,
        lapsed.
    months_in_state
        By state and month: simulated families in it.
    """

    trace: list[tuple[int, int, str]]
    capacity: dict[tuple[str, int], tuple[int, ...]]
    money: dict[tuple[str, int], tuple[int, int, int, int, int]]
    months_in_state: dict[tuple[str, int], int]


class PlainModel(Model):
    """The clock, the organizations, the families.

    Parameters
    ----------
    scenario
        The scenario.
    families
        The families, in columns.
    seed
        Seed of all draws.
    scale
        Share of families simulated: each stands for ``1 / scale``.
    """

    def __init__(
        self, scenario: schema.Scenario, families: Families, *, seed: int, scale: float = 1.0
    ) -> None:
        super().__init__(rng=seed)  # Mesa asks for it; no draw comes from there
        self.terms, self.earlier = scenario, scenario.before
        self.first_month = scenario.start - int(scenario.warm_start.months.value)
        self.last_month = scenario.end + int(scenario.follow_up.value) - 1
        self.month = self.first_month

        terms, earlier, luck = self.terms, self.earlier, Luck(seed)
        self.luck = luck
        self.margins = {
            level: share.value
            for levels in terms.population.margins.values()
            for level, share in levels.items()
        } | {
            level: margin_of(terms, level)
            for attribute in terms.population.attributes.values()
            for level in (attribute.otherwise, *attribute.levels)
        }
        weight = round(1 / scale)
        self.programs = _in_order(terms.programs, earlier.programs)
        self.door_terms = _in_order(terms.doors, earlier.doors)
        self.streams = [
            FundingStream(self, name, stream)
            for name, stream in sorted(
                _in_order(terms.funding, earlier.funding).items(), key=lambda item: item[1].order
            )
        ]
        self.doors = [Door(self, name, self.margins, luck) for name in self.door_terms]
        self.hubs = {
            name: Hub(self, name, hub, self.first_month, self.margins, weight, luck)
            for name, hub in _in_order(terms.hubs, earlier.hubs).items()
        }
        self.pools = {
            name: LaborPool(self, name, pool, luck)
            for name, pool in _in_order(terms.labor, earlier.labor).items()
        }
        self.providers = [
            Provider(
                self,
                name,
                provider,
                self.programs[provider.program],
                self.door_terms,
                self.streams,
                None if provider.pool is None else self.pools[provider.pool],
                self.margins,
                weight,
                luck,
            )
            for name, provider in _in_order(terms.providers, earlier.providers).items()
        ]
        self.families = [Family(self, families, row, terms, luck) for row in range(len(families))]
        self.life_course = LifeCourse(terms, self.programs, self.margins, luck)

        self.entrants: dict[int, list[Family]] = defaultdict(list)
        for family in self.families:
            self.entrants[family.first_month].append(family)
        self.living: list[Family] = []
        self.capacity: dict[tuple[str, int], tuple[int, ...]] = {}
        self.cash: dict[tuple[str, int], tuple[int, int, int, int, int]] = {}

    @property
    def policy(self) -> schema.Scenario:
        """Scenario whose doors, offers, flagged share, provider shares and funding hold."""
        return self.policy_in(self.month)

    def policy_in(self, month: int) -> schema.Scenario:
        """The policy of a month."""
        return self.terms if month >= self.terms.start else self.earlier

    def run(self) -> PlainRun:
        """Simulate all months."""
        while self.month <= self.last_month:
            self.step()
        return PlainRun(
            sorted(
                (family.id, month, label)
                for family in self.families
                for month, label in family.history
            ),
            self.capacity,
            self.cash,
            dict(self.life_course.months_in_state),
        )

    def step(self) -> None:
        """Simulate one month: the phases in their order."""
        self._enter_and_leave()
        self._money()
        self._staff()
        self._contacts()
        self._screening()
        self._allocation()
        self._service()
        self._outcomes()
        self._deaths()
        self._ledger()
        self.month += 1

    def _enter_and_leave(self) -> None:
        self.living = [family for family in self.living if family.lives(self.month)]
        for family in self.entrants.pop(self.month, []):
            self.life_course.enter(family)
            self.living.append(family)

    # --- 1. money --------------------------------------------------------------------------------

    def _money(self) -> None:
        month = self.month
        position = month_of_fiscal_year(month, self.terms.fiscal_year_starts)
        known = self.terms.funding | self.earlier.funding | self.policy.funding
        for provider in self.providers:
            provider.accounts.open_month()
        for stream in self.streams:
            stream.open_month(known[stream.name])
            if position == 0 or month == stream.terms.to + 1:
                for provider in self.providers:
                    provider.accounts.lapse(stream)
            if stream.name in self.policy.funding:
                self._hand_out(stream, stream.receive(month, position))

    def _hand_out(self, stream: FundingStream, received: int) -> None:
        left, terms = received, stream.terms
        for program in terms.pays_for:
            split = 1 / len(terms.pays_for)
            if terms.split:
                split = terms.split[program].value / sum(s.value for s in terms.split.values())
            team = [provider for provider in self.providers if provider.program_name == program]
            shares = [provider.share(self.policy, self.month) for provider in team]
            for provider, share in zip(team, shares, strict=True):
                if share > 0:
                    amount = rules.handed_out(received, split, share / sum(shares))
                    provider.accounts.allot(stream, amount)
                    left -= amount
        stream.lapsed += left

    # --- 2. staff --------------------------------------------------------------------------------

    def _staff(self) -> None:
        month = self.month
        teams = [provider.team for provider in self.providers]
        for team in teams:
            for visitor in team.shrink(month):
                if team.pool is not None:
                    team.pool.take_back(team.key, visitor.serial)
        position = month_of_fiscal_year(month, self.terms.fiscal_year_starts)
        for pool in self.pools.values():
            pool.receive_entrants(month, position)
        for team in sorted(teams, key=lambda team: -team.pay):
            team.start_hires(month, teams)
        for provider in self.providers:
            if month == self.first_month:
                provider.team.open(month)
            else:
                provider.team.post(month)
            provider.team.work(month)
            provider.divide_places(month)
            provider.care_for_families(month)

    # --- 3. contacts -----------------------------------------------------------------------------

    def _contacts(self) -> None:
        residents = [family for family in self.living if family.resides(self.month)]
        for door in self.doors:
            terms = self.policy.doors.get(door.name)
            if terms is not None:
                door.meet(residents, self.month, terms)

    # --- 4. screening and offers -----------------------------------------------------------------

    def _screening(self) -> None:
        policy, month = self.policy, self.month
        known = self.door_terms | policy.doors
        flagged = policy.screening.flagged.at(month)
        offering = Offering(
            self.programs,
            self.door_terms,
            self.providers,
            policy,
            month,
            self.margins,
            self.luck,
        )
        for door in self.doors:
            terms = known[door.name]
            offers = policy.doors[door.name].offers if door.name in policy.doors else ()
            for family in door.handle(month, terms, flagged):
                if terms.hub is None:
                    offering.by_list(family, door.name)
                elif offers:
                    self.hubs[terms.hub].refer(family, month, door.name)
        for hub in self.hubs.values():
            match = offering.by_room if hub.terms.match == "most-room" else offering.by_list
            for family, name in hub.call(month):
                match(family, name)

    # --- 5. to 9. --------------------------------------------------------------------------------

    def _allocation(self) -> None:
        for provider in self.providers:
            provider.allocate(self.month)

    def _service(self) -> None:
        stopped = self._stopped()
        for provider in self.providers:
            program = provider.program_name
            for family, made in provider.visit(self.month, stopped=program in stopped):
                self._tell_visits(family, program, made)

    def _stopped(self) -> set[str]:
        """Programs whose families on hold leave: a stream that paid for them ended last month."""
        last = self.month - 1
        return {
            program
            for stream in self.policy_in(last).funding.values()
            if stream.at_end == "stop" and stream.to == last
            for program in stream.pays_for
        }

    def _tell_visits(self, family: Family, program: str, made: int) -> None:
        """Let the doors of a program refer the family that it visited."""
        completed = family.services[program].completed
        for door in self.doors:
            terms = self.policy.doors.get(door.name)
            if terms is not None and terms.kind == "program" and terms.after == program:
                door.refer_visited(family, self.month, completed, made, terms)

    def _outcomes(self) -> None:
        for family in self.living:
            arising = self.life_course.live(family, self.month)
            for event in arising.stages:
                self._tell_agencies(family, event)
            for birth_month in arising.births:
                self._follow_sibling(family, birth_month)

    def _tell_agencies(self, family: Family, event: StageEvent) -> None:
        """Let the doors that listen to a stage of a chain refer the family."""
        for door in self.doors:
            terms = self.policy.doors.get(door.name)
            if terms is None or terms.kind != "agency":
                continue
            if (terms.chain, terms.after) == (event.chain, event.stage):
                door.refer(family, self.month, event.k, terms)

    def _follow_sibling(self, family: Family, birth_month: int) -> None:
        """Add the next child of a family's mother, who enters some months before its birth."""
        parent = np.array([family.row])
        columns = siblings_of(family.columns, parent, [birth_month], self.luck.seed)
        sibling = Family(self, columns, 0, self.terms, self.luck)
        sibling.first_report.update(family.first_report)  # all before it enters
        self.families.append(sibling)
        self.entrants[sibling.first_month].append(sibling)

    def _deaths(self) -> None:
        for family in self.living:
            self.life_course.end(family, self.month)

    def _ledger(self) -> None:
        month = self.month
        for provider in self.providers:
            served = [case for case in provider.cases if case.in_service(month)]
            on_hold = sum(case.on_hold for case in served)
            self.capacity[provider.name, month] = (
                len(provider.team.visitors),
                provider.team.positions,
                provider.team.capacity,
                len(served) - on_hold,
                on_hold,
                sum(provider.awaits(case, month) for case in provider.waiting),
                provider.team.hires,
            )
        for stream in self.streams:
            self.cash[stream.name, month] = (
                stream.received,
                stream.spent["salaries"],
                stream.spent["hires"],
                stream.spent["supervision"],
                stream.lapsed,
            )


def simulate_plainly(
    scenario: schema.Scenario, families: Families, *, seed: int, scale: float = 1.0
) -> PlainRun:
    """Simulate a scenario the plain way: slowly, and as ``docs/model.md`` reads.

    Parameters
    ----------
    scenario
        The scenario.
    families
        The families, as `hvsim.population` makes them.
    seed
        Seed of all draws.
    scale
        Share of families simulated: each stands for ``1 / scale``.
    """
    return PlainModel(scenario, families, seed=seed, scale=scale).run()


def _in_order(terms: Mapping[str, T], earlier: Mapping[str, T]) -> dict[str, T]:
    """All that is known: the earlier policy's names first, each on the scenario's own terms."""
    names = [*earlier, *(name for name in terms if name not in earlier)]
    return {name: terms[name] if name in terms else earlier[name] for name in names}
