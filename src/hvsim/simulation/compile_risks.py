"""Outcomes, chains and what services do to them, as arrays of ``tables``."""

from __future__ import annotations

import math

import numpy as np

from hvsim.chances import attenuated_logit
from hvsim.randomness import purpose
from hvsim.simulation.compile import records, steps
from hvsim.simulation.plan import Plan
from hvsim.simulation.tables import (
    CHAIN,
    OUTCOME,
    STAGE,
    Effects,
    Records,
    Risks,
)


def risks(plan: Plan) -> Risks:
    """Tables of outcomes and chains."""
    scenario, measures, ages = plan.scenario, plan.measures, plan.last_age
    names = list(scenario.outcomes)
    chained = {name for c in scenario.chains.values() for name in (c.true_events, c.false_events)}
    cumulative = np.zeros((len(names), plan.cohorts, ages + 1))
    exits = np.zeros((len(names), ages + 1))
    outcomes: list[dict[str, float]] = []
    for o, (name, outcome) in enumerate(scenario.outcomes.items()):
        by_age = steps(outcome.per_month, -plan.birth_age, ages)
        trend = steps(outcome.trend, plan.t0, plan.months)
        for cohort in range(plan.cohorts):
            cumulative[o, cohort, 1:] = np.cumsum(by_age * trend[cohort : cohort + ages])
        if outcome.exit_per_month is not None:
            exits[o, 1:] = np.cumsum(steps(outcome.exit_per_month, -plan.birth_age, ages))
        entry = outcome.present_at_entry
        is_state = outcome.kind == "state"
        draws_of = {
            f"{kind}_draw": purpose(kind if kind != "event" else "outcome", name)
            for kind in ("event", "onset", "exit", "entry")
        }
        outcomes.append(
            {
                "is_state": is_state,
                "is_alone": not is_state and name not in chained,
                "at_entry": 0.0 if entry is None else entry.value,
                "m_event": measures[name],
                "m_recovery": measures[f"{name}-recovery"] if is_state else -1,
                **draws_of,
            }
        )
    chains: list[dict[str, float]] = []
    stages: list[dict[str, float]] = []
    for name, chain in scenario.chains.items():
        first = len(stages)
        order = list(chain.stages)
        stages += [
            {
                "follows": -1
                if stage.follows == "reported"
                else first + order.index(stage.follows),
                "if_true": stage.if_true.value,
                "if_false": stage.if_false.value,
                "draw": purpose("stage", f"{name}:{stage_name}"),
                "measure": measures[stage_name],
            }
            for stage_name, stage in chain.stages.items()
        ]
        chains.append(
            {
                "true_events": names.index(chain.true_events),
                "false_events": names.index(chain.false_events),
                "logit": attenuated_logit(chain.detected.value, 0.0),
                "spread": chain.detection_spread.value,
                "after": chain.after_first_report.value,
                "first_stage": first,
                "end_stage": len(stages),
                "detected_draw": purpose("detected", name),
                "m_reported": measures["reported"],
                "m_unharmed": measures["reported-without-harm"],
            }
        )
    return Risks(
        records(OUTCOME, outcomes),
        records(CHAIN, chains),
        records(STAGE, stages),
        cumulative,
        exits,
    )


def effects(plan: Plan, programs: Records) -> Effects:
    """Full-dose effects: the published log ratio divided by the mean dose of its trial."""
    outcomes, chains = list(plan.scenario.outcomes), list(plan.scenario.chains)
    n = len(plan.programs)
    table = Effects(
        hazard=np.zeros((n, len(outcomes))),
        exit=np.zeros((n, len(outcomes))),
        detection=np.zeros((n, len(chains))),
        false_rate=np.zeros((n, len(chains))),
        programs=programs,
    )
    for p, program in enumerate(plan.programs.values()):
        for name, effect in program.effects.items():
            if name not in outcomes:  # a program of the earlier policy may know more
                continue
            o = outcomes.index(name)
            dose = effect.mean_dose.value
            table.hazard[p, o] = math.log(effect.hazard_ratio.value) / dose
            if effect.exit_hazard_ratio is not None:
                table.exit[p, o] = math.log(effect.exit_hazard_ratio.value) / dose
        for name, seen in program.surveillance.items():
            if name not in chains:
                continue
            c = chains.index(name)
            table.detection[p, c] = math.log(seen.detection_odds_ratio.value)
            table.false_rate[p, c] = math.log(seen.false_report_rate_ratio.value)
    return table
