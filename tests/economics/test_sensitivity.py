from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from economics.outcomes import FloatArray, quarters
from hvsim.economics import (
    best_ranges,
    break_even,
    explained_variance,
    metamodel,
    morris_design,
    morris_effects,
    one_way,
    sobol_design,
    sobol_indices,
    swings,
    tornado,
    two_way,
)
from hvsim.randomness import generator

BASE = {"visits": 10.0, "price": 2.0, "effect": 5.0}


def model(parameters: dict[str, float]) -> list[float]:
    """Net benefit of nothing and of a service."""
    return [0.0, parameters["effect"] * 6 - parameters["visits"] * parameters["price"]]


def test_one_parameter_after_another() -> None:
    values = {"price": [1.0, 2.0, 5.0], "effect": [1.0, 5.0]}
    outcomes = one_way(model, BASE, values)
    assert outcomes["price"].tolist() == [[0, 20], [0, 10], [0, -20]]
    assert outcomes["effect"].tolist() == [[0, -14], [0, 10]]
    gain = {name: outcome[:, 1] for name, outcome in outcomes.items()}
    bars = tornado(values, gain)
    assert bars["parameter"].to_list() == ["price", "effect"]
    assert bars["width"].to_list() == [40, 24]
    assert bars["relative_width"].to_list() == [2, 24 / 14]
    assert break_even(values["price"], gain["price"]).tolist() == [3]  # 30 dollars on 10 visits
    ranges = best_ranges(values["price"], outcomes["price"], ["nothing", "service"])
    assert ranges.to_numpy().tolist() == [["service", 1, 3], ["nothing", 3, 5]]


def test_two_parameters_together() -> None:
    map_of_two = two_way(model, BASE, ("price", [1.0, 5.0]), ("effect", [1.0, 5.0, 9.0]))
    assert map_of_two[..., 1].tolist() == [[-4, 20, 44], [-44, -20, 4]]
    assert map_of_two.argmax(axis=-1).tolist() == [[0, 1, 1], [0, 0, 1]]


def test_a_bar_that_turns_round_says_so() -> None:
    bars = tornado({"x": [0, 1, 2]}, {"x": [1.0, -5.0, 0.0]})
    assert bars[["width", "least", "greatest"]].to_numpy().tolist() == [[1, -5, 1]]
    assert np.isnan(tornado({"x": [0, 1]}, {"x": [0.0, 2.0]})["relative_width"].to_list()[0])


@given(st.integers(2, 6).flatmap(lambda n: quarters((n, 3))))
def test_ranges_are_where_each_strategy_is_best_and_leave_no_gap(outcomes: FloatArray) -> None:
    grid = np.arange(len(outcomes), dtype=float)
    names = ["a", "b", "c"]
    ranges = best_ranges(grid, outcomes, names)
    assert ranges["low"].to_list() == [0, *ranges["high"].to_list()[:-1]]
    assert ranges["high"].to_list()[-1] == grid[-1]
    for name, low, high in zip(ranges["strategy"], ranges["low"], ranges["high"], strict=True):
        for at in np.linspace(low, high, 4):
            there = [np.interp(at, grid, column) for column in outcomes.T]
            assert there[names.index(name)] == pytest.approx(max(there), abs=1e-9)


@given(st.integers(2, 8).flatmap(lambda n: quarters((n,))))
def test_break_even_points_are_all_there_are(outcome: FloatArray) -> None:
    grid = np.arange(len(outcome), dtype=float)
    points = break_even(grid, outcome)
    assert np.interp(points, grid, outcome) == pytest.approx(np.zeros(len(points)), abs=1e-9)
    assert (np.diff(points) > 0).all()
    changes = np.count_nonzero(outcome[:-1] * outcome[1:] < 0) + np.count_nonzero(outcome == 0)
    assert len(points) == changes
    assert break_even(grid, outcome + 3, target=3).tolist() == points.tolist()


def test_a_metamodel_finds_the_polynomial_behind_the_draws() -> None:
    rng = generator(1, "metamodel")
    x, y = rng.normal(10, 2, size=(2, 500))
    outcomes = np.column_stack((3 + x**2, y))
    values, fitted = metamodel({"x": x}, outcomes, level=0.9, points=5)
    assert values["x"][[0, -1]] == pytest.approx(np.quantile(x, [0.05, 0.95]))
    assert fitted["x"][:, 0] == pytest.approx(3 + values["x"] ** 2)
    assert fitted["x"].shape == (5, 2)


