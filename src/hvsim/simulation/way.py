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
def linear(i, row, by, people):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Sum of a family's centered coefficients: log odds, or log hazard, beside the average."""
    x = by.traits[row, 0] * people.risk[i] + by.traits[row, 1] * people.willingness[i]
    for j in range(people.levels.shape[1]):
        x += by.levels[row, people.levels[i, j]]
    return x - by.center[row]


@compiled
def doors_met(door, share_logit, by, rows, months, draw, delay, seed, people, handled):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
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
        p = logistic(share_logit[t] + linear(i, rows[t], by, people))
        if uniform(seed, people.id[i], draw, 0) < p:
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
def _is_eligible(i, p, policy, next_age, people, offers):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Whether family i may enter program p next month."""
    if next_age > offers.enroll_until[p] or not offers.eligible_region[policy, p, people.region[i]]:
        return False
    for j in range(people.levels.shape[1]):
        if not offers.eligible[policy, p, people.levels[i, j]]:
            return False
    return _provider(people.region[i], p, policy, 0.5, offers) >= 0


@compiled
def _is_meant(i, p, policy, paths, offers):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Whether the offer rule of program p holds for family i."""
    rule = offers.rule[policy, p]
    if rule == 0:
        return False
    if rule == 1:
        return True
    return paths.screened[i] and paths.flagged[i] == (rule == 2)


@compiled
def _gives_way(i, p, t, paths, offers):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Whether family i is, or next month will be, in a track that program p gives way to."""
    for k in range(paths.begin.shape[1]):
        if offers.gives_way[p, k] and paths.begin[i, k] <= t + 1 and paths.finish[i, k] > t + 1:
            return True
    return False


@compiled
def screen(who, door, t, seed, tally, people, paths, offers):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Handle contacts of one door: screening, offers, acceptance. Who accepts joins a queue."""
    policy = offers.policy[t]
    doors = offers.offers.shape[1]
    for j in range(who.shape[0]):
        i = who[j]
        groups = people.groups[i]
        paths.contacted[i] = True
        count_door(tally, i, groups, door, CONTACTED, t)
        if not paths.screened[i]:
            row = policy * doors + door
            p_consent = logistic(
                offers.consents[door, t] + linear(i, row, offers.consents_by, people)
            )
            if uniform(seed, people.id[i], offers.consents_draw[door], 0) < p_consent:
                paths.screened[i] = True
                count_door(tally, i, groups, door, SCREENED, t)
                if people.score[i] > offers.threshold[t]:
                    paths.flagged[i] = True
                    count_door(tally, i, groups, door, FLAGGED, t)
        next_age = t + 1 - people.entry[i]
        offered_tracks = 0
        for p in range(offers.track.shape[0]):
            k = offers.track[p]
            if not offers.offers[policy, door, p] or offered_tracks >> k & 1:
                continue
            if paths.state[i, k] >= WAITING or not _is_eligible(
                i, p, policy, next_age, people, offers
            ):
                continue
            count_program(tally, i, groups, door, p, ELIGIBLE, t, 1)
            if not _is_meant(i, p, policy, paths, offers) or _gives_way(i, p, t, paths, offers):
                continue
            offered_tracks |= 1 << k
            count_program(tally, i, groups, door, p, OFFERED, t, 1)
            number = paths.offers[i, p]
            paths.offers[i, p] = number + 1
            paths.program[i, k] = p
            paths.door[i, k] = door
            p_accept = logistic(offers.accepts[p] + linear(i, p, offers.accepts_by, people))
            if uniform(seed, people.id[i], offers.accepts_draw[p], number) < p_accept:
                u = uniform(seed, people.id[i], offers.provider_draw[p], 0)
                paths.state[i, k] = WAITING
                paths.since[i, k] = t
                paths.provider[i, k] = _provider(people.region[i], p, policy, u, offers)
                count_program(tally, i, groups, door, p, WAITLISTED, t, 1)
            else:
                paths.state[i, k] = DECLINED
                count_program(tally, i, groups, door, p, DECLINED_COUNT, t, 1)


