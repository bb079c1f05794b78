"""Conditional means by penalized B-splines: what a response is on average, given a parameter.

Cubic B-splines with a penalty on second differences of their coefficients (Eilers and Marx 1996,
Statist Sci 11: 89-121), for a pair of parameters their tensor product; the weight of the penalty
minimizes generalized cross-validation (Craven and Wahba 1979, Numer Math 31: 377-403), for each
response on its own. Knots lie at quantiles, so that a long tail does not use them up. Straight
lines, and for a pair products of two, are not penalized.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import BSpline
from scipy.linalg import eigh

from hvsim.economics.evaluation.arrays import FloatArray

_DEGREE = 3
_SPLINES = {1: 10, 2: 6}
"""Most splines along each parameter, by the number of parameters."""

_DIGITS = 9
"""Of knots, in units of the range: quantiles that differ by less are one."""

_RIDGE = 1e-8
"""Penalty on the size of coefficients, so that splines without draws stay determined."""

_WEIGHTS = np.logspace(-4.0, 8.0, 97)
"""Tried weights of the penalty, relative to the average information in the draws."""


def _basis(values: FloatArray, most: int) -> tuple[FloatArray, FloatArray]:
    """B-splines at the draws, and the second differences of their coefficients.

    Differences are changes of slope between the places of the splines, so that those of a straight
    line vanish, times a mean of the two distances, so that they count alike wherever draws are.
    """
    unit = (values - values.min()) / np.ptp(values)
    quantiles = np.quantile(unit, np.linspace(0.0, 1.0, most - _DEGREE + 1))
    inner = np.unique(quantiles.round(_DIGITS))
    knots = np.concatenate((np.zeros(_DEGREE), inner, np.ones(_DEGREE)))
    splines = BSpline.design_matrix(unit, knots, _DEGREE).toarray()

    places = np.lib.stride_tricks.sliding_window_view(knots[1:-1], _DEGREE).mean(axis=1)
    steps, distances = np.diff(np.eye(len(places)), axis=0), np.diff(places)[:, None]
    share = distances[1:] / (distances[1:] + distances[:-1])
    turns = 2.0 * ((1.0 - share) * steps[1:] - share * steps[:-1])
    return np.asarray(splines), turns


def spline_means(parameters: FloatArray, responses: FloatArray) -> FloatArray:
    """Mean of each response given one parameter or two, at the draws themselves.

    Parameters
    ----------
    parameters
        All of them varying. Shape (draws, 1) or (draws, 2).
    responses
        Shape (draws, responses).

    Returns
    -------
    Fitted means, with the same average as the responses. Shape (draws, responses).
    """
    most = _SPLINES[parameters.shape[1]]
    basis, turns = _basis(parameters[:, 0], most)
    penalty = turns.T @ turns
    for column in parameters.T[1:]:
        other, turns = _basis(column, most)
        along, across = np.eye(basis.shape[1]), np.eye(other.shape[1])
        penalty = np.kron(penalty, across) + np.kron(along, turns.T @ turns)
        basis = (basis[:, :, None] * other[:, None, :]).reshape(len(basis), -1)

    # In these coordinates information and penalty are both diagonal (Demmler and Reinsch 1975), so
    # that any weight of the penalty costs a division.
    average = responses.mean(axis=0)
    information = basis.T @ basis
    scale = np.trace(information) / len(penalty)
    penalty = penalty + _RIDGE * np.eye(len(penalty))
    rough, vectors = eigh(penalty, information / scale + penalty)
    rotated = basis @ (vectors / np.sqrt(scale))
    known = np.maximum(1.0 - rough, 0.0)
    scores = rotated.T @ (responses - average)

    shrunk = 1.0 / (known + np.multiply.outer(_WEIGHTS, rough))
    freedom = np.minimum(shrunk @ known, len(basis) - 1)
    explained = (2.0 * shrunk - shrunk**2 * known) @ scores**2
    left = ((responses - average) ** 2).sum(axis=0) - explained
    best = (left / (len(basis) - freedom)[:, None] ** 2).argmin(axis=0)
    fitted = rotated @ (shrunk[best].T * scores)
    return np.asarray(average + fitted - fitted.mean(axis=0))
