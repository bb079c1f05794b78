"""Who meets which door, and when the contact is handled: doors that living alone leads to.

Agency and program doors meet families when something happens (``lifecourse``, ``visiting``). Months
count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

import math

import numpy as np

from hvsim.chances import attenuated_logit, logistic
from hvsim.compiled import compiled
from hvsim.randomness import exponential, purpose, uniform
from hvsim.scenario.schema import Door
from hvsim.scenario.vocabulary import levels_of
from hvsim.simulation.chances import linear
from hvsim.simulation.compile import coefficients, steps
from hvsim.simulation.plan import Plan
from hvsim.simulation.state import NEVER, State
from hvsim.simulation.tables import FloatArray, IntArray

WITH_LIFE = ("birth", "prenatal", "community")
"""Kinds of door whose contacts are known when a family enters."""


@compiled
def meet_door(
    who: IntArray,
    door: int,
    share_logit: FloatArray,
    by: FloatArray,
    months: IntArray,
    draw: int,
    delay: int,
    left: FloatArray,
    seed: np.uint64,
    state: State,
) -> None:
    """Find out who meets a door under one policy, and when the contact is handled.

    Who has met the door meets it no more.

    Parameters
    ----------
    who
        Families.
    share_logit
        Log odds at the center by month, minus infinity in months of the other policy.
    by
        Coefficients. One row.
    months
        Month of contact by family, `NEVER` without.
    delay
        Months from contact to handling.
    left
        By family, the chance left by the doors that exclude this one, 0 for who has met one of
        them; this door's share of it is taken off.
    """
    for j in range(who.shape[0]):
        i, t = who[j], months[j]
        if t >= share_logit.shape[0] or share_logit[t] == -math.inf or left[j] <= 0.0:
            continue
        if state.handled[i, door] < NEVER:
            continue
        p = logistic(share_logit[t] + linear(i, 0, by, state))
        if uniform(seed, state.people[i]["id"], draw, 0) * left[j] < p:
            state.handled[i, door] = t + delay
            left[j] = 0.0
        else:
            left[j] -= p


@compiled
def _contact_ages(
    who: IntArray, accumulated: FloatArray, draw: int, seed: np.uint64, state: State
) -> IntArray:
    """Age at which the accumulated rate of contacts reaches a family's threshold."""
    ages = np.full(who.shape[0], NEVER)
    for j in range(who.shape[0]):
        threshold = exponential(seed, state.people[who[j]]["id"], draw, 0)
        age = np.searchsorted(accumulated, threshold)
        if age < accumulated.shape[0]:
            ages[j] = age
    return ages


def _ages(
    plan: Plan, name: str, door: Door, who: IntArray, seed: np.uint64, state: State
) -> IntArray:
    """Age of each family, from entry, at the contact with a door; `NEVER` or later without."""
    if door.kind == "community" and door.contacts_per_month is not None:
        accumulated = np.cumsum(steps(door.contacts_per_month, -plan.birth_age, plan.last_age))
        return _contact_ages(who, accumulated, purpose("contact", name), seed, state)
    ages = np.full(len(who), plan.birth_age if door.kind == "birth" else NEVER, np.int64)
    levels = list(levels_of(plan.scenario))
    for level, age in door.contact_age.items():
        ages[(state.levels[who] == levels.index(level)).any(axis=1)] = plan.birth_age + age
    return ages


def meet(plan: Plan, who: IntArray, seed: np.uint64, state: State) -> None:
    """Find out in which month the contacts of families with doors are handled."""
    left_at_birth = np.ones(len(who))
    for d, name in enumerate(plan.doors):
        for policy, scenario in enumerate(plan.policies):
            if name not in scenario.doors or scenario.doors[name].kind not in WITH_LIFE:
                continue
            door = scenario.doors[name]
            by, (variance,) = coefficients(plan.scenario, [door.share_log_odds])
            logit = np.full(plan.months, -math.inf)
            for t in range(plan.months):
                if plan.policy(t) == policy:
                    logit[t] = attenuated_logit(door.share_of_births.at(plan.t0 + t), variance)
            meet_door(
                who,
                d,
                logit,
                by,
                state.people["entry"][who] + _ages(plan, name, door, who, seed, state),
                purpose("door", name),
                int(door.kind != "birth"),
                left_at_birth if door.kind == "birth" else np.ones(len(who)),
                seed,
                state,
            )
