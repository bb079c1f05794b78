"""Partial information in sets of three parameters and more: curves, products, mere luck."""

from collections.abc import Callable

import numpy as np
import pytest

from hvsim.economics import evpi, evppi, evppi_estimate, evsi_gaussian
from hvsim.economics.evaluation.arrays import FloatArray
from hvsim.economics.evaluation.gaussian_process import process_means
from hvsim.economics.evaluation.model_choice import clearly_better
from hvsim.economics.evaluation.ridge import ridge_means
from hvsim.randomness import generator

CURVED: dict[str, Callable[[FloatArray], FloatArray]] = {
    "square": lambda x: x[:, 0] ** 2 - 1,
    "product": lambda x: x[:, 0] * x[:, 1] + 0.5 * x[:, 2],
    "square, product, line": lambda x: (
        10 * (x[:, 0] ** 2 - 1) + 6 * x[:, 1] * x[:, 2] + 3 * x[:, 3]
    ),
}


def worth(signal: FloatArray, known: FloatArray) -> float:
    """EVPPI of all parameters together in the decision for nothing, or what has this benefit."""
    effects = np.column_stack((np.zeros(len(signal)), signal))
    names = [f"p{place}" for place in range(known.shape[1])]
    return evppi(np.zeros_like(effects), effects, known, names, 1.0)


@pytest.mark.parametrize("shape", CURVED)
@pytest.mark.parametrize(
    ("draws", "names", "least"), [(600, 5, 0.95), (600, 13, 0.9), (600, 30, 0.8), (150, 20, 0.65)]
)
def test_more_parameters_are_worth_about_as_much(
    shape: str, draws: int, names: int, least: float
) -> None:
    # Of a product and half a line, lines see less than half.
    known = generator(1, f"{shape} {draws}").normal(size=(draws, names))
    signal = CURVED[shape](known)
    exact = np.maximum(signal, 0).mean() - max(0.0, signal.mean())
    assert worth(signal, known) > least * exact


def by_value(codes: FloatArray) -> FloatArray:
    """Zeros and ones for each value. Shape (draws, values)."""
    return np.column_stack([codes == one for one in np.unique(codes)]).astype(np.float64)


@pytest.mark.parametrize("values", [2, 3, 4, 7])
def test_a_category_alone_is_worth_what_its_means_say(values: int) -> None:
    rng = generator(11, f"category {values}")
    codes = rng.permutation(np.arange(90) % values).astype(np.float64)
    benefit = rng.normal(size=90) + rng.permutation(np.linspace(-1, 1, values))[codes.astype(int)]
    means = [benefit[codes == one].mean() for one in range(values)]
    expected = np.maximum(means, 0) @ np.bincount(codes.astype(int)) / 90 - max(0, benefit.mean())
    assert expected > 0
    assert worth(benefit, by_value(codes)) == pytest.approx(expected)
    assert worth(benefit, by_value(codes)[:, 1:]) == pytest.approx(expected)


def test_several_categories_know_no_order_and_are_seen_together() -> None:
    # One category alone tells nothing: what counts is which of the first meets which of the second.
    rng = generator(12, "categories")
    first, second = rng.integers(0, 4, 400), rng.integers(0, 2, 400)
    ends = np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, 1.0]])
    signal = ends[first, second]
    benefit = signal + rng.normal(size=400)
    exact = np.maximum(signal, 0).mean() - max(0, signal.mean())
    found = []
    for order in ([0, 1, 2, 3], [2, 0, 3, 1]):
        coded = np.array(order)[first].astype(np.float64)
        known = np.hstack((by_value(coded), by_value(second.astype(np.float64))))
        found.append(worth(benefit, known))
    assert found[1] == pytest.approx(found[0])
    assert 0.85 * exact < found[0] < 1.15 * exact


def test_few_draws_hold_a_parabola() -> None:
    # 25 draws without noise, on average over 20 such analyses.
    shares = []
    for seed in range(20):
        known = generator(seed, "parabola").normal(size=(25, 3))
        signal = known[:, 0] ** 2 - 1
        shares.append(worth(signal, known) / worth(signal, known[:, :1]))
    assert np.mean(shares) > 0.9


