"""The rules, as small scalar functions: values in, value out.

They draw nothing, know no clock and touch no array but the small tables handed to them.
Meaning: ``docs/model.md``.
"""

from __future__ import annotations

import math

from hvsim.compiled import compiled

LOGISTIC_NORMAL = (16.0 * math.sqrt(3.0) / (15.0 * math.pi)) ** 2
"""Variance factor of the logistic-normal approximation (Zeger, Liang and Albert 1988)."""


def attenuated_logit(share: float, variance: float) -> float:
    """Logit at the center of a population whose average chance is `share`.

    Parameters
    ----------
    share
        Average chance, 0 to 1.
    variance
        Variance of the log odds over families.
    """
    if share <= 0.0:
        return -math.inf
    if share >= 1.0:
        return math.inf
    return math.sqrt(1.0 + LOGISTIC_NORMAL * variance) * math.log(share / (1.0 - share))


@compiled
def logistic(x: float) -> float:
    """Probability of log odds `x`; infinities give 0 and 1."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


@compiled
def visits_due(month: int, months: int, visits: int) -> int:
    """Visits scheduled in one month of a level that spreads `visits` evenly over `months`."""
    return (month + 1) * visits // months - month * visits // months


@compiled
def trained_units(caseload: int, tenure: int, ramp: int) -> int:
    """Load units that a visitor carries in month `tenure` (from 0) of the job."""
    if ramp <= 0 or tenure >= ramp - 1:
        return caseload
    return caseload * (tenure + 1) // ramp


@compiled
def dose(completed: int, scheduled: int, shape: float) -> float:
    """Dose of a program: the share of scheduled visits that took place, to the power `shape`."""
    if scheduled == 0:
        return 0.0
    share = completed / scheduled
    return share if shape == 1.0 else share**shape


@compiled
def faded(months_since_exit: int, step: int, half_life: float) -> float:
    """Part of the dose left some months after exit; it falls in steps of `step` months."""
    return float(2.0 ** (-float(months_since_exit // step * step) / half_life))


@compiled
def leaving_probability(hazard: float) -> float:
    """Probability of leaving within a month of constant hazard (1/month)."""
    return -math.expm1(-hazard)
