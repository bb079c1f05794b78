"""Families as the rules read them: risk, score, willingness, groups."""

from __future__ import annotations

import math

import numpy as np

from hvsim.compiled import compiled
from hvsim.population.families import Families
from hvsim.randomness import normal
from hvsim.scenario.schema import Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES, LEVELS
from hvsim.simulation.compile import numbers
from hvsim.simulation.plan import Plan
from hvsim.simulation.state import People
from hvsim.simulation.tables import FloatArray, IntArray

REPORTED_ATTRIBUTES = ("race-ethnicity", "payer")
RISK_GROUPS = ("low", "medium", "high")


@compiled
def _multipliers(ids, levels, frailty, by_level, shared, own, draw, seed, multiplier):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Fill the logarithms of the multipliers. Shapes: (n,), (n, attributes), (n,), (o, levels) ..."""
    for i in range(ids.shape[0]):
        for o in range(by_level.shape[0]):
            x = shared[o] * frailty[i] - 0.5 * shared[o] * shared[o]
            if own[o] > 0.0:
                x += own[o] * normal(seed, ids[i], draw[o], 0) - 0.5 * own[o] * own[o]
            for j in range(levels.shape[1]):
                x += by_level[o, levels[i, j]]
            multiplier[i, o] = x


def level_positions(families: Families) -> IntArray:
    """Positions of each family's levels on the axis of all levels. Shape (n, attributes)."""
    sizes = [len(levels) for levels in ATTRIBUTES.values()]
    return families.levels.astype(np.int64) + np.cumsum([0, *sizes[:-1]])


def log_multipliers(scenario: Scenario, families: Families, seed: np.uint64) -> FloatArray:
    """Logarithms of the families' multipliers by outcome. Shape (n, outcomes)."""
    outcomes = list(scenario.outcomes.values())
    by_level = np.zeros((len(outcomes), len(LEVELS)))
    for o, outcome in enumerate(outcomes):
        for name, quantity in outcome.log_hazard_ratios.items():
            by_level[o, list(LEVELS).index(name)] = quantity.value
    multiplier = np.empty((len(families), len(outcomes)))
    _multipliers(
        families.id,
        level_positions(families),
        families.frailty,
        by_level,
        np.array([outcome.shared_frailty_sd.value for outcome in outcomes]),
        np.array([outcome.own_frailty_sd.value for outcome in outcomes]),
        numbers("frailty", list(scenario.outcomes)),
        seed,
        multiplier,
    )
    return multiplier


def report_groups(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """(dimension, group) in the order of the ledger's group axis."""
    groups = [("all", "all")]
    groups += [("region", name) for name in scenario.population.regions]
    for attribute in REPORTED_ATTRIBUTES:
        groups += [(attribute.replace("-", "_"), level) for level in ATTRIBUTES[attribute]]
    return (*groups, *(("risk_group", name) for name in RISK_GROUPS))


def _groups(scenario: Scenario, families: Families, risk: FloatArray) -> IntArray:
    """Positions on the group axis, one column a dimension."""
    start = 1
    columns = [families.region.astype(np.int64) + start]
    start += len(scenario.population.regions)
    for attribute in REPORTED_ATTRIBUTES:
        column = list(ATTRIBUTES).index(attribute)
        columns.append(families.levels[:, column].astype(np.int64) + start)
        start += len(ATTRIBUTES[attribute])
    cuts = np.array(scenario.screening.risk_group_cuts)
    columns.append(np.searchsorted(cuts, risk, side="right").astype(np.int64) + start)
    return np.ascontiguousarray(np.stack(columns, axis=1))


def make_people(plan: Plan, families: Families, seed: np.uint64) -> People:
    """Derive what the rules read from the families' attributes and traits."""
    scenario = plan.scenario
    logs = log_multipliers(scenario, families, seed)
    screening = scenario.screening
    of = list(scenario.outcomes).index(screening.of)
    risk = (logs[:, of] - screening.risk_mean.value) / screening.risk_sd.value
    with_risk = screening.correlation_with_risk.value
    with_detection = screening.correlation_with_detection.value
    noise = math.sqrt(max(0.0, 1.0 - with_risk**2 - with_detection**2))
    r = scenario.frailty.willingness_with_frailty.value
    return People(
        id=families.id,
        entry=families.birth_month.astype(np.int64) - plan.birth_age - plan.t0,
        region=families.region.astype(np.int64),
        levels=level_positions(families),
        groups=_groups(scenario, families, risk),
        risk=risk,
        willingness=r * families.frailty + math.sqrt(1.0 - r * r) * families.willingness_noise,
        detection=families.detection,
        score=with_risk * risk
        + with_detection * families.detection
        + noise * families.screen_noise,
        multiplier=np.exp(logs),
    )
