"""Queues: who leaves them, and who gets a free place.

Months count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

import math

import numpy as np

from hvsim.chances import logistic
from hvsim.compiled import compiled
from hvsim.randomness import uniform
from hvsim.simulation import tally as counts
from hvsim.simulation.chances import linear
from hvsim.simulation.serving import assign_visitor
from hvsim.simulation.state import AGED_OUT, ENDED, GAVE_UP, NEVER, SERVED, WAITING, State
from hvsim.simulation.tables import FloatArray, IntArray, Services
from hvsim.simulation.tally import Tally, count_program


@compiled
def luck(who: IntArray, draw: int, seed: np.uint64, state: State) -> FloatArray:
    """The families' uniform draws for one purpose, in the order of `who`."""
    u = np.empty(who.shape[0])
    for j in range(who.shape[0]):
        u[j] = uniform(seed, state.people[who[j]]["id"], draw, 0)
    return u


@compiled
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


@compiled
def _transfer(i: int, track: int, t: int, tally: Tally, state: State, services: Services) -> None:
    """End waits and service of a family in programs that give way to `track`."""
    for k in range(state.paths.shape[1]):
        path = state.paths[i, k]
        p = path["program"]
        if k == track or p < 0 or not services.gives_way[p, track]:
            continue
        if path["state"] == SERVED:
            if path["begin"] > t:
                path["begin"] = NEVER
            else:
                path["finish"] = t + 1
        elif path["state"] != WAITING:
            continue
        path["state"] = ENDED
        count_program(tally, i, state.groups[i], path["door"], p, counts.TRANSFERRED, t, 1)


@compiled
def enroll(
    queue: IntArray,
    free: int,
    visitors: IntArray,
    p: int,
    k: int,
    t: int,
    first: int,
    units: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    services: Services,
) -> int:
    """Enroll from an ordered queue while the next fits into `free` load units.

    Returns how many, counted from the head of the queue. `first` is the first reported month.
    """
    program = services.programs[p]
    for j in range(queue.shape[0]):
        i = queue[j]
        path = state.paths[i, k]
        load = services.load[p, t + 1 - state.people[i]["entry"]] * units
        if load > free:
            return j
        free -= load
        path["state"] = SERVED
        path["begin"] = t + 1
        if t >= first:
            state.enrolled[i, p] = True
        path["visit_chance"] = logistic(program["visits"] + linear(i, p, services.visits_by, state))
        path["leaving_factor"] = math.exp(linear(i, p, services.leaves_by, state))
        assign_visitor(i, p, k, visitors, seed, state, services)
        count_program(tally, i, state.groups[i], path["door"], p, counts.ENROLLED, t, 1)
        _transfer(i, k, t, tally, state, services)
    return len(queue)
