"""From a scenario's objects to the arrays of ``tables``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from hvsim.randomness import purpose
from hvsim.scenario.schema import Door, Level, Program, Scenario
from hvsim.scenario.values import OfferRule, Quantity
from hvsim.scenario.vocabulary import ATTRIBUTES, LEVELS, TRAITS
from hvsim.simulation.plan import Plan
from hvsim.simulation.rules import attenuated_logit, visits_due
from hvsim.simulation.tables import (
    Coefficients,
    Effects,
    FloatArray,
    IntArray,
    Offers,
    Risks,
    Service,
)

ALL_LEVELS = tuple(LEVELS)


def numbers(kind: str, names: Sequence[str]) -> IntArray:
    """Numbers of the purposes `kind`/name."""
    return np.array([purpose(kind, name) for name in names], np.int64)


def draws(plan: Plan) -> list[tuple[str, str]]:
    """Every purpose of this run, to be checked for collisions."""
    stages = [f"{c}:{s}" for c, chain in plan.scenario.chains.items() for s in chain.stages]
    by_name = {
        ("frailty", "outcome", "onset", "exit", "entry"): plan.scenario.outcomes,
        ("detected",): plan.scenario.chains,
        ("stage",): stages,
        ("door", "consents"): plan.doors,
        (
            "accepts", "provider", "queue", "gives-up", "visitor", "visit", "leaves", "order",
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


def coefficients(scenario: Scenario, rows: Sequence[Mapping[str, Quantity]]) -> Coefficients:
    """One row of log odds (or log hazards) for each mapping."""
    table = Coefficients(
        traits=np.zeros((len(rows), len(TRAITS))),
        levels=np.zeros((len(rows), len(ALL_LEVELS))),
        center=np.zeros(len(rows)),
        variance=np.zeros(len(rows)),
    )
    for row, by in enumerate(rows):
        for name, quantity in by.items():
            b = quantity.value
            if name in TRAITS:
                table.traits[row, TRAITS.index(name)] = b
                table.variance[row] += b * b
            else:
                share = margin(scenario, name)
                table.levels[row, ALL_LEVELS.index(name)] = b
                table.center[row] += b * share
                table.variance[row] += b * b * share * (1.0 - share)
    return table


def _steps(quantity: Quantity, first: int, count: int) -> FloatArray:
    """Values of a step function at `count` consecutive integers."""
    return np.array([quantity.at(first + j) for j in range(count)])


def risks(plan: Plan) -> Risks:
    """Tables of outcomes and chains."""
    scenario = plan.scenario
    names = list(scenario.outcomes)
    ages = plan.last_age
    cumulative = np.zeros((len(names), plan.cohorts, ages + 1))
    exits = np.zeros((len(names), ages + 1))
    for o, outcome in enumerate(scenario.outcomes.values()):
        by_age = _steps(outcome.per_month, -plan.birth_age, ages)
        trend = _steps(outcome.trend, plan.t0, plan.months)
        for cohort in range(plan.cohorts):
            cumulative[o, cohort, 1:] = np.cumsum(by_age * trend[cohort : cohort + ages])
        if outcome.exit_per_month is not None:
            exits[o, 1:] = np.cumsum(_steps(outcome.exit_per_month, -plan.birth_age, ages))
    chained = {name for c in scenario.chains.values() for name in (c.true_events, c.false_events)}
    is_state = np.array([outcome.kind == "state" for outcome in scenario.outcomes.values()], bool)
    stages = [(c, s) for c, chain in scenario.chains.items() for s in chain.stages]
    after = []
    for c, chain in scenario.chains.items():
        for stage in chain.stages.values():
            after.append(-1 if stage.follows == "reported" else stages.index((c, stage.follows)))
    flat = [stage for chain in scenario.chains.values() for stage in chain.stages.values()]
    sizes = [len(chain.stages) for chain in scenario.chains.values()]
    measures = plan.measures
    chains = list(scenario.chains.values())
    return Risks(
        cumulative=cumulative,
        exits=exits,
        is_state=is_state,
        is_alone=np.array([name not in chained for name in names], bool) & ~is_state,
        at_entry=np.array(
            [
                0.0 if outcome.present_at_entry is None else outcome.present_at_entry.value
                for outcome in scenario.outcomes.values()
            ]
        ),
        chain_true=np.array([names.index(chain.true_events) for chain in chains], np.int64),
        chain_false=np.array([names.index(chain.false_events) for chain in chains], np.int64),
        chain_logit=np.array([attenuated_logit(chain.detected.value, 0.0) for chain in chains]),
        chain_spread=np.array([chain.detection_spread.value for chain in chains]),
        chain_after=np.array([chain.after_first_report.value for chain in chains]),
        stage_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        stage_after=np.array(after, np.int64),
        stage_true=np.array([stage.if_true.value for stage in flat]),
        stage_false=np.array([stage.if_false.value for stage in flat]),
        event=numbers("outcome", names),
        onset=numbers("onset", names),
        exit=numbers("exit", names),
        entry=numbers("entry", names),
        detected=numbers("detected", list(scenario.chains)),
        stage=numbers("stage", [f"{c}:{s}" for c, s in stages]),
        m_event=np.array([measures[name] for name in names], np.int64),
        m_recovery=np.array(
            [
                measures[f"{name}-recovery"] if state else -1
                for name, state in zip(names, is_state, strict=True)
            ],
            np.int64,
        ),
        m_reported=np.array([measures["reported"] for _ in chains], np.int64),
        m_unharmed=np.array([measures["reported-without-harm"] for _ in chains], np.int64),
        m_stage=np.array([measures[s] for _, s in stages], np.int64),
    )


def effects(plan: Plan) -> Effects:
    """Full-dose effects: the published log ratio divided by the mean dose of its trial."""
    programs = list(plan.programs.values())
    outcomes, chains = list(plan.scenario.outcomes), list(plan.scenario.chains)
    table = Effects(
        log_hazard_ratio=np.zeros((len(programs), len(outcomes))),
        log_exit_ratio=np.zeros((len(programs), len(outcomes))),
        log_detection_odds=np.zeros((len(programs), len(chains))),
        log_false_rate=np.zeros((len(programs), len(chains))),
        shape=np.array([program.dose_shape.value for program in programs]),
        half_life=np.array(
            [
                math.inf if program.fade_half_life is None else program.fade_half_life.value
                for program in programs
            ]
        ),
        fade_step=np.array([int(program.fade_step.value) for program in programs], np.int64),
    )
    for p, program in enumerate(programs):
        for name, effect in program.effects.items():
            o = outcomes.index(name)
            dose = effect.mean_dose.value
            table.log_hazard_ratio[p, o] = math.log(effect.hazard_ratio.value) / dose
            if effect.exit_hazard_ratio is not None:
                table.log_exit_ratio[p, o] = math.log(effect.exit_hazard_ratio.value) / dose
        for name, seen in program.surveillance.items():
            c = chains.index(name)
            table.log_detection_odds[p, c] = math.log(seen.detection_odds_ratio.value)
            table.log_false_rate[p, c] = math.log(seen.false_report_rate_ratio.value)
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
    doors, programs, tracks = list(plan.doors), list(plan.programs), list(plan.tracks)
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
    consents_by = coefficients(plan.scenario, consent_rows)
    for t in range(plan.months):
        policy = plan.policy(t)
        scenario = plan.policies[policy]
        flagged = scenario.screening.flagged.at(plan.t0 + t)
        threshold[t] = quantile(1.0 - flagged)
        for d, door in enumerate(terms(plan, policy).values()):
            variance = float(consents_by.variance[policy * len(doors) + d])
            consents[d, t] = attenuated_logit(door.consents.at(plan.t0 + t), variance)
    entries = list(plan.programs.values())
    accepts_by = coefficients(plan.scenario, [program.accepts_log_odds for program in entries])
    return Offers(
        consents=consents,
        consents_by=consents_by,
        offers=offered,
        rule=rule,
        eligible=eligible,
        eligible_region=eligible_region,
        threshold=threshold,
        enroll_until=np.array([p.enroll_until_age + plan.birth_age for p in entries], np.int64),
        track=np.array([tracks.index(p.track) for p in entries], np.int64),
        gives_way=np.array(
            [[track in p.gives_way_to for track in tracks] for p in entries], bool
        ).reshape(len(entries), len(tracks)),
        accepts=np.array(
            [
                attenuated_logit(p.accepts.value, v)
                for p, v in zip(entries, accepts_by.variance.tolist(), strict=True)
            ]
        ),
        accepts_by=accepts_by,
        provider_program=np.array(
            [programs.index(r.program) for r in plan.providers.values()], np.int64
        ),
        provider_share=share,
        provider_serves=np.array(
            [[region in r.regions for region in regions] for r in plan.providers.values()], bool
        ).reshape(len(plan.providers), len(regions)),
        policy=np.array([plan.policy(t) for t in range(plan.months)], np.int64),
        consents_draw=numbers("consents", doors),
        accepts_draw=numbers("accepts", programs),
        provider_draw=numbers("provider", programs),
        queue_draw=numbers("queue", programs),
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


def service(plan: Plan) -> Service:
    """Tables of service in each program."""
    entries: list[Program] = list(plan.programs.values())
    names = list(plan.programs)
    ages = range(-plan.birth_age, plan.last_age - plan.birth_age + 2)
    visit_by = coefficients(plan.scenario, [p.visits_completed_log_odds for p in entries])
    shape = (len(entries), len(ages))
    return Service(
        visits_due=np.array([[_visits(p.levels, a) for a in ages] for p in entries], np.int64)
        .reshape(shape),
        load=np.array([[_load(p.levels, a) for a in ages] for p in entries], np.int64)
        .reshape(shape),
        last_age=np.array([p.levels[-1].until_age + plan.birth_age for p in entries], np.int64),
        visit_logit=np.array(
            [
                attenuated_logit(p.visits_completed.value, v)
                for p, v in zip(entries, visit_by.variance.tolist(), strict=True)
            ]
        ),
        visit_by=visit_by,
        leaves=np.array([_steps(p.leaves_per_month, 0, len(ages)) for p in entries]).reshape(shape),
        leaves_by=coefficients(plan.scenario, [p.leaves_log_hazard for p in entries]),
        left_ratio=np.array([p.visitor_left_hazard_ratio.value for p in entries]),
        left_months=np.array([int(p.visitor_left_months.value) for p in entries], np.int64),
        hold_months=np.array([int(p.hold_months.value) for p in entries], np.int64),
        wait_expires=np.array([int(p.wait_expires.value) for p in entries], np.int64),
        gives_up=np.array([p.gives_up_per_month.value for p in entries]),
        visit_draw=numbers("visit", names),
        leaves_draw=numbers("leaves", names),
        gives_up_draw=numbers("gives-up", names),
        visitor_draw=numbers("visitor", names),
        order_draw=numbers("order", names),
    )
