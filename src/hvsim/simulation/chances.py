"""What a chance or hazard of a family adds to the average, from a table of coefficients."""

from __future__ import annotations

from hvsim.compiled import inner
from hvsim.simulation.state import State
from hvsim.simulation.tables import (
    CENTER,
    FIRST_LEVEL,
    FRAILTY,
    RISK,
    WILLINGNESS,
    FloatArray,
)


@inner
def linear(i: int, row: int, by: FloatArray, state: State) -> float:
    """Sum of a family's centered coefficients: log odds, or log hazard, beside the average."""
    person = state.people[i]
    x = by[row, RISK] * person["risk"] + by[row, WILLINGNESS] * person["willingness"]
    x += by[row, FRAILTY] * person["frailty"]
    for j in range(state.levels.shape[1]):
        x += by[row, FIRST_LEVEL + state.levels[i, j]]
    return float(x - by[row, CENTER])
