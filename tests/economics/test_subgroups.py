import numpy as np
import pytest
from hypothesis import given

from economics.outcomes import WTP, FloatArray, evaluations
from hvsim.economics import evpi, evpi_by_group, value_of_individualized_care

Groups = tuple[FloatArray, FloatArray]


@given(evaluations(groups=3), WTP)
def test_deciding_for_each_group_is_never_worth_less_than_nothing(
    outcomes: Groups, wtp: float
) -> None:
    costs, effects = outcomes
    weights = np.array([0.5, 0.25, 0.25])
    value = value_of_individualized_care(costs, effects, weights, wtp)
    assert value >= 0
    expected = (wtp * effects - costs).mean(axis=1)
    alone = weights @ expected.max(axis=1)
    together = (weights @ expected).max()
    assert value == pytest.approx(alone - together, abs=1e-12)
    same_best = (expected == expected.max(axis=1, keepdims=True)).all(axis=0).any()
    assert (value == 0) == same_best


@given(evaluations(groups=2), WTP)
def test_sizes_of_groups_serve_as_weights_and_nobody_counts_for_nothing(
    outcomes: Groups, wtp: float
) -> None:
    costs, effects = outcomes
    assert value_of_individualized_care(costs, effects, [300, 100], wtp) == pytest.approx(
        value_of_individualized_care(costs, effects, [0.75, 0.25], wtp)
    )
    assert value_of_individualized_care(costs, effects, [1, 0], wtp) == 0
    assert evpi_by_group(costs, effects, [1, 0], wtp) == evpi(costs[0], effects[0], wtp)


def test_targeting_worked_by_hand() -> None:
    # Per family: a service of 100 dollars prevents 3 harms in 10 at high risk, none at low risk.
    costs = np.array([[[0.0, 100.0]], [[0.0, 100.0]]])
    effects = np.array([[[0.0, 0.3]], [[0.0, 0.0]]])
    found = value_of_individualized_care(costs, effects, [0.2, 0.8], [100.0, 1000.0, 5000.0])
    # at 100: nobody is served; at 1,000: 0.2 * (300 - 100), against nothing for all (60 - 100 < 0);
    # at 5,000: all are served in common, 300 - 100 > 0, and 0.8 * 100 are saved by targeting.
    assert found.tolist() == pytest.approx([0, 40, 80])


def test_shapes_are_checked() -> None:
    three = np.ones((2, 4, 3))
    with pytest.raises(ValueError, match=r"must be \(groups, draws, strategies\)"):
        value_of_individualized_care(three[0], three[0], [1.0], 1)
    with pytest.raises(ValueError, match="one weight per group"):
        evpi_by_group(three, three, [1.0], 1)
    with pytest.raises(ValueError, match="must not be negative, and not all zero"):
        evpi_by_group(three, three, [0.0, 0.0], 1)
