import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from economics.outcomes import WTP, FloatArray, evaluations
from hvsim.economics import (
    ceac,
    evpi,
    evppi,
    evppi_estimate,
    evsi,
    evsi_gaussian,
    expected_loss,
    information_rank,
    net_benefit_of_sampling,
    net_monetary_benefit,
    population_value,
)
from hvsim.randomness import generator

Draws = tuple[FloatArray, FloatArray]

# Model of voi's tests/testthat/test_evppi_mc.R: nothing, or mean + p1 + p2 with normal p1, p2.
MODELS = [(mean, one, two) for mean in (0.0, 1.0, -0.5) for one, two in ((1.0, 2.0), (3.0, 0.5))]
SAMPLING_SD = 4.0


def closed_form(mean: float, sd: float) -> float:
    """Mean of a normal cut at zero, less the mean or zero."""
    z = mean / sd
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return mean * math.erfc(-z / math.sqrt(2)) / 2 + sd * density - max(0.0, mean)


def normal_model(
    mean: float, sd_one: float, sd_two: float, count: int, name: str
) -> tuple[FloatArray, FloatArray, dict[str, FloatArray]]:
    rng = generator(1, name)
    one, two = sd_one * rng.normal(size=count), sd_two * rng.normal(size=count)
    effects = np.column_stack((np.zeros(count), mean + one + two))
    return np.zeros_like(effects), effects, {"p1": one, "p2": two}


@given(evaluations(), WTP)
def test_the_least_expected_loss_is_the_value_of_perfect_information(
    outcomes: Draws, wtp: float
) -> None:
    loss = expected_loss(*outcomes, wtp)
    benefit = net_monetary_benefit(*outcomes, wtp)
    assert loss.min() == evpi(*outcomes, wtp) >= 0
    assert evpi(*outcomes, wtp) == benefit.max(axis=1).mean() - benefit.mean(axis=0).max()


@given(evaluations(), WTP)
def test_a_strategy_loses_nothing_if_and_only_if_none_is_ever_better(
    outcomes: Draws, wtp: float
) -> None:
    benefit = net_monetary_benefit(*outcomes, wtp)
    never_worse = (benefit == benefit.max(axis=1, keepdims=True)).all(axis=0)
    assert ((expected_loss(*outcomes, wtp) == 0) == never_worse).all()
    if ceac(*outcomes, wtp).max() == 1:
        assert evpi(*outcomes, wtp) == 0


def test_a_single_strategy_or_draw_leaves_nothing_to_learn() -> None:
    one = np.arange(4.0)[:, None]
    assert expected_loss(one, one, 1).tolist() == [0]
    assert evpi(one, one, 1) == evppi(one, one, one, "x", 1) == 0
    assert evpi([[1, 2]], [[3, 4]], [0, 1]).tolist() == [0, 0]
    assert evpi(np.tile(one, 2), np.tile(one, 2), 5) == 0


@settings(max_examples=50)
@given(evaluations(), WTP)
def test_partial_information_lies_between_nothing_and_all(outcomes: Draws, wtp: float) -> None:
    costs, effects = outcomes
    known = np.column_stack((costs[:, 0], effects[:, -1], effects.sum(axis=1)))
    for names in (["a"], ["a", "b"], ["a", "b", "c"]):
        value = evppi(costs, effects, known[:, : len(names)], names, wtp)
        assert 0 <= value <= evpi(costs, effects, wtp)


@settings(max_examples=50)
@given(evaluations(fewest=2), WTP)
def test_a_study_is_worth_more_the_larger_it_is_and_never_more_than_certainty(
    outcomes: Draws, wtp: float
) -> None:
    costs, effects = outcomes
    known = effects[:, 0]
    values = [
        float(evsi_gaussian(costs, effects, known, "x", wtp, 4, size).value)
        for size in (0, 1, 10, 1000)
    ]
    assert values[0] == pytest.approx(0, abs=1e-12)
    limit = evppi(costs, effects, known, "x", wtp)
    rising = [*values, limit]
    assert all(a <= b + 1e-9 for a, b in pairwise(rising))


