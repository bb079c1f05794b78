import numpy as np
import pytest
from hypothesis import given

from economics.outcomes import WTP, FloatArray, evaluations
from hvsim.economics import (
    ceac,
    ceac_pairwise,
    ceaf,
    exponential_utility,
    net_health_benefit,
    net_monetary_benefit,
    optimal_strategy,
)

Draws = tuple[FloatArray, FloatArray]
COSTS = np.array([[0.0, 5], [0, 5], [0, 5], [0, 5]])
EFFECTS = np.array([[0.0, 1], [0, 1], [0, 1], [0, 9]])


@given(evaluations(), WTP)
def test_curves_are_shares_that_sum_to_one(outcomes: Draws, wtp: float) -> None:
    shares = ceac(*outcomes, wtp)
    assert shares.min() >= 0
    assert shares.sum() == 1


@given(evaluations(), WTP)
def test_the_frontier_is_the_curve_of_the_best_expected_net_benefit(
    outcomes: Draws, wtp: float
) -> None:
    best = net_monetary_benefit(*outcomes, wtp).mean(axis=0).argmax()
    assert optimal_strategy(*outcomes, wtp) == best
    assert ceaf(*outcomes, wtp) == ceac(*outcomes, wtp)[best]


@given(evaluations(), WTP)
def test_the_best_of_all_also_beats_the_comparator_or_equals_it(
    outcomes: Draws, wtp: float
) -> None:
    pairwise = ceac_pairwise(*outcomes, wtp)
    assert pairwise[0] == 0
    assert (ceac(*outcomes, wtp)[1:] <= pairwise[1:]).all()


@given(evaluations(fewest=2, most=2), WTP)
def test_with_two_strategies_both_curves_agree(outcomes: Draws, wtp: float) -> None:
    assert ceac(*outcomes, wtp)[1] == ceac_pairwise(*outcomes, wtp)[1]


def test_the_frontier_is_not_the_highest_curve() -> None:
    assert ceac(COSTS, EFFECTS, 3).tolist() == [0.75, 0.25]
    assert ceaf(COSTS, EFFECTS, 3) == 0.25  # seldom the best, but by far


def test_several_thresholds_are_the_first_axis() -> None:
    grid = [0.0, 3.0, 10.0]
    assert net_monetary_benefit(COSTS, EFFECTS, grid).shape == (3, 4, 2)
    assert ceac(COSTS, EFFECTS, grid).tolist() == [[1, 0], [0.75, 0.25], [0, 1]]
    assert ceac_pairwise(COSTS, EFFECTS, grid, comparator=1).shape == (3, 2)
    assert ceaf(COSTS, EFFECTS, grid).tolist() == [1, 0.25, 1]
    assert isinstance(ceaf(COSTS, EFFECTS, 3), float)


def test_of_equal_strategies_the_first_counts() -> None:
    same = np.ones((3, 2))
    assert ceac(same, same, 1).tolist() == [1, 0]
    assert ceac_pairwise(same, same, 1).tolist() == [0, 0]
    assert ceac(same[:, :1], same[:, :1], 1).tolist() == [1]


@given(evaluations())
def test_health_benefit_is_monetary_benefit_at_the_price_of_health(outcomes: Draws) -> None:
    monetary, health = net_monetary_benefit(*outcomes, 4), net_health_benefit(*outcomes, 4)
    assert (monetary == 4 * health).all()


def test_aversion_to_risk_bends_utility_and_vanishes_smoothly() -> None:
    benefit = np.array([-1.0, 0.0, 1.0])
    assert exponential_utility(benefit, 0.0).tolist() == benefit.tolist()
    np.testing.assert_allclose(exponential_utility(benefit, 1e-9), benefit, rtol=1e-8)
    assert exponential_utility(benefit, 1.0) == pytest.approx([1 - np.e, 0, 1 - 1 / np.e])


@pytest.mark.parametrize(
    ("wtp", "told"),
    [
        (-1, "wtp must not be negative; found -1"),
        (np.nan, r"wtp is nan"),
        ([1, np.inf], r"wtp\[1\] is inf"),
        ([], "wtp: no values"),
        ([[1.0]], r"found shape \(1, 1\)"),
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused(wtp: float, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ceac(COSTS, EFFECTS, wtp)


def test_shapes_and_values_are_checked() -> None:
    with pytest.raises(ValueError, match=r"must be \(draws, strategies\); found \(2,\)"):
        ceac([1, 2], [1, 2], 1)
    with pytest.raises(ValueError, match=r"effects\[0, 1\] is -inf"):
        ceaf([[1, 2]], [[1, -np.inf]], 1)
    with pytest.raises(ValueError, match="comparator 2: strategies are numbered 0 to 1"):
        ceac_pairwise(COSTS, EFFECTS, 1, comparator=2)
    with pytest.raises(ValueError, match="divides by it"):
        net_health_benefit(COSTS, EFFECTS, 0)
    with pytest.raises(ValueError, match="aversion must not be negative"):
        exponential_utility([1.0], -1)
