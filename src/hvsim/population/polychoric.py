"""Pairs of ordered levels under a Gaussian copula, and its correlations from a table of counts.

Polychoric correlations: Olsson 1979, Psychometrika 44: 443-460. Synthesis does without, so that a
run need not import what this needs of scipy.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr

from hvsim.population import copula
from hvsim.population.copula import FAR, FloatArray

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


def normal_below(cuts: FloatArray) -> FloatArray:
    """Probability that a standard normal lies below each cut."""
    return np.asarray(ndtr(cuts), dtype=np.float64)


def bivariate_normal(h: FloatArray, k: FloatArray, correlation: float) -> FloatArray:
    """Probability that two standard normals lie below `h` and below `k` (elementwise).

    Integrates the derivative with respect to the correlation (Drezner and Wesolowsky 1990); the
    substitution r = sin(angle) removes the singularity at one.
    """
    h = np.clip(h, -FAR, FAR)
    k = np.clip(k, -FAR, FAR)
    half = np.arcsin(correlation) / 2.0
    angle = half * (_NODES + 1.0)
    sine, cosine2 = np.sin(angle), np.cos(angle) ** 2
    h_, k_ = h[..., None], k[..., None]
    density = np.exp((sine * h_ * k_ - 0.5 * (h_**2 + k_**2)) / cosine2)
    integral: FloatArray = density @ _WEIGHTS * half / (2.0 * np.pi)
    return np.asarray(ndtr(h) * ndtr(k) + integral, dtype=np.float64)


def table(rows: FloatArray, columns: FloatArray, correlation: float) -> FloatArray:
    """Probability of each pair of levels, given the cuts of two linked standard normals."""
    ends = np.array([-FAR]), np.array([FAR])
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
    rows = copula.thresholds(shares.sum(axis=1), one, zero)
    columns = copula.thresholds(shares.sum(axis=0), one, zero)

    def misfit(correlation: float) -> float:
        cells = table(rows, columns, correlation)
        return -float(np.sum(shares * np.log(np.maximum(cells, 1e-300))))

    best = minimize_scalar(misfit, bounds=(-0.995, 0.995), method="bounded")
    return float(best.x)
