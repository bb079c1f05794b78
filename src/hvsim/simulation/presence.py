"""Who is under the eyes of organizations, and how far the others may live ahead."""

from __future__ import annotations

from hvsim.compiled import inner, lean
from hvsim.simulation.state import NEVER, WAITING, State
from hvsim.simulation.tables import IntArray


@inner
def is_active(i: int, t: int, state: State) -> bool:
    """Whether an organization can act on family i in month t."""
    for h in range(state.waiting.shape[1]):
        if state.waiting[i, h]["since"] < NEVER:
            return True
    for k in range(state.paths.shape[1]):
        path = state.paths[i, k]
        if path["state"] == WAITING or (path["begin"] < NEVER and path["finish"] > t):
            return True
    return False


@inner
def resides(i: int, t: int, state: State) -> bool:
    """Whether family i is there to be met in month t: alive, in the place, in follow-up."""
    person = state.people[i]
    return bool(t - person["entry"] < person["last"] and not person["moved"])


@inner
def next_contact(i: int, t: int, state: State) -> int:
    """First month from t on in which a contact of family i is handled, `NEVER` without."""
    month = NEVER
    for d in range(state.handled.shape[1]):
        if t <= state.handled[i, d] < month:
            month = int(state.handled[i, d])
    return month


@lean
def part(who: IntArray, t: int, state: State, until: IntArray) -> int:
    """Tell who stays under the eyes of organizations in month t; the others are free.

    The former stand first in `who` on return, and their number is returned. `until` holds the
    age up to which each lives now: those who stay up to month t, the others up to their next
    contact, or as long as they live.
    """
    stay = 0
    for j in range(who.shape[0]):
        i = who[j]
        person = state.people[i]
        entry, last = person["entry"], person["last"]
        if t - entry < last and is_active(i, t, state):
            who[j] = who[stay]
            until[j] = until[stay]
            who[stay] = i
            until[stay] = t - entry
            stay += 1
        else:
            contact = next_contact(i, t, state)
            until[j] = last if contact == NEVER else min(contact - entry, last)
    return stay


@lean
def all_in_month(who: IntArray, t: int, state: State) -> bool:
    """Whether each family has lived up to month t, no less and no more."""
    for i in who:
        person = state.people[i]
        if person["entry"] + person["age"] != t:
            return False
    return True