@pytest.mark.parametrize(("mean", "sd_one", "sd_two"), MODELS)
def test_normal_model_has_its_closed_form(mean: float, sd_one: float, sd_two: float) -> None:
    # Each check fails by chance once in 16,000 (4 standard errors); the regression's own bias is
    # allowed half a percent of the spread.
    count = 20_000
    costs, effects, known = normal_model(mean, sd_one, sd_two, count, f"{mean} {sd_one} {sd_two}")
    spread = math.hypot(sd_one, sd_two)
    slack = 0.005 * spread

    error = 4 * effects[:, 1].std() / math.sqrt(count)
    assert evpi(costs, effects, 1.0) == pytest.approx(closed_form(mean, spread), abs=error)
    for name, sd in (("p1", sd_one), ("p2", sd_two)):
        found = evppi_estimate(costs, effects, known, name, 1.0)
        allowed = 4 * float(found.standard_error) + slack
        assert float(found.value) == pytest.approx(closed_form(mean, sd), abs=allowed)
    both = evppi_estimate(costs, effects, known, ["p1", "p2"], 1.0)
    assert float(both.value) == pytest.approx(evpi(costs, effects, 1.0), rel=1e-3)

    rng = generator(2, f"{mean} {sd_one} {sd_two}")
    for size in (5, 50, 500):
        sampled = SAMPLING_SD / math.sqrt(size)
        preposterior = sd_two**2 / math.hypot(sd_two, sampled)
        exact = closed_form(mean, preposterior)
        prior_size = (SAMPLING_SD / sd_two) ** 2
        gaussian = evsi_gaussian(costs, effects, known, "p2", 1.0, prior_size, size)
        results = known["p2"] + sampled * rng.normal(size=count)
        simulated = evsi(costs, effects, results, "mean of the study", 1.0)
        for found in (gaussian, simulated):
            allowed = 4 * float(found.standard_error) + slack
            assert float(found.value) == pytest.approx(exact, abs=allowed)


@pytest.mark.parametrize("learned", ["wholly", "by a study"])
def test_standard_errors_are_those_of_repeated_analyses(learned: str) -> None:
    # 400 repetitions know a standard deviation to 3.5%; 4 of these on either side.
    values, errors = [], []
    for repetition in range(400):
        costs, effects, known = normal_model(1, 1, 2, 500, f"{learned} {repetition}")
        if learned == "wholly":
            found = evppi_estimate(costs, effects, known, "p2", 1.0)
        else:
            found = evsi_gaussian(costs, effects, known, "p2", 1.0, 4, 2)
        values.append(float(found.value))
        errors.append(float(found.standard_error))
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.14)


def test_three_parameters_and_more_go_through_a_process() -> None:
    # A product of signs, which no single parameter and no pair tells anything about; and noise.
    rng = generator(3, "process")
    count = 3_000
    known = rng.uniform(-1, 1, size=(count, 3))
    signal = 4 * known.prod(axis=1)
    effects = np.column_stack((np.zeros(count), signal + 0.5 * rng.normal(size=count)))
    costs = np.zeros_like(effects)
    exact = 4 * 0.5**3 / 2  # mean of the positive part
    found = evppi_estimate(costs, effects, known, ["a", "b", "c"], 1.0)
    assert float(found.value) == pytest.approx(exact, abs=0.1 * exact)
    # What luck makes of a pair that tells nothing: less than a fit of all 36 splines would.
    luck = 0.4 * effects[:, 1].std() * math.sqrt(36 / count)
    assert evppi(costs, effects, known[:, :2], ["a", "b"], 1.0) < luck < exact / 6


