"""Intensities that accumulate toward thresholds, and the age from which to look at them again.

An intensity is only added up when its rate changes or its threshold may be reached (Sellke 1983),
so that the cost follows events and changes of dose, not months. Functions here are called most of
all and take only what they need: a table handed on costs more than a hazard's arithmetic.
"""

from __future__ import annotations

import math
from typing import Any

from hvsim.compiled import inner
from hvsim.simulation.tables import FloatArray

Record = Any
"""One record of an array of records, as compiled code sees it."""


@inner
def settle(hazard: Record, o: int, age: int, onsets: FloatArray, exits: FloatArray) -> None:
    """Take what an intensity adds up to by an age off what its threshold still needs.

    `onsets` and `exits` hold, by outcome and age, the accumulated intensity for a family with
    multiplier one: of events or onsets, and of exits from the state that is in force.
    """
    since = hazard["since"]
    if since == age:
        return
    if hazard["present"]:
        added = exits[o, age] - exits[o, since]
    else:
        added = hazard["multiplier"] * (onsets[o, age] - onsets[o, since])
    if hazard["effect"] != 0.0:
        added *= math.exp(hazard["effect"])
    hazard["need"] -= added
    hazard["since"] = age


@inner
def look_ahead(
    hazard: Record, o: int, most: float, most_exit: float, onsets: FloatArray, exits: FloatArray
) -> int:
    """First age in whose month the threshold can be reached; the last of the table if in none.

    `most` and `most_exit` are the largest factors that services can put on the rate. So what they
    really do, and its changes, need no new look before that age.
    """
    present, since, need = hazard["present"], int(hazard["since"]), hazard["need"]
    course = exits if present else onsets
    factor = most_exit if present else most * hazard["multiplier"]
    start, end = course[o, since], course.shape[1] - 1
    if factor * (course[o, end] - start) < need:
        return int(end)
    low, step = since, 1
    high = low + 1
    while high < end and factor * (course[o, high] - start) < need:
        low = high
        step *= 2
        high = min(low + step, end)
    while high - low > 1:
        middle = (low + high) // 2
        if factor * (course[o, middle] - start) < need:
            low = middle
        else:
            high = middle
    return int(high - 1)
