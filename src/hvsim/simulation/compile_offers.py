"""The way through the doors, as arrays of ``tables``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist

import numpy as np

from hvsim.chances import attenuated_logit
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Door
from hvsim.scenario.values import OfferRule
from hvsim.scenario.vocabulary import attributes_of, levels_of
from hvsim.simulation.compile import coefficients, numbers
from hvsim.simulation.plan import Plan
from hvsim.simulation.tables import (
    Offers,
)


def _rule(rule: OfferRule) -> int:
    if rule.kind == "screened":
        return 2 if rule.level == "high" else 3
    return int(rule.kind == "everyone")


def terms(plan: Plan, policy: int) -> dict[str, Door]:
    """Each door on the terms of a policy; one that only the other knows keeps its own."""
    own = plan.policies[policy].doors
    return {name: own.get(name, door) for name, door in plan.doors.items()}


def offers(plan: Plan) -> Offers:
    """Tables of doors, offers and providers under both policies."""
    doors, programs = list(plan.doors), list(plan.programs)
    regions = list(plan.scenario.population.regions)
    attributes, levels = attributes_of(plan.scenario), list(levels_of(plan.scenario))
    q = len(plan.policies)
    consents = np.empty((len(doors), plan.months))
    threshold = np.empty(plan.months)
    offered = np.zeros((q, len(doors), len(programs)), bool)
    rule = np.zeros((q, len(programs)), np.int64)
    eligible = np.ones((q, len(programs), len(levels)), bool)
    eligible_region = np.ones((q, len(programs), len(regions)), bool)
    share = np.zeros((q, len(plan.providers)))
    consent_rows: list[Mapping[str, Quantity]] = []
    for policy, scenario in enumerate(plan.policies):
        consent_rows += [door.consents_log_odds for door in terms(plan, policy).values()]
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
    consents_by, variances = coefficients(plan.scenario, consent_rows)
    for t in range(plan.months):
        policy = plan.policy(t)
        scenario = plan.policies[policy]
        flagged = scenario.screening.flagged.at(plan.t0 + t)
        threshold[t] = quantile(1.0 - flagged)
        for d, door in enumerate(terms(plan, policy).values()):
            variance = variances[policy * len(doors) + d]
            consents[d, t] = attenuated_logit(door.consents.at(plan.t0 + t), variance)
    return Offers(
        consents=consents,
        consents_by=consents_by,
        consents_draw=numbers("consents", doors),
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
