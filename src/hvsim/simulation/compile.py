"""From a scenario's objects to the arrays of ``tables``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import NormalDist

import numpy as np

from hvsim.randomness import purpose
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Door, Level, Program, Scenario
from hvsim.scenario.values import OfferRule
from hvsim.scenario.vocabulary import ATTRIBUTES, LEVELS, TRAITS
from hvsim.simulation.plan import Plan
from hvsim.simulation.rules import attenuated_logit, visits_due
from hvsim.simulation.tables import (
    CENTER,
    CHAIN,
    FIRST_LEVEL,
    OUTCOME,
    PROGRAM,
    STAGE,
    Effects,
    FloatArray,
    IntArray,
    Offers,
    Records,
    Risks,
    Services,
)

ALL_LEVELS = tuple(LEVELS)


def numbers(kind: str, names: Sequence[str]) -> IntArray:
    """Numbers of the purposes `kind`/name."""
    return np.array([purpose(kind, name) for name in names], np.int64)


def draws(plan: Plan) -> list[tuple[str, str]]:
    """Every purpose of this run, to be checked for collisions."""
    stages = [f"{c}:{s}" for c, chain in plan.scenario.chains.items() for s in chain.stages]
    by_name: dict[tuple[str, ...], Iterable[str]] = {
        ("frailty", "outcome", "onset", "exit", "entry"): plan.scenario.outcomes,
        ("detected",): plan.scenario.chains,
        ("stage",): stages,
        ("door", "consents"): plan.doors,
        (
            "accepts",
            "provider",
            "queue",
            "gives-up",
            "visitor",
            "visit",
            "leaves",
            "order",
        ): plan.programs,
        ("attribute",): ATTRIBUTES,
        ("trait",): ("willingness", "detection"),
    }
    fixed = [("frailty", "shared"), ("screen", "noise"), ("visitor", "tenure")]
    return fixed + [
        (kind, name) for kinds, names in by_name.items() for kind in kinds for name in names
    ]


def margin(scenario: Scenario, level: str) -> float:
    """Share of births at a level."""
    return scenario.population.margins[LEVELS[level]][level].value


def coefficients(
    scenario: Scenario, rows: Sequence[Mapping[str, Quantity]]
) -> tuple[FloatArray, list[float]]:
    """Table of log odds (or log hazards), a row for each mapping, and each row's variance."""
    table = np.zeros((len(rows), FIRST_LEVEL + len(ALL_LEVELS)))
    variances = [0.0] * len(rows)
    for row, by in enumerate(rows):
        for name, quantity in by.items():
            b = quantity.value
            if name in TRAITS:
                table[row, TRAITS.index(name)] = b
                variances[row] += b * b
            else:
                share = margin(scenario, name)
                table[row, FIRST_LEVEL + ALL_LEVELS.index(name)] = b
                table[row, CENTER] += b * share
                variances[row] += b * b * share * (1.0 - share)
    return table, variances


def records(dtype: np.dtype[np.void], rows: Sequence[Mapping[str, float]]) -> Records:
    """Array of records, one from each mapping of all fields."""
    fields = dtype.names or ()
    return np.array([tuple(row[field] for field in fields) for row in rows], dtype)


def _steps(quantity: Quantity, first: int, count: int) -> FloatArray:
    """Values of a step function at `count` consecutive integers."""
    return np.array([quantity.at(first + j) for j in range(count)])


def risks(plan: Plan) -> Risks:
    """Tables of outcomes and chains."""
    scenario, measures, ages = plan.scenario, plan.measures, plan.last_age
    names = list(scenario.outcomes)
    chained = {name for c in scenario.chains.values() for name in (c.true_events, c.false_events)}
    cumulative = np.zeros((len(names), plan.cohorts, ages + 1))
    exits = np.zeros((len(names), ages + 1))
    outcomes: list[dict[str, float]] = []
    for o, (name, outcome) in enumerate(scenario.outcomes.items()):
        by_age = _steps(outcome.per_month, -plan.birth_age, ages)
        trend = _steps(outcome.trend, plan.t0, plan.months)
        for cohort in range(plan.cohorts):
            cumulative[o, cohort, 1:] = np.cumsum(by_age * trend[cohort : cohort + ages])
        if outcome.exit_per_month is not None:
            exits[o, 1:] = np.cumsum(_steps(outcome.exit_per_month, -plan.birth_age, ages))
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
    q = len(plan.policies)
    consents = np.empty((len(doors), plan.months))
    threshold = np.empty(plan.months)
    offered = np.zeros((q, len(doors), len(programs)), bool)
    rule = np.zeros((q, len(programs)), np.int64)
    eligible = np.ones((q, len(programs), len(ALL_LEVELS)), bool)
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
                    for level in ATTRIBUTES[attribute]:
                        eligible[policy, p, ALL_LEVELS.index(level)] = level in open_to
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
            [_steps(program.leaves_per_month, 0, len(ages)) for program in entries]
        ).reshape(shape),
    )
