"""Queues: who leaves them, and who gets a free place.

Months count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

import math

import numpy as np

from hvsim.compiled import compiled, inner
from hvsim.randomness import uniform
from hvsim.simulation import tally as counts
from hvsim.simulation.chances import linear
from hvsim.simulation.prefetch import AHEAD, ask_for_care
from hvsim.simulation.serving import Visitors, assign_visitor, first_open, is_open, load_in
from hvsim.simulation.state import AGED_OUT, ENDED, GAVE_UP, NEVER, SERVED, WAITING, State
from hvsim.simulation.tables import BoolArray, FloatArray, IntArray, Places, Services
from hvsim.simulation.tally import Tally, count_program


@compiled
def luck(who: IntArray, draw: int, seed: np.uint64, state: State) -> FloatArray:
    """The families' uniform draws for one purpose, in the order of `who`."""
    u = np.empty(who.shape[0])
    for j in range(who.shape[0]):
        u[j] = uniform(seed, state.people[who[j]]["id"], draw, 0)
    return u


@compiled
def waits(who: IntArray, state: State) -> BoolArray:
    """Whether each family waits in each track."""
    result = np.empty((who.shape[0], state.paths.shape[1]), np.bool_)
    for j in range(who.shape[0]):
        for k in range(state.paths.shape[1]):
            result[j, k] = state.paths[who[j], k]["state"] == WAITING
    return result


@compiled
def newly_waiting(who: IntArray, before: BoolArray, state: State) -> tuple[IntArray, IntArray]:
    """Families that wait in a track and did not do so `before`, and their providers."""
    joined = np.empty(before.size, np.int64)
    providers = np.empty(before.size, np.int64)
    n = 0
    for k in range(state.paths.shape[1]):
        for j in range(who.shape[0]):
            path = state.paths[who[j], k]
            if path["state"] == WAITING and not before[j, k]:
                joined[n], providers[n] = who[j], path["provider"]
                n += 1
    return joined[:n], providers[:n]


@inner
def leave_queue(
    queue: IntArray,
    p: int,
    k: int,
    t: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    services: Services,
) -> int:
    """Take out of a provider's queue who is too old, has waited too long or gives up.

    Returns the number that stay; they stand first in `queue`, in the order in which they were.
    """
    program = services.programs[p]
    stay = 0
    for j in range(queue.shape[0]):
        i = queue[j]
        ask_for_care(queue, j + AHEAD, state)
        path, person = state.paths[i, k], state.people[i]
        if path["state"] != WAITING:
            continue
        waited = t - path["since"]
        if t + 1 - person["entry"] > program["enroll_until"]:
            path["state"] = AGED_OUT
            transition = counts.AGED_OUT
        elif waited >= program["wait_expires"]:
            path["state"] = GAVE_UP
            transition = counts.EXPIRED
        elif (
            waited > 0
            and uniform(seed, person["id"], program["gives_up_draw"], t - person["entry"])
            < program["gives_up"]
        ):
            path["state"] = GAVE_UP
            transition = counts.GAVE_UP
        else:
            queue[stay] = i
            stay += 1
            continue
        count_program(tally, i, state.groups[i], path["door"], p, transition, t, 1)
    return stay


@inner
def still_waiting(queue: IntArray, k: int, state: State) -> int:
    """Move those of a queue who wait to its front, in order; how many."""
    stay = 0
    for i in queue:
        if state.paths[i, k]["state"] == WAITING:
            queue[stay] = i
            stay += 1
    return stay


@inner
def _transfer(i: int, track: int, t: int, tally: Tally, state: State, services: Services) -> None:
    """End waits and service of a family in programs that give way to `track`."""
    for k in range(state.paths.shape[1]):
        path = state.paths[i, k]
        p = path["program"]
        if k == track or p < 0 or not services.gives_way[p, track]:
            continue
        if path["state"] != SERVED and path["state"] != WAITING:
            continue
        if path["begin"] > t:
            path["begin"] = NEVER
        path["finish"] = t + 1
        path["state"] = ENDED
        count_program(tally, i, state.groups[i], path["door"], p, counts.TRANSFERRED, t, 1)


@inner
def _begin(
    i: int,
    p: int,
    k: int,
    t: int,
    first: int,
    visitors: Visitors,
    seed: np.uint64,
    tally: Tally,
    state: State,
    services: Services,
) -> None:
    """Give a family a place from next month on. `first` is the first reported month."""
    program, path = services.programs[p], state.paths[i, k]
    path["state"] = SERVED
    path["begin"] = t + 1
    if t >= first:
        state.enrolled[i, p] = True
    path["visit_logit"] = program["visits"] + linear(i, p, services.visits_by, state)
    path["leaving_factor"] = math.exp(linear(i, p, services.leaves_by, state))
    assign_visitor(i, p, k, visitors, seed, state, services)
    count_program(tally, i, state.groups[i], path["door"], p, counts.ENROLLED, t, 1)
    _transfer(i, k, t, tally, state, services)


@compiled
def enroll(
    queue: IntArray,
    groups: IntArray,
    free: IntArray,
    visitors: Visitors,
    policy: int,
    p: int,
    k: int,
    t: int,
    first: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    services: Services,
    places: Places,
) -> int:
    """Enroll from an ordered queue while the next fits into the free units of a group.

    Groups open to one who does not fit take nobody else. Who is enrolled stands first in `queue`
    on return, in order, and their number is returned. `first` is the first reported month.
    """
    new, rest = 0, np.empty(queue.shape[0], np.int64)
    for j in range(queue.shape[0]):
        i = queue[j]
        load = load_in(i, p, t + 1, t + 1, state, services)
        g = first_open(i, load, groups, free, policy, state, places)
        if g >= 0:
            free[g] -= load
            _begin(i, p, k, t, first, visitors, seed, tally, state, services)
            queue[new] = i
            new += 1
            continue
        rest[j - new] = i
        for g in range(free.shape[0]):
            if free[g] >= 0 and is_open(i, groups[g], policy, state, places):
                free[g] = -1
    queue[new:] = rest[: queue.shape[0] - new]
    return new
