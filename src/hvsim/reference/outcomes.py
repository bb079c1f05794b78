"""What happens to families: events, states and reports (``docs/model.md``, section 5.7)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import NamedTuple

from hvsim.reference import rules
from hvsim.reference.clocks import Events, Spells
from hvsim.reference.effects import Doses, Effects
from hvsim.reference.families import Case, Family
from hvsim.reference.luck import Luck
from hvsim.scenario import schema


class StageEvent(NamedTuple):
    """A report or a later stage, and the number that its draws are keyed by."""

    chain: str
    stage: str
    k: int


class LifeCourse:
    """Lets families live through one month after the other.

    Parameters
    ----------
    terms
        The scenario.
    programs
        All programs by name, in their order.
    luck
        The draws of the run.
    """

    def __init__(
        self, terms: schema.Scenario, programs: Mapping[str, schema.Program], luck: Luck
    ) -> None:
        self.outcomes = terms.outcomes
        self.chains = terms.chains
        self.chains_of = {
            outcome: {
                name: chain
                for name, chain in terms.chains.items()
                if outcome in (chain.true_events, chain.false_events)
            }
            for outcome in terms.outcomes
        }
        self.luck = luck
        self.effects = Effects(terms.structure, programs)
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
        for name, outcome in self.outcomes.items():
            if outcome.kind == "recurrent":
                family.events[name] = Events(
                    partial(self.luck.exponential, family.key, "outcome", name)
                )
            else:
                family.spells[name] = Spells(
                    present=self._present_at_entry(family, name, outcome),
                    onset=partial(self.luck.exponential, family.key, "onset", name),
                    exit=partial(self.luck.exponential, family.key, "exit", name),
                )

    def _present_at_entry(self, family: Family, name: str, outcome: schema.Outcome) -> bool:
        if outcome.present_at_entry is None:
            return False
        share = outcome.present_at_entry.at(family.first_month)
        p = rules.present(share, family.multiplier[name])
        return self.luck.uniform(family.key, "entry", name) < p

    def live(self, family: Family, month: int) -> list[StageEvent]:
        """Let a family live through a month: what it shows to agencies."""
        doses = self.effects.doses(family, month)
        visited = [case for case in family.cases.values() if case.visited(month)]
        events = {}
        for name, outcome in self.outcomes.items():
            effect = self.effects.on(name, doses)
            if outcome.kind == "state":
                self._live_state(family, name, month, effect, doses)
            else:
                rate = self._rate(family, name, month, effect)
                rate *= self._chain_factor(family, name, month, visited)
                events[name] = family.events[name].pass_month(rate)
                for _ in events[name]:
                    family.note(month, name)
        return [
            StageEvent(name, stage, k)
            for name, chain in self.chains.items()
            for stage, k in self._follow(family, name, chain, month, events, visited)
        ]

    def _rate(self, family: Family, name: str, month: int, effect: float) -> float:
        rate = family.multiplier[name] * self.per_month[name](family.age(month))
        return rate * self.trend[name](month) * math.exp(effect)

    def _live_state(
        self,
        family: Family,
        name: str,
        month: int,
        effect: float,
        doses: Doses,
    ) -> None:
        spells = family.spells[name]
        if spells.in_force:
            self.months_in_state[name, month] += 1
            exit_effect = self.effects.on_exit(name, doses)
            rate = self.exit_per_month[name](family.age(month)) * math.exp(exit_effect)
            if spells.pass_month(rate):
                family.note(month, f"{name}-recovery")
        elif spells.pass_month(self._rate(family, name, month, effect)):
            family.note(month, name)

    def _chain_factor(self, family: Family, outcome: str, month: int, visited: list[Case]) -> float:
        """What earlier reports and visitors who see more do to the intensity of an outcome."""
        factor = 1.0
        for name, chain in self.chains_of[outcome].items():
            if outcome != chain.false_events:
                continue
            factor *= self._after_first(family, name, chain, month)
            if visited:
                factor *= math.exp(
                    rules.strongest(
                        math.log(case.program.surveillance[name].false_report_rate_ratio.value)
                        for case in visited
                        if name in case.program.surveillance
                    )
                )
        return factor

    def _after_first(self, family: Family, name: str, chain: schema.Chain, month: int) -> float:
        """Factor on reporting once a family has been reported in an earlier month."""
        known = family.first_report.get(name, month) < month
        return chain.after_first_report.value if known else 1.0

    def _follow(
        self,
        family: Family,
        name: str,
        chain: schema.Chain,
        month: int,
        events: Mapping[str, range],
        visited: list[Case],
    ) -> Iterator[tuple[str, int]]:
        """Follow a month's episodes and false reports through the agency."""
        for n in events[chain.true_events]:
            seen = rules.strongest(
                math.log(case.program.surveillance[name].detection_odds_ratio.value)
                for case in visited
                if name in case.program.surveillance
            )
            p = rules.shift(
                chain.detected.at(month), chain.detection_spread.value * family.detection + seen
            )
            p *= self._after_first(family, name, chain, month)
            if self.luck.uniform(family.key, "detected", name, n) < p:
                yield from self._report(family, name, chain, month, 2 * n)
        for n in events[chain.false_events]:
            family.note(month, "reported-without-harm")
            yield from self._report(family, name, chain, month, 2 * n + 1)

    def _report(
        self, family: Family, name: str, chain: schema.Chain, month: int, k: int
    ) -> Iterator[tuple[str, int]]:
        family.note(month, "reported")
        yield "reported", k
        family.first_report.setdefault(name, month)
        true = k % 2 == 0
        reached = {"reported"}
        for stage_name, stage in chain.stages.items():
            p = (stage.if_true if true else stage.if_false).at(month)
            u = self.luck.uniform(family.key, "stage", f"{name}:{stage_name}", k)
            if stage.follows in reached and u < p:
                reached.add(stage_name)
                family.note(month, stage_name)
                yield stage_name, k
