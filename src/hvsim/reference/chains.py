"""How agencies come to know, and what they then do (``docs/model.md``, section 5.7)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hvsim.reference import rules
from hvsim.reference.families import Case, Family
from hvsim.reference.luck import Luck
from hvsim.scenario import schema


class StageEvent(NamedTuple):
    """A report or a later stage, and the number that its draws are keyed by."""

    chain: str
    stage: str
    k: int


class Agency:
    """One chain: reports of harm and without harm, and the stages after them.

    Parameters
    ----------
    name, chain
        The chain.
    structure
        What a first report raises.
    margins
        Share of families at each level.
    luck
        The draws of the run.
    """

    def __init__(
        self,
        name: str,
        chain: schema.Chain,
        structure: schema.Structure,
        margins: Mapping[str, float],
        luck: Luck,
    ) -> None:
        self.name = name
        self.chain = chain
        self.margins = margins
        self.luck = luck
        harm_recurs = structure.recurrence == "harm"
        self.raised = {chain.false_events} | ({chain.true_events} if harm_recurs else set())
        """Outcomes whose rates a first report raises."""
        self.raises_detection = not harm_recurs

    def factor(self, family: Family, outcome: str, month: int, visited: Sequence[Case]) -> float:
        """What earlier reports and visitors who see more do to the rate of an outcome.

        Parameters
        ----------
        family, outcome, month
            Whose, of what, and when.
        visited
            The family's services this month, those on hold left out.
        """
        factor = self._after_first(family, month) if outcome in self.raised else 1.0
        if outcome == self.chain.false_events:
            factor *= math.exp(
                rules.strongest(
                    math.log(watching.false_report_rate_ratio.value)
                    for watching in self._watching(visited)
                )
            )
        return factor

    def follow(
        self, family: Family, month: int, true: range, false: range, visited: Sequence[Case]
    ) -> Iterator[StageEvent]:
        """Reports of a month and the stages that they reach.

        Parameters
        ----------
        family, month
            Whose, and when.
        true, false
            Numbers of the month's episodes of harm, and of its reports without harm.
        visited
            The family's services this month, those on hold left out.
        """
        # Whether an earlier report is known does not change within the month.
        detected = self._detected(family, month, visited)
        for n in true:
            if self.luck.uniform(family.key, "detected", self.name, n) < detected:
                yield from self._report(family, month, 2 * n, harm=True)
        for n in false:
            family.note(month, "reported-without-harm")
            yield from self._report(family, month, 2 * n + 1, harm=False)

    def _detected(self, family: Family, month: int, visited: Sequence[Case]) -> float:
        """Probability that an episode of this month is reported."""
        chain = self.chain
        p = rules.shift(
            chain.detected.value,
            chain.detection_spread.value * family.detection
            + rules.lean(chain.detected_log_odds, family.held, self.margins)
            + rules.strongest(
                math.log(watching.detection_odds_ratio.value)
                for watching in self._watching(visited)
            ),
        )
        if self.raises_detection:
            p *= self._after_first(family, month)
        return min(1.0, p)

    def _watching(self, visited: Sequence[Case]) -> Iterator[schema.Surveillance]:
        for case in visited:
            if self.name in case.program.surveillance:
                yield case.program.surveillance[self.name]

    def _after_first(self, family: Family, month: int) -> float:
        """Factor once a family has been reported in an earlier month."""
        known = family.first_report.get(self.name, month) < month
        return self.chain.after_first_report.value if known else 1.0

    def _report(self, family: Family, month: int, k: int, *, harm: bool) -> Iterator[StageEvent]:
        family.note(month, "reported")
        family.first_report.setdefault(self.name, month)
        yield StageEvent(self.name, "reported", k)
        reached = {"reported"}
        for name, stage in self.chain.stages.items():
            p = (stage.if_true if harm else stage.if_false).at(family.age(month))
            u = self.luck.uniform(family.key, "stage", f"{self.name}:{name}", k)
            if stage.follows in reached and u < p:
                reached.add(name)
                family.note(month, name)
                yield StageEvent(self.name, name, k)
