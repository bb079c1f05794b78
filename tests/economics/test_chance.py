"""Parameters and chance, taken apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.economics import variance_components
from hvsim.randomness import generator

NUMBERS = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=8)


@given(NUMBERS, NUMBERS)
def test_effects_that_add_up_are_found_exactly(draws: list[float], seeds: list[float]) -> None:
    found = variance_components(np.add.outer(draws, seeds))
    size = 1e-9 * float(np.var(draws) + np.var(seeds) + 1)
    assert found.parameters == pytest.approx(np.var(draws, ddof=1), rel=1e-6, abs=size)
    assert found.chance == pytest.approx(np.var(seeds, ddof=1), rel=1e-6, abs=size)
    assert found.interaction == pytest.approx(0, abs=size)
    assert found.mean == pytest.approx(np.mean(draws) + np.mean(seeds), abs=1e-9)


def test_known_variances_are_found_within_their_error() -> None:
    # Expected: 4, 1 and 0.25. Standard errors of the mean over 200 repetitions, so that at five of
    # them chance fails one test in a million.
    rng, truth = generator(1, "components"), np.array([4.0, 1.0, 0.25])
    estimates = []
    for _ in range(200):
        table = rng.normal(0, 2, (40, 1)) + rng.normal(0, 1, (1, 30)) + rng.normal(0, 0.5, (40, 30))
        found = variance_components(table)
        estimates.append((found.parameters, found.chance, found.interaction))
    error = np.std(estimates, axis=0, ddof=1) / np.sqrt(len(estimates))
    assert (np.abs(np.mean(estimates, axis=0) - truth) < 5 * error).all()
    assert (error < [0.1, 0.03, 0.002]).all()


def test_runs_with_luck_of_their_own_hold_it_within_draws() -> None:
    # By hand: means 1, 3, 8 have variance 13; within draws 2, 2, 2; parameters 13 - 2/2.
    found = variance_components([[0, 2], [2, 4], [7, 9]], crossed=False)
    assert (found.parameters, found.chance, found.interaction) == pytest.approx((12, 0, 2))


def test_pure_chance_leaves_parameters_nothing_below_zero() -> None:
    noise = generator(2, "noise").normal(size=(30, 20))
    found = variance_components(noise)
    assert 0 <= found.parameters < 0.2
    assert found.interaction == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize("values", [[1.0, 2.0], [[1.0, 2.0]], [[1.0], [2.0]]])
def test_one_replicate_tells_nothing_of_chance(values: list[float]) -> None:
    with pytest.raises(ValueError, match="two of each at least"):
        variance_components(values)
