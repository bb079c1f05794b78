"""Chains of detection: harm, reports with and without it, what follows and who hears of it."""

from __future__ import annotations

import numpy as np

from hvsim.chances import logistic
from hvsim.compiled import compiled
from hvsim.randomness import uniform
from hvsim.simulation.chances import linear
from hvsim.simulation.events import count_event, happen, next_age
from hvsim.simulation.state import State
from hvsim.simulation.tables import BoolArray, Clock, Listening, Risks
from hvsim.simulation.tally import Tally


@compiled
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


@compiled
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
    state.reported[i, c] = min(state.reported[i, c], t)
    count_event(i, t, chain["m_reported"], 1, clock, tally, state)
    if not true:
        count_event(i, t, chain["m_unharmed"], 1, clock, tally, state)
    k = 2 * n if true else 2 * n + 1
    shares = risks.if_true if true else risks.if_false
    for s in range(chain["first_stage"], chain["end_stage"]):
        stage = risks.stages[s]
        before = stage["follows"]
        occurred[s] = (before < 0 or occurred[before]) and uniform(
            seed, person["id"], stage["draw"], k
        ) < shares[s, t - person["entry"]]
        if occurred[s]:
            count_event(i, t, stage["measure"], 1, clock, tally, state)
    if chain["is_heard"]:
        _tell(i, t, c, k, seed, state, risks, listening, occurred, starts)


@compiled
def factors(i: int, c: int, t: int, state: State, risks: Risks) -> tuple[float, float, float]:
    """What an earlier report does to rates of true and false events, and to detection."""
    chain = risks.chains[c]
    if state.reported[i, c] >= t:
        return 1.0, 1.0, 1.0
    after = chain["after"]
    if chain["raises_harm"]:
        return after, after, 1.0
    return 1.0, after, after


@compiled
def pass_chain(
    i: int,
    c: int,
    a: int,
    b: int,
    rate: float,
    false_rate: float,
    odds: float,
    entry: int,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
    listening: Listening,
    occurred: BoolArray,
    starts: BoolArray,
) -> None:
    """True and false events of a chain through ages [a, b), with reports and what follows.

    `odds` is what services add to the log odds of detection.
    """
    family, chain = state.people[i]["id"], risks.chains[c]
    o_true, o_false = chain["true_events"], chain["false_events"]
    logit = chain["logit"] + chain["spread"] * state.people[i]["detection"] + odds
    logit += linear(i, c, risks.detected_by, state)
    while a < b:
        raised, raised_false, likelier = factors(i, c, entry + a, state, risks)
        age = b
        for o in (o_true, o_false):
            hazard = state.hazards[i, o]
            r = raised * rate if o == o_true else raised_false * false_rate
            need = hazard["threshold"] - hazard["reached"]
            age = min(age, next_age(risks.cumulative[o, entry], a, b, r, need))
        stop = min(age + 1, b)
        for o in (o_true, o_false):
            hazard, true = state.hazards[i, o], o == o_true
            cumulative = risks.cumulative[o, entry]
            r = raised * rate if true else raised_false * false_rate
            hazard["reached"] += r * (cumulative[stop] - cumulative[a])
            while hazard["reached"] >= hazard["threshold"]:
                n, t = hazard["number"], entry + age
                happen(i, o, t, clock, seed, tally, state, risks)
                u = uniform(seed, family, chain["detected_draw"], n)
                if not true or u < likelier * logistic(logit):
                    _report(
                        i,
                        t,
                        c,
                        n,
                        true,
                        clock,
                        seed,
                        tally,
                        state,
                        risks,
                        listening,
                        occurred,
                        starts,
                    )
        a = stop