@pytest.mark.parametrize("coded", list(permutations([0.0, 1.0, 2.0])))
def test_a_categorical_bar_knows_no_order(coded: tuple[float, ...]) -> None:
    which = np.arange(30) % 3
    noise = np.repeat([-1.0, 1.0], 15)  # of no value more than of another
    outcome = np.array([0.0, 10.0, 0.5])[which] + noise
    codes = np.array(coded)[which]
    draws = {"kind": codes, "x": np.arange(30.0)}
    bar = swings(draws, outcome, categorical="kind").set_index("parameter").loc["kind"]
    assert (bar["at_low"], bar["at_high"], bar["width"]) == pytest.approx((0, 10, 10))
    assert (bar["low"], bar["high"]) == (coded[0], coded[1])
    assert bar["clear"]
    # Two means of ten; 27 degrees of freedom.
    assert bar["standard_error"] == pytest.approx((30 / 27 * 2 / 10) ** 0.5)
    others, again = (
        swings(draws, outcome, categorical=names).query("parameter == 'x'").to_numpy().tolist()
        for names in ([], ["kind"])
    )
    assert others == again


def test_a_categorical_parameter_of_two_values_is_a_line() -> None:
    rng = generator(4, "two values")
    draws = {"two": rng.permutation(np.arange(40) % 2), "x": rng.normal(size=40)}
    outcome = rng.normal(size=40) + 0.9 * draws["two"]
    (one, other) = (
        swings(draws, outcome, categorical=names).set_index("parameter").loc["two"]
        for names in ([], ["two"])
    )
    for column in ("width", "standard_error"):
        assert other[column] == pytest.approx(one[column])
    assert other["clear"] == one["clear"]


def test_bars_by_luck_are_rarely_clear() -> None:
    # 600 tables without anything in them: 5% and 4 standard errors of such a share, 0.036.
    rng = generator(5, "nothing in it")
    found = 0
    for _ in range(600):
        draws = {
            "three": rng.integers(0, 3, 60),
            "six": rng.integers(0, 6, 60),
            "x": rng.normal(size=60),
        }
        table = swings(draws, rng.normal(size=60), categorical=["three", "six"])
        found += bool(table["clear"].any())
    assert found / 600 < 0.05 + 0.036


def test_variance_is_shared_out_by_what_explains_it() -> None:
    # Shares 4/5 and 1/5 of a sum; the fit of 4,000 draws is allowed two points.
    rng = generator(2, "variance")
    x, y, z = rng.normal(size=(3, 4_000))
    found = explained_variance({"z": z, "y": y, "x": x}, 2 * x + y)
    assert found["parameter"].to_list() == ["x", "y", "z"]
    assert found["share"].to_list() == pytest.approx([0.8, 0.2, 0], abs=0.02)


# Ishigami and Homma 1990, a = 7, b = 0.1, analytic indices as in SALib's test_functions/Ishigami.py
FIRST = [0.31390519114781146, 0.4424111447900409, 0.0]
TOTAL = [0.5575888552099592, 0.4424111447900409, 0.2436836640621477]
SECOND = [0.0, 0.2436836640621477, 0.0]
ISHIGAMI = dict.fromkeys(("x1", "x2", "x3"), (-np.pi, np.pi))


def ishigami(x: FloatArray) -> FloatArray:
    one, two, three = x.T
    return np.asarray(np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one))


