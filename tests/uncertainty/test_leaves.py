"""Which numbers are drawn, and what becomes of a number at another value."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.scenario import load_scenario
from hvsim.scenario.quantities import Quantity
from hvsim.uncertainty.leaves import (
    PART_OF_WHOLE,
    as_written,
    dirichlet_of,
    leaves_of,
    ways_drawn,
    with_value,
)
from runs.ledgers import HARBOR
from uncertainty.numbers import number

SHARES = st.floats(0.01, 0.99)


def series(kind: str, *values: float) -> Quantity:
    points = tuple((12 * place, value) for place, value in enumerate(values))
    return replace(number(kind, values[0], 0.01, 0.99), points=points)


@given(st.lists(SHARES, min_size=2, max_size=5), SHARES)
def test_a_series_of_shares_moves_by_its_odds(shares: list[float], value: float) -> None:
    moved = with_value(series("share-by-age", *shares), value)
    odds = [share / (1 - share) for _, share in moved.points]
    before = [share / (1 - share) for share in shares]
    assert moved.value == value
    assert [index for index, _ in moved.points] == [12 * place for place in range(len(shares))]
    assert np.allclose(np.divide(odds, before), odds[0] / before[0])


def test_other_series_move_in_proportion_and_zero_moves_nothing_else() -> None:
    assert [v for _, v in with_value(series("by-stage", 0.2, 0.1, 0.0), 0.3).points] == (
        pytest.approx([0.3, 0.15, 0.0])
    )
    assert [v for _, v in with_value(series("by-stage", 0.0, 0.1), 0.3).points] == [0.3, 0.1]


def test_a_drawn_number_has_no_range_of_its_own() -> None:
    drawn = with_value(number("count", 3, 1, 6, "gamma"), 4)
    assert (drawn.value, drawn.low, drawn.high, drawn.distribution) == (4, None, None, None)


def test_whole_counts_stay_whole() -> None:
    assert as_written(number("count", 3, 1, 6), 4.6) == 5
    assert as_written(number("count", 2.8, 2, 5), 4.6) == 4.6
    assert as_written(number("proportion", 0.0, 0, 1), 0.6) == 0.6


def test_what_is_drawn_has_a_range_and_the_families_stay() -> None:
    scenario = load_scenario(HARBOR / "today.yaml")
    leaves = {leaf.name: leaf.family for leaf in leaves_of(scenario)}
    assert leaves["programs.light.accepts"] == "beta"
    assert leaves["programs.light.effects.ed-visits.hazard_ratio"] == "lognormal"
    assert not any(name.startswith("population") for name in leaves)
    assert set(leaves.values()) <= {"beta", "gamma", "lognormal", "normal", "triangular"}


def split(folder: Path, *shares: str) -> Path:
    """Harbor County with a divided stream."""
    file = folder / "divided.yaml"
    divided = f"{{light: {shares[0]}, intensive: {shares[1]}}}"
    file.write_text(
        f"extends: {HARBOR / 'today.yaml'}\ntitle: Divided\nfunding:\n  county:\n"
        f"    pays_for: [light, intensive]\n    split: {divided}\n"
    )
    return file


def test_shares_of_a_whole_are_drawn_together_or_not_at_all(tmp_path: Path) -> None:
    ranged = "{value: 0.6, low: 0.5, high: 0.7}", "{value: 0.4, low: 0.3, high: 0.5}"
    ways = ways_drawn(load_scenario(split(tmp_path, *ranged)))
    assert ways["funding", "county", "split", "light"] == "dirichlet"
    ways = ways_drawn(load_scenario(split(tmp_path, ranged[0], "0.4")))
    assert ways["funding", "county", "split", "light"] == PART_OF_WHOLE


def test_shares_of_a_whole_have_the_means_and_the_spread_of_the_file() -> None:
    shares = [number("proportion", v, v - 0.05, v + 0.05) for v in (0.2, 0.3, 0.5)]
    found = dirichlet_of(shares)
    assert found.means == pytest.approx([0.2, 0.3, 0.5])
    assert (found.sds**2).sum() == pytest.approx(3 * (0.1 / 3.919928) ** 2)
