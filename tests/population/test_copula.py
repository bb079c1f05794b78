import math

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from hvsim.population import copula, polychoric


@pytest.mark.parametrize("correlation", [-0.95, -0.5, 0.0, 0.3, 0.8, 0.99])
def test_quadrant_probability_is_the_closed_form(correlation: float) -> None:
    zero = np.zeros(1)
    found = polychoric.bivariate_normal(zero, zero, correlation)[0]
    assert found == pytest.approx(0.25 + math.asin(correlation) / (2 * math.pi), abs=1e-9)


@pytest.mark.parametrize("correlation", [-0.7, 0.2, 0.9])
def test_bivariate_normal_agrees_with_scipy(correlation: float) -> None:
    points = np.array([[-1.5, 0.4], [0.2, 2.1], [2.5, -2.0]])
    exact = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]])
    found = polychoric.bivariate_normal(points[:, 0], points[:, 1], correlation)
    assert found == pytest.approx([exact.cdf(point) for point in points], abs=1e-6)


def test_thresholds_give_the_mixture_its_shares() -> None:
    shares = np.array([0.1, 0.0, 0.6, 0.3])
    groups, means = np.array([0.2, 0.8]), np.array([1.0, -0.5])
    cuts = copula.thresholds(shares, groups, means)
    below = polychoric.normal_below(cuts[:, None] - means) @ groups
    assert np.diff(below, prepend=0, append=1) == pytest.approx(shares, abs=1e-10)


def test_far_cuts_are_as_near_as_near_ones() -> None:
    """Of one unit normal they are its quantiles, in the lower tail to the last share stated."""
    shares = np.array([1e-9, 1e-4, 0.3999, 0.6 - 1e-9])
    cuts = copula.thresholds(shares, np.ones(1), np.full(1, 0.25))
    assert cuts - 0.25 == pytest.approx(ndtri(np.cumsum(shares)[:-1]), abs=1e-11)


def test_empty_ends_have_infinite_cuts() -> None:
    cuts = copula.thresholds(np.array([0.0, 1.0, 0.0]), np.ones(1), np.zeros(1))
    assert cuts.tolist() == [-math.inf, math.inf]


@pytest.mark.parametrize("correlation", [-0.6, 0.05, 0.85])
def test_polychoric_correlation_of_an_exact_table(correlation: float) -> None:
    table = polychoric.table(np.array([-1.0, 0.5]), np.array([1.2]), correlation)
    assert polychoric.polychoric(table * 1000) == pytest.approx(correlation, abs=1e-4)
