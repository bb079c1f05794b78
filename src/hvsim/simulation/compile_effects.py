"""What services do to outcomes and chains, as arrays of ``tables``."""

from __future__ import annotations

import math

import numpy as np

from hvsim.simulation.plan import Plan
from hvsim.simulation.tables import Effects, FloatArray, Records


def _largest(table: FloatArray, *, sums: bool) -> FloatArray:
    """Largest logarithm that programs can bring together, at least that of no service."""
    rising = np.maximum(table, 0.0)
    return np.asarray(rising.sum(axis=0) if sums else rising.max(axis=0, initial=0.0))


def effects(plan: Plan, programs: Records, after_report: FloatArray) -> Effects:
    """Full-dose effects: the published log ratio divided by the mean dose of its trial.

    `after_report` holds by outcome the factor that a first report will put on its rate.
    """
    outcomes, chains = list(plan.scenario.outcomes), list(plan.scenario.chains)
    n = len(plan.programs)
    hazard, leave = np.zeros((n, len(outcomes))), np.zeros((n, len(outcomes)))
    detection, false_rate = np.zeros((n, len(chains))), np.zeros((n, len(chains)))
    for p, program in enumerate(plan.programs.values()):
        for name, effect in program.effects.items():
            if name not in outcomes:  # a program of the earlier policy may know more
                continue
            o = outcomes.index(name)
            dose = effect.mean_dose.value
            ratio = effect.odds_ratio if effect.hazard_ratio is None else effect.hazard_ratio
            if ratio is not None:
                hazard[p, o] = math.log(ratio.value) / dose
            if effect.exit_hazard_ratio is not None:
                leave[p, o] = math.log(effect.exit_hazard_ratio.value) / dose
        for name, seen in program.surveillance.items():
            if name not in chains:
                continue
            c = chains.index(name)
            detection[p, c] = math.log(seen.detection_odds_ratio.value)
            false_rate[p, c] = math.log(seen.false_report_rate_ratio.value)
    false_events = np.array(
        [outcomes.index(chain.false_events) for chain in plan.scenario.chains.values()], np.int64
    )
    sums = plan.scenario.structure.several_programs == "sum"
    most = _largest(hazard, sums=sums)
    np.add.at(most, false_events, _largest(false_rate, sums=False))
    reach = (hazard != 0.0) | (leave != 0.0)
    touched = reach.any(axis=0)
    touched[false_events] |= (false_rate != 0.0).any(axis=0)
    rates = np.nonzero(touched & np.isin(outcomes, plan.rated))[0]
    return Effects(
        hazard=hazard,
        exit=leave,
        detection=detection,
        false_rate=false_rate,
        false_events=false_events,
        reach=np.nonzero(reach)[1],
        first=np.concatenate([[0], reach.sum(axis=1).cumsum()]),
        any=np.nonzero(touched)[0],
        rates=rates,
        rows=np.array([plan.rated.index(outcomes[o]) for o in rates], np.int64),
        most=np.exp(most) * np.where(touched, np.maximum(after_report, 1.0), 1.0),
        most_exit=np.exp(_largest(leave, sums=sums)),
        sums=np.array([sums]),
        programs=programs,
    )
