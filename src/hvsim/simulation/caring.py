"""Care by all providers, one after the other: each phase of a month is one compiled call.

Handing over what is known of families costs more than the work of a small provider.
Months count from the first simulated one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hvsim.compiled import compiled
from hvsim.simulation import serving, visiting, waiting
from hvsim.simulation.lists import Lists, of
from hvsim.simulation.serving import Visitors
from hvsim.simulation.state import WAITING, State
from hvsim.simulation.tables import BoolArray, IntArray, Offers, Places, Services
from hvsim.simulation.tally import Tally


class Teams(NamedTuple):
    """All providers in one month.

    Attributes
    ----------
    program, track, by_score
        Of each provider; whether its queue is ordered by score. Shape (r,).
    bits
        As in `Visitors`. Shape (r, levels).
    unstaffed
        Load units of positions that are funded and vacant, or whose visitors still learn. Shape
        (r,).
    serial, serves
        Visitors, as in `Visitors`.
    groups, places, closing
        Groups of streams that pay salaries, in order; load units; those that take no new families.
    """

    program: IntArray
    track: IntArray
    by_score: BoolArray
    bits: IntArray
    unstaffed: IntArray
    serial: Lists
    serves: Lists
    groups: Lists
    places: Lists
    closing: Lists


@compiled
def _visitors(teams: Teams, r: int) -> Visitors:
    return Visitors(of(teams.serial, r), of(teams.serves, r), teams.bits[r])


@compiled
def serve(
    teams: Teams,
    rosters: Lists,
    queues: Lists,
    policy: int,
    t: int,
    seed: np.uint64,
    state: State,
    services: Services,
    places: Places,
) -> IntArray:
    """Drop from all lists who is gone, find visitors, and decide who is served and on hold.

    Returns for each provider how many stay in the queue and on the roster (they stand first), the
    load served and the number on hold. Shape (4, r).
    """
    result = np.zeros((4, teams.program.shape[0]), np.int64)
    for r in range(teams.program.shape[0]):
        p, k = teams.program[r], teams.track[r]
        result[0, r] = waiting.still_waiting(of(queues, r), k, state)
        stay = serving.still_served(of(rosters, r), k, t, state)
        roster = of(rosters, r)[:stay]
        serving.reassign(roster, _visitors(teams, r), p, k, t, seed, state, services)
        free = of(teams.places, r).copy()
        load, on_hold = serving.serve(
            roster,
            of(teams.groups, r),
            free,
            teams.unstaffed[r],
            policy,
            p,
            k,
            t,
            state,
            services,
            places,
        )
        result[1, r], result[2, r], result[3, r] = stay, load, on_hold
    return result


@compiled
def _put_in_order(
    queue: IntArray, k: int, t: int, by_score: bool, seed: np.uint64, state: State, draw: int
) -> None:
    """Order a queue by score if the program says so, then by date, then by luck.

    It stands in the order of last month, but for those behind who joined this month. So only they
    need luck; unless a score, where it decides, has come to be known since.
    """
    old = queue.shape[0]
    while old > 0 and state.paths[queue[old - 1], k]["since"] == t:
        old -= 1
    new = queue[old:]
    new[:] = new[np.argsort(waiting.luck(new, draw, seed, state), kind="mergesort")]
    if not by_score:
        return
    ordered, last, last_since = True, -np.inf, 0
    for i in queue:
        score, since = _rank(i, state), state.paths[i, k]["since"]
        # Of equals one may have been screened later than the other, and stand behind for that.
        equal = score == last and score < np.inf and since <= last_since
        ordered &= last <= score and not equal
        last, last_since = score, since
    if not ordered:
        luck = waiting.luck(queue, draw, seed, state)
        queue[:] = queue[np.argsort(luck, kind="mergesort")]
        since_of, rank = np.empty(queue.shape[0], np.int64), np.empty(queue.shape[0])
        for j in range(queue.shape[0]):
            since_of[j] = state.paths[queue[j], k]["since"]
        queue[:] = queue[np.argsort(since_of, kind="mergesort")]
        for j in range(queue.shape[0]):
            rank[j] = _rank(queue[j], state)
        queue[:] = queue[np.argsort(rank, kind="mergesort")]


@compiled
def _rank(i: int, state: State) -> float:
    """Place of a family among those ordered by score: the highest first, not screened last."""
    person = state.people[i]
    return -float(person["score"]) if person["screened"] else np.inf


@compiled
def allocate(
    teams: Teams,
    rosters: Lists,
    queues: Lists,
    policy: int,
    t: int,
    first: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    services: Services,
    places: Places,
) -> IntArray:
    """Let go of those who no longer wait, and give free places to those who do.

    Returns for each provider how many are enrolled, and how many of its queue are so or stay in it.
    They stand first in the queue in this order, the former in the order of service. `first` is the
    first reported month. Shape (2, r).
    """
    result = np.zeros((2, teams.program.shape[0]), np.int64)
    for r in range(teams.program.shape[0]):
        p, k = teams.program[r], teams.track[r]
        stay = waiting.leave_queue(of(queues, r), p, k, t, seed, tally, state, services)
        result[1, r] = stay
        if stay == 0:
            continue
        queue = of(queues, r)[:stay]
        draw = services.programs[p]["queue_draw"]
        _put_in_order(queue, k, t, teams.by_score[r], seed, state, draw)
        groups, free = of(teams.groups, r), of(teams.places, r).copy()
        serving.take_places(
            of(rosters, r), groups, free, policy, p, k, t + 1, state, services, places
        )
        free -= of(teams.closing, r)
        new = waiting.enroll(
            queue,
            groups,
            free,
            _visitors(teams, r),
            policy,
            p,
            k,
            t,
            first,
            seed,
            tally,
            state,
            services,
            places,
        )
        luck = waiting.luck(queue[:new], services.programs[p]["order_draw"], seed, state)
        queue[:new] = queue[:new][np.argsort(luck, kind="mergesort")]
        result[0, r] = new
    return result


@compiled
def visit(
    teams: Teams,
    rosters: Lists,
    t: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    offers: Offers,
    services: Services,
) -> None:
    """Visit the families served, and see who leaves."""
    for r in range(teams.program.shape[0]):
        visiting.visit(
            of(rosters, r),
            teams.program[r],
            teams.track[r],
            t,
            seed,
            tally,
            state,
            offers,
            services,
        )


@compiled
def loads(
    teams: Teams, rosters: Lists, queues: Lists, t: int, state: State, services: Services
) -> IntArray:
    """Load in month t of service and, as if they entered then, of who waits, by provider."""
    load = np.empty(teams.program.shape[0], np.int64)
    for r in range(load.shape[0]):
        load[r] = serving.load_of(
            of(rosters, r), of(queues, r), teams.program[r], teams.track[r], t, state, services
        )
    return load


@compiled
def families_of(teams: Teams, rosters: Lists, queues: Lists, t: int, state: State) -> IntArray:
    """Families whose service has begun by month t, and who wait, by provider. Shape (2, r)."""
    result = np.zeros((2, teams.program.shape[0]), np.int64)
    for r in range(teams.program.shape[0]):
        k = teams.track[r]
        for i in of(rosters, r):
            result[0, r] += state.paths[i, k]["begin"] <= t
        for i in of(queues, r):
            result[1, r] += state.paths[i, k]["state"] == WAITING
    return result
