"""The way through the doors, as arrays of ``tables``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import NormalDist

import numpy as np

from hvsim.chances import attenuated_logit
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Door
from hvsim.scenario.values import OfferRule
from hvsim.scenario.vocabulary import attributes_of, levels_of
from hvsim.simulation.compile import coefficients, numbers
from hvsim.simulation.plan import Plan
from hvsim.simulation.tables import FloatArray, IntArray, Offers


def _rule(rule: OfferRule) -> int:
    if rule.kind == "screened":
        return 2 if rule.level == "high" else 3
    return int(rule.kind == "everyone")


def terms(plan: Plan, policy: int) -> dict[str, Door]:
    """Each door on the terms of a policy; one that only the other knows keeps its own."""
    own = plan.policies[policy].doors
    return {name: own.get(name, door) for name, door in plan.doors.items()}


def _by_month(
    plan: Plan,
    number: Callable[[Door], Quantity],
    log_odds: Callable[[Door], Mapping[str, Quantity]],
) -> tuple[FloatArray, FloatArray]:
    """Log odds at the center of a chance at each door and month, and rows of coefficients."""
    doors = [list(terms(plan, policy).values()) for policy in range(len(plan.policies))]
    by, variances = coefficients(plan.scenario, [log_odds(door) for row in doors for door in row])
    logits = np.empty((len(plan.doors), plan.months))
    for t in range(plan.months):
        policy = plan.policy(t)
        for d, door in enumerate(doors[policy]):
            variance = variances[policy * len(plan.doors) + d]
            logits[d, t] = attenuated_logit(number(door).at(plan.t0 + t), variance)
    return logits, by


def _of_doors(plan: Plan, value: Callable[[Door], int]) -> IntArray:
    """A whole number of each door under each policy, -1 where the policy does not know it."""
    return np.array(
        [
            [value(scenario.doors[name]) if name in scenario.doors else -1 for name in plan.doors]
            for scenario in plan.policies
        ],
        np.int64,
    ).reshape(len(plan.policies), len(plan.doors))


def offers(plan: Plan) -> Offers:
    """Tables of doors, offers and providers under both policies."""
    doors, programs = list(plan.doors), list(plan.programs)
    regions = list(plan.scenario.population.regions)
    attributes, levels = attributes_of(plan.scenario), list(levels_of(plan.scenario))
    q = len(plan.policies)
    threshold = np.empty(plan.months)
    offered = np.zeros((q, len(doors), len(programs)), bool)
    rule = np.zeros((q, len(programs)), np.int64)
    eligible = np.ones((q, len(programs), len(levels)), bool)
    eligible_region = np.ones((q, len(programs), len(regions)), bool)
    share = np.zeros((q, len(plan.providers)))
    for policy, scenario in enumerate(plan.policies):
        for d, name in enumerate(doors):
            if name in scenario.doors:
                offered[policy, d] = [p in scenario.doors[name].offers for p in programs]
        for p, name in enumerate(programs):
            if name not in scenario.programs:
                continue
            program = scenario.programs[name]
            rule[policy, p] = _rule(program.offer_to)
            for attribute, open_to in program.eligible.items():
                if attribute == "region":
                    eligible_region[policy, p] = [region in open_to for region in regions]
                else:
                    for level in attributes[attribute]:
                        eligible[policy, p, levels.index(level)] = level in open_to
        for r, name in enumerate(plan.providers):
            if name in scenario.providers:
                share[policy, r] = scenario.providers[name].share.value
    for t in range(plan.months):
        policy = plan.policy(t)
        flagged = plan.policies[policy].screening.flagged.at(plan.t0 + t)
        threshold[t] = quantile(1.0 - flagged)
    consents, consents_by = _by_month(plan, lambda d: d.consents, lambda d: d.consents_log_odds)
    refers, refers_by = _by_month(plan, lambda d: d.refers, lambda d: d.refers_log_odds)
    hubs = list(plan.hubs)
    reaches_by, variances = coefficients(
        plan.scenario, [hub.reaches_log_odds for hub in plan.hubs.values()]
    )
    return Offers(
        consents=consents,
        consents_by=consents_by,
        consents_draw=numbers("consents", doors),
        consents_anew=np.array(
            [[door.kind == "agency" for door in terms(plan, i).values()] for i in range(q)], bool
        ).reshape(q, len(doors)),
        acceptance=np.array(
            [math.log(door.acceptance_odds_ratio.value) for door in plan.doors.values()]
        ),
        hub=_of_doors(plan, lambda door: -1 if door.hub is None else hubs.index(door.hub)),
        reaches=np.array(
            [
                attenuated_logit(hub.reaches.value, variance)
                for hub, variance in zip(plan.hubs.values(), variances, strict=True)
            ]
        ),
        reaches_by=reaches_by,
        reaches_draw=numbers("reaches", hubs),
        by_room=np.array([hub.match == "most-room" for hub in plan.hubs.values()], bool),
        refers=refers,
        refers_by=refers_by,
        refers_program=_of_doors(
            plan, lambda d: programs.index(d.after) if d.kind == "program" and d.after else -1
        ),
        refers_visits=_of_doors(plan, lambda door: door.after_visits),
        door_draw=numbers("door", doors),
        offers=offered,
        rule=rule,
        eligible=eligible,
        eligible_region=eligible_region,
        threshold=threshold,
        policy=np.array([plan.policy(t) for t in range(plan.months)], np.int64),
        provider_program=np.array(
            [programs.index(r.program) for r in plan.providers.values()], np.int64
        ),
        provider_share=share,
        provider_serves=np.array(
            [[region in r.regions for region in regions] for r in plan.providers.values()], bool
        ).reshape(len(plan.providers), len(regions)),
    )


def quantile(p: float) -> float:
    """Standard normal quantile; infinite at 0 and 1."""
    if p <= 0.0 or p >= 1.0:
        return -math.inf if p <= 0.0 else math.inf
    return NormalDist().inv_cdf(p)
