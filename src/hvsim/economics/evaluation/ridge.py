"""Conditional means by ridge regression: what a response is on average, given many parameters.

Shrunk least squares (Hoerl and Kennard 1970, Technometrics 12: 55-67) on straight lines; on lines
and squares of every parameter; and on these with all products of two. The weight of the penalty
minimizes generalized cross-validation (Golub, Heath and Wahba 1979, Technometrics 21: 215-223), for
each response on its own; curves and products are kept where they predict each draw from all others
clearly better than lines do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy.linalg import eigh, svd

from hvsim.economics.evaluation.arrays import FloatArray
from hvsim.economics.evaluation.model_choice import clearly_better

_WEIGHTS: Final = np.logspace(6.0, -6.0, 145)
"""Tried weights of the penalty, relative to the average information in the draws, falling."""

_MOST_FREEDOM: Final = 0.5
"""Share of the draws' degrees of freedom that a fit may use: beyond it cross-validation fails."""

_MOST_SOLVED: Final = 2_000
"""Of draws or of terms, whichever are fewer: the work grows with their cube."""


def _unit(terms: FloatArray) -> FloatArray:
    """Terms with mean zero and unit variance; those without variance stay zero."""
    centered = terms - terms.mean(axis=0)
    spread = centered.std(axis=0)
    return np.asarray(np.divide(centered, spread, out=np.zeros_like(terms), where=spread > 0))


def _axes(terms: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Directions in the space of draws, and how much information the terms hold along each."""
    if terms.shape[1] > len(terms):
        return _axes_of_products(terms @ terms.T)
    left, singular, _ = svd(terms, full_matrices=False)
    return np.asarray(left), np.asarray(singular**2)


def _axes_of_products(products: FloatArray) -> tuple[FloatArray, FloatArray]:
    """As `_axes`, from the inner products of the terms of any two draws."""
    squares, left = eigh(products)
    return np.asarray(left), np.maximum(squares, 0.0)


def _crossed(points: FloatArray, curved: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Axes of lines, squares and products of two; without the latter if there are too many."""
    draws, count = points.shape
    if count * (count - 1) // 2 <= draws:
        one, other = np.triu_indices(count, 1)
        return _axes(np.hstack((curved, _unit(points[:, one] * points[:, other]))))
    products = ((points @ points.T) ** 2 - points**2 @ (points**2).T) / 2.0
    middle = products.mean(axis=0)
    centered = products - middle - middle[:, None] + middle.mean()
    return _axes_of_products(curved @ curved.T + centered)


def _candidates(points: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Axes of the regressions to try, the plainest first."""
    draws, count = points.shape
    yield _axes(points)
    curved = np.hstack((points, _unit(points**2)))
    if min(draws, 2 * count) <= _MOST_SOLVED:
        yield _axes(curved)
    if min(draws, count * (count + 3) // 2) <= _MOST_SOLVED:
        yield _crossed(points, curved)


def _best(
    left: FloatArray, squares: FloatArray, responses: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Fit of each response with its best weight, and squared errors with each draw left out."""
    count = len(left)
    shrunk = squares / (squares + squares.mean() * _WEIGHTS[:, None])
    freedom = shrunk.sum(axis=1)
    tried = freedom <= max(_MOST_FREEDOM * (count - 1), freedom[0])
    shrunk, freedom = shrunk[tried], freedom[tried]

    scores = left.T @ responses
    unexplained = (responses**2).sum(axis=0) - (2 * shrunk - shrunk**2) @ scores**2
    kept = shrunk[(unexplained / (count - 1 - freedom)[:, None] ** 2).argmin(axis=0)].T
    fitted = left @ (kept * scores)
    own = 1.0 / count + left**2 @ kept
    return fitted, ((responses - fitted) / (1.0 - own)) ** 2


def ridge_means(parameters: FloatArray, responses: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean of each response given all parameters together, at the draws themselves.

    Parameters
    ----------
    parameters
        All of them varying; there may be more of them than draws. Shape (draws, parameters).
    responses
        Shape (draws, responses).

    Returns
    -------
    Fitted means, with the same average as the responses, and squared errors of predicting each draw
    from all others. Shape (draws, responses).
    """
    average = responses.mean(axis=0)
    (left, squares), *richer = _candidates(_unit(parameters))
    fitted, least = _best(left, squares, responses - average)
    for left, squares in richer:
        means, missed = _best(left, squares, responses - average)
        better = clearly_better(missed, least)
        fitted[:, better], least[:, better] = means[:, better], missed[:, better]
    return average + fitted, least
