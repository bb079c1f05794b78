"""The life course of families: outcomes as intensities that cross thresholds.

A family is taken through a stretch of ages in one call. Within a stretch its multipliers are
constant, so the next event is found by inverting the accumulated intensity (Sellke 1983): the cost
follows events and changes of dose, not months. A stretch ends after a month in which one outcome
may act on others: with an event of a chain that doors or states hear of, or an ending.
"""

from __future__ import annotations

import math

import numpy as np

from hvsim.chances import logistic
from hvsim.compiled import compiled
from hvsim.randomness import exponential, uniform
from hvsim.simulation.chains import factors, pass_chain
from hvsim.simulation.chances import linear
from hvsim.simulation.doses import act
from hvsim.simulation.events import count_event, from_month, happen, next_age, times_exp
from hvsim.simulation.spells import begin_spell, enter_state, pass_state
from hvsim.simulation.state import NEVER, State
from hvsim.simulation.tables import (
    RECURRENT,
    STATE,
    STATUS,
    Clock,
    Effects,
    FloatArray,
    IntArray,
    Listening,
    Risks,
)
from hvsim.simulation.tally import Tally, bump


@compiled
def _begin(i: int, entry: int, seed: np.uint64, tally: Tally, state: State, risks: Risks) -> None:
    """Thresholds and states of a family on entry."""
    family = state.people[i]["id"]
    for o in range(risks.outcomes.shape[0]):
        outcome = risks.outcomes[o]
        if outcome["kind"] == STATE:
            enter_state(i, o, entry, seed, tally, state, risks)
        elif outcome["kind"] != STATUS:
            draw = exponential(seed, family, outcome["event_draw"], 0)
            state.hazards[i, o]["threshold"] = draw


@compiled
def _recur(
    i: int,
    o: int,
    a: int,
    b: int,
    rate: float,
    entry: int,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
) -> None:
    """Events of a recurrent outcome outside any chain, through ages [a, b)."""
    hazard = state.hazards[i, o]
    cumulative = risks.cumulative[o, entry]
    while a < b:
        age = next_age(cumulative, a, b, rate, hazard["threshold"] - hazard["reached"])
        stop = min(age + 1, b)
        hazard["reached"] += rate * (cumulative[stop] - cumulative[a])
        while age < b and hazard["reached"] >= hazard["threshold"]:
            happen(i, o, entry + age, clock, seed, tally, state, risks)
        a = stop


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
def _cut(
    i: int,
    a: int,
    b: int,
    entry: int,
    best: FloatArray,
    rates: FloatArray,
    state: State,
    risks: Risks,
) -> int:
    """End of the stretch from age a: at most b, and after a month that others must hear of."""
    for j in range(risks.endings.shape[0]):
        o = risks.endings[j]
        hazard = state.hazards[i, o]
        need = hazard["threshold"] - hazard["reached"]
        rate = times_exp(hazard["multiplier"], best[o])
        b = min(b, next_age(risks.cumulative[o, entry], a, b, rate, need) + 1)
    for c in range(risks.chains.shape[0]):
        chain = risks.chains[c]
        if not chain["is_heard"]:
            continue
        raised, raised_false, _ = factors(i, c, entry + a, state, risks)
        o, f = chain["true_events"], chain["false_events"]
        true, false = state.hazards[i, o], state.hazards[i, f]
        rate = raised * times_exp(true["multiplier"], best[o])
        need = true["threshold"] - true["reached"]
        b = min(b, next_age(risks.cumulative[o, entry], a, b, rate, need) + 1)
        rate = raised_false * times_exp(false["multiplier"], best[f] + rates[c])
        need = false["threshold"] - false["reached"]
        b = min(b, next_age(risks.cumulative[f, entry], a, b, rate, need) + 1)
    return b


