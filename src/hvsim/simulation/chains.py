"""Chains of detection: harm, reports with and without it, what follows and who hears of it."""

from __future__ import annotations

import numpy as np

from hvsim.chances import logistic
from hvsim.compiled import inner
from hvsim.randomness import uniform
from hvsim.simulation.chances import linear
from hvsim.simulation.events import count_event, happen
from hvsim.simulation.hazards import look_ahead, settle
from hvsim.simulation.state import State
from hvsim.simulation.tables import BoolArray, Clock, FloatArray, Listening, Risks
from hvsim.simulation.tally import Tally


@inner
def _tell(
    i: int,
    t: int,
    c: int,
    k: int,
    seed: np.uint64,
    state: State,
    risks: Risks,
    listening: Listening,
    occurred: BoolArray,
    starts: BoolArray,
) -> None:
    """Let doors and states hear of a report of chain c and its stages."""
    chain, person = risks.chains[c], state.people[i]
    for j in range(chain["first_begun"], chain["end_begun"]):
        begun = listening.begun[j]
        if begun["stage"] < 0 or occurred[begun["stage"]]:
            starts[begun["outcome"]] = True
    if person["moved"] or t + 1 - person["entry"] >= person["last"]:
        return
    for j in range(chain["first_listener"], chain["end_listener"]):
        listener = listening.listeners[j]
        if listener["stage"] >= 0 and not occurred[listener["stage"]]:
            continue
        p = logistic(listening.refers[j, t] + linear(i, j, listening.refers_by, state))
        if uniform(seed, person["id"], listener["draw"], k) < p:
            state.handled[i, listener["door"]] = t + 1
            person["called"] = True


@inner
def _report(
    i: int,
    t: int,
    c: int,
    n: int,
    true: bool,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
    listening: Listening,
    occurred: BoolArray,
    starts: BoolArray,
) -> None:
    """A report and the stages that follow it. `n` numbers the true or false event behind it."""
    chain, person = risks.chains[c], state.people[i]
    groups, counts = state.groups[i], state.counts[i]
    state.reported[i, c] = min(state.reported[i, c], t)
    count_event(i, t, chain["m_reported"], 1, clock.first, tally, groups, counts)
    if not true:
        count_event(i, t, chain["m_unharmed"], 1, clock.first, tally, groups, counts)
    k = 2 * n if true else 2 * n + 1
    shares = risks.if_true if true else risks.if_false
    for s in range(chain["first_stage"], chain["end_stage"]):
        stage = risks.stages[s]
        before = stage["follows"]
        occurred[s] = (before < 0 or occurred[before]) and uniform(
            seed, person["id"], stage["draw"], k
        ) < shares[s, t - person["entry"]]
        if occurred[s]:
            count_event(i, t, stage["measure"], 1, clock.first, tally, groups, counts)
    if chain["is_heard"]:
        _tell(i, t, c, k, seed, state, risks, listening, occurred, starts)


@inner
def pass_chain(
    i: int,
    c: int,
    entry: int,
    age: int,
    odds: float,
    most: FloatArray,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
    listening: Listening,
    occurred: BoolArray,
    starts: BoolArray,
) -> None:
    """True and false events of a chain in the month of an age, with reports and what follows.

    `odds` is what services add to the log odds of detection, `most` the largest factors that they
    can put on rates.
    """
    chain, person, onsets = risks.chains[c], state.people[i], risks.cumulative[entry]
    groups, counts = state.groups[i], state.counts[i]
    t, o_true, o_false = entry + age, chain["true_events"], chain["false_events"]
    was_reported = state.reported[i, c] < t
    likelier = chain["after"] if was_reported and not chain["raises_harm"] else 1.0
    for o in (o_true, o_false):
        outcome = risks.outcomes[o]
        hazard = state.hazards[i, outcome["row"]]
        settle(hazard, o, age + 1, onsets, risks.exits)
        while hazard["need"] <= 0.0:
            n, detected = hazard["number"], o == o_false
            happen(i, t, person, hazard, outcome, clock, seed, tally, groups, counts)
            if o == o_true:
                logit = chain["logit"] + chain["spread"] * person["detection"] + odds
                logit += linear(i, c, risks.detected_by, state)
                u = uniform(seed, person["id"], chain["detected_draw"], n)
                detected = u < likelier * logistic(logit)
            if detected:
                _report(
                    i,
                    t,
                    c,
                    n,
                    o == o_true,
                    clock,
                    seed,
                    tally,
                    state,
                    risks,
                    listening,
                    occurred,
                    starts,
                )
    first_reported = not was_reported and state.reported[i, c] == t
    for o in (o_true, o_false):
        outcome = risks.outcomes[o]
        hazard = state.hazards[i, outcome["row"]]
        if first_reported:
            hazard["multiplier"] *= outcome["after_report"]
        state.due[i, o] = look_ahead(hazard, o, most[o], 1.0, onsets, risks.exits)
