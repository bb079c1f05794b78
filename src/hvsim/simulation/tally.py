"""Counting: the arrays into which compiled code adds, and the trace of single events."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hvsim.compiled import inner
from hvsim.simulation.ledger import DOOR_TRANSITIONS, OUTCOME_COUNTS, PROGRAM_TRANSITIONS

IntArray = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]

(
    ELIGIBLE,
    OFFERED,
    DECLINED,
    WAITLISTED,
    ENROLLED,
    GAVE_UP,
    EXPIRED,
    AGED_OUT,
    TRANSFERRED,
    COMPLETED,
    WITHDRAWN_NO_VISITOR,
    WITHDRAWN_NO_MONEY,
    DROPPED_OUT,
    DECEASED,
    MOVED,
    VISITS_SCHEDULED,
    VISITS_COMPLETED,
) = range(len(PROGRAM_TRANSITIONS))
CONTACTED, SCREENED, FLAGGED, REFERRED, REACHED, FALSE_POSITIVE = range(len(DOOR_TRANSITIONS))


class Tally(NamedTuple):
    """Integer counts of one thread, in simulated families, by month from t0 and group.

    `trace` holds rows (family, month, code) of every event if it has room for any; `traced` is
    the number of rows written, also of those that found no room. All but `trace` end in the axes
    (row, column, month, group); births have one row and column.
    """

    births: Counts
    doors: Counts
    programs: Counts
    outcomes: Counts
    trace: IntArray
    traced: IntArray


def new_tally(
    doors: int, programs: int, measures: int, months: int, groups: int, trace_rows: int
) -> Tally:
    """Empty counts of the given sizes."""
    return Tally(
        births=np.zeros((1, 1, months, groups), np.int32),
        doors=np.zeros((doors, len(DOOR_TRANSITIONS), months, groups), np.int32),
        programs=np.zeros((doors, programs, len(PROGRAM_TRANSITIONS), months, groups), np.int32),
        outcomes=np.zeros((measures, len(OUTCOME_COUNTS), months, groups), np.int32),
        trace=np.zeros((trace_rows, 3), np.int64),
        traced=np.zeros(1, np.int64),
    )


@inner
def bump(
    table: Counts, row: int, column: int, month: int, groups: npt.NDArray[np.int16], by: int
) -> None:
    """Add `by` in one month to 'all' and to each group that a family belongs to."""
    table[row, column, month, 0] += by
    for j in range(groups.shape[0]):
        table[row, column, month, groups[j]] += by


@inner
def note(tally: Tally, family: int, month: int, code: int) -> None:
    """Write one event to the trace, if it has room."""
    row = tally.traced[0]
    tally.traced[0] = row + 1
    if row < tally.trace.shape[0]:
        tally.trace[row, 0] = family
        tally.trace[row, 1] = month
        tally.trace[row, 2] = code


@inner
def count_door(
    tally: Tally, family: int, groups: npt.NDArray[np.int16], door: int, transition: int, month: int
) -> None:
    """Count a transition at a door."""
    bump(tally.doors, door, transition, month, groups, 1)
    if tally.trace.shape[0] > 0:
        code = tally.outcomes.shape[0] + door * tally.doors.shape[1] + transition
        note(tally, family, month, code)


@inner
def count_program(
    tally: Tally,
    family: int,
    groups: npt.NDArray[np.int16],
    door: int,
    program: int,
    transition: int,
    month: int,
    by: int,
) -> None:
    """Count a transition (or visits) in a program reached through a door."""
    bump(tally.programs[door], program, transition, month, groups, by)
    if tally.trace.shape[0] > 0:
        code = (
            tally.outcomes.shape[0]
            + tally.doors.shape[0] * tally.doors.shape[1]
            + (door * tally.programs.shape[1] + program) * tally.programs.shape[2]
            + transition
        )
        for _ in range(by):
            note(tally, family, month, code)