def test_curved_skewed_and_discrete_parameters() -> None:
    # The value with the true conditional mean in place of the fitted one, within 3%.
    rng = generator(4, "shapes")
    count = 20_000
    shapes: list[tuple[FloatArray, Callable[[FloatArray], FloatArray]]] = [
        (rng.uniform(size=count), lambda x: np.sin(8 * x)),
        (rng.lognormal(0, 1, size=count), lambda x: np.log(x)),
        (rng.integers(0, 2, size=count).astype(float), lambda x: x - 0.5),
    ]
    for draws, mean in shapes:
        signal = mean(draws)
        effects = np.column_stack((np.zeros(count), signal + 0.5 * rng.normal(size=count)))
        exact = np.maximum(signal, 0).mean() - max(0, signal.mean())
        found = evppi(np.zeros_like(effects), effects, draws, "x", 1.0)
        assert found == pytest.approx(exact, rel=0.03)


def test_many_thresholds_at_once_are_each_on_its_own() -> None:
    costs, effects, known = normal_model(1, 1, 2, 500, "grid")
    costs = costs + 0.5 * effects[:, ::-1]
    grid = [0.0, 1.0, 2.0]
    together = evppi(costs, effects, known, "p1", grid)
    assert together.tolist() == [evppi(costs, effects, known, "p1", wtp) for wtp in grid]
    assert evpi(costs, effects, grid).shape == (3,)
    assert isinstance(evppi(costs, effects, known, "p1", 1.0), float)


def test_luck_that_all_strategies_share_does_not_blur_the_value() -> None:
    costs, effects, known = normal_model(1, 1, 2, 500, "shared")
    shared = 1000 * generator(5, "shared").normal(size=(500, 1))
    assert evppi(costs, effects + shared, known, "p1", 1.0) == pytest.approx(
        evppi(costs, effects, known, "p1", 1.0), rel=1e-6
    )


def test_parameters_rank_by_what_they_are_worth() -> None:
    costs, effects, known = normal_model(0, 1, 2, 2_000, "rank")
    ranked = information_rank(costs, effects, known | {"none": np.ones(2_000)}, 1.0)
    assert ranked["parameter"].to_list() == ["p2", "p1", "none"]
    assert ranked["evppi"].to_list()[2] == 0
    share = evppi(costs, effects, known, "p2", 1.0) / evpi(costs, effects, 1.0)
    assert ranked["share_of_evpi"].to_list()[0] == share


def test_population_value_counts_the_horizon_without_discounting() -> None:
    # 2 dollars for each of 100 families in each of 3 years, then the same at half value each year.
    assert population_value(2.0, [100, 100, 100], [1, 1, 1]) == 600
    assert population_value([2.0, 4.0], [100, 100, 100], [1, 0.5, 0.25]) == pytest.approx(
        [350, 700]
    )
    assert population_value(2.0, [100, 40, 0], [1, 0.5, 0.25]) == 240
    assert net_benefit_of_sampling([600, 700], [650, 650]) == pytest.approx([-50, 50])
    with pytest.raises(ValueError, match="one discount factor per year"):
        population_value(2.0, [100, 100], [1.0])


def test_what_is_asked_of_parameters_is_checked() -> None:
    costs, effects, known = normal_model(0, 1, 2, 10, "checks")
    mistakes: list[tuple[Any, str | list[str], str]] = [
        (known, "p3", "no parameter p3; there are p1, p2"),
        (known, [], "name at least one"),
        (known, ["p1", "p1"], "names must differ"),
        ({"p1": np.ones(3)}, "p1", "needs 10 draws"),
        (np.ones((10, 2)), ["p1"], "2 names needed, 1 given"),
        (np.ones(3), ["p1"], r"must be \(10 draws, names\); found \(3,\)"),
        ({"p1": np.full(10, np.nan)}, "p1", r"parameter p1\[0\] is nan"),
    ]
    for parameters, names, told in mistakes:
        with pytest.raises(ValueError, match=told):
            evppi(costs, effects, parameters, names, 1.0)
    with pytest.raises(ValueError, match="prior_size must be above"):
        evsi_gaussian(costs, effects, known, "p1", 1.0, 0, 5)
