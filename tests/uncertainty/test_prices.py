"""Which prices are drawn, from what, and what they make of the counts of a run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from economics.worked import WORKED
from hvsim.economics import Prices, load_prices, value_tables
from hvsim.scenario.resolved import quantities
from hvsim.uncertainty import drawn_prices, price_ways
from hvsim.uncertainty.leaves import FIXED, NO_RANGE

AMOUNT = ("costs", "stay", "amount")
CASHABLE = ("costs", "inquiry", "cashable")

RANGES = """\
extends: {base}
title: Small prices with ranges
discounting:
  costs_per_year: {{value: 3%, low: 0%, high: 7%}}
costs:
  inquiry:
    cashable: {{value: 25%, low: 10%, high: 45%}}
    payers: {{county: {{value: 56%, low: 40%, high: 70%}}, federal: 44%}}
  stay:
    amount: {{value: 24000 USD, low: 18000 USD, high: 31000 USD}}
  victim:
    discounted_at: {{value: 3%, low: 2%, high: 4%}}
"""


@pytest.fixture
def prices(tmp_path: Path) -> Prices:
    base = Path(__file__).parent.parent / "economics" / "small.yaml"
    file = tmp_path / "ranges.yaml"
    file.write_text(RANGES.format(base=base), encoding="utf-8")
    return load_prices(file)


def test_amounts_and_cashable_shares_are_drawn_and_nothing_else(prices: Prices) -> None:
    ways = price_ways(prices)
    assert {path: way for path, way in ways.items() if not way.startswith(FIXED)} == {
        AMOUNT: "gamma",
        CASHABLE: "beta",
    }
    assert ways["discounting", "costs_per_year"] == f"{FIXED}a convention"
    assert ways["top_down", "visits", "amount"] == f"{FIXED}for comparison alone"
    assert ways["costs", "inquiry", "payers", "county"].startswith(FIXED)
    assert ways["costs", "victim", "discounted_at"].startswith(FIXED)
    assert ways["costs", "inquiry", "amount"] == NO_RANGE
    drawn, values = drawn_prices(prices, 3, 4)
    assert set(values) == {AMOUNT, CASHABLE}
    assert drawn.costs["stay"].amount.value == values[AMOUNT] != 24000
    before, after = dict(quantities(prices)), dict(quantities(drawn))
    changed = {path for path in before if before[path].value != after[path].value}
    assert changed == {AMOUNT, CASHABLE}
    assert prices.costs["stay"].amount.value == 24000


def test_draws_have_the_mean_and_the_spread_that_the_range_states(prices: Prices) -> None:
    """Four standard errors of 2,000 draws: false alarm once in 8,000 for each of four numbers."""
    n = 2000
    found = pd.DataFrame([drawn_prices(prices, 11, draw)[1] for draw in range(4, 4 + n)])
    for path, mean, low, high in (
        (AMOUNT, 24000, 18000, 31000),
        (CASHABLE, 0.25, 0.10, 0.45),
    ):
        sd = (high - low) / (2 * 1.959964)
        assert abs(found[path].mean() - mean) < 4 * sd / np.sqrt(n)
        assert abs(found[path].std() / sd - 1) < 4 * 1.2 / np.sqrt(2 * n)
    assert abs(np.corrcoef(found[AMOUNT], found[CASHABLE])[0, 1]) < 4 / np.sqrt(n)


def test_luck_hangs_on_seed_and_draw_alone(prices: Prices) -> None:
    one = drawn_prices(prices, 3, 9)[1]
    assert drawn_prices(prices, 3, 9)[1] == one
    assert drawn_prices(prices, 3, 10)[1][AMOUNT] != one[AMOUNT]
    assert drawn_prices(prices, 4, 9)[1][AMOUNT] != one[AMOUNT]
    costs = {name: prices.costs[name] for name in reversed(prices.costs)}
    assert drawn_prices(prices.model_copy(update={"costs": costs}), 3, 9)[1] == one


def test_every_draw_is_valued_at_its_own_prices(prices: Prices) -> None:
    numbers = (0, 4, 5)
    parts = {
        name: pd.concat([getattr(WORKED, name).assign(draw=draw) for draw in numbers])
        for name in ("costs", "outcomes", "funnel")
    }
    at_draw = {draw: drawn_prices(prices, 3, draw)[0] for draw in numbers}
    together = value_tables(replace(WORKED, **parts), prices, at_draw).costs
    for draw in numbers:
        alone = value_tables(WORKED, at_draw[draw]).costs.assign(draw=draw)
        own = together[together["draw"] == draw].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, alone, check_dtype=False)
    kinds = together[together["item"] == "stay"].groupby(["draw", "kind"])["dollars"].sum()
    ratio = kinds[4, "cashable saving"] / kinds[0, "cashable saving"]
    amounts = [at_draw[draw].costs["stay"].amount.value for draw in (4, 0)]
    assert ratio == pytest.approx(amounts[0] / amounts[1])
