"""What the simulation knows about each family, as arrays of records.

Records keep what is read together in one place in memory, and let compiled functions take few
arguments. All sizes but the fields are known at run time only.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hvsim.compiled import compiled

Records = npt.NDArray[np.void]
IntArray = npt.NDArray[np.int64]

NEVER = 32767
"""A month that does not come: the last that 16 bits hold."""

# State of a family in a track. Offers may come in the first four.
NONE, DECLINED, GAVE_UP, AGED_OUT, WAITING, SERVED, ENDED = range(7)

PERSON = np.dtype(
    [
        ("id", np.uint64),
        ("risk", np.float64),
        ("willingness", np.float64),
        ("frailty", np.float64),  # the shared one, standard normal
        ("detection", np.float64),
        ("score", np.float64),
        ("entry", np.int16),  # month of entry, from the first simulated one
        ("age", np.int16),  # first age not yet lived, in months from entry
        ("last", np.int16),  # first age that is not lived any more, in months from entry
        ("sibling", np.int16),  # month of birth of a sibling still to be made, `NEVER` without
        ("region", np.int16),
        ("screened", np.bool_),
        ("flagged", np.bool_),
        ("contacted", np.bool_),  # in a reported month
        ("touched", np.bool_),  # whether any service ever began
        ("awaited", np.bool_),  # whether `due` allows for what service may do
        ("died", np.bool_),
        ("moved", np.bool_),  # out of the place: outcomes go on, service and contacts do not
        ("present", np.bool_),  # under the eyes of organizations
        ("called", np.bool_),  # whether living brought a contact that no door knows of yet
    ],
    align=True,
)

HAZARD = np.dtype(
    [
        ("multiplier", np.float64),
        ("need", np.float64),  # intensity still to be accumulated before the next event
        ("effect", np.float64),  # of services on the logarithm of the rate
        ("number", np.int16),  # events or spells so far
        ("since", np.int16),  # age up to which the intensity is added up
        ("ended", np.int16),  # age at which a spell last ended, -1 before
        ("present", np.bool_),  # whether the state is in force
    ],
    align=True,
)

PATH = np.dtype(
    [
        ("visit_logit", np.float64),  # of a visit that is scheduled
        ("leaving_factor", np.float64),
        ("visitor", np.int32),  # serial, -1 without
        ("since", np.int16),  # month of joining the queue
        ("begin", np.int16),
        ("finish", np.int16),
        ("assigned", np.int16),  # visitors assigned so far
        ("visitor_left", np.int16),  # month in which a visitor left, `-NEVER` without
        ("provider", np.int16),
        ("program", np.int16),
        ("door", np.int16),
        ("held", np.int16),  # consecutive months on hold up to now
        ("state", np.int8),
        ("mismatched", np.bool_),  # whether the visitor cannot serve the family's level
        ("unstaffed", np.bool_),  # whether, if on hold, it lacks a visitor; else money
    ],
    align=True,
)

SERVICE = np.dtype(
    [
        ("finish", np.int16),  # month after the last spell, `NEVER` before and in a spell
        ("scheduled", np.int16),  # visits, of all spells
        ("completed", np.int16),
    ],
    align=True,
)

HUB = np.dtype(
    [
        ("since", np.int16),  # month of joining the queue, `NEVER` for who is not in it
        ("door", np.int16),  # of the referral
    ],
    align=True,
)

COUNT = np.dtype(
    [
        ("events", np.uint16),  # in reported months
        ("first", np.int16),  # month of the first since entry, `NEVER` before it
    ],
    align=True,
)


class State(NamedTuple):
    """All families of a run.

    Attributes
    ----------
    people
        `PERSON`. Shape (n,).
    levels, groups
        Positions on the axis of all levels, shape (n, attributes), and on the ledger's group axis,
        shape (n, dimensions).
    hazards
        `HAZARD` by outcome with a rate: all but statuses. Shape (n, rates).
    due
        By outcome the first age in whose month the next event can happen, whatever services do to a
        family that they touched; or at which to look for it again. Shape (n, outcomes).
    reported
        Month of the first report, by chain: before entry for a sibling of a reported child,
        `NEVER` without. Shape (n, chains).
    counts
        `COUNT` by measure. Shape (n, measures).
    paths
        `PATH` by track: the last wait and spell. Shape (n, tracks).
    services
        `SERVICE` by program. Shape (n, programs).
    handled
        Month in which the contact with a door is, or was last, handled; `NEVER` without. Shape
        (n, doors).
    waiting
        `HUB` by hub. Shape (n, hubs).
    offered
        Offers so far, by program. Shape (n, programs).
    enrolled
        Whether the family enrolled in a reported month, by program. Shape (n, programs).
    """

    people: Records
    levels: npt.NDArray[np.int16]
    groups: npt.NDArray[np.int16]
    hazards: Records
    due: npt.NDArray[np.int16]
    reported: npt.NDArray[np.int16]
    counts: Records
    paths: Records
    services: Records
    handled: npt.NDArray[np.int16]
    waiting: Records
    offered: npt.NDArray[np.int16]
    enrolled: npt.NDArray[np.bool_]


def stretch(store: State, first: int, end: int) -> State:
    """Families of a store from one position to before another."""
    parts: Any = (part[first:end] for part in store)
    return State(*parts)


def enlarged(store: State, rows: int) -> State:
    """A store with a copy of all families and room for more."""
    parts: Any = (np.zeros((rows, *part.shape[1:]), part.dtype) for part in store)
    larger = State(*parts)
    for part, old in zip(larger, store, strict=True):
        part[: len(old)] = old
    return larger


def new_store(
    rows: int,
    *,
    attributes: int,
    dimensions: int,
    outcomes: int,
    rates: int,
    chains: int,
    measures: int,
    tracks: int,
    programs: int,
    doors: int,
    hubs: int,
) -> State:
    """Room for families: zeros, which take no memory before something is written there."""
    return State(
        people=np.zeros(rows, PERSON),
        levels=np.zeros((rows, attributes), np.int16),
        groups=np.zeros((rows, dimensions), np.int16),
        hazards=np.zeros((rows, rates), HAZARD),
        due=np.zeros((rows, outcomes), np.int16),
        reported=np.zeros((rows, chains), np.int16),
        counts=np.zeros((rows, measures), COUNT),
        paths=np.zeros((rows, tracks), PATH),
        services=np.zeros((rows, programs), SERVICE),
        handled=np.zeros((rows, doors), np.int16),
        waiting=np.zeros((rows, hubs), HUB),
        offered=np.zeros((rows, programs), np.int16),
        enrolled=np.zeros((rows, programs), np.bool_),
    )


@compiled
def clear(last_age: int, state: State) -> None:
    """Turn zeros into families that have not lived yet and have met nobody."""
    for i in range(state.people.shape[0]):
        state.people[i]["last"] = last_age
        state.people[i]["sibling"] = NEVER
        for h in range(state.hazards.shape[1]):
            state.hazards[i, h]["ended"] = -1
        for c in range(state.reported.shape[1]):
            state.reported[i, c] = NEVER
        for m in range(state.counts.shape[1]):
            state.counts[i, m]["first"] = NEVER
        for k in range(state.paths.shape[1]):
            path = state.paths[i, k]
            path["program"] = path["door"] = path["provider"] = path["visitor"] = -1
            path["since"] = path["begin"] = path["finish"] = NEVER
            path["visitor_left"] = -NEVER
        for p in range(state.services.shape[1]):
            state.services[i, p]["finish"] = NEVER
        for d in range(state.handled.shape[1]):
            state.handled[i, d] = NEVER
        for h in range(state.waiting.shape[1]):
            state.waiting[i, h]["since"] = NEVER
