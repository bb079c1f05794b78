"""The life course of families, from event to event.

A family is taken through many months in one call. Between changes of its services it goes from one
month with events to the next: outcomes act on each other, and call for organizations, only there.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from hvsim.chances import logistic
from hvsim.compiled import compiled, inner
from hvsim.randomness import exponential, uniform
from hvsim.simulation.chains import pass_chain
from hvsim.simulation.chances import linear
from hvsim.simulation.doses import Acting, act
from hvsim.simulation.events import count_event, from_month, happen
from hvsim.simulation.hazards import look_ahead, settle
from hvsim.simulation.prefetch import ask_for_life
from hvsim.simulation.spells import change_state, enter_state, is_in_force
from hvsim.simulation.state import NEVER, Records, State
from hvsim.simulation.tables import (
    ENDING,
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
def _is_so(i: int, o: int, effect: float, seed: np.uint64, state: State, risks: Risks) -> bool:
    """Whether a status holds for family i under a log effect of services."""
    outcome = risks.outcomes[o]
    logit = outcome["logit"] + linear(i, o, risks.share_by, state)
    u = uniform(seed, state.people[i]["id"], outcome["status_draw"], 0)
    if outcome["realized"] >= 0:
        p, was_so = logistic(logit), False
        for j in range(state.levels.shape[1]):
            was_so |= state.levels[i, j] == outcome["realized"]
        u = u * p if was_so else p + u * (1.0 - p)
    return bool(u < logistic(logit + effect))


@inner
def _end(i: int, age: int, ends_life: bool, state: State) -> None:
    """End life or residence with the month of an age."""
    person = state.people[i]
    if ends_life:
        person["died"] = True
        person["last"] = age + 1
    else:
        person["moved"] = True
    person["called"] = False
    for d in range(state.handled.shape[1]):
        if state.handled[i, d] > person["entry"] + age:
            state.handled[i, d] = NEVER


@inner
def _pass(
    i: int,
    b: int,
    acting: Acting,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
    listening: Listening,
    occurred: BoolArray,
    starts: BoolArray,
) -> int:
    """Whatever is due in months before age b, unless life or a contact stops it: up to what age."""
    person, due = state.people[i], state.due[i]
    entry, ages = person["entry"], risks.exits.shape[1] - 1
    groups, counts = state.groups[i], state.counts[i]
    onsets, exits = risks.cumulative[entry], risks.exits
    row = int(person["touched"])
    hazard_effects, exit_effects = acting.hazard[row], acting.exit[row]
    most, most_exit = acting.most[row], acting.most_exit[row]
    age = _soonest(due)
    while age < b:
        t = entry + age
        in_chain = may_end = False
        for o in range(due.shape[0]):
            if due[o] != age:
                continue
            outcome = risks.outcomes[o]
            if outcome["is_chained"]:
                in_chain = True
                continue
            if outcome["kind"] == ENDING:
                may_end = True
                continue
            if outcome["kind"] == STATUS:
                if age == outcome["dose_age"]:
                    is_so = _is_so(i, o, hazard_effects[o], seed, state, risks)
                    due[o] = outcome["at_age"] if is_so else ages
                if due[o] == age:
                    due[o] = ages
                    count_event(i, t, outcome["m_event"], 1, clock.first, tally, groups, counts)
                continue
            hazard = state.hazards[i, outcome["row"]]
            settle(hazard, o, age + 1, onsets, exits)
            if outcome["kind"] != STATE:
                while hazard["need"] <= 0.0:
                    happen(i, t, person, hazard, outcome, clock, seed, tally, groups, counts)
            elif hazard["need"] <= 0.0:
                x = hazard_effects[o] if hazard["present"] else exit_effects[o]
                change_state(i, age, x, person, hazard, outcome, clock, seed, tally, groups, counts)
            due[o] = look_ahead(hazard, o, most[o], most_exit[o], onsets, exits)
        for c in range(risks.chains.shape[0] if in_chain else 0):
            chain = risks.chains[c]
            if due[chain["true_events"]] != age and due[chain["false_events"]] != age:
                continue
            pass_chain(
                i,
                c,
                entry,
                age,
                acting.odds[row, c],
                most,
                clock,
                seed,
                tally,
                state,
                risks,
                listening,
                occurred,
                starts,
            )
            for j in range(chain["first_begun"], chain["end_begun"]):
                o = listening.begun[j]["outcome"]
                outcome = risks.outcomes[o]
                hazard = state.hazards[i, outcome["row"]]
                if starts[o] and not is_in_force(hazard, age):
                    x = exit_effects[o]
                    change_state(
                        i, age, x, person, hazard, outcome, clock, seed, tally, groups, counts
                    )
                    due[o] = look_ahead(hazard, o, most[o], most_exit[o], onsets, exits)
                starts[o] = False
        ended = False
        for j in range(risks.endings.shape[0] if may_end else 0):
            o = risks.endings[j]
            if due[o] != age:
                continue
            outcome = risks.outcomes[o]
            hazard = state.hazards[i, outcome["row"]]
            settle(hazard, o, age + 1, onsets, exits)
            if hazard["need"] <= 0.0:
                hazard["need"] = math.inf
                if not ended and (outcome["ends_life"] or not person["moved"]):
                    ended = True
                    count_event(i, t, outcome["m_event"], 1, clock.first, tally, groups, counts)
                    _end(i, age, outcome["ends_life"], state)
            due[o] = look_ahead(hazard, o, most[o], most_exit[o], onsets, exits)
        if person["called"] or person["died"]:
            return int(age + 1)
        age = _soonest(due)
    return b


@inner
def _soonest(due: npt.NDArray[np.int16]) -> int:
    """Age at which something is due next."""
    age = due[0]
    for o in range(1, due.shape[0]):
        age = min(age, due[o])
    return int(age)


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
            if _soonest(state.due[i]) < b:
                moved = person["moved"]
                lived = _pass(
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