@compiled
def leave_queue(queue, p, k, t, seed, tally, people, paths, offers, service):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Take out of a provider's queue who is too old, has waited too long or gives up.

    Returns the number that stay; they stand first in `queue`, in the order in which they were.
    """
    stay = 0
    for j in range(queue.shape[0]):
        i = queue[j]
        if paths.state[i, k] != WAITING:
            continue
        groups, door = people.groups[i], paths.door[i, k]
        waited = t - paths.since[i, k]
        if t + 1 - people.entry[i] > offers.enroll_until[p]:
            paths.state[i, k] = AGED_OUT
            count_program(tally, i, groups, door, p, AGED_OUT_COUNT, t, 1)
        elif waited >= service.wait_expires[p]:
            paths.state[i, k] = GAVE_UP
            count_program(tally, i, groups, door, p, EXPIRED, t, 1)
        elif (
            waited > 0
            and uniform(seed, people.id[i], service.gives_up_draw[p], waited) < service.gives_up[p]
        ):
            paths.state[i, k] = GAVE_UP
            count_program(tally, i, groups, door, p, GAVE_UP_COUNT, t, 1)
        else:
            queue[stay] = i
            stay += 1
    return stay


@compiled
def load_of(who, p, k, t, units, people, paths, service):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Load in month t of those among `who` who are in service then.

    `units` is the number of families that one stands for.
    """
    load = 0
    for j in range(who.shape[0]):
        i = who[j]
        if paths.begin[i, k] <= t < paths.finish[i, k]:
            load += service.load[p, t - people.entry[i]] * units
    return load


@compiled
def _assign_visitor(i, p, k, visitors, seed, people, paths, service):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Give a family one of the visitors, by its own luck."""
    n = visitors.shape[0]
    if n == 0:
        paths.visitor[i, k] = -1
        return
    u = uniform(seed, people.id[i], service.visitor_draw[p], paths.assigned[i, k])
    paths.assigned[i, k] += 1
    paths.visitor[i, k] = visitors[int(u * n)]


@compiled
def reassign(roster, visitors, p, k, t, seed, people, paths, service):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Find a visitor for families without one; who had one notes the month in which it left."""
    for j in range(roster.shape[0]):
        i = roster[j]
        serial = paths.visitor[i, k]
        if serial >= 0:
            stays = False
            for v in range(visitors.shape[0]):
                if visitors[v] == serial:
                    stays = True
                    break
            if stays:
                continue
            paths.visitor_left[i, k] = t
        _assign_visitor(i, p, k, visitors, seed, people, paths, service)


@compiled
def serve(roster, capacity, p, k, t, units, people, paths, service):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Decide who in a roster, in its order, is served this month and who is on hold.

    Returns the load served and the number on hold.
    """
    load = 0
    on_hold = 0
    for j in range(roster.shape[0]):
        i = roster[j]
        if not paths.begin[i, k] <= t < paths.finish[i, k]:
            continue
        own = service.load[p, t - people.entry[i]] * units
        if load + own <= capacity:
            load += own
            paths.held[i, k] = 0
        else:
            paths.held[i, k] += 1
            on_hold += 1
    return load, on_hold


@compiled
def _transfer(i, track, t, tally, people, paths, offers):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """End waits and service of a family in programs that give way to `track`."""
    for k in range(paths.state.shape[1]):
        p = paths.program[i, k]
        if k == track or p < 0 or not offers.gives_way[p, track]:
            continue
        if paths.state[i, k] == WAITING:
            paths.state[i, k] = ENDED
        elif paths.state[i, k] == SERVED:
            paths.state[i, k] = ENDED
            if paths.begin[i, k] > t:
                paths.begin[i, k] = NEVER
            else:
                paths.finish[i, k] = t + 1
        else:
            continue
        count_program(
            tally, i, people.groups[i], paths.door[i, k], p, TRANSFERRED, t, 1
        )


@compiled
def enroll(queue, free, visitors, p, k, t, units, seed, tally, people, paths, offers, service):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Enroll from an ordered queue while the next fits into `free` load units.

    Returns how many, counted from the head of the queue.
    """
    for j in range(queue.shape[0]):
        i = queue[j]
        load = service.load[p, t + 1 - people.entry[i]] * units
        if load > free:
            return j
        free -= load
        paths.state[i, k] = SERVED
        paths.begin[i, k] = t + 1
        paths.finish[i, k] = NEVER
        paths.visit_chance[i, k] = logistic(
            service.visit_logit[p] + linear(i, p, service.visit_by, people)
        )
        paths.leaving_factor[i, k] = math.exp(linear(i, p, service.leaves_by, people))
        _assign_visitor(i, p, k, visitors, seed, people, paths, service)
        count_program(
            tally, i, people.groups[i], paths.door[i, k], p, ENROLLED, t, 1
        )
        _transfer(i, k, t, tally, people, paths, offers)
    return queue.shape[0]


