from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from economics.outcomes import WTP, FloatArray, evaluations, means
from hvsim.economics import icer_table, net_monetary_benefit, ranges_of_optimality

NAN = float("nan")
Means = tuple[FloatArray, FloatArray]


def named(count: int) -> list[str]:
    return [f"s{number}" for number in range(count)]


def status(costs: FloatArray, effects: FloatArray) -> list[str]:
    table = icer_table(costs, effects, named(len(costs)))
    return table.set_index("strategy").loc[named(len(costs)), "status"].to_list()


def brute_force(costs: FloatArray, effects: FloatArray) -> list[str]:
    """Status of each strategy by its definition, in exact fractions."""
    points = [(Fraction(c), Fraction(e)) for c, e in zip(costs, effects, strict=True)]

    def one(point: tuple[Fraction, Fraction]) -> str:
        cost, effect = point
        if any(c <= cost and e >= effect and (c, e) != point for c, e in points):
            return "D"
        for (low_c, low_e), (high_c, high_e) in permutations(points, 2):
            if low_e < effect < high_e:
                part = (effect - low_e) / (high_e - low_e)
                if low_c + part * (high_c - low_c) < cost:
                    return "ED"
        return "ND"

    return [one(point) for point in points]


# dampack, tests/testthat/test_calculate_icers.R
SIX = {
    "E": (55000, 5, 20000, 1, 20000, "ND"),
    "D": (35000, 4, 25000, 2, 12500, "ND"),
    "C": (25000, 3, NAN, NAN, NAN, "ED"),
    "B": (10000, 2, 5000, 1, 5000, "ND"),
    "A": (12000, 1.5, NAN, NAN, NAN, "D"),
    "UC": (5000, 1, NAN, NAN, NAN, "ND"),
}
EQUAL_EFFECT = {
    "No Treat": (163771, 6.48273, NAN, NAN, NAN, "D"),
    "Treat all": (164848.7, 6.52861, NAN, NAN, NAN, "D"),
    "Test & treat": (163765.1, 6.52861, NAN, NAN, NAN, "ND"),
}
SINGLE = {"s": (1, 2, NAN, NAN, NAN, "ND")}


@pytest.mark.parametrize("expected", [SIX, EQUAL_EFFECT, SINGLE])
def test_icer_tables_of_dampack(expected: dict[str, tuple[float, ...]]) -> None:
    costs, effects = ([row[i] for row in expected.values()] for i in (0, 1))
    table = icer_table(costs, effects, list(expected))
    columns = ["cost", "effect", "inc_cost", "inc_effect", "icer", "status"]
    assert list(table.columns) == ["strategy", *columns]
    assert table["cost"].is_monotonic_increasing
    wanted = pd.DataFrame(expected.values(), index=list(expected), columns=columns)
    pd.testing.assert_frame_equal(
        table.set_index("strategy").loc[list(expected)],
        wanted,
        check_dtype=False,
        check_names=False,
        rtol=1e-9,
    )


# heemod, tests/testthat/test_efficiency_frontier.R, odd-numbered cases
FRONTIERS = [
    (
        [14807, 26041, 49706, 64266, 40022, 57392, 91744, 54651],
        [9.635, 10.2497, 11.1654, 11.5152, 11.582, 11.6248, 11.6296, 11.6588],
        [1, 5, 8],
    ),
    (
        [25000, 35000, 50000, 54651, 64266, 91744],
        [10.2497, 11.1654, 11.3, 11.6588, 11.7, 12.1],
        [1, 2, 4, 6],
    ),
    (
        [26041, 42000, 54651, 60000, 76000],
        [10.2497, 11.1654, 11.6296, 11.7, 11.8],
        [1, 2, 3, 4, 5],
    ),
    (
        [25000, 25000, 50000, 58500, 58500, 64266, 91744],
        [10.2497, 10.25, 11.3, 11.6588, 11.6588, 11.7, 12.1],
        [2, 4, 5, 7],
    ),
    ([26041, 21000], [10.2497, 11.1654], [2]),
    ([26041.0, 27000.0, 19000.0], [10.2497, 11.1654, 11.5], [3]),
    ([15.0, 10.0, 15.0], [12.0, 12.0, 15.0], [2, 3]),
]


