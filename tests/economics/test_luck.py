"""Regression on many parameters, and what luck alone would show."""

import numpy as np
import pytest

from hvsim.economics import evpi, evppi, evppi_by_luck, swings
from hvsim.economics.evaluation.arrays import FloatArray
from hvsim.economics.evaluation.ridge import ridge_means
from hvsim.randomness import generator

COUNT = 400
WEIGHTS = np.array([3.0, 2.0, 1.0])


def invented(
    parameters: int, seed: int, noise: float = 2.0
) -> tuple[dict[str, FloatArray], FloatArray]:
    """Draws of standard normal parameters, and a net benefit that three of them move."""
    rng = generator(seed, "luck")
    drawn = rng.normal(size=(COUNT, parameters))
    by_name = {f"p{place}": column for place, column in enumerate(drawn.T)}
    return by_name, drawn[:, :3] @ WEIGHTS + rng.normal(0, noise, COUNT)


def against_nothing(benefit: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Costs and effects of doing nothing, and of what has this net benefit at a price of 1."""
    return np.zeros((len(benefit), 2)), np.column_stack((np.zeros(len(benefit)), benefit))


@pytest.mark.parametrize("parameters", [40, 600])
def test_many_parameters_are_worth_what_they_tell(parameters: int) -> None:
    # EVPPI of the three that count is sd / sqrt(2 pi) when the mean is zero.
    true = np.sqrt((WEIGHTS**2).sum()) / np.sqrt(2 * np.pi)
    found, nothing = [], []
    for seed in range(6):
        table, benefit = invented(parameters, seed)
        costs, effects = against_nothing(benefit)
        found.append(evppi(costs, effects, table, list(table), 1.0))
        nothing.append(evppi(costs, effects, table, list(table)[3:], 1.0))
        assert found[-1] <= evpi(costs, effects, 1.0)
    # With more parameters than draws the regression sees less, never much more than there is.
    assert (0.85 if parameters < COUNT else 0.3) * true < np.mean(found) < 1.1 * true
    assert np.mean(nothing) < 0.15 * true


def test_luck_shows_what_parameters_that_tell_nothing_seem_worth() -> None:
    table, benefit = invented(5, 1)
    costs, effects = against_nothing(benefit)
    orders = np.array([generator(seed, "order").permutation(COUNT) for seed in range(9)])
    by_luck = evppi_by_luck(costs, effects, table, ["p0"], [0.0, 1.0], orders)
    assert by_luck.shape == (9, 2)
    assert not by_luck[:, 0].any()
    known = evppi(costs, effects, table, ["p0"], 1.0)
    assert by_luck[:, 1].max() < 0.3 * known
    as_it_is = evppi_by_luck(costs, effects, table, "p0", 1.0, [list(range(COUNT))])
    assert as_it_is[0] == pytest.approx(known)
    with pytest.raises(ValueError, match="each order must hold the numbers 0 to 399 once"):
        evppi_by_luck(costs, effects, table, ["p0"], 1.0, [[0] * COUNT])


def test_a_straight_line_swings_from_one_end_to_the_other() -> None:
    rng = generator(1, "swings")
    draws = {"up": rng.uniform(0, 2, 500), "down": rng.uniform(0, 1, 500), "fixed": np.ones(500)}
    table = swings(draws, 10 * draws["up"] - 4 * draws["down"]).set_index("parameter")
    assert list(table.index) == ["up", "down"]  # what does not vary has no row
    for name, slope in (("up", 10), ("down", -4)):
        row = table.loc[name]
        low, high = np.quantile(draws[name], (0.025, 0.975))
        # The other parameter is noise to each.
        moved = row["at_high"] - row["at_low"]
        assert abs(moved - slope * (high - low)) < 4 * row["standard_error"]
        assert row["width"] == pytest.approx(abs(moved))
    assert table["clear"].all()


def test_swings_that_luck_could_show_are_told() -> None:
    tables, covered = 200, 0
    false = 0
    for seed in range(tables):
        rng = generator(seed, "noise")
        drawn = {f"p{place}": rng.normal(size=60) for place in range(10)}
        table = swings(drawn, rng.normal(size=60))
        false += bool(table["clear"].any())
        covered += int((table["width"] < 1.96 * table["standard_error"]).sum())
    # One table in twenty at most; binomial bounds at about one in 10,000.
    assert false / tables < 0.05 + 4 * np.sqrt(0.05 * 0.95 / tables)
    share = covered / (10 * tables)
    assert abs(share - 0.95) < 0.02 + 4 * np.sqrt(0.05 * 0.95 / (10 * tables))


def test_two_values_make_a_straight_line_and_few_draws_none() -> None:
    values = np.array([0.0, 1.0] * 10)
    row = swings({"switch": values}, 3 * values + np.tile([0.1, 0.2, -0.1, -0.2], 5)).iloc[0]
    assert (row["low"], row["high"]) == (0, 1)
    assert row["width"] == pytest.approx(3, abs=0.2)
    with pytest.raises(ValueError, match="more than three draws needed"):
        swings({"switch": values[:3]}, values[:3])


def test_few_draws_of_many_parameters_never_explain_everything() -> None:
    # Cross-validation of an exact fit is 0 / 0, and finds all of pure noise now and then.
    for seed in range(40):
        rng = generator(seed, "few")
        noise = rng.normal(size=(30, 1))
        fitted, _ = ridge_means(rng.normal(size=(30, 200)), noise)
        assert fitted.var() < 0.6 * noise.var()
