"""Contacts with doors and calls by hubs: who is screened, referred, reached.

Months count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

import numpy as np

from hvsim.chances import logistic
from hvsim.compiled import compiled, inner, lean
from hvsim.randomness import uniform
from hvsim.simulation import tally as counts
from hvsim.simulation.chances import linear
from hvsim.simulation.lists import Lists
from hvsim.simulation.offering import offer_listed, offer_roomiest
from hvsim.simulation.prefetch import AHEAD, ask_for_care
from hvsim.simulation.presence import resides
from hvsim.simulation.state import NEVER, State
from hvsim.simulation.tables import BoolArray, IntArray, Offers, Services
from hvsim.simulation.tally import Tally, count_door


@compiled
def reside(who: IntArray, t: int, state: State) -> BoolArray:
    """Which families are there to be met in month t."""
    there = np.empty(who.shape[0], np.bool_)
    for j in range(who.shape[0]):
        there[j] = resides(who[j], t, state)
    return there


@inner
def _screen(
    i: int, door: int, t: int, seed: np.uint64, tally: Tally, state: State, offers: Offers
) -> None:
    """Screen a family that has not been screened and consents."""
    person, policy = state.people[i], offers.policy[t]
    if person["screened"]:
        return
    row = policy * offers.offers.shape[1] + door
    consents = logistic(offers.consents[door, t] + linear(i, row, offers.consents_by, state))
    k = t - person["entry"] if offers.consents_anew[policy, door] else 0
    if uniform(seed, person["id"], offers.consents_draw[door], k) >= consents:
        return
    person["screened"] = True
    count_door(tally, i, state.groups[i], door, counts.SCREENED, t)
    if person["score"] > offers.threshold[t]:
        person["flagged"] = True
        count_door(tally, i, state.groups[i], door, counts.FLAGGED, t)
        if person["risk"] <= offers.threshold[t]:
            count_door(tally, i, state.groups[i], door, counts.FALSE_POSITIVE, t)


@lean
def screen(
    contacts: Lists,
    t: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    offers: Offers,
    services: Services,
) -> None:
    """Handle the contacts of a month, door by door: screening, then referral to a hub or offers."""
    policy = offers.policy[t]
    for door in range(contacts.starts.shape[0] - 1):
        hub = offers.hub[policy, door]
        for j in range(contacts.starts[door], contacts.starts[door + 1]):
            i = contacts.items[j]
            ask_for_care(contacts.items, j + AHEAD, state)
            if policy == 1:
                state.people[i]["contacted"] = True
            count_door(tally, i, state.groups[i], door, counts.CONTACTED, t)
            _screen(i, door, t, seed, tally, state, offers)
            if hub < 0:
                offer_listed(i, door, t, seed, tally, state, offers, services)
            elif offers.offers[policy, door].any() and state.waiting[i, hub]["since"] == NEVER:
                state.waiting[i, hub]["since"] = t
                state.waiting[i, hub]["door"] = door
                count_door(tally, i, state.groups[i], door, counts.REFERRED, t)


@lean
def call(
    who: IntArray,
    hub: int,
    t: int,
    room: IntArray,
    seed: np.uint64,
    tally: Tally,
    state: State,
    offers: Offers,
    services: Services,
) -> None:
    """Call families in a hub's queue, in order; who is reached gets the offers of its door.

    `room` is each provider's, in load units; what who accepts will take is taken off.
    """
    for j in range(who.shape[0]):
        i = who[j]
        person, wait = state.people[i], state.waiting[i, hub]
        door = wait["door"]
        wait["since"] = NEVER
        reaches = logistic(offers.reaches[hub] + linear(i, hub, offers.reaches_by, state))
        if uniform(seed, person["id"], offers.reaches_draw[hub], t - person["entry"]) >= reaches:
            continue
        count_door(tally, i, state.groups[i], door, counts.REACHED, t)
        if offers.by_room[hub]:
            offer_roomiest(i, door, t, room, seed, tally, state, offers, services)
        else:
            offer_listed(i, door, t, seed, tally, state, offers, services)
