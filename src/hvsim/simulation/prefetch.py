"""Ask memory for a family before its turn comes.

Families are visited in no order that the processor could foresee. Most of the time that a family
takes would be spent waiting for its part of the state, were it not asked for while another family
is at work.
"""

from __future__ import annotations

from hvsim.compiled import inner
from hvsim.memory import ask_for_row
from hvsim.simulation.state import State
from hvsim.simulation.tables import IntArray

AHEAD = 4
"""How many turns earlier, where a turn takes less time than memory does."""


@inner
def ask_for_life(who: IntArray, j: int, state: State) -> None:
    """Ask for what living changes of the family at position j of a list, if it goes so far."""
    if j >= who.shape[0]:
        return
    i = who[j]
    ask_for_row(state.people, i)
    ask_for_row(state.levels, i)
    ask_for_row(state.due, i)
    ask_for_row(state.hazards, i)
    ask_for_row(state.groups, i)
    ask_for_row(state.counts, i)
    ask_for_row(state.paths, i)
    ask_for_row(state.services, i)


@inner
def ask_for_care(who: IntArray, j: int, state: State) -> None:
    """Ask for what care reads of the family at position j of a list, if the list goes so far."""
    if j >= who.shape[0]:
        return
    i = who[j]
    ask_for_row(state.people, i)
    ask_for_row(state.levels, i)
    ask_for_row(state.groups, i)
    ask_for_row(state.paths, i)
    ask_for_row(state.services, i)
