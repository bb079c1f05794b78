"""Outcomes, chains and what hears of their reports, as arrays of ``tables``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from hvsim.chances import attenuated_logit
from hvsim.randomness import purpose
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Chain, Outcome
from hvsim.scenario.vocabulary import FIRST_STAGE, levels_of
from hvsim.simulation.compile import coefficients, records, steps
from hvsim.simulation.plan import Plan
from hvsim.simulation.tables import (
    BEGUN,
    CHAIN,
    ENDING,
    LISTENER,
    OUTCOME,
    RECURRENT,
    STAGE,
    STATE,
    STATUS,
    Clock,
    FloatArray,
    Listening,
    Records,
    Risks,
)

KINDS = {"recurrent": RECURRENT, "state": STATE, "status": STATUS, "ending": ENDING}


def clock(plan: Plan) -> Clock:
    """Months and ages of a run."""
    return Clock(plan.first, plan.birth_age, plan.scenario.end - plan.t0)


def _outcome(plan: Plan, name: str, outcome: Outcome, share_variance: float) -> dict[str, float]:
    """Record of one outcome."""
    raises_harm = plan.scenario.structure.recurrence == "harm"
    chained, after_report = False, 1.0
    for chain in plan.scenario.chains.values():
        chained |= name in (chain.true_events, chain.false_events)
        if name == chain.false_events or (raises_harm and name == chain.true_events):
            after_report = chain.after_first_report.value
    entry, amount, share = outcome.present_at_entry, outcome.amount, outcome.share
    at_age = -1 if outcome.at_age is None else outcome.at_age + plan.birth_age
    dose_age = at_age if outcome.dose_age is None else outcome.dose_age + plan.birth_age
    mean = 1.0 if amount is None else amount.mean.value
    measures = plan.measures
    return {
        "kind": KINDS[outcome.kind],
        "row": plan.rated.index(name) if name in plan.rated else -1,
        "is_chained": chained,
        "after_report": after_report,
        "is_begun": outcome.begins_with is not None,
        "ends_life": outcome.ends == "life",
        "at_entry": 0.0 if entry is None else entry.value,
        "amount_rate": math.inf if mean <= 1.0 else -math.log1p(-1.0 / mean),
        "sibling_after": -1 if outcome.sibling_after is None else outcome.sibling_after,
        "logit": 0.0 if share is None else attenuated_logit(share.value, share_variance),
        "realized": -1
        if outcome.realized is None
        else list(levels_of(plan.scenario)).index(outcome.realized),
        "dose_age": dose_age,
        "at_age": at_age,
        "event_draw": purpose("outcome", name),
        "m_event": measures[name],
        "m_recovery": measures[f"{name}-recovery"] if outcome.kind == "state" else -1,
        "m_amount": -1 if amount is None else measures[amount.name],
        **{
            f"{kind}_draw": purpose(kind, name)
            for kind in ("amount", "onset", "exit", "entry", "status")
        },
    }


def _stage_of(plan: Plan, chain: str, name: str) -> int:
    """Position of a stage on the axis of all chains' stages, -1 for the report itself."""
    if name == FIRST_STAGE:
        return -1
    stages = [(c, s) for c, other in plan.scenario.chains.items() for s in other.stages]
    return stages.index((chain, name))


def _stages(plan: Plan) -> tuple[Records, FloatArray, FloatArray]:
    """Records of stages, and their probabilities by age with and without harm."""
    stages = [
        (c, s, stage)
        for c, chain in plan.scenario.chains.items()
        for s, stage in chain.stages.items()
    ]
    shape = (len(stages), plan.last_age)
    rows = [
        {
            "follows": _stage_of(plan, c, stage.follows),
            "draw": purpose("stage", f"{c}:{s}"),
            "measure": plan.measures[s],
        }
        for c, s, stage in stages
    ]
    by_age = [
        np.array([steps(share, -plan.birth_age, plan.last_age) for share in shares]).reshape(shape)
        for shares in ([s.if_true for *_, s in stages], [s.if_false for *_, s in stages])
    ]
    return records(STAGE, rows), by_age[0], by_age[1]


def _listeners(plan: Plan) -> list[tuple[str, int, str]]:
    """(chain, policy, door) of each agency door on the terms of each policy, chain by chain."""
    return [
        (chain, policy, name)
        for chain in plan.scenario.chains
        for policy, scenario in enumerate(plan.policies)
        for name, door in scenario.doors.items()
        if door.kind == "agency" and door.chain == chain
    ]


def _begun(plan: Plan) -> list[tuple[str, str, int]]:
    """(chain, outcome, stage) of each state that a stage begins, chain by chain."""
    return [
        (chain, name, _stage_of(plan, chain, outcome.begins_with.stage))
        for chain in plan.scenario.chains
        for name, outcome in plan.scenario.outcomes.items()
        if outcome.begins_with is not None and outcome.begins_with.chain == chain
    ]


