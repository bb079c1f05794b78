"""Offers: which programs, of which providers, and who accepts.

Months count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

import numpy as np

from hvsim.chances import logistic
from hvsim.compiled import inner
from hvsim.randomness import uniform
from hvsim.simulation import tally as counts
from hvsim.simulation.chances import linear
from hvsim.simulation.serving import load_in
from hvsim.simulation.state import DECLINED, ENDED, NEVER, WAITING, State
from hvsim.simulation.tables import IntArray, Offers, Services
from hvsim.simulation.tally import Tally, count_program


@inner
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


@inner
def _roomiest(
    region: int, p: int, policy: int, room: IntArray, offers: Offers, services: Services
) -> tuple[int, float]:
    """Provider of program p for a region with most room, -1 if none is; and its caseloads free."""
    chosen, most = -1, 0.0
    for r in range(offers.provider_program.shape[0]):
        if (
            offers.provider_program[r] == p
            and offers.provider_serves[r, region]
            and offers.provider_share[policy, r] > 0.0
        ):
            caseloads = room[r] / services.programs[p]["caseload"]
            if chosen < 0 or caseloads > most:
                chosen, most = r, caseloads
    return chosen, most


@inner
def _is_free(i: int, p: int, t: int, state: State, services: Services) -> bool:
    """Whether the track of program p takes an offer: neither in use nor used up."""
    program = services.programs[p]
    path = state.paths[i, program["track"]]
    if path["state"] < WAITING:
        return True
    return bool(
        path["state"] == ENDED
        and path["finish"] < NEVER
        and t + 1 - path["finish"] >= program["returns_after"]
    )


@inner
def _is_eligible(
    i: int, p: int, policy: int, next_age: int, state: State, offers: Offers, services: Services
) -> bool:
    """Whether family i may enter program p next month."""
    program = services.programs[p]
    if (
        not program["enroll_from"] <= next_age <= program["enroll_until"]
        or not offers.eligible_region[policy, p, state.people[i]["region"]]
    ):
        return False
    for j in range(state.levels.shape[1]):
        if not offers.eligible[policy, p, state.levels[i, j]]:
            return False
    return _provider(state.people[i]["region"], p, policy, 0.5, offers) >= 0


@inner
def _is_meant(
    i: int, p: int, policy: int, t: int, state: State, offers: Offers, services: Services
) -> bool:
    """Whether the offer rule of program p holds for family i, and it need not give way."""
    rule, person = offers.rule[policy, p], state.people[i]
    if rule == 0:
        return False
    if rule > 1 and not (person["screened"] and person["flagged"] == (rule == 2)):
        return False
    for k in range(state.paths.shape[1]):
        path = state.paths[i, k]
        if services.gives_way[p, k] and path["begin"] <= t + 1 and path["finish"] > t + 1:
            return False
    return True


@inner
def _offer(
    i: int,
    p: int,
    provider: int,
    door: int,
    t: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    offers: Offers,
    services: Services,
) -> bool:
    """Offer program p of a provider (-1: by the family's luck); whether the family accepts."""
    program, person, policy = services.programs[p], state.people[i], offers.policy[t]
    path, groups = state.paths[i, program["track"]], state.groups[i]
    number = state.offered[i, p]
    state.offered[i, p] = number + 1
    path["program"] = p
    path["door"] = door
    path["begin"] = NEVER
    path["finish"] = NEVER
    path["visitor"] = -1
    path["visitor_left"] = -NEVER
    path["held"] = 0
    count_program(tally, i, groups, door, p, counts.OFFERED, t, 1)
    logit = program["accepts"] + linear(i, p, services.accepts_by, state)
    accepts = logistic(logit + offers.acceptance[door])
    if uniform(seed, person["id"], program["accepts_draw"], number) >= accepts:
        path["state"] = DECLINED
        count_program(tally, i, groups, door, p, counts.DECLINED, t, 1)
        return False
    if provider < 0:
        u = uniform(seed, person["id"], program["provider_draw"], 0)
        provider = _provider(person["region"], p, policy, u, offers)
    path["state"] = WAITING
    path["since"] = t
    path["provider"] = provider
    count_program(tally, i, groups, door, p, counts.WAITLISTED, t, 1)
    return True


@inner
def offer_listed(
    i: int,
    door: int,
    t: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    offers: Offers,
    services: Services,
) -> None:
    """Offer a family what a door offers: of each track the first suitable program."""
    policy, next_age = offers.policy[t], t + 1 - state.people[i]["entry"]
    offered_tracks = 0
    for p in range(services.programs.shape[0]):
        k = services.programs[p]["track"]
        if (
            not offers.offers[policy, door, p]
            or offered_tracks >> k & 1
            or not _is_free(i, p, t, state, services)
            or not _is_eligible(i, p, policy, next_age, state, offers, services)
        ):
            continue
        count_program(tally, i, state.groups[i], door, p, counts.ELIGIBLE, t, 1)
        if _is_meant(i, p, policy, t, state, offers, services):
            offered_tracks |= 1 << k
            _offer(i, p, -1, door, t, seed, tally, state, offers, services)


@inner
def offer_roomiest(
    i: int,
    door: int,
    t: int,
    room: IntArray,
    seed: np.uint64,
    tally: Tally,
    state: State,
    offers: Offers,
    services: Services,
) -> None:
    """Offer a family of each track the suitable program of the provider with most room.

    `room` is each provider's, in load units; what the family will take is taken off.
    """
    policy, person = offers.policy[t], state.people[i]
    for k in range(state.paths.shape[1]):
        program, provider, most = -1, -1, 0.0
        for p in range(services.programs.shape[0]):
            if (
                services.programs[p]["track"] != k
                or not offers.offers[policy, door, p]
                or not _is_free(i, p, t, state, services)
                or not _is_eligible(i, p, policy, t + 1 - person["entry"], state, offers, services)
            ):
                continue
            count_program(tally, i, state.groups[i], door, p, counts.ELIGIBLE, t, 1)
            if not _is_meant(i, p, policy, t, state, offers, services):
                continue
            r, caseloads = _roomiest(person["region"], p, policy, room, offers, services)
            if provider < 0 or caseloads > most:
                program, provider, most = p, r, caseloads
        if program >= 0 and _offer(
            i, program, provider, door, t, seed, tally, state, offers, services
        ):
            room[provider] -= load_in(i, program, t + 1, t + 1, state, services)