@compiled
def _end(
    i: int,
    a: int,
    b: int,
    entry: int,
    best: FloatArray,
    clock: Clock,
    tally: Tally,
    state: State,
    risks: Risks,
) -> None:
    """Endings through ages [a, b): none before the last of these months, and then the first."""
    person = state.people[i]
    ended = False
    for j in range(risks.endings.shape[0]):
        o = risks.endings[j]
        hazard, outcome = state.hazards[i, o], risks.outcomes[o]
        cumulative = risks.cumulative[o, entry]
        rate = times_exp(hazard["multiplier"], best[o])
        hazard["reached"] += rate * (cumulative[b] - cumulative[a])
        if hazard["reached"] < hazard["threshold"]:
            continue
        hazard["threshold"] = math.inf
        if ended or (person["moved"] and not outcome["ends_life"]):
            continue
        ended = True
        count_event(i, entry + b - 1, outcome["m_event"], 1, clock, tally, state)
        if outcome["ends_life"]:
            person["died"] = True
            person["last"] = b
        else:
            person["moved"] = True
        person["called"] = False
        for d in range(state.handled.shape[1]):
            if state.handled[i, d] >= entry + b:
                state.handled[i, d] = NEVER


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
    best, best_exit = np.zeros(outcomes), np.zeros(outcomes)
    odds, rates = np.zeros(chains), np.zeros(chains)
    occurred = np.zeros(risks.stages.shape[0], np.bool_)
    starts = np.zeros(outcomes, np.bool_)
    for j in range(who.shape[0]):
        i, stop = who[j], until[j]
        person = state.people[i]
        entry, a = person["entry"], person["age"]
        start = a
        if a == 0 and stop > 0:
            bump(tally.births, 0, 0, entry + clock.birth_age, state.groups[i], 1)
            _begin(i, entry, seed, tally, state, risks)
        best[:] = 0.0
        best_exit[:] = 0.0
        odds[:] = 0.0
        rates[:] = 0.0
        while a < stop:
            b = stop
            if person["touched"]:
                b = (
                    act(i, entry + a, entry + b, state, effects, best, best_exit, odds, rates)
                    - entry
                )
            b = _cut(i, a, b, entry, best, rates, state, risks)
            # Most stretches hold no event: settled here, without the cost of a call.
            for o in range(outcomes):
                hazard, outcome = state.hazards[i, o], risks.outcomes[o]
                if outcome["kind"] == STATE and hazard["present"]:
                    rate = times_exp(1.0, best_exit[o])
                    step = rate * (risks.exits[o, b] - risks.exits[o, a])
                elif outcome["kind"] == STATE or (
                    outcome["kind"] == RECURRENT and not outcome["is_chained"]
                ):
                    rate = times_exp(hazard["multiplier"], best[o])
                    step = rate * (risks.cumulative[o, entry, b] - risks.cumulative[o, entry, a])
                elif outcome["kind"] == STATUS:
                    if a <= outcome["dose_age"] < b:
                        hazard["reached"] = best[o]
                    if a <= outcome["at_age"] < b and _is_so(
                        i, o, hazard["reached"], seed, state, risks
                    ):
                        t = entry + outcome["at_age"]
                        count_event(i, t, outcome["m_event"], 1, clock, tally, state)
                    continue
                else:
                    continue
                if step < hazard["threshold"] - hazard["reached"]:
                    hazard["reached"] += step
                elif outcome["kind"] == STATE:
                    rate = times_exp(hazard["multiplier"], best[o])
                    exit_rate = times_exp(1.0, best_exit[o])
                    pass_state(i, o, a, b, rate, exit_rate, entry, clock, seed, tally, state, risks)
                else:
                    _recur(i, o, a, b, rate, entry, clock, seed, tally, state, risks)
            for c in range(chains):
                chain = risks.chains[c]
                o, f = chain["true_events"], chain["false_events"]
                true, false = state.hazards[i, o], state.hazards[i, f]
                raised, raised_false, _ = factors(i, c, entry + a, state, risks)
                rate = times_exp(true["multiplier"], best[o])
                false_rate = times_exp(false["multiplier"], best[f] + rates[c])
                step = (raised * rate) * (
                    risks.cumulative[o, entry, b] - risks.cumulative[o, entry, a]
                )
                false_step = (raised_false * false_rate) * (
                    risks.cumulative[f, entry, b] - risks.cumulative[f, entry, a]
                )
                if (
                    step < true["threshold"] - true["reached"]
                    and false_step < false["threshold"] - false["reached"]
                ):
                    true["reached"] += step
                    false["reached"] += false_step
                else:
                    pass_chain(
                        i,
                        c,
                        a,
                        b,
                        rate,
                        false_rate,
                        odds[c],
                        entry,
                        clock,
                        seed,
                        tally,
                        state,
                        risks,
                        listening,
                        occurred,
                        starts,
                    )
                    for k in range(chain["first_begun"], chain["end_begun"]):
                        o = listening.begun[k]["outcome"]
                        if starts[o]:
                            starts[o] = False
                            begin_spell(i, o, b - 1, entry, clock, seed, tally, state, risks)
            _end(i, a, b, entry, best, clock, tally, state, risks)
            a = b
            if person["called"] or person["died"]:
                stop = b
        person["age"] = a
        if start < a == person["last"]:
            for o in range(outcomes):
                if state.hazards[i, o]["present"]:
                    measure = risks.outcomes[o]["m_event"]
                    from_month(tally, measure, entry + a, state.groups[i], -1)
