"""Families as the rules read them: risk, score, willingness, groups."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hvsim.compiled import compiled
from hvsim.population.families import Families
from hvsim.randomness import normal
from hvsim.scenario.schema import Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES, attributes_of, levels_of
from hvsim.simulation.compile import numbers
from hvsim.simulation.plan import Plan
from hvsim.simulation.state import State, clear, new_store
from hvsim.simulation.tables import FloatArray, IntArray

REPORTED_ATTRIBUTES = ("race-ethnicity", "payer")
RISK_GROUPS = ("low", "medium", "high")


class _Terms(NamedTuple):
    """Numbers of section 4 of ``docs/model.md``."""

    screened_outcome: int
    risk_mean: float
    risk_sd: float
    score_with_risk: float
    score_with_detection: float
    score_noise: float
    willingness_with_frailty: float
    first_entry: int


@compiled
def _fill(
    ids: npt.NDArray[np.uint64],
    levels: npt.NDArray[np.int8],
    birth_month: npt.NDArray[np.int32],
    region: npt.NDArray[np.int16],
    frailty: FloatArray,
    detection: FloatArray,
    willingness_noise: FloatArray,
    screen_noise: FloatArray,
    starts: IntArray,
    rows: IntArray,
    by_level: FloatArray,
    matters: IntArray,
    first: IntArray,
    frailty_sd: FloatArray,
    draws: IntArray,
    reported: IntArray,
    cuts: FloatArray,
    terms: _Terms,
    seed: np.uint64,
    state: State,
) -> None:
    """Fill what rules read of each family, in one pass.

    Parameters
    ----------
    starts
        Position of each attribute's first level on the axis of all levels.
    rows
        Of each outcome among those with a rate, -1 for a status. Shape (outcomes,).
    by_level
        Log hazard ratios. Shape (outcomes, levels).
    matters, first
        Attributes with any ratio for an outcome: of outcome o those from `first[o]` up to
        `first[o + 1]`.
    frailty_sd
        Log sd of shared and own frailty. Shape (outcomes, 2).
    draws
        Purposes of the own frailties. Shape (outcomes,).
    reported
        Rows (column of `levels`, what its positions are moved by on the group axis), then one row
        (-1, first risk group). Region comes first and needs none.
    cuts
        Risk at which risk groups begin.
    """
    for i in range(ids.shape[0]):
        person = state.people[i]
        for j in range(levels.shape[1]):
            state.levels[i, j] = starts[j] + levels[i, j]
        person["id"] = ids[i]
        person["entry"] = birth_month[i] - terms.first_entry
        person["region"] = region[i]
        person["frailty"] = frailty[i]
        person["detection"] = detection[i]
        for o in range(by_level.shape[0]):
            if rows[o] < 0 and o != terms.screened_outcome:
                continue
            shared, own = frailty_sd[o, 0], frailty_sd[o, 1]
            x = shared * frailty[i] - 0.5 * shared * shared
            if own > 0.0:
                x += own * normal(seed, ids[i], draws[o], 0) - 0.5 * own * own
            for j in range(first[o], first[o + 1]):
                x += by_level[o, state.levels[i, matters[j]]]
            if rows[o] >= 0:
                state.hazards[i, rows[o]]["multiplier"] = math.exp(x)
            if o == terms.screened_outcome:
                person["risk"] = (x - terms.risk_mean) / terms.risk_sd
        r = terms.willingness_with_frailty
        person["willingness"] = r * frailty[i] + math.sqrt(1.0 - r * r) * willingness_noise[i]
        person["score"] = (
            terms.score_with_risk * person["risk"]
            + terms.score_with_detection * detection[i]
            + terms.score_noise * screen_noise[i]
        )
        state.groups[i, 0] = 1 + region[i]
        last = reported.shape[0] - 1
        for j in range(last):
            state.groups[i, j + 1] = state.levels[i, reported[j, 0]] + reported[j, 1]
        risk_group = reported[last, 1]
        for j in range(cuts.shape[0]):
            risk_group += cuts[j] <= person["risk"]
        state.groups[i, last + 1] = risk_group


def _level_starts(scenario: Scenario) -> IntArray:
    """Position of each attribute's first level on the axis of all levels."""
    return np.cumsum([0, *(len(levels) for levels in attributes_of(scenario).values())])[:-1]


