"""The life course of families: outcomes as intensities that cross thresholds.

A family is taken through a stretch of ages in one call. Within a stretch its multipliers are
constant, so the next event is found by inverting the accumulated intensity (Sellke 1983): the cost
follows events and changes of dose, not months.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from hvsim.chances import logistic
from hvsim.compiled import compiled
from hvsim.randomness import exponential, uniform
from hvsim.simulation.ledger import CHILDREN, EVENTS, PERSON_MONTHS
from hvsim.simulation.rules import dose, faded
from hvsim.simulation.state import NEVER, NO_MONTH, State
from hvsim.simulation.tables import BoolArray, Effects, FloatArray, IntArray, Risks
from hvsim.simulation.tally import Tally, bump, note


@compiled
def _event(i: int, t: int, measure: int, first: int, tally: Tally, state: State) -> None:
    """Count one event of family i in month t; `first` is the first reported month."""
    groups = state.groups[i]
    count = state.counts[i, measure]
    bump(tally.outcomes, measure, EVENTS, t, groups, 1)
    if t < count["first"]:
        # A report of one chain may come to light after a later one of another.
        if count["first"] < NO_MONTH:
            bump(tally.outcomes, measure, CHILDREN, int(count["first"]), groups, -1)
        count["first"] = t
        bump(tally.outcomes, measure, CHILDREN, t, groups, 1)
    if t >= first and count["events"] < 65535:
        count["events"] += 1
    if tally.trace.shape[0] > 0:
        note(tally, i, t, measure)


@compiled
def _report(
    i: int,
    t: int,
    c: int,
    n: int,
    true: bool,
    first: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
    occurred: BoolArray,
) -> None:
    """A report and the stages that follow it. `n` numbers the true or false event behind it."""
    chain = risks.chains[c]
    state.reported[i, c] = True
    _event(i, t, chain["m_reported"], first, tally, state)
    if not true:
        _event(i, t, chain["m_unharmed"], first, tally, state)
    k = 2 * n if true else 2 * n + 1
    for s in range(chain["first_stage"], chain["end_stage"]):
        stage = risks.stages[s]
        p = stage["if_true"] if true else stage["if_false"]
        before = stage["follows"]
        occurred[s] = (before < 0 or occurred[before]) and uniform(
            seed, state.people[i]["id"], stage["draw"], k
        ) < p
        if occurred[s]:
            _event(i, t, stage["measure"], first, tally, state)


@compiled
def _next_age(cumulative: FloatArray, a: int, b: int, rate: float, need: float) -> int:
    """Age in [a, b) at whose end `rate` times the intensity since a reaches `need`, b if none."""
    if rate * (cumulative[b] - cumulative[a]) < need:
        return b
    low, high = a, b - 1
    while low < high:
        middle = (low + high) // 2
        if rate * (cumulative[middle + 1] - cumulative[a]) >= need:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def _recur(
    i: int,
    o: int,
    a: int,
    b: int,
    rate: float,
    first: int,
    entry: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
) -> None:
    """Events of a recurrent outcome outside any chain, through ages [a, b)."""
    family, hazard, outcome = state.people[i]["id"], state.hazards[i, o], risks.outcomes[o]
    cumulative = risks.cumulative[o, entry]
    while a < b:
        age = _next_age(cumulative, a, b, rate, hazard["threshold"] - hazard["reached"])
        stop = min(age + 1, b)
        hazard["reached"] += rate * (cumulative[stop] - cumulative[a])
        while age < b and hazard["reached"] >= hazard["threshold"]:
            _event(i, entry + age, outcome["m_event"], first, tally, state)
            hazard["number"] += 1
            hazard["threshold"] += exponential(
                seed, family, outcome["event_draw"], hazard["number"]
            )
        a = stop


@compiled
def _chain(
    i: int,
    c: int,
    a: int,
    b: int,
    rate: float,
    false_rate: float,
    odds: float,
    first: int,
    entry: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
    occurred: BoolArray,
) -> None:
    """True and false events of a chain through ages [a, b), with reports and what follows."""
    family, chain = state.people[i]["id"], risks.chains[c]
    o_true, o_false = chain["true_events"], chain["false_events"]
    while a < b:
        after = chain["after"] if state.reported[i, c] else 1.0
        age = b
        for o in (o_true, o_false):
            hazard = state.hazards[i, o]
            r = rate if o == o_true else after * false_rate
            need = hazard["threshold"] - hazard["reached"]
            age = min(age, _next_age(risks.cumulative[o, entry], a, b, r, need))
        stop = min(age + 1, b)
        for o in (o_true, o_false):
            hazard, outcome, true = state.hazards[i, o], risks.outcomes[o], o == o_true
            cumulative = risks.cumulative[o, entry]
            r = rate if true else after * false_rate
            hazard["reached"] += r * (cumulative[stop] - cumulative[a])
            while hazard["reached"] >= hazard["threshold"]:
                n = hazard["number"]
                _event(i, entry + age, outcome["m_event"], first, tally, state)
                u = uniform(seed, family, chain["detected_draw"], n)
                if not true or u < after * logistic(odds):
                    _report(i, entry + age, c, n, true, first, seed, tally, state, risks, occurred)
                hazard["number"] = n + 1
                hazard["threshold"] += exponential(seed, family, outcome["event_draw"], n + 1)
        a = stop


@compiled
def _from_month(
    tally: Tally, measure: int, month: int, groups: npt.NDArray[np.int16], by: int
) -> None:
    """Mark a change of the number in a state; summing over months gives the person-months."""
    if month < tally.outcomes.shape[2]:
        bump(tally.outcomes, measure, PERSON_MONTHS, month, groups, by)


@compiled
def _restart(i: int, o: int, seed: np.uint64, state: State, risks: Risks) -> None:
    """Begin to accumulate toward the next change of a state."""
    hazard, outcome = state.hazards[i, o], risks.outcomes[o]
    draw = outcome["exit_draw"] if hazard["present"] else outcome["onset_draw"]
    hazard["reached"] = 0.0
    hazard["threshold"] = exponential(seed, state.people[i]["id"], draw, hazard["number"])


@compiled
def _spells(
    i: int,
    o: int,
    a: int,
    b: int,
    rate: float,
    exit_rate: float,
    first: int,
    entry: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
) -> None:
    """Onsets and exits of a state through ages [a, b). Each counts from the next month on."""
    hazard, outcome = state.hazards[i, o], risks.outcomes[o]
    while a < b:
        present = hazard["present"]
        cumulative = risks.exits[o] if present else risks.cumulative[o, entry]
        r = exit_rate if present else rate
        age = _next_age(cumulative, a, b, r, hazard["threshold"] - hazard["reached"])
        stop = min(age + 1, b)
        if age == b:
            hazard["reached"] += r * (cumulative[b] - cumulative[a])
        else:
            measure = outcome["m_recovery"] if present else outcome["m_event"]
            _event(i, entry + age, measure, first, tally, state)
            change = -1 if present else 1
            _from_month(tally, outcome["m_event"], entry + stop, state.groups[i], change)
            hazard["present"] = not present
            if present:
                hazard["number"] += 1
            _restart(i, o, seed, state, risks)
        a = stop


@compiled
def _begin(i: int, entry: int, seed: np.uint64, tally: Tally, state: State, risks: Risks) -> None:
    """Thresholds and states of a family on entry."""
    family = state.people[i]["id"]
    for o in range(risks.outcomes.shape[0]):
        hazard, outcome = state.hazards[i, o], risks.outcomes[o]
        if not outcome["is_state"]:
            hazard["threshold"] = exponential(seed, family, outcome["event_draw"], 0)
            continue
        p = 1.0 - (1.0 - outcome["at_entry"]) ** hazard["multiplier"]
        if uniform(seed, family, outcome["entry_draw"], 0) < p:
            hazard["present"] = True
            _from_month(tally, outcome["m_event"], entry, state.groups[i], 1)
        _restart(i, o, seed, state, risks)


@compiled
def _stretch(
    i: int,
    t: int,
    until: int,
    state: State,
    effects: Effects,
    best: FloatArray,
    best_exit: FloatArray,
    odds: FloatArray,
    rates: FloatArray,
) -> int:
    """Effects of services in month t, and the month up to which they stay as they are.

    Fills log effects by outcome (`best`, `best_exit`) and by chain (`odds`, `rates`), which come as
    zeros.
    """
    end = until
    for p in range(effects.programs.shape[0]):
        program, service = effects.programs[p], state.services[i, p]
        path, finish = state.paths[i, program["track"]], service["finish"]
        served = path["program"] == p and path["begin"] <= t < path["finish"]
        if path["program"] == p and t < path["begin"] < NEVER:
            end = min(end, path["begin"])
        if service["scheduled"] == 0 and not served:
            continue
        d = dose(service["completed"], service["scheduled"], program["shape"])
        if served:
            end = t + 1
            if path["held"] == 0:
                for c in range(odds.shape[0]):
                    if abs(effects.detection[p, c]) > abs(odds[c]):
                        odds[c] = effects.detection[p, c]
                    if abs(effects.false_rate[p, c]) > abs(rates[c]):
                        rates[c] = effects.false_rate[p, c]
        elif program["half_life"] < math.inf and d > 0.0:
            step = program["fade_step"]
            d *= faded(t - finish, step, program["half_life"])
            end = min(end, finish + ((t - finish) // step + 1) * step)
        for o in range(best.shape[0]):
            x = effects.hazard[p, o] * d
            if abs(x) > abs(best[o]):
                best[o] = x
            x = effects.exit[p, o] * d
            if abs(x) > abs(best_exit[o]):
                best_exit[o] = x
    return end


@compiled
def _times_exp(value: float, log_factor: float) -> float:
    """`value * exp(log_factor)`, sparing the exponential of zero."""
    return value if log_factor == 0.0 else value * math.exp(log_factor)


@compiled
def live(
    who: IntArray,
    until: IntArray,
    birth_age: int,
    first: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
    effects: Effects,
) -> None:
    """Take families through their lives.

    Parameters
    ----------
    who
        Positions of families. Shape (n,).
    until
        For each, the age up to which it lives now (exclusive), counted from entry.
    birth_age
        Age at birth: the months between entry and birth.
    first
        First reported month.
    """
    outcomes, chains = risks.outcomes.shape[0], risks.chains.shape[0]
    best, best_exit = np.empty(outcomes), np.empty(outcomes)
    odds, rates = np.empty(chains), np.empty(chains)
    occurred = np.zeros(risks.stages.shape[0], np.bool_)
    for j in range(who.shape[0]):
        i, stop = who[j], until[j]
        person = state.people[i]
        entry, a = person["entry"], person["age"]
        if a == 0 and stop > 0:
            bump(tally.births, 0, 0, entry + birth_age, state.groups[i], 1)
            _begin(i, entry, seed, tally, state, risks)
        while a < stop:
            b = stop
            best[:] = 0.0
            best_exit[:] = 0.0
            odds[:] = 0.0
            rates[:] = 0.0
            if person["touched"]:
                b = _stretch(
                    i, entry + a, entry + stop, state, effects, best, best_exit, odds, rates
                )
                b -= entry
            # Most stretches hold no event: settled here, without the cost of a call.
            for o in range(outcomes):
                hazard, outcome = state.hazards[i, o], risks.outcomes[o]
                if outcome["is_state"] and hazard["present"]:
                    rate = _times_exp(1.0, best_exit[o])
                    step = rate * (risks.exits[o, b] - risks.exits[o, a])
                elif outcome["is_state"] or outcome["is_alone"]:
                    rate = _times_exp(hazard["multiplier"], best[o])
                    step = rate * (risks.cumulative[o, entry, b] - risks.cumulative[o, entry, a])
                else:
                    continue
                if step < hazard["threshold"] - hazard["reached"]:
                    hazard["reached"] += step
                elif outcome["is_state"]:
                    rate = _times_exp(hazard["multiplier"], best[o])
                    exit_rate = _times_exp(1.0, best_exit[o])
                    _spells(i, o, a, b, rate, exit_rate, first, entry, seed, tally, state, risks)
                else:
                    _recur(i, o, a, b, rate, first, entry, seed, tally, state, risks)
            for c in range(chains):
                chain = risks.chains[c]
                o, f = chain["true_events"], chain["false_events"]
                true, false = state.hazards[i, o], state.hazards[i, f]
                after = chain["after"] if state.reported[i, c] else 1.0
                rate = _times_exp(true["multiplier"], best[o])
                false_rate = _times_exp(false["multiplier"], best[f] + rates[c])
                step = rate * (risks.cumulative[o, entry, b] - risks.cumulative[o, entry, a])
                false_step = (after * false_rate) * (
                    risks.cumulative[f, entry, b] - risks.cumulative[f, entry, a]
                )
                if (
                    step < true["threshold"] - true["reached"]
                    and false_step < false["threshold"] - false["reached"]
                ):
                    true["reached"] += step
                    false["reached"] += false_step
                else:
                    logit = chain["logit"] + chain["spread"] * person["detection"] + odds[c]
                    _chain(
                        i,
                        c,
                        a,
                        b,
                        rate,
                        false_rate,
                        logit,
                        first,
                        entry,
                        seed,
                        tally,
                        state,
                        risks,
                        occurred,
                    )
            a = b
        person["age"] = stop
        if stop == risks.exits.shape[1] - 1:
            for o in range(outcomes):
                if state.hazards[i, o]["present"]:
                    measure = risks.outcomes[o]["m_event"]
                    _from_month(tally, measure, entry + stop, state.groups[i], -1)
