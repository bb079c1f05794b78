"""The life course of families, from event to event.

A family is taken through many months in one call. Between changes of its services it goes from one
month with events to the next: outcomes act on each other, and call for organizations, only there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hvsim.compiled import compiled, inner
from hvsim.randomness import exponential
from hvsim.simulation.doses import Acting, act
from hvsim.simulation.events import from_month
from hvsim.simulation.hazards import look_ahead, settle
from hvsim.simulation.prefetch import ask_for_life
from hvsim.simulation.spells import enter_state
from hvsim.simulation.state import Records, State
from hvsim.simulation.stretches import pass_stretch, soonest
from hvsim.simulation.tables import (
    STATE,
    STATUS,
    BoolArray,
    Clock,
    Effects,
    FloatArray,
    IntArray,
    Listening,
    Risks,
)
from hvsim.simulation.tally import Tally, bump


@inner
def _begin(i: int, seed: np.uint64, tally: Tally, state: State, risks: Risks) -> None:
    """Thresholds and states of a family on entry."""
    person = state.people[i]
    onsets = risks.cumulative[person["entry"]]
    for c in range(risks.chains.shape[0]):
        if state.reported[i, c] < person["entry"]:  # by an older sibling
            for o in (risks.chains[c]["true_events"], risks.chains[c]["false_events"]):
                outcome = risks.outcomes[o]
                state.hazards[i, outcome["row"]]["multiplier"] *= outcome["after_report"]
    for o in range(risks.outcomes.shape[0]):
        outcome = risks.outcomes[o]
        if outcome["kind"] == STATUS:
            state.due[i, o] = outcome["dose_age"]
            continue
        hazard = state.hazards[i, outcome["row"]]
        if outcome["kind"] == STATE:
            enter_state(person, hazard, outcome, seed, tally, state.groups[i])
        else:
            hazard["need"] = exponential(seed, person["id"], outcome["event_draw"], 0)
        state.due[i, o] = look_ahead(hazard, o, 1.0, 1.0, onsets, risks.exits)


@inner
def _feel(
    i: int,
    age: int,
    acting: Acting,
    due: npt.NDArray[np.int16],
    hazards: Records,
    effects: Effects,
    onsets: FloatArray,
    exits: FloatArray,
) -> None:
    """Let what services do to some outcomes hold from an age on.

    What can no longer happen, whatever services do, is not added up.
    """
    never = exits.shape[1] - 1
    for j in range(effects.rates.shape[0]):
        o = effects.rates[j]
        if due[o] >= never:
            continue
        hazard = hazards[i, effects.rows[j]]
        x = acting.exit[1, o] if hazard["present"] else acting.hazard[1, o]
        if x != hazard["effect"]:
            settle(hazard, o, age, onsets, exits)
            hazard["effect"] = x


@inner
def _await_service(i: int, age: int, state: State, risks: Risks, effects: Effects) -> None:
    """From an age on, allow for all that services may do."""
    onsets, exits = risks.cumulative[state.people[i]["entry"]], risks.exits
    for j in range(effects.rates.shape[0]):
        o = effects.rates[j]
        most, most_exit = effects.most[o], effects.most_exit[o]
        if max(most, most_exit) > 1.0:
            hazard = state.hazards[i, effects.rows[j]]
            settle(hazard, o, age, onsets, exits)
            state.due[i, o] = look_ahead(hazard, o, most, most_exit, onsets, exits)


@inner
def _live(
    who: IntArray,
    until: IntArray,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
    effects: Effects,
    listening: Listening,
    acting: Acting,
    occurred: BoolArray,
    starts: BoolArray,
) -> None:
    """Take families through their lives, as `live` says, in the arrays that it made."""
    for j in range(who.shape[0]):
        i, stop = who[j], until[j]
        ask_for_life(who, j + 1, state)
        person = state.people[i]
        entry, a, touched = person["entry"], person["age"], person["touched"]
        start = a
        if a == 0 and stop > 0:
            bump(tally.births, 0, 0, entry + clock.birth_age, state.groups[i], 1)
            _begin(i, seed, tally, state, risks)
        if touched and not person["awaited"]:
            _await_service(i, a, state, risks, effects)
            person["awaited"] = True
        while a < stop:
            b = stop
            if touched:
                t, end = entry + a, entry + b
                b = act(i, t, end, state.paths, state.services, effects, acting) - entry
                onsets = risks.cumulative[entry]
                _feel(i, a, acting, state.due[i], state.hazards, effects, onsets, risks.exits)
            if soonest(state.due[i]) < b:
                moved = person["moved"]
                lived = pass_stretch(
                    i,
                    b,
                    acting,
                    clock,
                    seed,
                    tally,
                    state,
                    risks,
                    listening,
                    occurred,
                    starts,
                )
                if person["called"] or person["died"]:
                    b = lived
                    stop = b
                elif person["moved"] and not moved and not person["present"]:
                    stop = person["last"]  # no contact is left to wait for
            a = b
        person["age"] = a
        if start < a == person["last"]:
            for o in range(risks.outcomes.shape[0]):
                outcome = risks.outcomes[o]
                if outcome["kind"] == STATE and state.hazards[i, outcome["row"]]["present"]:
                    from_month(tally, outcome["m_event"], entry + a, state.groups[i], -1)


@compiled
def live(
    who: IntArray,
    until: IntArray,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
    effects: Effects,
    listening: Listening,
) -> None:
    """Take families through their lives.

    Parameters
    ----------
    who
        Positions of families. Shape (n,).
    until
        For each, the age up to which it lives now (exclusive), counted from entry: unless life
        ends before, or brings a new contact.
    """
    outcomes, chains = risks.outcomes.shape[0], risks.chains.shape[0]
    acting = Acting(
        np.zeros((2, outcomes)),
        np.zeros((2, outcomes)),
        np.zeros((2, chains)),
        np.zeros((2, chains)),
        np.ones((2, outcomes)),
        np.ones((2, outcomes)),
    )
    acting.most[1] = effects.most
    acting.most_exit[1] = effects.most_exit
    occurred = np.zeros(risks.stages.shape[0], np.bool_)
    starts = np.zeros(outcomes, np.bool_)
    _live(
        who,
        until,
        clock,
        seed,
        tally,
        state,
        risks,
        effects,
        listening,
        acting,
        occurred,
        starts,
    )
