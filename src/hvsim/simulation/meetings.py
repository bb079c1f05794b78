"""Who meets which door, and when the contact is handled: doors that living alone leads to.

Agency and program doors meet families when something happens (``lifecourse``, ``visiting``). Months
count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hvsim.chances import attenuated_logit, logistic
from hvsim.compiled import compiled
from hvsim.randomness import exponential, purpose, uniform
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


@dataclass(frozen=True)
class Meeting:
    """How families meet one door under one policy.

    Attributes
    ----------
    door
        Its position.
    share_logit, by, draw, delay
        As `meet_door` takes them.
    with_others
        Whether it shares families with the other doors of its kind: each meets one of them.
    accumulated, contact_draw
        Rate of contacts accumulated up to each age, empty for contacts at given ages; its draw.
    age, ages_of_levels
        Age of the contact, and of families at a level (on the axis of all levels).
    """

    door: int
    share_logit: FloatArray
    by: FloatArray
    draw: int
    delay: int
    with_others: bool
    accumulated: FloatArray
    contact_draw: int
    age: int
    ages_of_levels: tuple[tuple[int, int], ...]

    def ages(self, who: IntArray, seed: np.uint64, state: State) -> IntArray:
        """Age of each family, from entry, at the contact; `NEVER` or later without."""
        if len(self.accumulated) > 0:
            return _contact_ages(who, self.accumulated, self.contact_draw, seed, state)
        ages = np.full(len(who), self.age, np.int64)
        for level, age in self.ages_of_levels:
            ages[(state.levels[who] == level).any(axis=1)] = age
        return ages


def _meeting(plan: Plan, policy: int, d: int, name: str) -> Meeting:
    door = plan.policies[policy].doors[name]
    by, (variance,) = coefficients(plan.scenario, [door.share_log_odds])
    levels = list(levels_of(plan.scenario))
    rate = np.zeros(0)
    if door.kind == "community" and door.contacts_per_month is not None:
        rate = np.cumsum(steps(door.contacts_per_month, -plan.birth_age, plan.last_age))
    return Meeting(
        door=d,
        share_logit=np.array(
            [
                attenuated_logit(door.share_of_births.at(plan.t0 + t), variance)
                if plan.policy(t) == policy
                else -math.inf
                for t in range(plan.months)
            ]
        ),
        by=by,
        draw=purpose("door", name),
        delay=int(door.kind != "birth"),
        with_others=door.kind == "birth",
        accumulated=rate,
        contact_draw=purpose("contact", name),
        age=plan.birth_age if door.kind == "birth" else NEVER,
        ages_of_levels=tuple(
            (levels.index(level), plan.birth_age + age) for level, age in door.contact_age.items()
        ),
    )


def meetings(plan: Plan) -> tuple[Meeting, ...]:
    """How families meet the doors that living alone leads to, in the order of doors."""
    return tuple(
        _meeting(plan, policy, d, name)
        for d, name in enumerate(plan.doors)
        for policy, scenario in enumerate(plan.policies)
        if name in scenario.doors and scenario.doors[name].kind in WITH_LIFE
    )


def meet(doors: Iterable[Meeting], who: IntArray, seed: np.uint64, state: State) -> None:
    """Find out in which month the contacts of families with doors are handled."""
    entry = state.people["entry"][who]
    left_by_others = np.ones(len(who))
    for door in doors:
        meet_door(
            who,
            door.door,
            door.share_logit,
            door.by,
            entry + door.ages(who, seed, state),
            door.draw,
            door.delay,
            left_by_others if door.with_others else np.ones(len(who)),
            seed,
            state,
        )
