"""States: spells with onset and exit, or begun by a stage of a chain."""

from __future__ import annotations

import math

import numpy as np

from hvsim.compiled import compiled
from hvsim.randomness import exponential, uniform
from hvsim.simulation.events import count_event, from_month
from hvsim.simulation.hazards import look_ahead
from hvsim.simulation.state import State
from hvsim.simulation.tables import Clock, Risks
from hvsim.simulation.tally import Tally


@compiled
def _await(
    i: int, o: int, age: int, effect: float, seed: np.uint64, state: State, risks: Risks
) -> None:
    """From an age on, accumulate toward the next change of a state under an effect of services."""
    hazard, outcome = state.hazards[i, o], risks.outcomes[o]
    hazard["reached"] = 0.0
    hazard["since"] = age
    hazard["effect"] = effect
    if outcome["is_begun"] and not hazard["present"]:
        hazard["threshold"] = math.inf
    else:
        draw = outcome["exit_draw"] if hazard["present"] else outcome["onset_draw"]
        hazard["threshold"] = exponential(seed, state.people[i]["id"], draw, hazard["number"])
    look_ahead(i, o, risks.exits.shape[0] - 1, state, risks)


@compiled
def enter_state(i: int, o: int, seed: np.uint64, tally: Tally, state: State, risks: Risks) -> None:
    """A state on the family's entry: in force or not."""
    hazard, outcome, person = state.hazards[i, o], risks.outcomes[o], state.people[i]
    p = 1.0 - (1.0 - outcome["at_entry"]) ** hazard["multiplier"]
    if uniform(seed, person["id"], outcome["entry_draw"], 0) < p:
        hazard["present"] = True
        from_month(tally, outcome["m_event"], person["entry"], state.groups[i], 1)
    _await(i, o, 0, 0.0, seed, state, risks)


@compiled
def change_state(
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
    """Onset or exit at an age; what is new holds from the next month on.

    `effect` is that of services on the change after it.
    """
    hazard, outcome, t = state.hazards[i, o], risks.outcomes[o], state.people[i]["entry"] + age
    present = hazard["present"]
    measure = outcome["m_recovery"] if present else outcome["m_event"]
    count_event(i, t, measure, 1, clock, tally, state)
    from_month(tally, outcome["m_event"], t + 1, state.groups[i], -1 if present else 1)
    if present:
        hazard["number"] += 1
        hazard["ended"] = age
    hazard["present"] = not present
    _await(i, o, age + 1, effect, seed, state, risks)


@compiled
def is_in_force(i: int, o: int, age: int, state: State) -> bool:
    """Whether a state is in force in the month of an age, in which it may have ended."""
    hazard = state.hazards[i, o]
    return bool(hazard["present"] or hazard["ended"] == age)