def report_groups(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """(dimension, group) in the order of the ledger's group axis."""
    groups = [("all", "all")]
    groups += [("region", name) for name in scenario.population.regions]
    for attribute in REPORTED_ATTRIBUTES:
        groups += [(attribute.replace("-", "_"), level) for level in ATTRIBUTES[attribute]]
    return (*groups, *(("risk_group", name) for name in RISK_GROUPS))


class Entrance:
    """What families bring along when they enter a run, as the rules read it."""

    def __init__(self, plan: Plan, seed: int) -> None:
        scenario = plan.scenario
        outcomes = list(scenario.outcomes.values())
        levels = list(levels_of(scenario))
        self._plan = plan
        self._seed = np.uint64(seed)
        self._starts = _level_starts(scenario)
        rated = plan.rated
        self._rows = np.array([rated.index(o) if o in rated else -1 for o in scenario.outcomes])
        self._by_level = np.zeros((len(outcomes), len(levels)))
        for o, outcome in enumerate(outcomes):
            for name, quantity in outcome.log_hazard_ratios.items():
                self._by_level[o, levels.index(name)] = quantity.value
        has_ratio = self._by_level != 0.0
        matters = [
            has_ratio[:, a:b].any(axis=1)
            for a, b in itertools.pairwise([*self._starts.tolist(), len(levels)])
        ]
        self._matters = np.nonzero(np.transpose(matters))[1]
        self._first = np.concatenate([[0], np.sum(matters, axis=0).cumsum()])
        self._frailty_sd = np.array(
            [[o.shared_frailty_sd.value, o.own_frailty_sd.value] for o in outcomes]
        ).reshape(-1, 2)
        self._draws = numbers("frailty", list(scenario.outcomes))
        first_group = 1 + len(scenario.population.regions)
        reported: list[tuple[int, int]] = []
        for attribute in REPORTED_ATTRIBUTES:
            column = list(ATTRIBUTES).index(attribute)
            reported.append((column, first_group - int(self._starts[column])))
            first_group += len(ATTRIBUTES[attribute])
        self._reported = np.array([*reported, (-1, first_group)], np.int64)
        screening = scenario.screening
        self._cuts = np.array(screening.risk_group_cuts)
        with_risk = screening.correlation_with_risk.value
        with_detection = screening.correlation_with_detection.value
        self._terms = _Terms(
            screened_outcome=list(scenario.outcomes).index(screening.of),
            risk_mean=screening.risk_mean.value,
            risk_sd=screening.risk_sd.value,
            score_with_risk=with_risk,
            score_with_detection=with_detection,
            score_noise=math.sqrt(max(0.0, 1.0 - with_risk**2 - with_detection**2)),
            willingness_with_frailty=scenario.frailty.willingness_with_frailty.value,
            first_entry=plan.t0 + plan.birth_age,
        )

    def store(self, rows: int) -> State:
        """Room for families."""
        plan, scenario = self._plan, self._plan.scenario
        return new_store(
            rows,
            attributes=len(self._starts),
            dimensions=len(self._reported) + 1,
            outcomes=len(scenario.outcomes),
            rates=len(plan.rated),
            chains=len(scenario.chains),
            measures=len(plan.measures.names),
            tracks=len(plan.tracks),
            programs=len(plan.programs),
            doors=len(plan.doors),
            hubs=len(plan.hubs),
        )

    def enter(self, families: Families, state: State) -> None:
        """Write down families who have not lived yet and have met nobody."""
        clear(self._plan.last_age, state)
        _fill(
            families.id,
            families.levels,
            families.birth_month,
            families.region,
            families.frailty,
            families.detection,
            families.willingness_noise,
            families.screen_noise,
            self._starts,
            self._rows,
            self._by_level,
            self._matters,
            self._first,
            self._frailty_sd,
            self._draws,
            self._reported,
            self._cuts,
            self._terms,
            self._seed,
            state,
        )