def test_sobol_indices_of_a_known_function() -> None:
    size = 4096
    design = sobol_design(ISHIGAMI, size, generator(1, "design"))
    assert design.shape == (size * 8, 3)
    outcome = ishigami(design.to_numpy())
    assert (outcome.mean(), outcome.var()) == pytest.approx((3.5, 13.844587940719254), rel=0.02)
    found = sobol_indices(ISHIGAMI, size, outcome, generator(1, "margins"))
    assert found.single["parameter"].to_list() == ["x1", "x2", "x3"]
    assert found.single["first_order"].to_list() == pytest.approx(FIRST, abs=0.03)
    assert found.single["total"].to_list() == pytest.approx(TOTAL, abs=0.03)
    assert found.pairs[["first", "second"]].to_numpy().tolist() == [
        ["x1", "x2"],
        ["x1", "x3"],
        ["x2", "x3"],
    ]
    assert found.pairs["second_order"].to_list() == pytest.approx(SECOND, abs=0.05)
    assert (found.single[["first_order_margin", "total_margin"]] < 0.1).all(axis=None)

    draws = {name: design[name].to_numpy() for name in ISHIGAMI}
    from_draws = explained_variance(draws, outcome).set_index("parameter")["share"]
    assert from_draws[list(ISHIGAMI)].to_list() == pytest.approx(FIRST, abs=0.03)


def test_designs_repeat_with_their_generator() -> None:
    one, same, other = (sobol_design(ISHIGAMI, 8, generator(s, "x")) for s in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)


def test_morris_effects_of_a_plane_are_its_slopes() -> None:
    ranges = {"a": (0.0, 2.0), "b": (-1.0, 1.0), "c": (5.0, 6.0)}
    design = morris_design(ranges, 10, 4, generator(1, "morris"))
    assert len(design) == 40
    outcome = (3 * design["a"] - 5 * design["b"]).to_numpy()
    found = morris_effects(ranges, design, 4, outcome, generator(1, "margins"))
    assert found["parameter"].to_list() == ["a", "b", "c"]
    assert found["mean"].to_list() == pytest.approx([6, -10, 0])  # slope times range
    assert found["mean_absolute"].to_list() == pytest.approx([6, 10, 0])
    assert found["sd"].to_list() == pytest.approx([0, 0, 0], abs=1e-9)


def test_what_cannot_be_analyzed_is_refused() -> None:
    rng = generator(1, "x")
    with pytest.raises(ValueError, match="no parameter wage; there are visits, price, effect"):
        one_way(model, BASE, {"wage": [1.0]})
    with pytest.raises(ValueError, match="found price twice"):
        two_way(model, BASE, ("price", [1.0]), ("price", [1.0]))
    with pytest.raises(ValueError, match="same parameters in the same order"):
        tornado({"x": [0, 1]}, {"y": [0, 1]})
    with pytest.raises(ValueError, match="x: rising values"):
        tornado({"x": [1, 0]}, {"x": [0, 1]})
    with pytest.raises(ValueError, match="values must rise"):
        break_even([0, 0], [1, 2])
    with pytest.raises(ValueError, match="two values or more"):
        best_ranges([0], [[1, 2]], ["a", "b"])
    with pytest.raises(ValueError, match="x does not vary"):
        metamodel({"x": np.ones(5)}, np.arange(5.0))
    with pytest.raises(ValueError, match="parameter x needs 5 draws"):
        explained_variance({"x": np.ones(4)}, np.arange(5.0))
    with pytest.raises(ValueError, match="no parameter y; there are x"):
        swings({"x": np.arange(5.0)}, np.arange(5.0), categorical=["y"])
    with pytest.raises(ValueError, match="x: as many categories as draws"):
        swings({"x": np.arange(5.0)}, np.arange(5.0), categorical=["x"])
    with pytest.raises(ValueError, match="an outcome that varies"):
        explained_variance({"x": np.arange(5.0)}, np.ones(5))
    with pytest.raises(ValueError, match="power of two; found 100"):
        sobol_design(ISHIGAMI, 100, rng)
    with pytest.raises(ValueError, match="at least two parameters"):
        sobol_design({"x": (0, 1)}, 8, rng)
    with pytest.raises(ValueError, match="x: low must lie below high"):
        sobol_design({"x": (1, 1), "y": (0, 1)}, 8, rng)
    with pytest.raises(ValueError, match="64 outcomes needed"):
        sobol_indices(ISHIGAMI, 8, np.ones(3), rng)
    with pytest.raises(ValueError, match="does not vary"):
        sobol_indices(ISHIGAMI, 8, np.ones(64), rng)
    with pytest.raises(ValueError, match="levels must be an even number; found 3"):
        morris_design(ISHIGAMI, 10, 3, rng)
