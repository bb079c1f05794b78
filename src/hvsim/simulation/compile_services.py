"""Programs, as arrays of ``tables``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from hvsim.chances import attenuated_logit
from hvsim.randomness import purpose
from hvsim.scenario.schema import Level, Program
from hvsim.scenario.vocabulary import attributes_of, levels_of
from hvsim.simulation.compile import coefficients, numbers, records, steps
from hvsim.simulation.plan import Plan
from hvsim.simulation.rules import visits_due
from hvsim.simulation.state import NEVER
from hvsim.simulation.streams import stops, terms_of
from hvsim.simulation.tables import PROGRAM, Places, Services


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


def _door_terms(plan: Plan) -> dict[str, Any]:
    """What doors do to service that they led to, as fields of `Services`."""
    rated = plan.rated
    closures = [door.closure for door in plan.doors.values()]
    return {
        "closure_of": np.array(
            [rated.index(c.of) if c is not None and c.of in rated else -1 for c in closures],
            np.int64,
        ),
        "closure_leaves": np.array([0.0 if c is None else c.leaves.value for c in closures]),
        "closes_draw": numbers("closes", list(plan.doors)),
        "leaving_ratio": np.array(
            [door.leaving_hazard_ratio.value for door in plan.doors.values()]
        ),
    }


def services(plan: Plan) -> Services:
    """Tables of programs."""
    entries: list[Program] = list(plan.programs.values())
    # Ages from entry, or, in programs with `levels_from: enrollment`, months since then.
    width = plan.last_age + 2
    origins = [0 if p.levels_from == "enrollment" else plan.birth_age for p in entries]
    shape = (len(entries), width)
    accepts_by, accepts_variance = coefficients(
        plan.scenario, [program.accepts_log_odds for program in entries]
    )
    visits_by, visits_variance = coefficients(
        plan.scenario, [program.visits_completed_log_odds for program in entries]
    )
    kinds = ("accepts", "provider", "queue", "gives-up", "visitor", "order", "visit", "leaves")
    rows: list[dict[str, float]] = []
    for p, (name, program) in enumerate(plan.programs.items()):
        fade, mismatch, from_age = (
            program.fade_half_life,
            program.mismatch,
            program.enroll_from_age,
        )
        returns = program.returns_after
        rows.append(
            {
                "track": plan.tracks.index(program.track),
                "caseload": program.caseload,
                "enroll_from": 0 if from_age is None else from_age + plan.birth_age,
                "enroll_until": min(program.enroll_until_age + plan.birth_age, plan.last_age - 1),
                "returns_after": NEVER if returns is None else math.ceil(returns.value),
                "from_enrollment": program.levels_from == "enrollment",
                "last_age": program.levels[-1].until_age + origins[p],
                "accepts": attenuated_logit(program.accepts.value, accepts_variance[p]),
                "visits": attenuated_logit(program.visits_completed.value, visits_variance[p]),
                "wait_expires": int(program.wait_expires.value),
                "gives_up": program.gives_up_per_month.value,
                "hold_months": int(program.hold_months.value),
                "left_ratio": program.visitor_left_hazard_ratio.value,
                "left_months": int(program.visitor_left_months.value),
                "mismatch_visits": 0.0
                if mismatch is None
                else math.log(mismatch.visits_odds_ratio.value),
                "mismatch_leaving": 1.0
                if mismatch is None
                else mismatch.leaving_hazard_ratio.value,
                "shape": program.dose_shape.value,
                "all_visits": sum(level.visits for level in program.levels)
                if plan.scenario.structure.dose == "share-of-program"
                else 0,
                "half_life": math.inf if fade is None else fade.value,
                "fade_step": int(program.fade_step.value),
                **{f"{kind.replace('-', '_')}_draw": purpose(kind, name) for kind in kinds},
            }
        )
    stopped = np.zeros((len(entries), plan.months), bool)
    for name, month in stops(plan):
        if 0 <= month < plan.months and name in plan.programs:
            stopped[list(plan.programs).index(name), month] = True
    return Services(
        last_age=plan.last_age,
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
            [
                [_visits(program.levels, x - origin) for x in range(width)]
                for program, origin in zip(entries, origins, strict=True)
            ],
            np.int64,
        ).reshape(shape),
        load=np.array(
            [
                [_load(program.levels, x - origin) * plan.units for x in range(width)]
                for program, origin in zip(entries, origins, strict=True)
            ],
            np.int64,
        ).reshape(shape),
        leaves=np.array([steps(program.leaves_per_month, 0, width) for program in entries]).reshape(
            shape
        ),
        stops=stopped,
        **_door_terms(plan),
    )


def places(plan: Plan) -> Places:
    """Whom the places of each group of streams are for."""
    attributes, levels = attributes_of(plan.scenario), list(levels_of(plan.scenario))
    regions = list(plan.scenario.population.regions)
    rules = [terms_of(plan, policy).families for policy in range(len(plan.policies))]
    groups = max(len(families) for families in rules)
    table = Places(
        levels=np.zeros((len(rules), groups, len(levels)), bool),
        regions=np.zeros((len(rules), groups, len(regions)), bool),
        everyone=np.zeros((len(rules), groups), bool),
        families=plan.units,
    )
    for policy, families in enumerate(rules):
        for g, open_to in enumerate(families):
            table.regions[policy, g] = [r in open_to.get("region", regions) for r in regions]
            for attribute, known in attributes.items():
                for level in known:
                    is_open = level in open_to.get(attribute, known)
                    table.levels[policy, g, levels.index(level)] = is_open
            table.everyone[policy, g] = (
                table.regions[policy, g].all() and table.levels[policy, g].all()
            )
    return table
