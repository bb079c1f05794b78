"""Service: who is served by which visitor and in whose place, visits, and who leaves.

Months count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hvsim.compiled import inner
from hvsim.randomness import uniform
from hvsim.simulation.prefetch import AHEAD, ask_for_care
from hvsim.simulation.state import State
from hvsim.simulation.tables import IntArray, Places, Services

NOTHING = -(1 << 62)
"""A load that fits wherever a family may go."""


class Visitors(NamedTuple):
    """A provider's visitors as compiled code reads them.

    Attributes
    ----------
    serial
        In order.
    serves
        Bits of the levels that each can serve.
    bits
        Bit of each level, 0 where it does not matter who comes.
    """

    serial: IntArray
    serves: IntArray
    bits: IntArray


@inner
def load_in(i: int, p: int, t: int, begin: int, state: State, services: Services) -> int:
    """Load in month t of a family whose service begins in month `begin`."""
    age = t - state.people[i]["entry"]
    if age >= services.last_age:
        return 0
    return int(services.load[p, t - begin if services.programs[p]["from_enrollment"] else age])


@inner
def is_in_service(i: int, k: int, t: int, state: State) -> bool:
    """Whether a family is in service in month t."""
    path = state.paths[i, k]
    return bool(path["begin"] <= t < path["finish"])


@inner
def load_of(
    roster: IntArray, queue: IntArray, p: int, k: int, t: int, state: State, services: Services
) -> int:
    """Load in month t of who is in service then, and of all who wait as if they entered then."""
    load = 0
    for i in roster:
        if is_in_service(i, k, t, state):
            load += load_in(i, p, t, state.paths[i, k]["begin"], state, services)
    for i in queue:
        load += load_in(i, p, t, t, state, services)
    return load


@inner
def needs(i: int, visitors: Visitors, state: State) -> int:
    """Bits that a visitor must have to serve a family."""
    bits = 0
    for j in range(state.levels.shape[1]):
        bits |= visitors.bits[state.levels[i, j]]
    return bits


@inner
def assign_visitor(
    i: int, p: int, k: int, visitors: Visitors, seed: np.uint64, state: State, services: Services
) -> None:
    """Give a family one of the visitors who can serve it, by its own luck; else one of all."""
    path = state.paths[i, k]
    need, n = needs(i, visitors, state), visitors.serial.shape[0]
    able = 0
    for v in range(n):
        able += visitors.serves[v] & need == need
    path["mismatched"] = able == 0 and n > 0
    if n == 0:
        path["visitor"] = -1
        return
    draw = services.programs[p]["visitor_draw"]
    u = uniform(seed, state.people[i]["id"], draw, path["assigned"])
    path["assigned"] += 1
    if able == 0:
        path["visitor"] = visitors.serial[int(u * n)]
        return
    position = int(u * able)
    for v in range(n):
        if visitors.serves[v] & need == need:
            if position == 0:
                path["visitor"] = visitors.serial[v]
                return
            position -= 1


@inner
def still_served(roster: IntArray, k: int, t: int, state: State) -> int:
    """Move those of a roster who are served in month t to its front, in order; how many."""
    stay = 0
    for j in range(roster.shape[0]):
        i = roster[j]
        ask_for_care(roster, j + AHEAD, state)
        person = state.people[i]
        if is_in_service(i, k, t, state) and t - person["entry"] < person["last"]:
            roster[stay] = i
            stay += 1
    return stay


@inner
def reassign(
    roster: IntArray,
    visitors: Visitors,
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
            at = np.searchsorted(visitors.serial, path["visitor"])
            if at < visitors.serial.shape[0] and visitors.serial[at] == path["visitor"]:
                continue
            path["visitor_left"] = t
        assign_visitor(i, p, k, visitors, seed, state, services)


@inner
def is_open(i: int, group: int, policy: int, state: State, places: Places) -> bool:
    """Whether the places of a group of streams are for a family."""
    if places.everyone[policy, group]:
        return True
    if not places.regions[policy, group, state.people[i]["region"]]:
        return False
    for j in range(state.levels.shape[1]):
        if not places.levels[policy, group, state.levels[i, j]]:
            return False
    return True


@inner
def _needed(load: int, places: Places) -> int:
    """Units that must be free for a family's load.

    One who stands for several needs room for half of them: what whole families leave empty, and
    what they take too much, is the same on average, whatever the scale.
    """
    return load - (load - load // places.families) // 2


@inner
def first_open(
    i: int,
    load: int,
    groups: IntArray,
    free: IntArray,
    policy: int,
    state: State,
    places: Places,
) -> int:
    """Position of the first of `groups` open to a family that has its load free, else -1."""
    needed = _needed(load, places)
    for g in range(groups.shape[0]):
        if needed <= free[g] and is_open(i, groups[g], policy, state, places):
            return g
    return -1


@inner
def serve(
    roster: IntArray,
    groups: IntArray,
    free: IntArray,
    unstaffed: int,
    policy: int,
    p: int,
    k: int,
    t: int,
    state: State,
    services: Services,
    places: Places,
) -> tuple[int, int]:
    """Decide who in a roster, in its order, is served this month and who is on hold.

    Returns the load served and the number on hold; units `free` in each of `groups` are taken. Of
    those on hold lack a visitor, not money, whom the units `unstaffed` would hold.
    """
    served = 0
    on_hold = 0
    for i in roster:
        path = state.paths[i, k]
        load = load_in(i, p, t, path["begin"], state, services)
        g = first_open(i, load, groups, free, policy, state, places)
        if g >= 0:
            free[g] -= load
            served += load
            path["held"] = 0
        else:
            path["held"] += 1
            on_hold += 1
            paid = groups.shape[0] == 0 or (
                first_open(i, NOTHING, groups, free, policy, state, places) >= 0
            )
            path["unstaffed"] = paid and _needed(load, places) <= unstaffed
            if path["unstaffed"]:
                unstaffed -= load
    return served, on_hold


@inner
def take_places(
    roster: IntArray,
    groups: IntArray,
    free: IntArray,
    policy: int,
    p: int,
    k: int,
    t: int,
    state: State,
    services: Services,
    places: Places,
) -> None:
    """Take the load in month t of who is in service then off the units free in each group.

    Whose load fits nowhere takes it in the first group open to it all the same.
    """
    for j in range(roster.shape[0]):
        i = roster[j]
        ask_for_care(roster, j + AHEAD, state)
        if not is_in_service(i, k, t, state):
            continue
        load = load_in(i, p, t, state.paths[i, k]["begin"], state, services)
        g = first_open(i, load, groups, free, policy, state, places)
        if g < 0:
            g = first_open(i, NOTHING, groups, free, policy, state, places)
        if g >= 0:
            free[g] -= load