@compiled
def visit(roster, p, k, t, seed, tally, people, paths, service):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """A month of service: visits, and who leaves at its end."""
    for j in range(roster.shape[0]):
        i = roster[j]
        if not paths.begin[i, k] <= t < paths.finish[i, k]:
            continue
        groups, door = people.groups[i], paths.door[i, k]
        paths.touched[i] = True
        paths.served[i, p] = True
        age = t - people.entry[i]
        due = service.visits_due[p, age]
        done = 0
        if paths.held[i, k] == 0:
            for v in range(due):
                u = uniform(seed, people.id[i], service.visit_draw[p], paths.scheduled[i, k] + v)
                done += u < paths.visit_chance[i, k]
        paths.scheduled[i, k] += due
        paths.completed[i, k] += done
        count_program(tally, i, groups, door, p, VISITS_SCHEDULED, t, due)
        count_program(tally, i, groups, door, p, VISITS_COMPLETED, t, done)
        if paths.state[i, k] == ENDED:
            continue
        stay = t - paths.begin[i, k]
        hazard = service.leaves[p, stay] * paths.leaving_factor[i, k]
        if t - paths.visitor_left[i, k] < service.left_months[p]:
            hazard *= service.left_ratio[p]
        if age + 1 >= service.last_age[p]:
            transition = COMPLETED
        elif paths.held[i, k] >= service.hold_months[p]:
            transition = WITHDRAWN
        elif uniform(
            seed, people.id[i], service.leaves_draw[p], stay
        ) < leaving_probability(hazard):
            transition = DROPPED_OUT
        else:
            continue
        paths.state[i, k] = ENDED
        paths.finish[i, k] = t + 1
        count_program(tally, i, groups, door, p, transition, t, 1)


@compiled
def is_active(i, t, paths):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Whether an organization can act on family i in month t."""
    for k in range(paths.state.shape[1]):
        if paths.state[i, k] == WAITING or (
            paths.begin[i, k] < NEVER and paths.finish[i, k] > t
        ):
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
def part(who, t, last_age, handled, people, paths, until):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Tell who stays under the eyes of organizations in month t; the others are free.

    The former stand first in `who` on return, and their number is returned. `until` holds the age up
    to which each lives now: those who stay up to month t, the others up to their next contact or the
    end of follow-up.
    """
    stay = 0
    for j in range(who.shape[0]):
        i = who[j]
        age = t - people.entry[i]
        if age < last_age and is_active(i, t, paths):
            who[j] = who[stay]
            until[j] = until[stay]
            who[stay] = i
            until[stay] = age
            stay += 1
        else:
            contact = next_contact(i, t, handled)
            until[j] = last_age if contact == NEVER else min(contact - people.entry[i], last_age)
    return stay


@compiled
def luck(who, draw, seed, people):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """The families' uniform draws for one purpose, in the order of `who`."""
    u = np.empty(who.shape[0])
    for j in range(who.shape[0]):
        u[j] = uniform(seed, people.id[who[j]], draw, 0)
    return u
