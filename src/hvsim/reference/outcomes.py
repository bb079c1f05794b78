"""What happens to families: events, states, statuses, endings (``docs/model.md``, 5.7 and 5.8)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from hvsim.reference import rules
from hvsim.reference.chains import Agency, StageEvent
from hvsim.reference.clocks import Events, Spells
from hvsim.reference.effects import Doses, Effects
from hvsim.reference.families import Family, State
from hvsim.reference.luck import Luck
from hvsim.scenario import schema


@dataclass
class Arising:
    """What a family's month gives rise to outside the family.

    Attributes
    ----------
    stages
        What agencies did.
    births
        Months in which siblings will be born.
    """

    stages: list[StageEvent] = field(default_factory=list)
    births: list[int] = field(default_factory=list)


class LifeCourse:
    """Lets families live through one month after the other.

    Parameters
    ----------
    terms
        The scenario.
    programs
        All programs by name, in their order.
    margins
        Share of families at each level.
    luck
        The draws of the run.
    """

    def __init__(
        self,
        terms: schema.Scenario,
        programs: Mapping[str, schema.Program],
        margins: Mapping[str, float],
        luck: Luck,
    ) -> None:
        self.last_birth = terms.end
        self.margins = margins
        self.luck = luck
        self.effects = Effects(terms.structure, programs)
        self.agencies = [
            Agency(name, chain, terms.structure, margins, luck)
            for name, chain in terms.chains.items()
        ]
        self.events, self.states, self.statuses, self.endings = (
            {name: outcome for name, outcome in terms.outcomes.items() if outcome.kind == kind}
            for kind in ("recurrent", "state", "status", "ending")
        )
        life_first = sorted(self.endings.items(), key=lambda item: item[1].ends != "life")
        self.endings = dict(life_first)
        # The rates by age and month are looked up for every family; a series is searched once.
        self.per_month = {name: cache(o.per_month.at) for name, o in terms.outcomes.items()}
        self.trend = {name: cache(o.trend.at) for name, o in terms.outcomes.items()}
        self.exit_per_month: dict[str, Callable[[int], float]] = {
            name: cache(outcome.exit_per_month.at)
            for name, outcome in terms.outcomes.items()
            if outcome.exit_per_month is not None
        }
        self.months_in_state: Counter[tuple[str, int]] = Counter()

    def enter(self, family: Family) -> None:
        """Start the clocks of a family."""
        for name in self.events | self.endings:
            family.events[name] = Events(
                partial(self.luck.exponential, family.key, "outcome", name)
            )
        for name, outcome in self.states.items():
            family.spells[name] = Spells(
                present=self._present_at_entry(family, name, outcome),
                onset=partial(self.luck.exponential, family.key, "onset", name),
                exit=partial(self.luck.exponential, family.key, "exit", name),
            )

    def _present_at_entry(self, family: Family, name: str, outcome: schema.Outcome) -> bool:
        if outcome.present_at_entry is None:
            return False
        p = rules.present(outcome.present_at_entry.value, family.multiplier[name])
        return self.luck.uniform(family.key, "entry", name) < p

    def live(self, family: Family, month: int) -> Arising:
        """Let a family live through a month."""
        arising = Arising()
        doses = self.effects.doses(family, month)
        visited = [case for case in family.cases.values() if case.visited(month)]
        visited.sort(key=lambda case: list(self.effects.programs).index(case.name))

        happened: dict[str, range] = {}
        for name, outcome in self.events.items():
            rate = self._rate(family, name, month, doses)
            for agency in self.agencies:
                rate *= agency.factor(family, name, month, visited)
            numbers = family.events[name].pass_month(rate)
            if outcome.sibling_after is not None:
                numbers = range(numbers.start, min(1, numbers.stop))  # at most the first
            happened[name] = numbers
            self._note_events(family, name, outcome, month, numbers)
            if outcome.sibling_after is not None and numbers and not family.moved:
                arising.births.append(month + outcome.sibling_after)
        arising.births = [birth for birth in arising.births if birth <= self.last_birth]

        for agency in self.agencies:
            true = happened[agency.chain.true_events]
            false = happened[agency.chain.false_events]
            arising.stages += agency.follow(family, month, true, false, visited)
        for name, outcome in self.states.items():
            self._live_state(family, name, outcome, month, doses, arising.stages)
        for name, outcome in self.statuses.items():
            self._meet_status(family, name, outcome, month, doses)
        return arising

    def _rate(self, family: Family, name: str, month: int, doses: Doses) -> float:
        rate = family.multiplier[name] * self.per_month[name](family.age(month))
        return rate * self.trend[name](month) * math.exp(self.effects.on(name, doses))

    def _note_events(
        self, family: Family, name: str, outcome: schema.Outcome, month: int, numbers: range
    ) -> None:
        for k in numbers:
            family.note(month, name)
            if outcome.amount is not None:
                draw = self.luck.exponential(family.key, "amount", name, k)
                for _ in range(rules.amount(draw, outcome.amount.mean.value)):
                    family.note(month, outcome.amount.name)

    def _live_state(
        self,
        family: Family,
        name: str,
        outcome: schema.Outcome,
        month: int,
        doses: Doses,
        stages: Sequence[StageEvent],
    ) -> None:
        spells = family.spells[name]
        if spells.in_force:
            self.months_in_state[name, month] += 1
            rate = self.exit_per_month[name](family.age(month))
            if spells.pass_month(rate * math.exp(self.effects.on_exit(name, doses))):
                spells.ended_in = month
                family.note(month, f"{name}-recovery")
        elif outcome.begins_with is not None:
            begins = (outcome.begins_with.chain, outcome.begins_with.stage)
            if begins in [(event.chain, event.stage) for event in stages]:
                spells.begin()
                family.note(month, name)
        elif spells.pass_month(self._rate(family, name, month, doses)):
            family.note(month, name)

    def _meet_status(
        self, family: Family, name: str, outcome: schema.Outcome, month: int, doses: Doses
    ) -> None:
        assert outcome.at_age is not None
        assert outcome.share is not None
        counts_at = outcome.at_age if outcome.dose_age is None else outcome.dose_age
        if family.age(month) == counts_at:
            family.effect_on_status[name] = self.effects.on(name, doses)
        if family.age(month) != outcome.at_age:
            return
        p = rules.chance(outcome.share.value, outcome.share_log_odds, family.held, self.margins)
        u = self.luck.uniform(family.key, "status", name)
        if outcome.realized is not None:
            u = rules.given(u, p, so=outcome.realized in family.held)
        # No service counts before entry.
        if u < rules.shift(p, family.effect_on_status.get(name, 0.0)):
            family.note(month, name)

    def end(self, family: Family, month: int) -> None:
        """Let a family meet what ends its month's life or residence; of several, the first."""
        doses = self.effects.doses(family, month)
        ended = False
        for name, outcome in self.endings.items():
            reached = 0 in family.events[name].pass_month(self._rate(family, name, month, doses))
            away = outcome.ends == "residence" and family.moved
            if not reached or away or ended:
                continue
            ended = True
            family.note(month, name)
            if outcome.ends == "life":
                family.last_month = month
            else:
                family.moved = True
            for case in family.cases.values():
                case.stop(State.DECEASED if outcome.ends == "life" else State.MOVED, month)
