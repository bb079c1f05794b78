"""States: spells with onset and exit, or begun by a stage of a chain."""

from __future__ import annotations

import math

import numpy as np

from hvsim.compiled import inner
from hvsim.randomness import exponential, uniform
from hvsim.simulation.events import Groups, count_event, from_month
from hvsim.simulation.hazards import Record
from hvsim.simulation.state import Records
from hvsim.simulation.tables import Clock
from hvsim.simulation.tally import Tally


@inner
def _await(
    hazard: Record, outcome: Record, family: int, age: int, effect: float, seed: np.uint64
) -> None:
    """From an age on, accumulate toward the next change of a state under an effect of services."""
    hazard["since"] = age
    hazard["effect"] = effect
    if outcome["is_begun"] and not hazard["present"]:
        hazard["need"] = math.inf
    else:
        draw = outcome["exit_draw"] if hazard["present"] else outcome["onset_draw"]
        hazard["need"] = exponential(seed, family, draw, hazard["number"])


@inner
def enter_state(
    person: Record, hazard: Record, outcome: Record, seed: np.uint64, tally: Tally, groups: Groups
) -> None:
    """A state on the family's entry: in force or not."""
    p = 1.0 - (1.0 - outcome["at_entry"]) ** hazard["multiplier"]
    if uniform(seed, person["id"], outcome["entry_draw"], 0) < p:
        hazard["present"] = True
        from_month(tally, outcome["m_event"], person["entry"], groups, 1)
    _await(hazard, outcome, person["id"], 0, 0.0, seed)


@inner
def change_state(
    i: int,
    age: int,
    effect: float,
    person: Record,
    hazard: Record,
    outcome: Record,
    clock: Clock,
    seed: np.uint64,
    tally: Tally,
    groups: Groups,
    counts: Records,
) -> None:
    """Onset or exit at an age; what is new holds from the next month on.

    `effect` is that of services on the change after it.
    """
    present, t = hazard["present"], person["entry"] + age
    measure = outcome["m_recovery"] if present else outcome["m_event"]
    count_event(i, t, measure, 1, clock.first, tally, groups, counts)
    from_month(tally, outcome["m_event"], t + 1, groups, -1 if present else 1)
    if present:
        hazard["number"] += 1
        hazard["ended"] = age
    hazard["present"] = not present
    _await(hazard, outcome, person["id"], age + 1, effect, seed)


@inner
def is_in_force(hazard: Record, age: int) -> bool:
    """Whether a state is in force in the month of an age, in which it may have ended."""
    return bool(hazard["present"] or hazard["ended"] == age)
