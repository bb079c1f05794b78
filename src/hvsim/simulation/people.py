"""Families as the rules read them: risk, score, willingness, groups."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from hvsim.compiled import compiled
from hvsim.population.families import Families
from hvsim.randomness import normal
from hvsim.scenario.schema import Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES, LEVELS
from hvsim.simulation.compile import numbers
from hvsim.simulation.plan import Plan
from hvsim.simulation.state import State, new_state
from hvsim.simulation.tables import FloatArray, IntArray

REPORTED_ATTRIBUTES = ("race-ethnicity", "payer")
RISK_GROUPS = ("low", "medium", "high")


@compiled
def _log_multipliers(
    ids: npt.NDArray[np.uint64],
    levels: npt.NDArray[np.int16],
    frailty: FloatArray,
    by_level: FloatArray,
    shared: FloatArray,
    own: FloatArray,
    draws: IntArray,
    seed: np.uint64,
    logs: FloatArray,
) -> None:
    """Fill the logarithms of the multipliers, by family and outcome."""
    for i in range(ids.shape[0]):
        for o in range(by_level.shape[0]):
            x = shared[o] * frailty[i] - 0.5 * shared[o] * shared[o]
            if own[o] > 0.0:
                x += own[o] * normal(seed, ids[i], draws[o], 0) - 0.5 * own[o] * own[o]
            for j in range(levels.shape[1]):
                x += by_level[o, levels[i, j]]
            logs[i, o] = x


def level_positions(families: Families) -> npt.NDArray[np.int16]:
    """Positions of each family's levels on the axis of all levels. Shape (n, attributes)."""
    sizes = [len(levels) for levels in ATTRIBUTES.values()]
    return families.levels.astype(np.int16) + np.cumsum([0, *sizes[:-1]], dtype=np.int16)


def log_multipliers(scenario: Scenario, families: Families, seed: int) -> FloatArray:
    """Logarithms of the families' multipliers by outcome. Shape (n, outcomes)."""
    outcomes = list(scenario.outcomes.values())
    by_level = np.zeros((len(outcomes), len(LEVELS)))
    for o, outcome in enumerate(outcomes):
        for name, quantity in outcome.log_hazard_ratios.items():
            by_level[o, list(LEVELS).index(name)] = quantity.value
    logs = np.empty((len(families), len(outcomes)))
    _log_multipliers(
        families.id,
        level_positions(families),
        families.frailty,
        by_level,
        np.array([outcome.shared_frailty_sd.value for outcome in outcomes]),
        np.array([outcome.own_frailty_sd.value for outcome in outcomes]),
        numbers("frailty", list(scenario.outcomes)),
        np.uint64(seed),
        logs,
    )
    return logs


def report_groups(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """(dimension, group) in the order of the ledger's group axis."""
    groups = [("all", "all")]
    groups += [("region", name) for name in scenario.population.regions]
    for attribute in REPORTED_ATTRIBUTES:
        groups += [(attribute.replace("-", "_"), level) for level in ATTRIBUTES[attribute]]
    return (*groups, *(("risk_group", name) for name in RISK_GROUPS))


def _groups(scenario: Scenario, families: Families, risk: FloatArray) -> npt.NDArray[np.int16]:
    """Positions on the group axis, one column a dimension. Shape (n, dimensions)."""
    start = 1
    columns: list[npt.NDArray[np.integer]] = [families.region + start]
    start += len(scenario.population.regions)
    for attribute in REPORTED_ATTRIBUTES:
        columns.append(families.levels[:, list(ATTRIBUTES).index(attribute)] + start)
        start += len(ATTRIBUTES[attribute])
    cuts = np.array(scenario.screening.risk_group_cuts)
    columns.append(np.searchsorted(cuts, risk, side="right") + start)
    return np.ascontiguousarray(np.stack(columns, axis=1).astype(np.int16))


def make_state(plan: Plan, families: Families, seed: int) -> State:
    """Families at their entry: what the rules read of attributes and traits."""
    scenario = plan.scenario
    logs = log_multipliers(scenario, families, seed)
    screening = scenario.screening
    of = list(scenario.outcomes).index(screening.of)
    risk = (logs[:, of] - screening.risk_mean.value) / screening.risk_sd.value
    with_risk = screening.correlation_with_risk.value
    with_detection = screening.correlation_with_detection.value
    noise = math.sqrt(max(0.0, 1.0 - with_risk**2 - with_detection**2))
    r = scenario.frailty.willingness_with_frailty.value
    state = new_state(
        len(families),
        levels=level_positions(families),
        groups=_groups(scenario, families, risk),
        outcomes=len(scenario.outcomes),
        chains=len(scenario.chains),
        measures=len(plan.measures.names),
        tracks=len(plan.tracks),
        programs=len(plan.programs),
    )
    state.hazards["multiplier"] = np.exp(logs)
    people = state.people
    people["id"] = families.id
    people["entry"] = families.birth_month - plan.birth_age - plan.t0
    people["region"] = families.region
    people["risk"] = risk
    people["detection"] = families.detection
    people["willingness"] = (
        r * families.frailty + math.sqrt(1.0 - r * r) * families.willingness_noise
    )
    people["score"] = (
        with_risk * risk + with_detection * families.detection + noise * families.screen_noise
    )
    return state
