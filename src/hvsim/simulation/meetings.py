"""Who meets which door, and when the contact is handled: doors that living alone leads to.

Agency and program doors meet families when something happens (``lifecourse``, ``visiting``). Months
count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hvsim.chances import attenuated_logit, logistic
from hvsim.compiled import inner, lean
from hvsim.randomness import exponential, uniform
from hvsim.scenario.vocabulary import levels_of
from hvsim.simulation.chances import linear
from hvsim.simulation.compile import coefficients, numbers, steps
from hvsim.simulation.plan import Plan
from hvsim.simulation.state import NEVER, State
from hvsim.simulation.tables import BoolArray, FloatArray, IntArray

WITH_LIFE = ("birth", "prenatal", "community")
"""Kinds of door whose contacts are known when a family enters."""


class Meetings(NamedTuple):
    """How families meet doors, a row for each door and policy.

    Attributes
    ----------
    door, delay, draw, contact_draw
        The door, months from contact to handling, numbers of draws. Shape (m,).
    with_others
        Whether the door shares families with the others of its kind: each meets one of them.
        Shape (m,).
    begin, end
        First month of the row's policy, and that after its last. Shape (m,).
    share_logit
        Log odds at the center by month. Shape (m, t).
    by
        Coefficients. Shape (m, columns).
    age
        Age of the contact, `NEVER` if none is given for all. Shape (m,).
    level, level_age, first
        Levels of families with an age of their own, and these ages: of row m those from `first[m]`
        up to `first[m + 1]`, of which the last counts.
    accumulated, has_rate
        Rate of contacts accumulated up to each age, shape (m, ages), and whether it is what decides
        on the age.
    """

    door: IntArray
    delay: IntArray
    draw: IntArray
    contact_draw: IntArray
    with_others: BoolArray
    begin: IntArray
    end: IntArray
    share_logit: FloatArray
    by: FloatArray
    age: IntArray
    level: IntArray
    level_age: IntArray
    first: IntArray
    accumulated: FloatArray
    has_rate: BoolArray


@inner
def _age_of_contact(i: int, m: int, meetings: Meetings, seed: np.uint64, state: State) -> int:
    """Age of family i, from entry, at the contact; `NEVER` without."""
    if meetings.has_rate[m]:
        threshold = exponential(seed, state.people[i]["id"], meetings.contact_draw[m], 0)
        accumulated = meetings.accumulated[m]
        low, high = 0, accumulated.shape[0]
        while low < high:
            middle = (low + high) // 2
            if accumulated[middle] < threshold:
                low = middle + 1
            else:
                high = middle
        return low if low < accumulated.shape[0] else NEVER
    age = meetings.age[m]
    for x in range(meetings.first[m], meetings.first[m + 1]):
        for j in range(state.levels.shape[1]):
            if state.levels[i, j] == meetings.level[x]:
                age = meetings.level_age[x]
    return int(age)


@lean
def meet(first: int, meetings: Meetings, seed: np.uint64, state: State) -> None:
    """Find out which doors families meet, and in which month the contacts are handled.

    Who has met a door meets it no more. Among the doors that share families each takes its share of
    a family's single draw: `left` is the chance that those before it left.

    Parameters
    ----------
    first
        Position of the first family that has met nobody yet; so have all after it.
    """
    for i in range(first, state.people.shape[0]):
        person, handled = state.people[i], state.handled[i]
        left = 1.0
        for m in range(meetings.door.shape[0]):
            d, alone = meetings.door[m], not meetings.with_others[m]
            if handled[d] < NEVER or not (alone or left > 0.0):
                continue
            entry, begin, end = int(person["entry"]), meetings.begin[m], meetings.end[m]
            if entry >= end or entry + person["last"] <= begin:
                continue
            t = entry + _age_of_contact(i, m, meetings, seed, state)
            if not begin <= t < end:
                continue
            p = logistic(meetings.share_logit[m, t] + linear(i, m, meetings.by, state))
            u = uniform(seed, person["id"], meetings.draw[m], 0)
            if u * (1.0 if alone else left) < p:
                handled[d] = t + meetings.delay[m]
                if not alone:
                    left = 0.0
            elif not alone:
                left -= p


def meetings(plan: Plan) -> Meetings:
    """How families meet the doors that living alone leads to, in the order of doors."""
    names = list(plan.doors)
    rows = [
        (policy, scenario.doors[name], name)
        for name in names
        for policy, scenario in enumerate(plan.policies)
        if name in scenario.doors and scenario.doors[name].kind in WITH_LIFE
    ]
    by, variances = coefficients(plan.scenario, [door.share_log_odds for _, door, _ in rows])
    levels = list(levels_of(plan.scenario))
    share_logit = np.zeros((len(rows), plan.months))
    accumulated = np.zeros((len(rows), plan.last_age))
    begin = [plan.first if policy else 0 for policy, *_ in rows]
    end = [plan.months if policy else plan.first for policy, *_ in rows]
    for m, (_, door, _) in enumerate(rows):
        for t in range(begin[m], end[m]):
            share_logit[m, t] = attenuated_logit(door.share_of_births.at(plan.t0 + t), variances[m])
        if door.contacts_per_month is not None:
            rates = steps(door.contacts_per_month, -plan.birth_age, plan.last_age)
            accumulated[m] = np.cumsum(rates)
    ages = [
        [(levels.index(level), plan.birth_age + age) for level, age in door.contact_age.items()]
        for _, door, _ in rows
    ]
    by_level = np.array([pair for pairs in ages for pair in pairs], np.int64).reshape(-1, 2)
    kinds = [door.kind for _, door, _ in rows]
    return Meetings(
        door=np.array([names.index(name) for *_, name in rows], np.int64),
        delay=np.array([kind != "birth" for kind in kinds], np.int64),
        draw=numbers("door", [name for *_, name in rows]),
        contact_draw=numbers("contact", [name for *_, name in rows]),
        with_others=np.array([kind == "birth" for kind in kinds], np.bool_),
        begin=np.array(begin, np.int64),
        end=np.array(end, np.int64),
        share_logit=share_logit,
        by=by,
        age=np.array([plan.birth_age if kind == "birth" else NEVER for kind in kinds], np.int64),
        level=by_level[:, 0].copy(),
        level_age=by_level[:, 1].copy(),
        first=np.cumsum([0, *(len(pairs) for pairs in ages)]),
        accumulated=accumulated,
        has_rate=np.array(
            [
                door.kind == "community" and door.contacts_per_month is not None
                for _, door, _ in rows
            ],
            np.bool_,
        ),
    )
