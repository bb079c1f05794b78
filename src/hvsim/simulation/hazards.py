"""Intensities that accumulate toward thresholds, and the age at which they reach them.

An intensity is only added up when its rate changes or its threshold is reached (Sellke 1983), so
that the cost follows events and changes of dose, not months.
"""

from __future__ import annotations

import math

from hvsim.compiled import compiled
from hvsim.simulation.state import State
from hvsim.simulation.tables import STATE, FloatArray, Risks


@compiled
def next_age(cumulative: FloatArray, a: int, b: int, rate: float, need: float) -> int:
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
def _course(i: int, o: int, state: State, risks: Risks) -> FloatArray:
    """Accumulated intensity by age that acts on outcome o now."""
    if state.hazards[i, o]["present"]:
        return risks.exits[:, o]
    return risks.cumulative[state.people[i]["entry"], :, o]


@compiled
def _rate(i: int, o: int, state: State, risks: Risks) -> float:
    """Factor on the intensity from the age on up to which it has been added up."""
    hazard, outcome = state.hazards[i, o], risks.outcomes[o]
    rate = 1.0 if outcome["kind"] == STATE and hazard["present"] else hazard["multiplier"]
    chain = outcome["raised_by"]
    if chain >= 0 and state.reported[i, chain] < state.people[i]["entry"] + hazard["since"]:
        rate *= risks.chains[chain]["after"]
    if hazard["effect"] != 0.0:
        rate *= math.exp(hazard["effect"])
    return float(rate)


@compiled
def settle(i: int, o: int, age: int, state: State, risks: Risks) -> None:
    """Add up the intensity of outcome o up to an age."""
    hazard = state.hazards[i, o]
    if hazard["since"] < age:
        course = _course(i, o, state, risks)
        added = course[age] - course[hazard["since"]]
        hazard["reached"] += _rate(i, o, state, risks) * added
        hazard["since"] = age


@compiled
def look_ahead(i: int, o: int, b: int, state: State, risks: Risks) -> None:
    """Find the age below b in whose month the threshold is reached, b to look again then."""
    hazard = state.hazards[i, o]
    need = hazard["threshold"] - hazard["reached"]
    rate = _rate(i, o, state, risks)
    state.due[i, o] = next_age(_course(i, o, state, risks), hazard["since"], b, rate, need)


@compiled
def act_on(i: int, o: int, effect: float, a: int, b: int, state: State, risks: Risks) -> None:
    """Let an effect of services hold from age a on, at least up to age b."""
    hazard = state.hazards[i, o]
    if hazard["effect"] != effect:
        settle(i, o, a, state, risks)
        hazard["effect"] = effect
        look_ahead(i, o, b, state, risks)
