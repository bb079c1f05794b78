"""Conditional means by ridge regression: what a response is on average, given very many parameters.

Straight lines, shrunk (Hoerl and Kennard 1970, Technometrics 12: 55-67); the weight of the penalty
minimizes generalized cross-validation, for each response on its own. For sets of parameters that
are too many for the draws at hand: it does not see curvature, so that what it explains is, if
anything, too little.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from hvsim.economics.evaluation.arrays import FloatArray

_WEIGHTS: Final = np.logspace(6.0, -6.0, 145)
"""Tried weights of the penalty, relative to the average information in the draws, falling."""

_MOST_FREEDOM: Final = 0.5
"""Share of the draws' degrees of freedom that a fit may use: beyond it cross-validation fails."""


def ridge_means(parameters: FloatArray, responses: FloatArray) -> FloatArray:
    """Mean of each response given all parameters together, at the draws themselves.

    Parameters
    ----------
    parameters
        All of them varying; there may be more of them than draws. Shape (draws, parameters).
    responses
        Shape (draws, responses).

    Returns
    -------
    Fitted means, with the same average as the responses. Shape (draws, responses).
    """
    count = len(parameters)
    points = (parameters - parameters.mean(axis=0)) / parameters.std(axis=0)
    average = responses.mean(axis=0)
    left, singular, _ = np.linalg.svd(points, full_matrices=False)
    squares = singular**2
    shrunk = squares / (squares + squares.mean() * _WEIGHTS[:, None])
    freedom = shrunk.sum(axis=1)
    tried = freedom <= max(_MOST_FREEDOM * (count - 1), freedom[0])
    shrunk, freedom = shrunk[tried], freedom[tried]

    scores = left.T @ (responses - average)
    missed = ((responses - average) ** 2).sum(axis=0) - (2 * shrunk - shrunk**2) @ scores**2
    best = (missed / (count - 1 - freedom)[:, None] ** 2).argmin(axis=0)
    return np.asarray(average + left @ (shrunk[best].T * scores))
