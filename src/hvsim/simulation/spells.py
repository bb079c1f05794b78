"""States: spells with onset and exit, or begun by a stage of a chain."""

from __future__ import annotations

import math

import numpy as np

from hvsim.compiled import compiled
from hvsim.randomness import exponential, uniform
from hvsim.simulation.events import count_event, from_month, next_age
from hvsim.simulation.state import State
from hvsim.simulation.tables import Clock, Risks
from hvsim.simulation.tally import Tally


@compiled
def _restart(i: int, o: int, seed: np.uint64, state: State, risks: Risks) -> None:
    """Begin to accumulate toward the next change of a state."""
    hazard, outcome = state.hazards[i, o], risks.outcomes[o]
    hazard["reached"] = 0.0
    if outcome["is_begun"] and not hazard["present"]:
        hazard["threshold"] = math.inf
        return
    draw = outcome["exit_draw"] if hazard["present"] else outcome["onset_draw"]
    hazard["threshold"] = exponential(seed, state.people[i]["id"], draw, hazard["number"])


@compiled
def enter_state(
    i: int, o: int, entry: int, seed: np.uint64, tally: Tally, state: State, risks: Risks
) -> None:
    """A state on the family's entry: in force or not."""
    hazard, outcome = state.hazards[i, o], risks.outcomes[o]
    p = 1.0 - (1.0 - outcome["at_entry"]) ** hazard["multiplier"]
    if uniform(seed, state.people[i]["id"], outcome["entry_draw"], 0) < p:
        hazard["present"] = True
        from_month(tally, outcome["m_event"], entry, state.groups[i], 1)
    _restart(i, o, seed, state, risks)


@compiled
def _change(
    i: int,
    o: int,
    age: int,
    entry: int,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
) -> None:
    """Onset or exit at an age; what is new holds from the next month on."""
    hazard, outcome = state.hazards[i, o], risks.outcomes[o]
    present = hazard["present"]
    measure = outcome["m_recovery"] if present else outcome["m_event"]
    count_event(i, entry + age, measure, 1, clock, tally, state)
    change = -1 if present else 1
    from_month(tally, outcome["m_event"], entry + age + 1, state.groups[i], change)
    if present:
        hazard["number"] += 1
        hazard["ended"] = age
    hazard["present"] = not present
    _restart(i, o, seed, state, risks)


@compiled
def pass_state(
    i: int,
    o: int,
    a: int,
    b: int,
    rate: float,
    exit_rate: float,
    entry: int,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
) -> None:
    """Onsets and exits of a state through ages [a, b)."""
    hazard = state.hazards[i, o]
    while a < b:
        present = hazard["present"]
        cumulative = risks.exits[o] if present else risks.cumulative[o, entry]
        r = exit_rate if present else rate
        age = next_age(cumulative, a, b, r, hazard["threshold"] - hazard["reached"])
        if age == b:
            hazard["reached"] += r * (cumulative[b] - cumulative[a])
        else:
            _change(i, o, age, entry, clock, seed, tally, state, risks)
        a = min(age + 1, b)


@compiled
def begin_spell(
    i: int,
    o: int,
    age: int,
    entry: int,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    state: State,
    risks: Risks,
) -> None:
    """A spell begun at an age by a stage, if the state was not in force in that month."""
    hazard = state.hazards[i, o]
    if not hazard["present"] and hazard["ended"] != age:
        _change(i, o, age, entry, clock, seed, tally, state, risks)
