"""Service: who is served by which visitor, visits, and who leaves.

Months count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

import numpy as np

from hvsim.compiled import compiled
from hvsim.randomness import uniform
from hvsim.simulation import tally as counts
from hvsim.simulation.rules import leaving_probability
from hvsim.simulation.state import ENDED, State
from hvsim.simulation.tables import IntArray, Services
from hvsim.simulation.tally import Tally, count_program


@compiled
def load_of(
    who: IntArray, p: int, k: int, t: int, units: int, state: State, services: Services
) -> int:
    """Load in month t of those among `who` who are in service then.

    `units` is the number of families that one stands for.
    """
    load = 0
    for j in range(who.shape[0]):
        path = state.paths[who[j], k]
        if path["begin"] <= t < path["finish"]:
            load += services.load[p, t - state.people[who[j]]["entry"]] * units
    return load


@compiled
def assign_visitor(
    i: int, p: int, k: int, visitors: IntArray, seed: np.uint64, state: State, services: Services
) -> None:
    """Give a family one of the visitors, by its own luck."""
    path = state.paths[i, k]
    n = visitors.shape[0]
    if n == 0:
        path["visitor"] = -1
        return
    draw = services.programs[p]["visitor_draw"]
    u = uniform(seed, state.people[i]["id"], draw, path["assigned"])
    path["assigned"] += 1
    path["visitor"] = visitors[int(u * n)]


@compiled
def still_served(roster: IntArray, k: int, t: int, last_age: int, state: State) -> int:
    """Move those of a roster who are served in month t to its front, in order; how many.

    Follow-up ends before age `last_age`.
    """
    stay = 0
    for i in roster:
        path = state.paths[i, k]
        if path["begin"] <= t < path["finish"] and t - state.people[i]["entry"] < last_age:
            roster[stay] = i
            stay += 1
    return stay


@compiled
def reassign(
    roster: IntArray,
    visitors: IntArray,
    p: int,
    k: int,
    t: int,
    seed: np.uint64,
    state: State,
    services: Services,
) -> None:
    """Find a visitor for families without one; who had one notes the month in which it left."""
    for j in range(roster.shape[0]):
        i = roster[j]
        path = state.paths[i, k]
        if path["visitor"] >= 0:
            at = np.searchsorted(visitors, path["visitor"])
            if at < visitors.shape[0] and visitors[at] == path["visitor"]:
                continue
            path["visitor_left"] = t
        assign_visitor(i, p, k, visitors, seed, state, services)


@compiled
def serve(
    roster: IntArray,
    capacity: int,
    p: int,
    k: int,
    t: int,
    units: int,
    state: State,
    services: Services,
) -> tuple[int, int]:
    """Decide who in a roster, in its order, is served this month and who is on hold.

    Returns the load served and the number on hold.
    """
    load = 0
    on_hold = 0
    for j in range(roster.shape[0]):
        i = roster[j]
        path = state.paths[i, k]
        if not path["begin"] <= t < path["finish"]:
            continue
        own = services.load[p, t - state.people[i]["entry"]] * units
        if load + own <= capacity:
            load += own
            path["held"] = 0
        else:
            path["held"] += 1
            on_hold += 1
    return load, on_hold


@compiled
def visit(
    roster: IntArray,
    p: int,
    k: int,
    t: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    services: Services,
) -> None:
    """A month of service: visits, and who leaves at its end."""
    program = services.programs[p]
    for j in range(roster.shape[0]):
        i = roster[j]
        path, person, service = state.paths[i, k], state.people[i], state.services[i, p]
        if not path["begin"] <= t < path["finish"]:
            continue
        groups, door = state.groups[i], path["door"]
        person["touched"] = True
        age = t - person["entry"]
        due = services.visits_due[p, age]
        done = 0
        if path["held"] == 0:
            for v in range(due):
                u = uniform(seed, person["id"], program["visit_draw"], service["scheduled"] + v)
                done += u < path["visit_chance"]
        service["scheduled"] += due
        service["completed"] += done
        service["finish"] = path["finish"]
        if due > 0:
            count_program(tally, i, groups, door, p, counts.VISITS_SCHEDULED, t, due)
        if done > 0:
            count_program(tally, i, groups, door, p, counts.VISITS_COMPLETED, t, done)
        if path["state"] == ENDED:
            continue
        stay = t - path["begin"]
        hazard = services.leaves[p, stay] * path["leaving_factor"]
        if t - path["visitor_left"] < program["left_months"]:
            hazard *= program["left_ratio"]
        if age + 1 >= program["last_age"]:
            transition = counts.COMPLETED
        elif path["held"] >= max(1, program["hold_months"]):
            transition = counts.WITHDRAWN
        elif uniform(seed, person["id"], program["leaves_draw"], age) < leaving_probability(hazard):
            transition = counts.DROPPED_OUT
        else:
            continue
        path["state"] = ENDED
        path["finish"] = t + 1
        service["finish"] = t + 1
        count_program(tally, i, groups, door, p, transition, t, 1)
