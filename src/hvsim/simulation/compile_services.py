"""Programs, as arrays of ``tables``."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hvsim.chances import attenuated_logit
from hvsim.randomness import purpose
from hvsim.scenario.schema import Level, Program
from hvsim.simulation.compile import coefficients, records, steps
from hvsim.simulation.plan import Plan
from hvsim.simulation.rules import visits_due
from hvsim.simulation.tables import (
    PROGRAM,
    Services,
)


def _load(levels: Sequence[Level], age: int) -> int:
    """Heaviest load still ahead at a child age; 0 after the last level."""
    return max((level.load for level in levels if level.until_age > age), default=0)


def _visits(levels: Sequence[Level], age: int) -> int:
    """Visits scheduled in the month of a child age."""
    for level in levels:
        if level.from_age <= age < level.until_age:
            length = level.until_age - level.from_age
            return visits_due(age - level.from_age, length, level.visits)
    return 0


def services(plan: Plan) -> Services:
    """Tables of programs."""
    entries: list[Program] = list(plan.programs.values())
    follow_up = plan.last_age - plan.birth_age
    ages = range(-plan.birth_age, follow_up + 2)
    shape = (len(entries), len(ages))
    accepts_by, accepts_variance = coefficients(
        plan.scenario, [program.accepts_log_odds for program in entries]
    )
    visits_by, visits_variance = coefficients(
        plan.scenario, [program.visits_completed_log_odds for program in entries]
    )
    kinds = ("accepts", "provider", "queue", "gives-up", "visitor", "order", "visit", "leaves")
    rows: list[dict[str, float]] = []
    for p, (name, program) in enumerate(plan.programs.items()):
        fade = program.fade_half_life
        rows.append(
            {
                "track": plan.tracks.index(program.track),
                "enroll_until": min(program.enroll_until_age + plan.birth_age, plan.last_age - 1),
                "last_age": program.levels[-1].until_age + plan.birth_age,
                "accepts": attenuated_logit(program.accepts.value, accepts_variance[p]),
                "visits": attenuated_logit(program.visits_completed.value, visits_variance[p]),
                "wait_expires": int(program.wait_expires.value),
                "gives_up": program.gives_up_per_month.value,
                "hold_months": int(program.hold_months.value),
                "left_ratio": program.visitor_left_hazard_ratio.value,
                "left_months": int(program.visitor_left_months.value),
                "shape": program.dose_shape.value,
                "all_visits": sum(level.visits for level in program.levels)
                if plan.scenario.structure.dose == "share-of-program"
                else 0,
                "half_life": math.inf if fade is None else fade.value,
                "fade_step": int(program.fade_step.value),
                **{f"{kind.replace('-', '_')}_draw": purpose(kind, name) for kind in kinds},
            }
        )
    return Services(
        programs=records(PROGRAM, rows),
        gives_way=np.array(
            [[track in program.gives_way_to for track in plan.tracks] for program in entries], bool
        ).reshape(len(entries), len(plan.tracks)),
        accepts_by=accepts_by,
        visits_by=visits_by,
        leaves_by=coefficients(plan.scenario, [program.leaves_log_hazard for program in entries])[
            0
        ],
        visits_due=np.array(
            [[_visits(program.levels, a) for a in ages] for program in entries], np.int64
        ).reshape(shape),
        load=np.array(
            [
                [_load(program.levels, a) if a < follow_up else 0 for a in ages]
                for program in entries
            ],
            np.int64,
        ).reshape(shape),
        leaves=np.array(
            [steps(program.leaves_per_month, 0, len(ages)) for program in entries]
        ).reshape(shape),
    )
