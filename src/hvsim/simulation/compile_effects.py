"""What services do to outcomes and chains, as arrays of ``tables``."""

from __future__ import annotations

import math

import numpy as np

from hvsim.simulation.plan import Plan
from hvsim.simulation.tables import Effects, Records


def effects(plan: Plan, programs: Records) -> Effects:
    """Full-dose effects: the published log ratio divided by the mean dose of its trial."""
    outcomes, chains = list(plan.scenario.outcomes), list(plan.scenario.chains)
    n = len(plan.programs)
    table = Effects(
        hazard=np.zeros((n, len(outcomes))),
        exit=np.zeros((n, len(outcomes))),
        detection=np.zeros((n, len(chains))),
        false_rate=np.zeros((n, len(chains))),
        sums=np.array([plan.scenario.structure.several_programs == "sum"]),
        programs=programs,
    )
    for p, program in enumerate(plan.programs.values()):
        for name, effect in program.effects.items():
            if name not in outcomes:  # a program of the earlier policy may know more
                continue
            o = outcomes.index(name)
            dose = effect.mean_dose.value
            ratio = effect.odds_ratio if effect.hazard_ratio is None else effect.hazard_ratio
            if ratio is not None:
                table.hazard[p, o] = math.log(ratio.value) / dose
            if effect.exit_hazard_ratio is not None:
                table.exit[p, o] = math.log(effect.exit_hazard_ratio.value) / dose
        for name, seen in program.surveillance.items():
            if name not in chains:
                continue
            c = chains.index(name)
            table.detection[p, c] = math.log(seen.detection_odds_ratio.value)
            table.false_rate[p, c] = math.log(seen.false_report_rate_ratio.value)
    return table
