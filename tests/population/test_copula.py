import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from hvsim.population import copula


@pytest.mark.parametrize("correlation", [-0.95, -0.5, 0.0, 0.3, 0.8, 0.99])
def test_quadrant_probability_is_the_closed_form(correlation: float) -> None:
    zero = np.zeros(1)
    found = copula.bivariate_normal(zero, zero, correlation)[0]
    assert found == pytest.approx(0.25 + math.asin(correlation) / (2 * math.pi), abs=1e-9)


@pytest.mark.parametrize("correlation", [-0.7, 0.2, 0.9])
def test_bivariate_normal_agrees_with_scipy(correlation: float) -> None:
    points = np.array([[-1.5, 0.4], [0.2, 2.1], [2.5, -2.0]])
    exact = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]])
    found = copula.bivariate_normal(points[:, 0], points[:, 1], correlation)
    assert found == pytest.approx([exact.cdf(point) for point in points], abs=1e-6)


def test_thresholds_give_the_mixture_its_shares() -> None:
    shares = np.array([0.1, 0.0, 0.6, 0.3])
    groups, means = np.array([0.2, 0.8]), np.array([1.0, -0.5])
    cuts = copula.thresholds(shares, groups, means)
    below = copula.normal_below(cuts[:, None] - means) @ groups
    assert np.diff(below, prepend=0, append=1) == pytest.approx(shares, abs=1e-10)


def test_empty_ends_have_infinite_cuts() -> None:
    cuts = copula.thresholds(np.array([0.0, 1.0, 0.0]), np.ones(1), np.zeros(1))
    assert cuts.tolist() == [-math.inf, math.inf]


@pytest.mark.parametrize("correlation", [-0.6, 0.05, 0.85])
def test_polychoric_correlation_of_an_exact_table(correlation: float) -> None:
    table = copula.table(np.array([-1.0, 0.5]), np.array([1.2]), correlation)
    assert copula.polychoric(table * 1000) == pytest.approx(correlation, abs=1e-4)
