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
from hvsim.reference.families import MAY_BE_OFFERED_AGAIN, Case, Family, State
from hvsim.reference.luck import Luck
from hvsim.reference.organizations import Door, FundingStream
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
        ``contacted/DOOR``, ``screened/DOOR``, ``flagged/DOOR``, ``TRANSITION/DOOR/PROGRAM`` (a
        visit each for ``visits-scheduled`` and ``visits-completed``), outcomes and stages by
        name, amounts by name (once for each of the number), ``STATE-recovery``, ``reported``
        and, in addition, ``reported-without-harm``.
    capacity
        By provider and month: visitors, funded positions, capacity in load units, simulated
        families served, on hold and waiting after allocation.
    money
        By stream and month, in cents: received, paid in salaries, paid for hires, lapsed.
    months_in_state
        By state and month: simulated families in it.
    """

    trace: list[tuple[int, int, str]]
    capacity: dict[tuple[str, int], tuple[int, int, int, int, int, int]]
    money: dict[tuple[str, int], tuple[int, int, int, int]]
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
        self.programs = _in_order(terms.programs, earlier.programs)
        self.streams = [
            FundingStream(self, name) for name in _in_order(terms.funding, earlier.funding)
        ]
        self.doors = [
            Door(self, name, self.margins, luck) for name in _in_order(terms.doors, earlier.doors)
        ]
        self.providers = [
            Provider(
                self,
                name,
                provider,
                self.programs[provider.program],
                self.streams,
                self.margins,
                round(1 / scale),
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
        self.capacity: dict[tuple[str, int], tuple[int, int, int, int, int, int]] = {}
        self.cash: dict[tuple[str, int], tuple[int, int, int, int]] = {}

    @property
    def policy(self) -> schema.Scenario:
        """Scenario whose doors, offers, flagged share, provider shares and funding hold."""
        return self.terms if self.month >= self.terms.start else self.earlier

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
            provider.allotted = 0
        for stream in self.streams:
            stream.open_month()
            if position == 0 or month == known[stream.name].to + 1:
                for provider in self.providers:
                    provider.lapse(stream)
            terms = self.policy.funding.get(stream.name)
            received = stream.receive(month, position, terms)
            if terms is not None and received > 0:
                self._hand_out(stream, terms, received)

    def _hand_out(self, stream: FundingStream, terms: schema.Funding, received: int) -> None:
        left = received
        for program in terms.pays_for:
            split = 1 / len(terms.pays_for)
            if terms.split:
                split = terms.split[program].value / sum(s.value for s in terms.split.values())
            team = [provider for provider in self.providers if provider.program_name == program]
            total = sum(map(self._share, team))
            for provider in team:
                if total > 0:
                    part = self._share(provider) / total
                    amount = rules.handed_out(received, split, part)
                    provider.allot(stream, amount)
                    left -= amount
        stream.lapsed += left

    def _share(self, provider: Provider) -> float:
        terms = self.policy.providers.get(provider.name)
        return 0.0 if terms is None else terms.share.at(self.month)

    # --- 2. staff --------------------------------------------------------------------------------

    def _staff(self) -> None:
        for provider in self.providers:
            provider.staff_month(self.month, opening_month=self.month == self.first_month)
            provider.care_for_families(self.month)

    # --- 3. contacts -----------------------------------------------------------------------------

    def _contacts(self) -> None:
        for door in self.doors:
            terms = self.policy.doors.get(door.name)
            if terms is not None:
                door.meet(self.living, self.month, terms)

    # --- 4. screening and offers -----------------------------------------------------------------

    def _screening(self) -> None:
        known = self.terms.doors | self.earlier.doors | self.policy.doors
        flagged = self.policy.screening.flagged.at(self.month)
        for door in self.doors:
            for family in door.handle(self.month, known[door.name], flagged):
                self._offer(family, door.name)

    def _offer(self, family: Family, door: str) -> None:
        policy = self.policy
        offers = policy.doors[door].offers if door in policy.doors else ()
        brought: set[str] = set()  # tracks in which this contact brought an offer
        for name, program in self.programs.items():
            case = family.cases.get(program.track)
            closed = case is not None and case.state not in MAY_BE_OFFERED_AGAIN
            if name not in offers or closed or program.track in brought:
                continue
            if not self._eligible(family, name, program):
                continue
            case = Case(family, name, program, door)
            case.note(self.month, "eligible")
            if not self._is_for(family, name) or family.enrolled_in(program.gives_way_to):
                continue
            case.note(self.month, "offered")
            brought.add(program.track)
            family.cases[program.track] = case
            if self._accepts(family, name, program):
                case.turn(State.WAITING, self.month)
                case.waiting_since = self.month
                self._provider_for(family, name).waiting.append(case)
            else:
                case.turn(State.DECLINED, self.month)

    def _eligible(self, family: Family, name: str, program: schema.Program) -> bool:
        terms = self.policy.programs.get(name, program)
        return (
            all(family.attributes[what] in levels for what, levels in terms.eligible.items())
            and family.age(self.month + 1) <= program.enroll_until_age
            and family.lives(self.month + 1)
            and len(self._choice(family, name)) > 0
        )

    def _is_for(self, family: Family, name: str) -> bool:
        """Whether the program is offered to such a family under the policy of this month."""
        if name not in self.policy.programs:
            return False
        rule = self.policy.programs[name].offer_to
        if rule.kind == "screened":
            return family.screened and family.flagged == (rule.level == "high")
        return rule.kind == "everyone"

    def _accepts(self, family: Family, name: str, program: schema.Program) -> bool:
        u = self.luck.uniform(family.key, "accepts", name, family.offers[name])
        family.offers[name] += 1
        share = program.accepts.at(self.month)
        return u < rules.chance(share, program.accepts_log_odds, family.held, self.margins)

    def _choice(self, family: Family, program: str) -> list[Provider]:
        """Providers of a program that take families from this region now."""
        return [
            provider
            for provider in self.providers
            if provider.program_name == program
            and provider.serves(family)
            and self._share(provider) > 0
        ]

    def _provider_for(self, family: Family, program: str) -> Provider:
        choice = self._choice(family, program)
        u = self.luck.uniform(family.key, "provider", program)
        total = sum(map(self._share, choice))
        cumulated = 0.0
        for provider in choice:
            cumulated += self._share(provider)
            if cumulated / total > u:
                break
        return provider

    # --- 5. to 9. --------------------------------------------------------------------------------

    def _allocation(self) -> None:
        for provider in self.providers:
            provider.allocate(self.month)

    def _service(self) -> None:
        for provider in self.providers:
            provider.visit(self.month)

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
                len(provider.visitors),
                provider.positions,
                provider.capacity,
                len(served) - on_hold,
                on_hold,
                sum(provider.awaits(case, month) for case in provider.waiting),
            )
        for stream in self.streams:
            self.cash[stream.name, month] = (
                stream.received,
                stream.salaries,
                stream.hires,
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
