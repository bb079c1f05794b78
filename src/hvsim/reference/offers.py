"""What a contact or a call brings: who is offered what (``docs/month.md``, 5.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hvsim.reference import rules
from hvsim.reference.families import MAY_BE_OFFERED_AGAIN, SERVED, Case, Family, State
from hvsim.reference.luck import Luck
from hvsim.reference.providers import Provider
from hvsim.scenario import schema


@dataclass
class Offering:
    """The offers of one month.

    Attributes
    ----------
    programs
        All programs by name, in order, each on the scenario's own terms if it has any.
    doors
        All doors, likewise.
    providers
        The providers, in order.
    policy
        Scenario whose offers, eligibility and shares hold.
    month
        The month.
    margins
        Share of families at each level.
    luck
        The draws of the run.
    """

    programs: Mapping[str, schema.Program]
    doors: Mapping[str, schema.Door]
    providers: Sequence[Provider]
    policy: schema.Scenario
    month: int
    margins: Mapping[str, float]
    luck: Luck

    def by_list(self, family: Family, door: str) -> None:
        """Offer in each track the first program that suits the family."""
        brought: set[str] = set()  # tracks in which this contact brought an offer
        for name, program in self._offers_of(door):
            if program.track not in brought and self._suits(family, name, program, door):
                brought.add(program.track)
                self._offer(family, name, door, None)

    def by_room(self, family: Family, door: str) -> None:
        """Offer in each track, of the programs that suit the family, the one with most room."""
        for track in dict.fromkeys(program.track for program in self.programs.values()):
            choice = [
                (name, provider)
                for name, program in self._offers_of(door)
                if program.track == track and self._suits(family, name, program, door)
                for provider in self._choice(family, name)
            ]
            if choice:  # of equal room the first
                name, provider = max(choice, key=lambda pair: pair[1].room(self.month))
                self._offer(family, name, door, provider)

    def _offers_of(self, door: str) -> Iterator[tuple[str, schema.Program]]:
        """Programs that a door offers now, in the order of programs."""
        offers = self.policy.doors[door].offers if door in self.policy.doors else ()
        return ((name, program) for name, program in self.programs.items() if name in offers)

    def _suits(self, family: Family, name: str, program: schema.Program, door: str) -> bool:
        """Whether no rule keeps the program from being offered to the family."""
        if self._is_closed(family, program) or not self._is_eligible(family, name, program):
            return False
        family.note(self.month, f"eligible/{door}/{name}")
        return self._is_for(family, name) and not family.enrolled_in(program.gives_way_to)

    def _is_closed(self, family: Family, program: schema.Program) -> bool:
        """Whether what the family has had in the track keeps it from the program."""
        case = family.cases.get(program.track)
        if case is None or case.state in MAY_BE_OFFERED_AGAIN:
            return False
        if case.state not in SERVED or case.finish is None or program.returns_after is None:
            return True
        return self.month + 1 - case.finish < program.returns_after.value

    def _is_eligible(self, family: Family, name: str, program: schema.Program) -> bool:
        terms = self.policy.programs.get(name, program)
        following = self.month + 1
        age, youngest = family.age(following), program.enroll_from_age
        return (
            all(family.attributes[what] in levels for what, levels in terms.eligible.items())
            and (youngest is None or age >= youngest)
            and age <= program.enroll_until_age
            and family.lives(following)
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

    def _offer(self, family: Family, name: str, door: str, provider: Provider | None) -> None:
        """Offer a program: with a provider, or with that which the family's draw finds."""
        program = self.programs[name]
        case = Case(family, name, program, door)
        family.cases[program.track] = case
        case.note(self.month, "offered")
        if self._accepts(family, name, door):
            case.turn(State.WAITING, self.month)
            case.waiting_since = self.month
            (provider or self._provider_for(family, name)).waiting.append(case)
        else:
            case.turn(State.DECLINED, self.month)

    def _accepts(self, family: Family, name: str, door: str) -> bool:
        program = self.programs[name]
        u = self.luck.uniform(family.key, "accepts", name, family.offers[name])
        family.offers[name] += 1
        return u < rules.chance(
            program.accepts.value,
            program.accepts_log_odds,
            family.held,
            self.margins,
            self.doors[door].acceptance_odds_ratio.value,
        )

    def _choice(self, family: Family, program: str) -> list[Provider]:
        """Providers of a program that take families from this region now."""
        return [
            provider
            for provider in self.providers
            if provider.program_name == program
            and provider.serves(family)
            and provider.share(self.policy, self.month) > 0
        ]

    def _provider_for(self, family: Family, program: str) -> Provider:
        choice = self._choice(family, program)
        u = self.luck.uniform(family.key, "provider", program)
        total = sum(provider.share(self.policy, self.month) for provider in choice)
        cumulated = 0.0
        for provider in choice:
            cumulated += provider.share(self.policy, self.month)
            if cumulated / total > u:
                break
        return provider