@pytest.mark.parametrize(("draws", "names"), [(120, 12), (240, 12), (300, 40)])
def test_parameters_that_tell_nothing_are_worth_about_nothing(draws: int, names: int) -> None:
    # A Gaussian process alone finds up to three quarters of everything in twelve of them.
    found = []
    for seed in range(5):
        rng = generator(seed, f"nothing {draws}")
        signal = rng.normal(size=draws)
        found.append(worth(signal, rng.normal(size=(draws, names))))
    assert np.mean(found) < 0.1 / np.sqrt(2 * np.pi) + 4 * np.std(found, ddof=1) / np.sqrt(5)
    assert max(found) < 0.5 / np.sqrt(2 * np.pi)


def test_errors_in_unseen_draws_are_honest() -> None:
    # Of noise with unit variance nobody predicts a new draw with less than that.
    rng = generator(7, "unseen")
    noise, known = rng.normal(size=(400, 8)), rng.normal(size=(400, 4))
    for fit in (ridge_means, process_means):
        means, missed = fit(known, noise)
        # 1,600 squares or more know their mean to 0.035; 4 of these on either side.
        assert missed.mean() == pytest.approx(1.0, abs=0.14)
        assert means.mean(axis=0) == pytest.approx(noise.mean(axis=0))
        seen = ((noise - means) ** 2).mean()
        assert seen < missed.mean()


def test_a_richer_regression_must_be_clearly_better() -> None:
    before = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    missed = np.array([[0.9, 0.0, 1.0], [0.9, 1.4, 1.0], [0.9, 1.4, 1.0], [0.8, 1.0, 1.0]])
    assert clearly_better(missed, before).tolist() == [True, False, False]


@pytest.mark.parametrize("names", [1, 30])
def test_no_certainty_where_a_fit_changes_no_decision(names: int) -> None:
    rng = generator(8, "certainty")
    known = rng.normal(size=(400, names))
    labels = [f"p{place}" for place in range(names)]
    benefit = 0.1 + rng.normal(size=400)

    def estimate(benefit: FloatArray, known: FloatArray = known) -> tuple[float, float]:
        effects = np.column_stack((np.zeros(400), benefit))
        found = evppi_estimate(np.zeros((400, 2)), effects, known, labels, 1.0)
        return float(found.value), float(found.standard_error)

    # 0.1 +- 0.05: what a shift of the mean within its error could be worth.
    barely = benefit - benefit.mean() + 0.15
    value, error = estimate(barely)
    assert error > 0 or value > 0
    # Certain: the parameters do not vary, the strategies are equal, or far apart in every draw.
    assert estimate(barely, np.ones_like(known)) == (0, 0)
    assert estimate(np.zeros(400)) == (0, 0)
    assert estimate(benefit + 100) == (0, 0)


def test_a_study_that_tells_less_is_less_uncertain() -> None:
    rng = generator(9, "study")
    effects = np.column_stack((np.zeros(400), 0.15 + rng.normal(size=400)))
    known = rng.normal(size=400)
    errors = [
        float(evsi_gaussian(0 * effects, effects, known, "p", 1.0, 100, size).standard_error)
        for size in (0, 1, 10)
    ]
    assert errors[0] < 1e-12 < errors[1] < errors[2]


@pytest.mark.parametrize(
    ("draws", "least", "most"), [(6, 0.8, 1.0), (30, 0.03, 0.25), (100, 0.005, 0.1)]
)
def test_what_few_draws_make_of_one_parameter_that_tells_nothing(
    draws: int, least: float, most: float
) -> None:
    # The shares of EVPI that `evppi` and its guide state, loosely: 40 analyses.
    found, all_there_is = 0.0, 0.0
    for seed in range(40):
        rng = generator(seed, f"few {draws}")
        effects = np.column_stack((np.zeros(draws), rng.normal(size=draws)))
        costs = np.zeros_like(effects)
        found += evppi(costs, effects, rng.normal(size=draws), "p", 1.0)
        all_there_is += evpi(costs, effects, 1.0)
    assert least < found / all_there_is <= most
