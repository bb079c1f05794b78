"""The life course once more as columns, month by month, in numpy: how else one might write it fast.

A column holds one number of all families; each month all families that then live are taken one step
ahead together. What happens to them is that of ``docs/model.md``, sections 4, 5.7 and 5.8, on a
scenario without services: frailties and multipliers, recurrent events and what they bring, reports
and their stages, states, statuses, deaths and moves, siblings; counted by month and group, and by
family. Luck is plain random numbers in the order of processing, the fastest there is in numpy.

Left out, and done by the engine in the time beside which this one stands: draws keyed by family, so
that scenarios share their luck; room for services, doors and organizations; threads. The structure
with recurrence of harm is left out of both.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from columns_at_entry import lean, log_multiplier, will_be_so

from hvsim.chances import attenuated_logit
from hvsim.population import Families, siblings_of
from hvsim.scenario import Scenario
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Chain, Outcome
from hvsim.scenario.vocabulary import ATTRIBUTES, levels_of, margin_of
from hvsim.simulation.ledger import CHILDREN, EVENTS, PERSON_MONTHS
from hvsim.simulation.plan import make_plan

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Sibling = tuple[Families, Flags]
"""Siblings that enter together, and by chain whether their family was reported before."""

ROOM_FOR_SIBLINGS = 1.5
REPORTED_BY = ("race-ethnicity", "payer")


@dataclass
class Hazard:
    """What a column of time left until the next event belongs to."""

    name: str
    outcome: Outcome
    is_exit: bool = False


class Columns:
    """All families of a run, and its months.

    Attributes
    ----------
    counts
        As `Ledger.outcomes`, from the first simulated month. Shape (measures, 3, months, groups).
    events
        As `FamilyRecord.events`. Shape (measures, families).
    """

    def __init__(self, scenario: Scenario, families: Families, scale: float, seed: int) -> None:
        if scenario.structure.recurrence != "reporting" or scenario.programs:
            raise ValueError("columns know no services, and no recurrence of harm")
        self.scenario, self.seed = scenario, seed
        self.plan = plan = make_plan(scenario, scale)
        self.rng = np.random.Generator(np.random.SFC64(seed))
        outcomes = scenario.outcomes
        self.hazards = [Hazard(name, o) for name, o in outcomes.items() if _has_rate(o)]
        self.hazards += [
            Hazard(name, o, is_exit=True) for name, o in outcomes.items() if o.kind == "state"
        ]
        self.at = {(hazard.name, hazard.is_exit): h for h, hazard in enumerate(self.hazards)}
        self.states = [name for name, o in outcomes.items() if o.kind == "state"]
        self.statuses = [name for name, o in outcomes.items() if o.kind == "status"]
        life_first = sorted(outcomes.items(), key=lambda item: item[1].ends != "life")
        self.endings = [name for name, o in life_first if o.kind == "ending"]
        ages = range(-plan.birth_age, plan.last_age - plan.birth_age)
        months = range(plan.t0, plan.t0 + plan.months)
        self.by_age = np.array([[_rate(h).at(a) for h in self.hazards] for a in ages])
        self.trend = np.array(
            [[1.0 if h.is_exit else h.outcome.trend.at(t) for h in self.hazards] for t in months]
        )
        stages = {s: stage for c in scenario.chains.values() for s, stage in c.stages.items()}
        self.if_true, self.if_false = (
            {s: np.array([share.at(a) for a in ages]) for s, share in shares.items()}
            for shares in (
                {s: stage.if_true for s, stage in stages.items()},
                {s: stage.if_false for s, stage in stages.items()},
            )
        )
        self.margin = {level: margin_of(scenario, level) for level in levels_of(scenario)}
        self._make_room(families)
        self.months = self.used = 0
        self.starts: list[int] = []
        self.unborn: defaultdict[int, list[Sibling]] = defaultdict(list)

    def _make_room(self, families: Families) -> None:
        plan, rows = self.plan, int(len(families) * ROOM_FOR_SIBLINGS) + 100
        births = np.arange(plan.cohorts + 1) + plan.t0 + plan.birth_age
        self.waiting = families
        self.first_of_cohort = np.searchsorted(families.birth_month, births).tolist()
        measures, dimensions = len(plan.measures.names), 2 + len(REPORTED_BY)
        self.first_group = np.cumsum(
            [1, len(self.scenario.population.regions), *(len(ATTRIBUTES[a]) for a in REPORTED_BY)]
        )
        groups = int(self.first_group[-1]) + len(self.scenario.screening.risk_group_cuts) + 1
        self.need = np.full((len(self.hazards), rows), np.inf)
        self.scale = np.ones((len(self.hazards), rows))
        self.hit = np.zeros((len(self.hazards), rows), np.bool_)
        widest = max(np.diff(self.first_of_cohort)) * ROOM_FOR_SIBLINGS + 100
        self.step = np.empty((len(self.hazards), int(widest)))
        self.present = np.zeros((len(self.states), rows), np.bool_)
        self.so = np.zeros((len(self.statuses), rows), np.bool_)
        self.reported = np.zeros((len(self.scenario.chains), rows), np.bool_)
        self.detected = np.zeros((len(self.scenario.chains), rows))
        self.moved = np.zeros(rows, np.bool_)
        self.entry = np.zeros(rows, np.int64)
        self.groups = np.zeros((rows, dimensions), np.int64)
        self.seen = np.zeros((measures, rows), np.bool_)
        self.events = np.zeros((measures, rows), np.uint16)
        self.counts = np.zeros((measures, 3, plan.months + 1, groups), np.int64)
        self.parts: list[Families] = []

    def live(self) -> None:
        """All months."""
        for _ in range(self.plan.months):
            self._month(self.months)
            self.months += 1
        self.events = self.events[:, : self.used]
        self.counts[:, PERSON_MONTHS] = self.counts[:, PERSON_MONTHS].cumsum(axis=1)

    def _month(self, t: int) -> None:
        if t < self.plan.cohorts:
            self._enter(t)
        low = self.starts[max(0, t - self.plan.last_age + 1)]
        self._pass(t)
        hits = [low + np.flatnonzero(row) for row in self.hit[:, low : self.used]]
        stages, parents = self._happen(t, hits)
        self._bear(t, parents)
        self._change_states(t, hits, stages)
        self._meet_statuses(t)
        self._end(t, hits)
        if t + 1 >= self.plan.last_age:
            self._leave(t)

    # --- entry -----------------------------------------------------------------------------------

    def _enter(self, t: int) -> None:
        """Families who enter in month t, siblings among them."""
        a, b = self.first_of_cohort[t : t + 2]
        own = self.waiting.chosen(slice(a, b))
        known = [np.zeros((len(self.scenario.chains), len(own)), np.bool_)]
        for siblings, reported in self.unborn.pop(t, []):
            own = own.followed_by(siblings)
            known.append(reported)
        low, high = self.used, self.used + len(own)
        self.used = high
        self.starts.append(low)
        self.parts.append(own)
        self.entry[low:high] = t
        screened = self.scenario.screening
        self.groups[low:high, 0] = self.first_group[0] + own.region
        for row, attribute in enumerate(REPORTED_BY, 1):
            column = list(own.attributes).index(attribute)
            self.groups[low:high, row] = self.first_group[row] + own.levels[:, column]
        for name, outcome in self.scenario.outcomes.items():
            log = log_multiplier(outcome, own, self.rng)
            if name == screened.of:
                risk = (log - screened.risk_mean.value) / screened.risk_sd.value
                cuts = np.searchsorted(screened.risk_group_cuts, risk, side="right")
                self.groups[low:high, -1] = self.first_group[-1] + cuts
            if (name, False) in self.at:
                self.scale[self.at[name, False], low:high] = np.exp(log)
        self.need[:, low:high] = self.rng.standard_exponential((len(self.hazards), len(own)))
        for s, name in enumerate(self.states):
            self._open_state(s, name, np.arange(low, high), t)
        for s, name in enumerate(self.statuses):
            self.so[s, low:high] = will_be_so(
                self.scenario.outcomes[name], own, self.margin, self.rng
            )
        for c, chain in enumerate(self.scenario.chains.values()):
            leaning = lean(chain.detected_log_odds, own, self.margin)
            spread = chain.detection_spread.value * own.detection
            self.detected[c, low:high] = (
                attenuated_logit(chain.detected.value, 0) + spread + leaning
            )
            self._know(c, chain, low + np.flatnonzero(np.concatenate(known, axis=1)[c]))

    def _open_state(self, s: int, name: str, rows: Rows, t: int) -> None:
        share = self.scenario.outcomes[name].present_at_entry
        if share is not None:
            multiplier = self.scale[self.at[name, False], rows] if (name, False) in self.at else 1.0
            p = 1 - (1 - share.value) ** multiplier
            self.present[s, rows] = self.rng.random(len(rows)) < p
        present = self.present[s, rows]
        self.need[self.at[name, True], rows[~present]] = np.inf
        if (name, False) in self.at:
            self.need[self.at[name, False], rows[present]] = np.inf
        self._count(name, PERSON_MONTHS, rows[present], t, 1)

    # --- a month ---------------------------------------------------------------------------------

    def _pass(self, t: int) -> None:
        """Let a month's hazards pass, a cohort at a time: its numbers stay in fast memory."""
        last = min(t, len(self.starts) - 1)
        ends = [*self.starts[1:], self.used]
        for cohort in range(max(0, t - self.plan.last_age + 1), last + 1):
            low, high = self.starts[cohort], ends[cohort]
            rate = (self.by_age[t - cohort] * self.trend[t])[:, None]
            need, step = self.need[:, low:high], self.step[:, : high - low]
            np.multiply(self.scale[:, low:high], rate, out=step)
            np.subtract(need, step, out=need)
            np.less_equal(need, 0.0, out=self.hit[:, low:high])

    def _happen(self, t: int, hits: list[Rows]) -> tuple[dict[str, list[Rows]], dict[str, Rows]]:
        """Recurrent events, reports and their stages; who reached each, and who bears a sibling."""
        stages: defaultdict[str, list[Rows]] = defaultdict(list)
        parents: dict[str, Rows] = {}
        happened: dict[str, list[Rows]] = {}
        for h, hazard in enumerate(self.hazards):
            if hazard.outcome.kind == "recurrent":
                happened[hazard.name] = self._occur(h, hazard, hits[h], t)
                if hazard.outcome.sibling_after is not None:
                    parents[hazard.name] = hits[h][~self.moved[hits[h]]]
        for c, chain in enumerate(self.scenario.chains.values()):
            newly = []
            for rows in happened[chain.true_events]:
                p = 1 / (1 + np.exp(-self.detected[c, rows]))
                p = np.where(self.reported[c, rows], p * chain.after_first_report.value, p)
                newly.append(rows[self.rng.random(len(rows)) < p])
                self._follow(chain, newly[-1], t, stages, harm=True)
            for rows in happened[chain.false_events]:
                self._count("reported-without-harm", EVENTS, rows, t, 1)
                newly.append(rows)
                self._follow(chain, rows, t, stages, harm=False)
            self._know(c, chain, np.unique(np.concatenate(newly)) if newly else _NOBODY)
        return stages, parents

    def _occur(self, h: int, hazard: Hazard, rows: Rows, t: int) -> list[Rows]:
        """Events of a month: first those that come first, then second ones, and so on."""
        rounds = []
        while len(rows):
            rounds.append(rows)
            self._count(hazard.name, EVENTS, rows, t, 1)
            if hazard.outcome.amount is not None:
                mean = hazard.outcome.amount.mean.value
                amounts = self.rng.geometric(1 / mean, len(rows))
                self._count(hazard.outcome.amount.name, EVENTS, rows, t, amounts)
            if hazard.outcome.sibling_after is not None:
                self.need[h, rows] = np.inf
                break
            left = self.need[h, rows] + self.rng.standard_exponential(len(rows))
            self.need[h, rows] = left
            rows = rows[left <= 0]
        return rounds

    def _follow(
        self, chain: Chain, rows: Rows, t: int, stages: dict[str, list[Rows]], *, harm: bool
    ) -> None:
        """Reports, and the stages that follow."""
        self._count("reported", EVENTS, rows, t, 1)
        stages["reported"].append(rows)
        reached = {"reported": np.ones(len(rows), np.bool_)}
        for name, stage in chain.stages.items():
            p = self.if_true[name] if harm else self.if_false[name]
            so = self.rng.random(len(rows)) < p[t - self.entry[rows]]
            reached[name] = reached[stage.follows] & so
            self._count(name, EVENTS, rows[reached[name]], t, 1)
            stages[name].append(rows[reached[name]])

    def _know(self, c: int, chain: Chain, rows: Rows) -> None:
        """From next month on these families count as reported before."""
        new = rows[~self.reported[c, rows]]
        self.reported[c, new] = True
        self.scale[self.at[chain.false_events, False], new] *= chain.after_first_report.value

    def _bear(self, t: int, parents: dict[str, Rows]) -> None:
        for name, rows in parents.items():
            after = self.scenario.outcomes[name].sibling_after
            assert after is not None
            born = t + after
            if born > self.scenario.end - self.plan.t0:
                continue
            for cohort in np.unique(self.entry[rows]).tolist():
                own = rows[self.entry[rows] == cohort]
                months = np.full(len(own), self.plan.t0 + born)
                at = own - self.starts[cohort]
                siblings = siblings_of(self.parts[cohort], at, months, self.seed)
                reported = self.reported[:, own]
                self.unborn[born - self.plan.birth_age].append((siblings, reported))

    def _change_states(self, t: int, hits: list[Rows], stages: dict[str, list[Rows]]) -> None:
        for s, name in enumerate(self.states):
            begins, ends = self.scenario.outcomes[name].begins_with, hits[self.at[name, True]]
            if begins is None:
                onset = hits[self.at[name, False]]
                self.need[self.at[name, False], onset] = np.inf
            else:
                reached = np.unique(np.concatenate([_NOBODY, *stages[begins.stage]]))
                onset = reached[~self.present[s, reached]]
            self._count(f"{name}-recovery", EVENTS, ends, t, 1)
            self._count(name, EVENTS, onset, t, 1)
            self._count(name, PERSON_MONTHS, ends, t + 1, -1)
            self._count(name, PERSON_MONTHS, onset, t + 1, 1)
            self.present[s, ends], self.present[s, onset] = False, True
            self.need[self.at[name, True], ends] = np.inf
            self._await(self.at[name, True], onset)
            if begins is None:
                self._await(self.at[name, False], ends)

    def _await(self, h: int, rows: Rows) -> None:
        self.need[h, rows] = self.rng.standard_exponential(len(rows))

    def _meet_statuses(self, t: int) -> None:
        for s, name in enumerate(self.statuses):
            at_age = self.scenario.outcomes[name].at_age
            assert at_age is not None
            cohort = t - at_age - self.plan.birth_age
            if 0 <= cohort < len(self.starts):
                low, high = [*self.starts, self.used][cohort : cohort + 2]
                self._count(name, EVENTS, low + np.flatnonzero(self.so[s, low:high]), t, 1)

    def _end(self, t: int, hits: list[Rows]) -> None:
        ended = _NOBODY
        for name in self.endings:
            h = self.at[name, False]
            rows = hits[h]
            self.need[h, rows] = np.inf
            rows = np.setdiff1d(rows, ended, assume_unique=True)
            if self.scenario.outcomes[name].ends == "residence":
                rows = rows[~self.moved[rows]]
                self.moved[rows] = True
            else:
                self.need[:, rows] = np.inf
                self.so[:, rows] = False
                for s, state in enumerate(self.states):
                    self._count(state, PERSON_MONTHS, rows[self.present[s, rows]], t + 1, -1)
                self.present[:, rows] = False
            self._count(name, EVENTS, rows, t, 1)
            ended = np.concatenate([ended, rows])

    def _leave(self, t: int) -> None:
        """Follow-up of the oldest cohort ends with month t."""
        cohort = t + 1 - self.plan.last_age
        if cohort < len(self.starts):
            low, high = [*self.starts, self.used][cohort : cohort + 2]
            for s, name in enumerate(self.states):
                rows = low + np.flatnonzero(self.present[s, low:high])
                self._count(name, PERSON_MONTHS, rows, t + 1, -1)

    # --- the ledger ------------------------------------------------------------------------------

    def _count(self, name: str, what: int, rows: Rows, t: int, by: int | Rows) -> None:
        """Count families, each at most once in `rows`, in month t and each of their groups."""
        if not len(rows):
            return
        m = self.plan.measures[name]
        self._add(self.counts[m, what, t], rows, by)
        if what != EVENTS:
            return
        new = rows[~self.seen[m, rows]]
        if len(new):
            self.seen[m, new] = True
            self._add(self.counts[m, CHILDREN, t], new, 1)
        if t >= self.plan.first:
            self.events[m, rows] += np.asarray(by, np.uint16)

    def _add(self, by_group: Rows, rows: Rows, by: int | Rows) -> None:
        weights = None if isinstance(by, int) else np.repeat(by, self.groups.shape[1])
        found = np.bincount(self.groups[rows].ravel(), weights, len(by_group)).astype(np.int64)
        by_group += found * by if isinstance(by, int) else found
        by_group[0] += by * len(rows) if isinstance(by, int) else by.sum()


_NOBODY = np.zeros(0, np.int64)


def _has_rate(outcome: Outcome) -> bool:
    return outcome.kind != "status" and outcome.begins_with is None


def _rate(hazard: Hazard) -> Quantity:
    rate = hazard.outcome.exit_per_month if hazard.is_exit else hazard.outcome.per_month
    assert rate is not None
    return rate
