import math

import numpy as np
import pytest
from hypothesis import given

from economics.outcomes import FloatArray, evaluations
from hvsim.economics import ellipse, increments, pairwise_table, strategy_summary
from hvsim.randomness import generator

Draws = tuple[FloatArray, FloatArray]


@given(evaluations(fewest=2))
def test_increments_are_against_the_same_draw(outcomes: Draws) -> None:
    costs, effects = outcomes
    more, better = increments(costs, effects, comparator=1)
    assert (more + costs[:, [1]] == costs).all()
    assert (better + effects[:, [1]] == effects).all()


def test_intervals_hold_the_middle_of_the_increments() -> None:
    # Increments of 0, 4, 8, 12 and 16 dollars, and of 0 to 40 units: the middle half is 4 to 12.
    shared = np.array([30.0, 0, 50, 20, 10])
    more, better = np.array([8.0, 0, 16, 4, 12]), np.array([0.0, 30, 20, 10, 40])
    costs, effects = (np.column_stack((shared, shared + added)) for added in (more, better))
    row = pairwise_table(costs, effects, ["a", "b"], level=0.5).iloc[0]
    assert (row["inc_cost"], row["inc_cost_low"], row["inc_cost_high"]) == (8, 4, 12)
    assert (row["inc_effect"], row["inc_effect_low"], row["inc_effect_high"]) == (20, 10, 30)


def test_a_level_of_95_percent_leaves_a_fortieth_on_either_side() -> None:
    # Of 41 draws from 0 to 40 one lies below 1, and one above 39.
    draws = np.arange(41.0)[:, None]
    row = strategy_summary(draws, 10 * draws, ["a"]).iloc[0]
    assert (row["cost_low"], row["cost_high"]) == pytest.approx((1, 39))
    assert (row["effect_low"], row["effect_high"]) == pytest.approx((10, 390))


@given(evaluations(fewest=2))
def test_every_draw_lies_in_one_quadrant(outcomes: Draws) -> None:
    costs, effects = outcomes
    names = [f"s{i}" for i in range(costs.shape[1])]
    table = pairwise_table(costs, effects, names)
    assert table["strategy"].to_list() == names[1:]
    assert table.filter(like="costs_").sum(axis=1).to_list() == [1.0] * len(table)


@pytest.mark.parametrize(
    ("cost", "effect", "icer"),
    [
        (10.0, 2.0, 5.0),
        (-10.0, -2.0, 5.0),  # saves 5 for each unit forgone
        (-10.0, 2.0, np.nan),  # dominates: the ratio would be that of the one that is dominated
        (10.0, -2.0, np.nan),
        (10.0, 0.0, np.nan),
        (0.0, 2.0, np.nan),  # dominates: as cheap, and does more
        (0.0, -2.0, np.nan),
        (0.0, 0.0, np.nan),
    ],
)
def test_a_ratio_is_given_only_where_it_means_something(
    cost: float, effect: float, icer: float
) -> None:
    row = pairwise_table([[0, cost]], [[0, effect]], ["a", "b"]).iloc[0]
    assert (row["inc_cost"], row["inc_effect"]) == (cost, effect)
    assert row["icer"] == pytest.approx(icer, nan_ok=True)


def test_an_ellipse_holds_its_share_of_normal_increments() -> None:
    # 40,000 draws know the share to 0.001; 4 of these on either side.
    rng = generator(1, "ellipse")
    effect, noise = rng.normal(size=(2, 40_000))
    cost = 1000 * (effect + 0.5 * noise) + 500
    found = ellipse(cost, effect, level=0.9)
    assert (found.effect, found.cost) == (effect.mean(), cost.mean())
    dx, dy = effect - found.effect, cost - found.cost
    along = dx * math.cos(found.angle) + dy * math.sin(found.angle)
    across = -dx * math.sin(found.angle) + dy * math.cos(found.angle)
    inside = (along / found.major) ** 2 + (across / found.minor) ** 2 <= 1
    assert inside.mean() == pytest.approx(0.9, abs=0.006)


def test_an_ellipse_of_known_axes() -> None:
    # Variances 2 and 8 without correlation; the level at which the radius is one deviation.
    effect, cost = [-math.sqrt(3), 0, 0, math.sqrt(3)], [0, -math.sqrt(12), math.sqrt(12), 0]
    found = ellipse(cost, effect, level=1 - math.exp(-0.5))
    assert (found.major, found.minor) == pytest.approx((math.sqrt(8), math.sqrt(2)))
    assert found.angle == pytest.approx(math.pi / 2)
    effects, costs = found.points(5)
    assert costs == pytest.approx([math.sqrt(8), 0, -math.sqrt(8), 0, math.sqrt(8)], abs=1e-12)
    assert effects == pytest.approx([0, -math.sqrt(2), 0, math.sqrt(2), 0], abs=1e-12)


def test_spread_is_that_of_one_draw() -> None:
    table = strategy_summary([[1], [3], [5]], [[2], [6], [10]], ["a"])
    assert (table["cost_sd"].item(), table["effect_sd"].item()) == pytest.approx((2, 4))


def test_summary_of_one_draw_has_no_spread() -> None:
    table = strategy_summary([[1, 2]], [[3, 4]], ["a", "b"])
    assert table["cost"].to_list() == table["cost_low"].to_list() == [1, 2]
    assert table[["cost_sd", "effect_sd"]].isna().all(axis=None)


def test_arguments_are_checked() -> None:
    with pytest.raises(ValueError, match="two draws or more"):
        ellipse([1.0], [1.0])
    with pytest.raises(ValueError, match="level must lie between 0 and 1; found 95"):
        pairwise_table([[1, 2]], [[3, 4]], ["a", "b"], level=95)
    with pytest.raises(ValueError, match="comparator -1"):
        increments([[1, 2]], [[3, 4]], comparator=-1)
