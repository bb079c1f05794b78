"""What happens to families, counted: events, what they bring, months in a state."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from hvsim.compiled import inner
from hvsim.randomness import exponential
from hvsim.simulation.hazards import Record
from hvsim.simulation.ledger import CHILDREN, EVENTS, PERSON_MONTHS
from hvsim.simulation.state import NEVER, Records
from hvsim.simulation.tables import Clock
from hvsim.simulation.tally import Tally, bump, note

Groups = npt.NDArray[np.int16]

MOST = 65535
"""Events of a family that are counted: as many as 16 bits hold."""


@inner
def count_event(
    i: int,
    t: int,
    measure: int,
    by: int,
    first: int,
    tally: Tally,
    groups: Groups,
    counts: Records,
) -> None:
    """Count `by` of a measure for family i in month t; `first` is the first reported month.

    `groups` and `counts` are the family's own.
    """
    count = counts[measure]
    bump(tally.outcomes, measure, EVENTS, t, groups, by)
    if count["first"] == NEVER:
        count["first"] = t
        bump(tally.outcomes, measure, CHILDREN, t, groups, 1)
    if t >= first:
        count["events"] = min(MOST, count["events"] + by)
    if tally.trace.shape[0] > 0:
        for _ in range(by):
            note(tally, i, t, measure)


@inner
def happen(
    i: int,
    t: int,
    person: Record,
    hazard: Record,
    outcome: Record,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    groups: Groups,
    counts: Records,
) -> None:
    """The next event of a recurrent outcome, with what it brings; then await the one after."""
    family, n = person["id"], hazard["number"]
    count_event(i, t, outcome["m_event"], 1, clock.first, tally, groups, counts)
    if outcome["m_amount"] >= 0:
        draw = exponential(seed, family, outcome["amount_draw"], n)
        amount = 1 + int(draw / outcome["amount_rate"])
        count_event(i, t, outcome["m_amount"], amount, clock.first, tally, groups, counts)
    hazard["number"] = n + 1
    if outcome["sibling_after"] < 0:
        hazard["need"] += exponential(seed, family, outcome["event_draw"], n + 1)
        return
    hazard["need"] = math.inf
    born = t + outcome["sibling_after"]
    if not person["moved"] and born <= clock.last_birth:
        person["sibling"] = born


@inner
def from_month(tally: Tally, measure: int, month: int, groups: Groups, by: int) -> None:
    """Mark a change of the number in a state; summing over months gives the person-months."""
    if month < tally.outcomes.shape[2]:
        bump(tally.outcomes, measure, PERSON_MONTHS, month, groups, by)
