"""Doors: who meets them, is screened, is offered what, and accepts.

Months count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

import numpy as np

from hvsim.chances import logistic
from hvsim.compiled import compiled
from hvsim.randomness import uniform
from hvsim.simulation import tally as counts
from hvsim.simulation.chances import linear
from hvsim.simulation.state import DECLINED, WAITING, State
from hvsim.simulation.tables import (
    IntArray,
    Offers,
    Services,
)
from hvsim.simulation.tally import Tally, count_door, count_program


@compiled
def _provider(region: int, p: int, policy: int, u: float, offers: Offers) -> int:
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
def _is_eligible(
    i: int, p: int, policy: int, next_age: int, state: State, offers: Offers, services: Services
) -> bool:
    """Whether family i may enter program p next month."""
    if (
        next_age > services.programs[p]["enroll_until"]
        or not offers.eligible_region[policy, p, state.people[i]["region"]]
    ):
        return False
    for j in range(state.levels.shape[1]):
        if not offers.eligible[policy, p, state.levels[i, j]]:
            return False
    return _provider(state.people[i]["region"], p, policy, 0.5, offers) >= 0


@compiled
def _is_meant(i: int, p: int, policy: int, state: State, offers: Offers) -> bool:
    """Whether the offer rule of program p holds for family i."""
    rule = offers.rule[policy, p]
    if rule == 0:
        return False
    if rule == 1:
        return True
    person = state.people[i]
    return bool(person["screened"] and person["flagged"] == (rule == 2))


@compiled
def _gives_way(i: int, p: int, t: int, state: State, services: Services) -> bool:
    """Whether family i is, or next month will be, in a track that program p gives way to."""
    for k in range(state.paths.shape[1]):
        path = state.paths[i, k]
        if services.gives_way[p, k] and path["begin"] <= t + 1 and path["finish"] > t + 1:
            return True
    return False


@compiled
def screen(
    who: IntArray,
    door: int,
    t: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    offers: Offers,
    services: Services,
) -> None:
    """Handle contacts of one door: screening, offers, acceptance. Who accepts waits."""
    policy = offers.policy[t]
    row = policy * offers.offers.shape[1] + door
    for j in range(who.shape[0]):
        i = who[j]
        groups, person = state.groups[i], state.people[i]
        if policy == 1:
            person["contacted"] = True
        count_door(tally, i, groups, door, counts.CONTACTED, t)
        if not person["screened"]:
            p_consent = logistic(
                offers.consents[door, t] + linear(i, row, offers.consents_by, state)
            )
            if uniform(seed, person["id"], offers.consents_draw[door], 0) < p_consent:
                person["screened"] = True
                count_door(tally, i, groups, door, counts.SCREENED, t)
                if person["score"] > offers.threshold[t]:
                    person["flagged"] = True
                    count_door(tally, i, groups, door, counts.FLAGGED, t)
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
            count_program(tally, i, groups, door, p, counts.ELIGIBLE, t, 1)
            if not _is_meant(i, p, policy, state, offers) or _gives_way(i, p, t, state, services):
                continue
            offered_tracks |= 1 << k
            count_program(tally, i, groups, door, p, counts.OFFERED, t, 1)
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
                count_program(tally, i, groups, door, p, counts.WAITLISTED, t, 1)
            else:
                path["state"] = DECLINED
                count_program(tally, i, groups, door, p, counts.DECLINED, t, 1)
