"""What services do to a family's outcomes in a month, and how long it stays so."""

from __future__ import annotations

import math
from typing import NamedTuple

from hvsim.compiled import inner
from hvsim.simulation.rules import dose, faded
from hvsim.simulation.state import NEVER, Records
from hvsim.simulation.tables import Effects, FloatArray


@inner
def _join(table: FloatArray, at: int, x: float, sums: bool) -> None:
    """Let one more program act: beside the others, or instead of them if it is stronger."""
    if sums:
        table[at] += x
    elif abs(x) > abs(table[at]):
        table[at] = x


class Acting(NamedTuple):
    """What services do to a family now: log effects by outcome and by chain.

    The first row holds for families that no service ever touched, the second for the one at work.

    Attributes
    ----------
    hazard, exit
        On events, onsets or the odds of a status, and on exits. Shape (2, o).
    odds, rates
        On the odds of detection and the rate of false reports. Shape (2, c).
    most, most_exit
        The largest factors to be reckoned with, as in `Effects`; one without service. Shape (2, o).
    """

    hazard: FloatArray
    exit: FloatArray
    odds: FloatArray
    rates: FloatArray
    most: FloatArray
    most_exit: FloatArray


@inner
def act(
    i: int, t: int, until: int, paths: Records, services: Records, effects: Effects, acting: Acting
) -> int:
    """Find out what services do in month t, and up to which month it stays so."""
    hazard, leave, odds, rates = acting.hazard[1], acting.exit[1], acting.odds[1], acting.rates[1]
    for o in effects.any:
        hazard[o] = 0.0
        leave[o] = 0.0
    odds[:] = 0.0
    rates[:] = 0.0
    end = until
    for p in range(effects.programs.shape[0]):
        program, service = effects.programs[p], services[i, p]
        path, finish = paths[i, program["track"]], service["finish"]
        served = path["program"] == p and path["begin"] <= t < path["finish"]
        if path["program"] == p and t < path["begin"] < NEVER:
            end = min(end, path["begin"])
        if service["scheduled"] == 0 and not served:
            continue
        whole = program["all_visits"]
        d = dose(
            service["completed"], whole if whole > 0 else service["scheduled"], program["shape"]
        )
        if served:
            end = t + 1
            if path["held"] == 0:
                for c in range(odds.shape[0]):
                    _join(odds, c, effects.detection[p, c], False)
                    _join(rates, c, effects.false_rate[p, c], False)
        elif program["half_life"] < math.inf and d > 0.0:
            step = program["fade_step"]
            d *= faded(t - finish, step, program["half_life"])
            end = min(end, finish + ((t - finish) // step + 1) * step)
        if d > 0.0:
            for j in range(effects.first[p], effects.first[p + 1]):
                o = effects.reach[j]
                _join(hazard, o, effects.hazard[p, o] * d, effects.sums[0])
                _join(leave, o, effects.exit[p, o] * d, effects.sums[0])
    for c in range(rates.shape[0]):
        hazard[effects.false_events[c]] += rates[c]
    return end
