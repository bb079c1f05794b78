"""What changes about families during a run, as columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

NEVER = 1 << 30
"""A month that does not come."""

# State of a family in a track. Offers may come in the first four.
NONE, DECLINED, GAVE_UP, AGED_OUT, WAITING, SERVED, ENDED = range(7)


class People(NamedTuple):
    """What does not change: attributes and luck that rules read. Shapes (n,) unless stated.

    `entry` is the month of entry, from the first simulated month. `levels` (n, attributes) are
    positions on the axis of all levels, `groups` (n, dimensions) on the ledger's group axis,
    `multiplier` (n, outcomes).
    """

    id: npt.NDArray[np.uint64]
    entry: IntArray
    region: IntArray
    levels: IntArray
    groups: IntArray
    risk: FloatArray
    willingness: FloatArray
    detection: FloatArray
    score: FloatArray
    multiplier: FloatArray


class Lives(NamedTuple):
    """The life course: outcomes so far.

    `age` is the index of the first age not yet lived. `reached` and `threshold` (n, outcomes) are the
    intensity accumulated and the one at which the next event happens; `number` counts events or
    spells; `present` whether a state is in force; `reported` (n, chains). `events` (n, measures)
    counts events of reported months, `ever` whether there was any since entry.
    """

    age: IntArray
    reached: FloatArray
    threshold: FloatArray
    number: npt.NDArray[np.int32]
    present: npt.NDArray[np.bool_]
    reported: npt.NDArray[np.bool_]
    events: npt.NDArray[np.uint16]
    ever: npt.NDArray[np.bool_]


class Paths(NamedTuple):
    """The way through the system, by track: shapes (n, tracks) unless stated.

    `since` is the month of joining a waiting list, `begin` and `finish` those of service
    (`NEVER` without), `held` consecutive months on hold up to now, `visitor` the serial of the
    visitor (-1 none), `visitor_left` the month in which one left. `visit_chance` and
    `leaving_factor` are the family's own in its program. `offers` (n, programs) counts offers,
    `served` (n, programs) marks programs begun. `screened`, `flagged`, `contacted`, `touched` (whether any
    service ever began) have shape (n,).
    """

    state: npt.NDArray[np.int8]
    program: npt.NDArray[np.int16]
    provider: npt.NDArray[np.int32]
    door: npt.NDArray[np.int16]
    since: npt.NDArray[np.int32]
    begin: npt.NDArray[np.int32]
    finish: npt.NDArray[np.int32]
    scheduled: npt.NDArray[np.int16]
    completed: npt.NDArray[np.int16]
    held: npt.NDArray[np.int16]
    visitor: npt.NDArray[np.int32]
    assigned: npt.NDArray[np.int32]
    visitor_left: npt.NDArray[np.int32]
    visit_chance: FloatArray
    leaving_factor: FloatArray
    offers: npt.NDArray[np.int16]
    served: npt.NDArray[np.bool_]
    screened: npt.NDArray[np.bool_]
    flagged: npt.NDArray[np.bool_]
    contacted: npt.NDArray[np.bool_]
    touched: npt.NDArray[np.bool_]


def new_lives(n: int, outcomes: int, chains: int, measures: int) -> Lives:
    """Families that have not lived yet."""
    return Lives(
        age=np.zeros(n, np.int64),
        reached=np.zeros((n, outcomes)),
        threshold=np.zeros((n, outcomes)),
        number=np.zeros((n, outcomes), np.int32),
        present=np.zeros((n, outcomes), np.bool_),
        reported=np.zeros((n, chains), np.bool_),
        events=np.zeros((n, measures), np.uint16),
        ever=np.zeros((n, measures), np.bool_),
    )


def new_paths(n: int, tracks: int, programs: int) -> Paths:
    """Families that have met nobody yet."""
    by_track = (n, tracks)
    return Paths(
        state=np.full(by_track, NONE, np.int8),
        program=np.full(by_track, -1, np.int16),
        provider=np.full(by_track, -1, np.int32),
        door=np.full(by_track, -1, np.int16),
        since=np.full(by_track, NEVER, np.int32),
        begin=np.full(by_track, NEVER, np.int32),
        finish=np.full(by_track, NEVER, np.int32),
        scheduled=np.zeros(by_track, np.int16),
        completed=np.zeros(by_track, np.int16),
        held=np.zeros(by_track, np.int16),
        visitor=np.full(by_track, -1, np.int32),
        assigned=np.zeros(by_track, np.int32),
        visitor_left=np.full(by_track, -NEVER, np.int32),
        visit_chance=np.zeros(by_track),
        leaving_factor=np.ones(by_track),
        offers=np.zeros((n, programs), np.int16),
        served=np.zeros((n, programs), np.bool_),
        screened=np.zeros(n, np.bool_),
        flagged=np.zeros(n, np.bool_),
        contacted=np.zeros(n, np.bool_),
        touched=np.zeros(n, np.bool_),
    )
