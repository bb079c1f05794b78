"""The way through the system: screening and offers, waiting, service. One call, one month.

Months count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

import math

import numpy as np

from hvsim.compiled import compiled
from hvsim.randomness import uniform
from hvsim.simulation.rules import leaving_probability, logistic
from hvsim.simulation.state import (
    AGED_OUT,
    DECLINED,
    ENDED,
    GAVE_UP,
    NEVER,
    SERVED,
    WAITING,
)
from hvsim.simulation.tables import CENTER, FIRST_LEVEL, RISK, WILLINGNESS
from hvsim.simulation.tally import (
    AGED_OUT as AGED_OUT_COUNT,
)
from hvsim.simulation.tally import (
    COMPLETED,
    CONTACTED,
    DROPPED_OUT,
    ELIGIBLE,
    ENROLLED,
    EXPIRED,
    FLAGGED,
    OFFERED,
    SCREENED,
    TRANSFERRED,
    VISITS_COMPLETED,
    VISITS_SCHEDULED,
    WAITLISTED,
    WITHDRAWN,
    count_door,
    count_program,
)
from hvsim.simulation.tally import (
    DECLINED as DECLINED_COUNT,
)
from hvsim.simulation.tally import (
    GAVE_UP as GAVE_UP_COUNT,
)


@compiled
def linear(i, row, by, state):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Sum of a family's centered coefficients: log odds, or log hazard, beside the average."""
    person = state.people[i]
    x = by[row, RISK] * person["risk"] + by[row, WILLINGNESS] * person["willingness"]
    for j in range(state.levels.shape[1]):
        x += by[row, FIRST_LEVEL + state.levels[i, j]]
    return x - by[row, CENTER]


@compiled
def doors_met(door, share_logit, by, rows, months, draw, delay, seed, state, handled):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Month in which each family's contact at one door is handled, `NEVER` without.

    Parameters
    ----------
    share_logit
        Log odds at the center by month.
    rows
        Row of the coefficients by month.
    months
        Month of contact by family, `NEVER` without.
    handled
        Filled by this call.
    delay
        Months from contact to handling.
    """
    for i in range(handled.shape[0]):
        handled[i, door] = NEVER
        t = months[i]
        if t >= share_logit.shape[0]:
            continue
        p = logistic(share_logit[t] + linear(i, rows[t], by, state))
        if uniform(seed, state.people[i]["id"], draw, 0) < p:
            handled[i, door] = t + delay


@compiled
def _provider(region, p, policy, u, offers):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Provider of program p for a region, by shares among those that serve it; -1 if none does."""
    total = 0.0
    for r in range(offers.provider_program.shape[0]):
        if offers.provider_program[r] == p and offers.provider_serves[r, region]:
            total += offers.provider_share[policy, r]
    reached, chosen = 0.0, -1
    for r in range(offers.provider_program.shape[0]):
        if (
            offers.provider_program[r] == p
            and offers.provider_serves[r, region]
            and offers.provider_share[policy, r] > 0.0
        ):
            reached += offers.provider_share[policy, r]
            chosen = r
            if reached > u * total:
                break
    return chosen


