"""Contacts: the families that doors meet, by the month in which they are handled.

Months count from the first simulated one.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from hvsim.compiled import compiled
from hvsim.simulation.lists import Lists, distinct
from hvsim.simulation.presence import resides
from hvsim.simulation.state import NEVER, State
from hvsim.simulation.tables import IntArray


@compiled
def _ahead(who: IntArray, t: int, state: State) -> tuple[IntArray, IntArray]:
    """Families with a contact to be handled in month t or later, and its month.

    Both once for each door, in the order of families.
    """
    doors = state.handled.shape[1]
    families = np.empty(who.shape[0] * doors, np.int64)
    months = np.empty(who.shape[0] * doors, np.int64)
    n = 0
    for i in who:
        for d in range(doors):
            if t <= state.handled[i, d] < NEVER:
                families[n], months[n] = i, state.handled[i, d]
                n += 1
    return families[:n], months[:n]


@compiled
def _handled(who: IntArray, t: int, state: State) -> Lists:
    """For each door the families whose contact is handled in month t, if they are there."""
    doors = state.handled.shape[1]
    items, starts = np.empty(who.shape[0] * doors, np.int64), np.zeros(doors + 1, np.int64)
    n = 0
    for d in range(doors):
        for i in who:
            if state.handled[i, d] == t and resides(i, t, state):
                items[n] = i
                n += 1
        starts[d + 1] = n
    return Lists(items[:n], starts)


class Calendar:
    """Families whose contacts will be handled, by month."""

    def __init__(self) -> None:
        self._expected: dict[int, list[IntArray]] = defaultdict(list)

    def expect(self, who: IntArray, t: int, state: State) -> None:
        """Note those among `who` whose contacts will be handled in month t or later."""
        families, months = _ahead(who, t, state)
        order = np.argsort(months, kind="stable")
        distinct_months, starts = np.unique(months[order], return_index=True)
        parts = np.split(families[order], starts[1:])
        for month, part in zip(distinct_months.tolist(), parts, strict=False):
            self._expected[month].append(part)

    def handled(self, t: int, state: State) -> Lists:
        """For each door the families handled in month t."""
        return _handled(distinct(*self._expected.pop(t, [])), t, state)
