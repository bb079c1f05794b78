"""Gaussian copulas: correlated latent normals, cut at thresholds into ordered levels.

Each ordered attribute is a standard normal cut at thresholds; attributes are linked by the
correlations of those normals (polychoric correlations; Olsson 1979, Psychometrika 44: 443-460).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

FAR = 12.0
"""Beyond this many standard deviations a normal tail is below double precision."""

_CLOSE = 1e-13
"""Width, in standard deviations, within which a cut is found."""


def thresholds(shares: FloatArray, groups: FloatArray, means: FloatArray) -> FloatArray:
    """Cuts that give a mixture of unit normals the stated shares.

    Parameters
    ----------
    shares
        Share of each ordered level, summing to one.
    groups
        Share of each group of the mixture, summing to one.
    means
        Mean of the latent normal in each group.

    Returns
    -------
    Upper cut of every level but the last; infinite where the levels below or above are empty.
    """
    cuts = np.empty(len(shares) - 1)
    for level, below in enumerate(np.cumsum(shares)[:-1]):
        if below <= 0.0:
            cuts[level] = -np.inf
        elif below >= 1.0 - 1e-12:
            cuts[level] = np.inf
        else:
            cuts[level] = _quantile(float(below), groups.tolist(), means.tolist())
    return cuts


def _quantile(below: float, groups: Sequence[float], means: Sequence[float]) -> float:
    """Where a mixture of unit normals reaches a probability, by bisection."""
    low, high = -FAR, FAR
    while high - low > _CLOSE:
        cut = (low + high) / 2.0
        # erfc, unlike erf, keeps its precision in the lower tail.
        reached = sum(
            share * math.erfc((mean - cut) / math.sqrt(2.0)) / 2.0
            for share, mean in zip(groups, means, strict=True)
        )
        low, high = (cut, high) if reached < below else (low, cut)
    return (low + high) / 2.0