@compiled
def _is_eligible(i, p, policy, next_age, state, offers, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Whether family i may enter program p next month."""
    if next_age > services.programs[p]["enroll_until"] or not offers.eligible_region[policy, p, state.people[i]["region"]]:
        return False
    for j in range(state.levels.shape[1]):
        if not offers.eligible[policy, p, state.levels[i, j]]:
            return False
    return _provider(state.people[i]["region"], p, policy, 0.5, offers) >= 0


@compiled
def _is_meant(i, p, policy, state, offers):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Whether the offer rule of program p holds for family i."""
    rule = offers.rule[policy, p]
    if rule == 0:
        return False
    if rule == 1:
        return True
    person = state.people[i]
    return person["screened"] and person["flagged"] == (rule == 2)


@compiled
def _gives_way(i, p, t, state, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Whether family i is, or next month will be, in a track that program p gives way to."""
    for k in range(state.paths.shape[1]):
        path = state.paths[i, k]
        if services.gives_way[p, k] and path["begin"] <= t + 1 and path["finish"] > t + 1:
            return True
    return False


@compiled
def screen(who, door, t, seed, tally, state, offers, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Handle contacts of one door: screening, offers, acceptance. Who accepts waits."""
    policy = offers.policy[t]
    row = policy * offers.offers.shape[1] + door
    for j in range(who.shape[0]):
        i = who[j]
        groups, person = state.groups[i], state.people[i]
        person["contacted"] = True
        count_door(tally, i, groups, door, CONTACTED, t)
        if not person["screened"]:
            p_consent = logistic(
                offers.consents[door, t] + linear(i, row, offers.consents_by, state)
            )
            if uniform(seed, person["id"], offers.consents_draw[door], 0) < p_consent:
                person["screened"] = True
                count_door(tally, i, groups, door, SCREENED, t)
                if person["score"] > offers.threshold[t]:
                    person["flagged"] = True
                    count_door(tally, i, groups, door, FLAGGED, t)
        next_age = t + 1 - person["entry"]
        offered_tracks = 0
        for p in range(services.programs.shape[0]):
            program = services.programs[p]
            k = program["track"]
            path = state.paths[i, k]
            if not offers.offers[policy, door, p] or offered_tracks >> k & 1:
                continue
            if path["state"] >= WAITING or not _is_eligible(
                i, p, policy, next_age, state, offers, services
            ):
                continue
            count_program(tally, i, groups, door, p, ELIGIBLE, t, 1)
            if not _is_meant(i, p, policy, state, offers) or _gives_way(i, p, t, state, services):
                continue
            offered_tracks |= 1 << k
            count_program(tally, i, groups, door, p, OFFERED, t, 1)
            number = state.offered[i, p]
            state.offered[i, p] = number + 1
            path["program"] = p
            path["door"] = door
            p_accept = logistic(program["accepts"] + linear(i, p, services.accepts_by, state))
            if uniform(seed, person["id"], program["accepts_draw"], number) < p_accept:
                u = uniform(seed, person["id"], program["provider_draw"], 0)
                path["state"] = WAITING
                path["since"] = t
                path["provider"] = _provider(person["region"], p, policy, u, offers)
                count_program(tally, i, groups, door, p, WAITLISTED, t, 1)
            else:
                path["state"] = DECLINED
                count_program(tally, i, groups, door, p, DECLINED_COUNT, t, 1)


@compiled
def leave_queue(queue, p, k, t, seed, tally, state, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
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
            transition = AGED_OUT_COUNT
        elif waited >= program["wait_expires"]:
            path["state"] = GAVE_UP
            transition = EXPIRED
        elif (
            waited > 0
            and uniform(seed, person["id"], program["gives_up_draw"], waited) < program["gives_up"]
        ):
            path["state"] = GAVE_UP
            transition = GAVE_UP_COUNT
        else:
            queue[stay] = i
            stay += 1
            continue
        count_program(tally, i, state.groups[i], path["door"], p, transition, t, 1)
    return stay


@compiled
def load_of(who, p, k, t, units, state, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
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
def _assign_visitor(i, p, k, visitors, seed, state, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
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
def reassign(roster, visitors, p, k, t, seed, state, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Find a visitor for families without one; who had one notes the month in which it left."""
    for j in range(roster.shape[0]):
        i = roster[j]
        path = state.paths[i, k]
        if path["visitor"] >= 0:
            at = np.searchsorted(visitors, path["visitor"])
            if at < visitors.shape[0] and visitors[at] == path["visitor"]:
                continue
            path["visitor_left"] = t
        _assign_visitor(i, p, k, visitors, seed, state, services)


@compiled
def serve(roster, capacity, p, k, t, units, state, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
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
def _transfer(i, track, t, tally, state, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
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
        count_program(tally, i, state.groups[i], path["door"], p, TRANSFERRED, t, 1)


@compiled
def enroll(queue, free, visitors, p, k, t, units, seed, tally, state, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Enroll from an ordered queue while the next fits into `free` load units.

    Returns how many, counted from the head of the queue.
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
        path["visit_chance"] = logistic(
            program["visits"] + linear(i, p, services.visits_by, state)
        )
        path["leaving_factor"] = math.exp(linear(i, p, services.leaves_by, state))
        _assign_visitor(i, p, k, visitors, seed, state, services)
        count_program(tally, i, state.groups[i], path["door"], p, ENROLLED, t, 1)
        _transfer(i, k, t, tally, state, services)
    return queue.shape[0]


@compiled
def visit(roster, p, k, t, seed, tally, state, services):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """A month of service: visits, and who leaves at its end."""
    program = services.programs[p]
    for j in range(roster.shape[0]):
        i = roster[j]
        path, person = state.paths[i, k], state.people[i]
        if not path["begin"] <= t < path["finish"]:
            continue
        groups, door = state.groups[i], path["door"]
        person["touched"] = True
        state.served[i, p] = True
        age = t - person["entry"]
        due = services.visits_due[p, age]
        done = 0
        if path["held"] == 0:
            for v in range(due):
                u = uniform(seed, person["id"], program["visit_draw"], path["scheduled"] + v)
                done += u < path["visit_chance"]
        path["scheduled"] += due
        path["completed"] += done
        if due > 0:
            count_program(tally, i, groups, door, p, VISITS_SCHEDULED, t, due)
        if done > 0:
            count_program(tally, i, groups, door, p, VISITS_COMPLETED, t, done)
        if path["state"] == ENDED:
            continue
        stay = t - path["begin"]
        hazard = services.leaves[p, stay] * path["leaving_factor"]
        if t - path["visitor_left"] < program["left_months"]:
            hazard *= program["left_ratio"]
        if age + 1 >= program["last_age"]:
            transition = COMPLETED
        elif path["held"] >= program["hold_months"]:
            transition = WITHDRAWN
        elif uniform(seed, person["id"], program["leaves_draw"], stay) < leaving_probability(
            hazard
        ):
            transition = DROPPED_OUT
        else:
            continue
        path["state"] = ENDED
        path["finish"] = t + 1
        count_program(tally, i, groups, door, p, transition, t, 1)


@compiled
def is_active(i, t, paths):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Whether an organization can act on family i in month t."""
    for k in range(paths.shape[1]):
        path = paths[i, k]
        if path["state"] == WAITING or (path["begin"] < NEVER and path["finish"] > t):
            return True
    return False


@compiled
def next_contact(i, t, handled):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """First month from t on in which a contact of family i is handled, `NEVER` without."""
    month = NEVER
    for d in range(handled.shape[1]):
        if t <= handled[i, d] < month:
            month = handled[i, d]
    return month


@compiled
def part(who, t, last_age, handled, state, until):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Tell who stays under the eyes of organizations in month t; the others are free.

    The former stand first in `who` on return, and their number is returned. `until` holds the age up
    to which each lives now: those who stay up to month t, the others up to their next contact or the
    end of follow-up.
    """
    stay = 0
    for j in range(who.shape[0]):
        i = who[j]
        entry = state.people[i]["entry"]
        if t - entry < last_age and is_active(i, t, state.paths):
            who[j] = who[stay]
            until[j] = until[stay]
            who[stay] = i
            until[stay] = t - entry
            stay += 1
        else:
            contact = next_contact(i, t, handled)
            until[j] = last_age if contact == NEVER else min(contact - entry, last_age)
    return stay


@compiled
def luck(who, draw, seed, state):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """The families' uniform draws for one purpose, in the order of `who`."""
    u = np.empty(who.shape[0])
    for j in range(who.shape[0]):
        u[j] = uniform(seed, state.people[who[j]]["id"], draw, 0)
    return u
