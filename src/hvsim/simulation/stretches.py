"""What is due for a family in a stretch of months in which its services do not change.

Outcomes are *linked* if an event of theirs changes what happens to others: chains of detection with
the states that their stages begin, endings, siblings. These are taken in the order of months, and
tell how long the stretch is. Every other outcome is then taken through it alone.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from hvsim.chances import logistic
from hvsim.compiled import inner
from hvsim.randomness import uniform
from hvsim.simulation.chains import pass_chain
from hvsim.simulation.chances import linear
from hvsim.simulation.doses import Acting
from hvsim.simulation.events import count_event, happen
from hvsim.simulation.hazards import look_ahead, settle
from hvsim.simulation.spells import change_state, is_in_force
from hvsim.simulation.state import NEVER, State
from hvsim.simulation.tables import STATE, STATUS, BoolArray, Clock, IntArray, Listening, Risks
from hvsim.simulation.tally import Tally


@inner
def soonest(due: npt.NDArray[np.int16]) -> int:
    """Age at which something is due next."""
    age = due[0]
    for o in range(1, due.shape[0]):
        age = min(age, due[o])
    return int(age)


@inner
def _soonest_of(outcomes: IntArray, due: npt.NDArray[np.int16]) -> int:
    """Age at which one of some outcomes is due next."""
    age = NEVER
    for j in range(outcomes.shape[0]):
        age = min(age, int(due[outcomes[j]]))
    return age


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
def _come_due(
    i: int,
    o: int,
    age: int,
    acting: Acting,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
) -> int:
    """Events of a rated outcome in the month of an age, if any: when it is due again."""
    person, outcome = state.people[i], risks.outcomes[o]
    hazard = state.hazards[i, outcome["row"]]
    groups, counts = state.groups[i], state.counts[i]
    onsets, exits = risks.cumulative[person["entry"]], risks.exits
    row, t = int(person["touched"]), person["entry"] + age
    settle(hazard, o, age + 1, onsets, exits)
    if outcome["kind"] != STATE:
        while hazard["need"] <= 0.0:
            happen(i, t, person, hazard, outcome, clock, seed, tally, groups, counts)
    elif hazard["need"] <= 0.0:
        x = acting.hazard[row, o] if hazard["present"] else acting.exit[row, o]
        change_state(i, age, x, person, hazard, outcome, clock, seed, tally, groups, counts)
    return look_ahead(hazard, o, acting.most[row, o], acting.most_exit[row, o], onsets, exits)


@inner
def _pass_linked(
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
    """Linked outcomes in months before age b, unless life or a contact stops it: up to what age."""
    person, due = state.people[i], state.due[i]
    entry = person["entry"]
    groups, counts = state.groups[i], state.counts[i]
    onsets, exits = risks.cumulative[entry], risks.exits
    row = int(person["touched"])
    exit_effects, most, most_exit = acting.exit[row], acting.most[row], acting.most_exit[row]
    age = _soonest_of(risks.linked, due)
    while age < b:
        t = entry + age
        for j in range(risks.linked_alone.shape[0]):
            o = risks.linked_alone[j]
            if due[o] != age:
                continue
            due[o] = _come_due(i, o, age, acting, clock, seed, tally, state, risks)
        for c in range(risks.chains.shape[0]):
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
        for j in range(risks.endings.shape[0]):
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
        age = _soonest_of(risks.linked, due)
    return b


@inner
def _pass_status(
    i: int,
    o: int,
    b: int,
    effect: float,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
) -> None:
    """A status in months before age b: its dose decides at one age, it is counted at another."""
    due, outcome = state.due[i], risks.outcomes[o]
    ages = risks.exits.shape[1] - 1
    if due[o] == outcome["dose_age"]:
        is_so = _is_so(i, o, effect, seed, state, risks)
        due[o] = outcome["at_age"] if is_so else ages
    if due[o] < b and due[o] == outcome["at_age"]:
        t = state.people[i]["entry"] + due[o]
        due[o] = ages
        count_event(
            i, t, outcome["m_event"], 1, clock.first, tally, state.groups[i], state.counts[i]
        )


@inner
def pass_stretch(
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
    b = _pass_linked(i, b, acting, clock, seed, tally, state, risks, listening, occurred, starts)
    due = state.due[i]
    row = int(state.people[i]["touched"])
    for j in range(risks.free.shape[0]):
        o = risks.free[j]
        age = int(due[o])
        if age >= b:
            continue
        if risks.outcomes[o]["kind"] == STATUS:
            _pass_status(i, o, b, acting.hazard[row, o], clock, seed, tally, state, risks)
            continue
        while age < b:
            age = _come_due(i, o, age, acting, clock, seed, tally, state, risks)
        due[o] = age
    return b
