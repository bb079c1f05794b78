"""Intensities that accumulate toward thresholds, and the age at which they reach them.

An intensity is only added up when its rate changes or its threshold is reached (Sellke 1983), so
that the cost follows events and changes of dose, not months. Functions here are called most of all
and take only what they need: a table handed on costs more than a hazard's arithmetic.
"""

from __future__ import annotations

import math
from typing import Any

from hvsim.compiled import compiled
from hvsim.simulation.tables import FloatArray

Record = Any
"""One record of an array of records, as compiled code sees it."""


@compiled
def _rate(hazard: Record) -> float:
    """Factor on the intensity since the age up to which it has been added up."""
    rate = 1.0 if hazard["present"] else hazard["multiplier"]
    return float(rate if hazard["effect"] == 0.0 else rate * math.exp(hazard["effect"]))


@compiled
def settle(hazard: Record, o: int, age: int, onsets: FloatArray, exits: FloatArray) -> None:
    """Add up an intensity to an age.

    `onsets` and `exits` hold, by age and outcome, the accumulated intensity for a family with
    multiplier one: of events or onsets, and of exits from the state that is in force.
    """
    since = hazard["since"]
    if since == age:
        return
    if hazard["present"]:
        added = exits[age, o] - exits[since, o]
    else:
        added = onsets[age, o] - onsets[since, o]
    hazard["reached"] += _rate(hazard) * added
    hazard["since"] = age


@compiled
def look_ahead(hazard: Record, o: int, b: int, onsets: FloatArray, exits: FloatArray) -> int:
    """Age below b in whose month the threshold is reached; b if none."""
    need, rate, since = hazard["threshold"] - hazard["reached"], _rate(hazard), hazard["since"]
    course = exits if hazard["present"] else onsets
    start = course[since, o]
    if rate * (course[b, o] - start) < need:
        return b
    low, high = since, b - 1
    while low < high:
        middle = (low + high) // 2
        if rate * (course[middle + 1, o] - start) >= need:
            high = middle
        else:
            low = middle + 1
    return int(low)
