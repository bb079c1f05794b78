"""Gaussian copulas: correlated latent normals, cut at thresholds into ordered levels.

Each ordered attribute is a standard normal cut at thresholds; attributes are linked by the
correlations of those normals (polychoric correlations; Olsson 1979, Psychometrika 44: 443-460).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr

FloatArray = npt.NDArray[np.float64]

_FAR = 12.0
"""Beyond this many standard deviations a normal tail is below double precision."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


def normal_below(cuts: FloatArray) -> FloatArray:
    """Probability that a standard normal lies below each cut."""
    return np.asarray(ndtr(cuts), dtype=np.float64)


def bivariate_normal(h: FloatArray, k: FloatArray, correlation: float) -> FloatArray:
    """Probability that two standard normals lie below `h` and below `k` (elementwise).

    Integrates the derivative with respect to the correlation (Drezner and Wesolowsky 1990); the
    substitution r = sin(angle) removes the singularity at one.
    """
    h = np.clip(h, -_FAR, _FAR)
    k = np.clip(k, -_FAR, _FAR)
    half = np.arcsin(correlation) / 2.0
    angle = half * (_NODES + 1.0)
    sine, cosine2 = np.sin(angle), np.cos(angle) ** 2
    h_, k_ = h[..., None], k[..., None]
    density = np.exp((sine * h_ * k_ - 0.5 * (h_**2 + k_**2)) / cosine2)
    integral: FloatArray = density @ _WEIGHTS * half / (2.0 * np.pi)
    return np.asarray(ndtr(h) * ndtr(k) + integral, dtype=np.float64)


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

            def excess(cut: float, target: float = below) -> float:
                return float(groups @ ndtr(cut - means)) - target

            cuts[level] = brentq(excess, -_FAR, _FAR, xtol=1e-12)
    return cuts


def table(rows: FloatArray, columns: FloatArray, correlation: float) -> FloatArray:
    """Probability of each pair of levels, given the cuts of two linked standard normals."""
    ends = np.array([-_FAR]), np.array([_FAR])
    h, k = np.meshgrid(
        np.concatenate((ends[0], rows, ends[1])),
        np.concatenate((ends[0], columns, ends[1])),
        indexing="ij",
    )
    below = bivariate_normal(h, k, correlation)
    cells = below[1:, 1:] - below[:-1, 1:] - below[1:, :-1] + below[:-1, :-1]
    return np.maximum(cells, 0.0)


def polychoric(counts: FloatArray) -> float:
    """Polychoric correlation of a table of counts, by maximum likelihood given its margins."""
    shares = counts / counts.sum()
    one, zero = np.ones(1), np.zeros(1)
    rows = thresholds(shares.sum(axis=1), one, zero)
    columns = thresholds(shares.sum(axis=0), one, zero)

    def misfit(correlation: float) -> float:
        cells = table(rows, columns, correlation)
        return -float(np.sum(shares * np.log(np.maximum(cells, 1e-300))))

    best = minimize_scalar(misfit, bounds=(-0.995, 0.995), method="bounded")
    return float(best.x)