@pytest.mark.parametrize(("costs", "effects", "frontier"), FRONTIERS)
def test_frontiers_of_heemod(costs: list[float], effects: list[float], frontier: list[int]) -> None:
    found = status(np.array(costs), np.array(effects))
    assert [number for number, each in enumerate(found, 1) if each == "ND"] == frontier


@given(means())
def test_status_is_what_its_definition_says(outcomes: Means) -> None:
    assert status(*outcomes) == brute_force(*outcomes)


@given(means())
def test_the_frontier_is_convex(outcomes: Means) -> None:
    costs, effects = outcomes
    table = icer_table(costs, effects, named(len(costs)))
    steps = table.loc[table["status"] == "ND", ["inc_cost", "inc_effect", "icer"]].dropna()
    assert (steps["inc_effect"] > 0).all()
    assert (steps["inc_cost"] > 0).all()
    assert steps["icer"].is_monotonic_increasing


@given(means(), st.permutations(range(7)))
def test_the_order_in_which_strategies_are_given_does_not_matter(
    outcomes: Means, numbers: list[int]
) -> None:
    costs, effects = outcomes
    order = [number for number in numbers if number < len(costs)]
    one = icer_table(costs, effects, named(len(costs)))
    other = icer_table(costs[order], effects[order], [f"s{i}" for i in order])
    one, other = (t.sort_values("strategy", ignore_index=True) for t in (one, other))
    pd.testing.assert_frame_equal(one, other)


def test_equal_strategies_share_a_row_and_a_range() -> None:
    table = icer_table([0, 10, 10], [0, 2, 2], ["none", "a", "b"])
    assert table["status"].to_list() == ["ND", "ND", "ND"]
    assert table["icer"].to_list()[1:] == [5, 5]
    ranges = ranges_of_optimality([0, 10, 10], [0, 2, 2], ["none", "a", "b"])
    assert ranges.to_numpy().tolist() == [["none", 0, 5], ["a", 5, np.inf], ["b", 5, np.inf]]


def test_a_strategy_on_the_line_between_two_others_is_on_the_frontier() -> None:
    assert status(np.array([0.0, 1, 2]), np.array([0.0, 1, 2])) == ["ND", "ND", "ND"]


def test_draws_are_averaged_before_ratios_are_taken() -> None:
    costs, effects = [[0, 10], [0, 30]], [[0, 1], [0, 3]]
    assert icer_table(costs, effects, ["a", "b"])["icer"].to_list()[1] == 20 / 2


@given(evaluations(), WTP)
def test_the_range_of_a_strategy_is_where_it_is_best(outcomes: Means, wtp: float) -> None:
    costs, effects = outcomes
    ranges = ranges_of_optimality(costs, effects, named(costs.shape[1]))
    inside = ranges[(ranges["wtp_low"] <= wtp) & (wtp <= ranges["wtp_high"])]
    expected = net_monetary_benefit(costs.mean(axis=0), effects.mean(axis=0), wtp)
    best = {f"s{i}" for i in np.nonzero(np.isclose(expected, expected.max(), atol=1e-9))[0]}
    assert len(inside) > 0
    assert set(inside["strategy"]) <= best


@pytest.mark.parametrize(
    ("costs", "effects", "names", "told"),
    [
        ([1, NAN], [1, 2], ["a", "b"], r"costs\[1\] is nan"),
        ([1, 2], [np.inf, 2], ["a", "b"], r"effects\[0\] is inf"),
        ([1, 2], [1, 2, 3], ["a", "b"], r"found \(2,\) and \(3,\)"),
        ([1, 2], [1, 2], ["a"], "2 names needed, 1 given: a"),
        ([1, 2], [1, 2], ["a", "a"], "names must differ: a, a"),
        ([], [], [], "costs: no values"),
        ([[[1.0]]], [[[1.0]]], ["a"], r"found shape \(1, 1, 1\)"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    costs: list[float], effects: list[float], names: list[str], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        icer_table(costs, effects, names)
