"""Conditional means by a Gaussian process: what a response is on average, given many parameters.

A linear trend plus a process with squared-exponential covariance, one length per parameter, and a
nugget for all that these parameters do not explain (Strong, Oakley and Brennan 2014, Med Decis
Making 34: 311-326). Lengths, variance and nugget maximize the marginal likelihood of a part of the
draws; a larger part then carries the prediction. Many lengths find something in mere noise, so the
fit tells how well it does in draws that it has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from hvsim.economics.evaluation.arrays import FloatArray

_FOR_LENGTHS = 300
_FOR_MEANS = 1_500
"""Draws used for the likelihood, and for the prediction; the work grows with their cubes."""

_STEPS = 40
_TOLERANCE = 1e-4
"""Of the search: the likelihood is flat at its top, and better lengths hardly move the mean."""

_BOUNDS = {"length": (-2.0, 6.0), "variance": (-12.0, 6.0), "nugget": (-10.0, 3.0)}
"""Of logarithms; parameters and responses have unit variance."""

_AT_ONCE = 2_000


def _spread(count: int, most: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Numbers of at most so many draws, evenly over all."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.intp))


def _correlation(one: FloatArray, other: FloatArray, lengths: FloatArray) -> FloatArray:
    a, b = one / lengths, other / lengths
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2.0 * (a @ b.T)
    return np.asarray(np.exp(-0.5 * np.maximum(squared, 0.0)))


def _misfit(logs: FloatArray, points: FloatArray, values: FloatArray) -> tuple[float, FloatArray]:
    """Negative log likelihood, and its gradient in the logarithms of lengths, variance, nugget."""
    lengths, variance, nugget = np.exp(logs[:-2]), np.exp(logs[-2]), np.exp(logs[-1])
    smooth = variance * _correlation(points, points, lengths)
    factor = cho_factor(smooth + nugget * np.eye(len(points)), lower=True)
    weights = cho_solve(factor, values)
    misfit = 0.5 * values @ weights + np.log(np.diag(factor[0])).sum()

    pull = cho_solve(factor, np.eye(len(points))) - np.outer(weights, weights)
    pulled = pull * smooth
    gradient = np.empty(len(logs))
    for each, length in enumerate(lengths):
        distance = (points[:, None, each] - points[None, :, each]) / length
        gradient[each] = 0.5 * (pulled * distance**2).sum()
    gradient[-2] = 0.5 * pulled.sum()
    gradient[-1] = 0.5 * nugget * np.trace(pull)
    return float(misfit), gradient


@dataclass(frozen=True)
class _Process:
    """Lengths of parameters, variance and nugget, where all have mean zero and unit variance."""

    lengths: FloatArray
    variance: float
    nugget: float

    @classmethod
    def likeliest(cls, points: FloatArray, values: FloatArray) -> Self:
        """The one that explains at most `_FOR_LENGTHS` of the values best."""
        some = _spread(len(points), _FOR_LENGTHS)
        count = points.shape[1]
        start = np.concatenate((np.full(count, np.log(np.sqrt(count))), (-1.0, -1.0)))
        bounds = [_BOUNDS["length"]] * count + [_BOUNDS["variance"], _BOUNDS["nugget"]]
        found = minimize(
            _misfit,
            start,
            (points[some], values[some]),
            method="L-BFGS-B",
            jac=True,
            bounds=bounds,
            options={"maxiter": _STEPS, "ftol": _TOLERANCE},
        )
        lengths, (variance, nugget) = np.exp(found.x[:-2]), np.exp(found.x[-2:]).tolist()
        return cls(lengths, variance, nugget)

    def means(self, points: FloatArray, values: FloatArray, wanted: FloatArray) -> FloatArray:
        """Predicted mean at the points wanted, from at most `_FOR_MEANS` of those known."""
        known = _spread(len(points), _FOR_MEANS)
        covariance = self.variance * _correlation(points[known], points[known], self.lengths)
        factor = cho_factor(covariance + self.nugget * np.eye(len(known)), lower=True)
        weights = self.variance * cho_solve(factor, values[known])
        parts = [
            _correlation(wanted[first : first + _AT_ONCE], points[known], self.lengths) @ weights
            for first in range(0, len(wanted), _AT_ONCE)
        ]
        return np.concatenate(parts)


def process_means(parameters: FloatArray, responses: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean of each response given all parameters together, at the draws themselves.

    Parameters
    ----------
    parameters
        All of them varying. Shape (draws, parameters).
    responses
        Shape (draws, responses).

    Returns
    -------
    Fitted means, with the same average as the responses, of shape (draws, responses); and squared
    errors at every second draw, of shape (draws // 2, responses), when lengths, trend and
    prediction rest on the others alone.
    """
    points = (parameters - parameters.mean(axis=0)) / parameters.std(axis=0)
    learned, tested = points[::2], points[1::2]
    centered = responses - responses.mean(axis=0)
    trend = points @ np.linalg.lstsq(points, centered)[0]
    slopes = np.linalg.lstsq(learned, centered[::2])[0]
    left, unseen = centered[::2] - learned @ slopes, centered[1::2] - tested @ slopes
    fitted = np.empty_like(responses)
    for each, response in enumerate(centered.T):
        spread = left[:, each].std()
        # What a straight line explains to the last digits leaves only rounding to be fitted.
        if spread > 1e-9 * response.std():
            process = _Process.likeliest(learned, left[:, each] / spread)
            unseen[:, each] -= process.means(learned, left[:, each], tested)
            curved = process.means(points, response - trend[:, each], points)
        else:
            curved = np.zeros(len(points))
        mean = trend[:, each] + curved
        fitted[:, each] = mean - mean.mean()
    return responses.mean(axis=0) + fitted, unseen**2
