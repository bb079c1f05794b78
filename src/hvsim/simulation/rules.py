"""The rules, as small scalar functions: values in, value out.

They draw nothing, know no clock and touch no array but the small tables handed to them.
Meaning: ``docs/model.md``.
"""

from __future__ import annotations

import math

from hvsim.compiled import compiled


@compiled
def visits_due(month: int, months: int, visits: int) -> int:
    """Visits scheduled in one month of a level that spreads `visits` evenly over `months`."""
    return (month + 1) * visits // months - month * visits // months


@compiled
def dose(completed: int, due: int, shape: float) -> float:
    """Dose of a program: the share of visits due that took place, to the power `shape`.

    More than all, as in a second spell, is a full dose.
    """
    if due == 0:
        return 0.0
    share = min(1.0, completed / due)
    return share if shape == 1.0 else share**shape


@compiled
def faded(months_since_exit: int, step: int, half_life: float) -> float:
    """Part of the dose left some months after exit; it falls in steps of `step` months."""
    return float(2.0 ** (-float(months_since_exit // step * step) / half_life))


@compiled
def leaving_probability(hazard: float) -> float:
    """Probability of leaving within a month of constant hazard (1/month)."""
    return -math.expm1(-hazard)