def _span(of_chains: Sequence[str], chain: str) -> tuple[int, int]:
    """First position, and that after the last, of a chain in a list in the order of chains."""
    at = [j for j, other in enumerate(of_chains) if other == chain]
    return (at[0], at[-1] + 1) if at else (0, 0)


def _chain(plan: Plan, name: str, chain: Chain) -> dict[str, float]:
    """Record of one chain."""
    outcomes = list(plan.scenario.outcomes)
    stages = [c for c, other in plan.scenario.chains.items() for _ in other.stages]
    first_stage, end_stage = _span(stages, name)
    first_listener, end_listener = _span([c for c, *_ in _listeners(plan)], name)
    first_begun, end_begun = _span([c for c, *_ in _begun(plan)], name)
    return {
        "true_events": outcomes.index(chain.true_events),
        "false_events": outcomes.index(chain.false_events),
        "logit": attenuated_logit(chain.detected.value, 0.0),
        "spread": chain.detection_spread.value,
        "after": chain.after_first_report.value,
        "raises_harm": plan.scenario.structure.recurrence == "harm",
        "is_heard": end_listener > first_listener or end_begun > first_begun,
        "first_stage": first_stage,
        "end_stage": end_stage,
        "first_listener": first_listener,
        "end_listener": end_listener,
        "first_begun": first_begun,
        "end_begun": end_begun,
        "detected_draw": purpose("detected", name),
        "m_reported": plan.measures["reported"],
        "m_unharmed": plan.measures["reported-without-harm"],
    }


def risks(plan: Plan) -> Risks:
    """Tables of outcomes and chains."""
    scenario, ages = plan.scenario, plan.last_age
    outcomes = scenario.outcomes
    cumulative = np.zeros((plan.cohorts, len(outcomes), ages + 1))
    exits = np.zeros((len(outcomes), ages + 1))
    for o, outcome in enumerate(outcomes.values()):
        by_age = steps(outcome.per_month, -plan.birth_age, ages)
        trend = steps(outcome.trend, plan.t0, plan.months)
        for cohort in range(plan.cohorts):
            cumulative[cohort, o, 1:] = np.cumsum(by_age * trend[cohort : cohort + ages])
        if outcome.exit_per_month is not None:
            exits[o, 1:] = np.cumsum(steps(outcome.exit_per_month, -plan.birth_age, ages))
    share_by, variances = coefficients(scenario, [o.share_log_odds for o in outcomes.values()])
    stages, if_true, if_false = _stages(plan)
    rows = [
        _outcome(plan, name, outcome, variance)
        for (name, outcome), variance in zip(outcomes.items(), variances, strict=True)
    ]
    table = records(OUTCOME, rows)
    chained, ends = table["is_chained"], table["kind"] == ENDING
    alone = ((table["sibling_after"] >= 0) | table["is_begun"]) & ~chained
    linked = chained | ends | alone
    return Risks(
        outcomes=table,
        chains=records(CHAIN, [_chain(plan, name, c) for name, c in scenario.chains.items()]),
        stages=stages,
        linked=np.flatnonzero(linked),
        linked_alone=np.flatnonzero(alone),
        free=np.flatnonzero(~linked),
        endings=np.array(
            [
                o
                for ends in ("life", "residence")
                for o, outcome in enumerate(outcomes.values())
                if outcome.ends == ends
            ],
            np.int64,
        ),
        cumulative=cumulative,
        exits=exits,
        if_true=if_true,
        if_false=if_false,
        detected_by=coefficients(
            scenario, [chain.detected_log_odds for chain in scenario.chains.values()]
        )[0],
        share_by=share_by,
    )


def listening(plan: Plan) -> Listening:
    """Tables of what follows from reports."""
    doors, outcomes = list(plan.doors), list(plan.scenario.outcomes)
    heard = _listeners(plan)
    terms = [plan.policies[policy].doors[name] for _, policy, name in heard]
    by: list[Mapping[str, Quantity]] = [door.refers_log_odds for door in terms]
    refers_by, variances = coefficients(plan.scenario, by)
    refers = np.full((len(heard), plan.months), -math.inf)
    for j, ((_, policy, _), door) in enumerate(zip(heard, terms, strict=True)):
        for t in range(plan.months):
            if plan.policy(t) == policy:
                refers[j, t] = attenuated_logit(door.refers.at(plan.t0 + t), variances[j])
    return Listening(
        listeners=records(
            LISTENER,
            [
                {
                    "door": doors.index(name),
                    "stage": _stage_of(plan, chain, door.after or FIRST_STAGE),
                    "draw": purpose("door", name),
                }
                for (chain, _, name), door in zip(heard, terms, strict=True)
            ],
        ),
        begun=records(
            BEGUN,
            [{"outcome": outcomes.index(name), "stage": stage} for _, name, stage in _begun(plan)],
        ),
        refers=refers,
        refers_by=refers_by,
    )
