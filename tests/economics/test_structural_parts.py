"""Structures, parameters and chance, taken apart."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hvsim.economics import by_alternative, structural_components, variance_components
from hvsim.randomness import generator

VALUES = st.lists(st.floats(-1e3, 1e3), min_size=4, max_size=20)


@given(VALUES, st.integers(2, 3))
def test_structures_and_parameters_add_up_to_the_variance_of_draws(
    values: list[float], groups: int
) -> None:
    """The law of total variance, in its unbiased form: the whole has n - 1 degrees of freedom."""
    labels = np.arange(len(values)) % groups
    found = structural_components(values, {"axis": labels})
    assume(found.structures > 0)
    whole = np.var(values) + found.parameters / len(values)
    assert found.structures + found.parameters == pytest.approx(whole, rel=1e-9, abs=1e-9)
    assert found.by_axis == {"axis": found.structures}
    assert math.isnan(found.chance)
    assert math.isnan(found.interaction)


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=4),
    st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=4),
)
def test_axes_that_add_up_are_found_exactly(one: list[float], two: list[float]) -> None:
    """Every combination of two axes alike often, without parameters or chance."""
    first, second = (part.ravel() for part in np.indices((len(one), len(two), 40))[:2])
    values = np.array(one)[first] + np.array(two)[second]
    found = structural_components(values, {"one": first, "two": second})
    size = 1e-9 * float(np.var(one) + np.var(two) + 1)
    assert found.structures == pytest.approx(np.var(one) + np.var(two), rel=1e-9, abs=size)
    assert found.parameters == pytest.approx(0, abs=size)
    # An axis alone takes the other for parameters, whose share of its means is subtracted.
    for axis, own, other in (("one", one, two), ("two", two, one)):
        n, k = len(values), len(own)
        expected = np.var(own) - (k - 1) * np.var(other) / (n - k)
        assert found.by_axis[axis] == pytest.approx(max(0, expected), rel=1e-9, abs=size)


def test_known_variances_are_found_within_their_error() -> None:
    # Expected: structures 1 + 4, parameters 4, chance 1, interaction 0.25. Standard errors of the
    # mean over 200 repetitions, so that at five of them chance fails one test in a million.
    rng, truth = generator(1, "structures"), np.array([5.0, 1.0, 4.0, 4.0, 1.0, 0.25])
    one, two = (part.ravel() for part in np.indices((2, 2, 15))[:2])
    estimates = []
    for _ in range(200):
        draws = 2.0 * one + 4.0 * two + rng.normal(0, 2, 60)
        table = draws[:, None] + rng.normal(0, 1, (1, 30)) + rng.normal(0, 0.5, (60, 30))
        found = structural_components(table, {"one": one, "two": two})
        parts = (found.parameters, found.chance, found.interaction)
        estimates.append((found.structures, *found.by_axis.values(), *parts))
    error = np.std(estimates, axis=0, ddof=1) / np.sqrt(len(estimates))
    assert (np.abs(np.mean(estimates, axis=0) - truth) < 5 * error).all()
    assert (error < [0.2, 0.1, 0.2, 0.1, 0.03, 0.002]).all()


def test_draws_of_one_structure_each_are_not_averaged_into_it() -> None:
    """Mixing draws keeps the spread within structures; averaging them would lose it."""
    rng = generator(3, "mixed")
    labels = np.arange(400) % 2
    values = 10.0 * labels + rng.normal(0, 3, 400)
    found = structural_components(values, {"axis": labels})
    assert found.structures == pytest.approx(25, rel=0.2)
    assert found.parameters == pytest.approx(9, rel=0.2)
    assert found.structures + found.parameters == pytest.approx(values.var(), rel=0.01)


def test_structures_that_do_not_matter_have_no_part() -> None:
    values = generator(4, "none").normal(size=(200, 5))
    found = structural_components(values, {"axis": np.arange(200) % 2})
    plain = variance_components(values)
    assert found.structures < 0.01
    assert found.parameters == pytest.approx(plain.parameters, abs=0.02)
    assert (found.chance, found.interaction) == (plain.chance, plain.interaction)


def test_a_table_of_structures_is_the_same_as_its_columns() -> None:
    values = np.random.default_rng(3).normal(size=60)
    columns = {"one": np.arange(60) % 2, "two": np.repeat(["a", "b", "c"], 20)}
    found, same = (structural_components(values, of) for of in (pd.DataFrame(columns), columns))
    assert (found.structures, found.parameters) == (same.structures, same.parameters)
    assert found.by_axis == same.by_axis
    pd.testing.assert_frame_equal(
        by_alternative(values, pd.DataFrame(columns)), by_alternative(values, columns)
    )


def test_results_by_alternative() -> None:
    table = by_alternative([1.0, 2.0, 3.0, 10.0], {"axis": ["a", "a", "a", "b"]})
    assert table["alternative"].tolist() == ["a", "b"]
    assert table["draws"].tolist() == [3, 1]
    assert table["mean"].to_list() == [2, 10]
    assert table[["low", "high"]].to_numpy()[0] == pytest.approx([1.05, 2.95])
    assert table["standard_error"][0] == pytest.approx(1 / math.sqrt(3))
    assert math.isnan(table["standard_error"][1])


@pytest.mark.parametrize(
    ("values", "structures", "message"),
    [
        ([1.0, 2.0], {}, "one axis or more"),
        ([1.0, 2.0], {"a": [0, 1, 1]}, "must be one a draw, 2; found \\(3,\\)"),
        ([1.0, 2.0], {"a": [0, 1]}, "more than the structures that they hold, 2"),
        ([1.0, math.nan, 2.0], {"a": [0, 1, 1]}, "finite"),
        ([[[1.0]]], {"a": [0]}, "found \\(1, 1, 1\\)"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused(
    values: list[float], structures: dict[str, list[int]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        structural_components(values, structures)
