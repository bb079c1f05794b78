"""The life course of families, from event to event.

A family is taken through many months in one call. Between changes of its services it goes from one
month with events to the next: outcomes act on each other, and call for organizations, only there.
"""

from __future__ import annotations

import math

import numpy as np

from hvsim.chances import logistic
from hvsim.compiled import compiled
from hvsim.randomness import exponential, uniform
from hvsim.simulation.chains import pass_chain
from hvsim.simulation.chances import linear
from hvsim.simulation.doses import Acting, act
from hvsim.simulation.events import count_event, from_month, happen
from hvsim.simulation.hazards import act_on, look_ahead, settle
from hvsim.simulation.spells import change_state, enter_state, is_in_force
from hvsim.simulation.state import NEVER, State
from hvsim.simulation.tables import (
    ENDING,
    STATE,
    STATUS,
    BoolArray,
    Clock,
    Effects,
    IntArray,
    Listening,
    Risks,
)
from hvsim.simulation.tally import Tally, bump


@compiled
def _begin(i: int, seed: np.uint64, tally: Tally, state: State, risks: Risks) -> None:
    """Thresholds and states of a family on entry."""
    family, ages = state.people[i]["id"], risks.exits.shape[0] - 1
    for o in range(risks.outcomes.shape[0]):
        outcome = risks.outcomes[o]
        if outcome["kind"] == STATE:
            enter_state(i, o, seed, tally, state, risks)
        elif outcome["kind"] == STATUS:
            state.due[i, o] = outcome["dose_age"]
        else:
            draw = exponential(seed, family, outcome["event_draw"], 0)
            state.hazards[i, o]["threshold"] = draw
            look_ahead(i, o, ages, state, risks)


@compiled
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


@compiled
def _pass_status(
    i: int,
    o: int,
    age: int,
    effect: float,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
) -> None:
    """A status at the age whose dose counts, or at that at which it is so or not."""
    hazard, outcome = state.hazards[i, o], risks.outcomes[o]
    if age == outcome["dose_age"]:
        hazard["effect"] = effect
        state.due[i, o] = outcome["at_age"]
    if age == outcome["at_age"]:
        state.due[i, o] = risks.exits.shape[0] - 1
        if _is_so(i, o, hazard["effect"], seed, state, risks):
            t = state.people[i]["entry"] + age
            count_event(i, t, outcome["m_event"], 1, clock, tally, state)


@compiled
def _pass_ending(
    i: int, o: int, age: int, ended: bool, clock: Clock, tally: Tally, state: State, risks: Risks
) -> bool:
    """An ending in the month of an age, unless an earlier one took its place; whether one did."""
    person, hazard, outcome = state.people[i], state.hazards[i, o], risks.outcomes[o]
    settle(i, o, age + 1, state, risks)
    if hazard["reached"] >= hazard["threshold"]:
        hazard["threshold"] = math.inf
        if not ended and (outcome["ends_life"] or not person["moved"]):
            ended = True
            count_event(i, person["entry"] + age, outcome["m_event"], 1, clock, tally, state)
            if outcome["ends_life"]:
                person["died"] = True
                person["last"] = age + 1
            else:
                person["moved"] = True
            person["called"] = False
            for d in range(state.handled.shape[1]):
                if state.handled[i, d] > person["entry"] + age:
                    state.handled[i, d] = NEVER
    look_ahead(i, o, risks.exits.shape[0] - 1, state, risks)
    return ended


@compiled
def _pass_month(
    i: int,
    age: int,
    acting: Acting,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
    listening: Listening,
    occurred: BoolArray,
    starts: BoolArray,
) -> None:
    """Whatever is due in the month of an age."""
    outcomes, chains = risks.outcomes.shape[0], risks.chains.shape[0]
    t = state.people[i]["entry"] + age
    for o in range(outcomes):
        outcome, hazard = risks.outcomes[o], state.hazards[i, o]
        if state.due[i, o] != age or outcome["is_chained"] or outcome["kind"] == ENDING:
            continue
        if outcome["kind"] == STATUS:
            _pass_status(i, o, age, acting.hazard[o], clock, seed, tally, state, risks)
            continue
        settle(i, o, age + 1, state, risks)
        if outcome["kind"] == STATE and hazard["reached"] >= hazard["threshold"]:
            effect = acting.hazard[o] if hazard["present"] else acting.exit[o]
            change_state(i, o, age, effect, clock, seed, tally, state, risks)
            continue
        while hazard["reached"] >= hazard["threshold"]:
            happen(i, o, t, clock, seed, tally, state, risks)
        look_ahead(i, o, risks.exits.shape[0] - 1, state, risks)
    for c in range(chains):
        chain = risks.chains[c]
        if state.due[i, chain["true_events"]] != age and state.due[i, chain["false_events"]] != age:
            continue
        odds = acting.odds[c]
        pass_chain(i, c, age, odds, clock, seed, tally, state, risks, listening, occurred, starts)
        for j in range(chain["first_begun"], chain["end_begun"]):
            o = listening.begun[j]["outcome"]
            if starts[o] and not is_in_force(i, o, age, state):
                change_state(i, o, age, acting.exit[o], clock, seed, tally, state, risks)
            starts[o] = False
    ended = False
    for j in range(risks.endings.shape[0]):
        if state.due[i, risks.endings[j]] == age:
            ended = _pass_ending(i, risks.endings[j], age, ended, clock, tally, state, risks)


@compiled
def _feel(i: int, a: int, b: int, acting: Acting, state: State, risks: Risks) -> None:
    """Let what services do hold from age a on, at least up to age b."""
    for o in range(risks.outcomes.shape[0]):
        kind = risks.outcomes[o]["kind"]
        if kind == STATE and state.hazards[i, o]["present"]:
            act_on(i, o, acting.exit[o], a, b, state, risks)
        elif kind != STATUS:
            act_on(i, o, acting.hazard[o], a, b, state, risks)


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
    acting = Acting(np.zeros(outcomes), np.zeros(outcomes), np.zeros(chains), np.zeros(chains))
    idle = Acting(np.zeros(outcomes), np.zeros(outcomes), np.zeros(chains), np.zeros(chains))
    occurred = np.zeros(risks.stages.shape[0], np.bool_)
    starts = np.zeros(outcomes, np.bool_)
    for j in range(who.shape[0]):
        i, stop = who[j], until[j]
        person = state.people[i]
        entry, a, touched = person["entry"], person["age"], person["touched"]
        start = a
        if a == 0 and stop > 0:
            bump(tally.births, 0, 0, entry + clock.birth_age, state.groups[i], 1)
            _begin(i, seed, tally, state, risks)
        while a < stop:
            b = stop
            if touched:
                b = act(i, entry + a, entry + b, state, risks, effects, acting) - entry
                _feel(i, a, b, acting, state, risks)
            while True:
                age = state.due[i].min()
                if age >= b:
                    break
                _pass_month(
                    i,
                    age,
                    acting if touched else idle,
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
                    b = age + 1
                    stop = b
                elif person["moved"] and not person["present"]:
                    stop = person["last"]  # no contact is left to wait for
            a = b
        person["age"] = a
        if start < a == person["last"]:
            for o in range(outcomes):
                if state.hazards[i, o]["present"]:
                    measure = risks.outcomes[o]["m_event"]
                    from_month(tally, measure, entry + a, state.groups[i], -1)
