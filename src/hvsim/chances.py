"""Chances of unlike families: a stated share, and what log odds make of it.

Meaning: ``docs/model.md``, section 4.
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
