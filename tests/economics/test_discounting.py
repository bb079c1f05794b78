import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.economics.valuation.discounting import YEARS_DISCOUNTED, FirstYear, discount_factors

RULES = tuple(YEARS_DISCOUNTED)
RATES = st.floats(0, 0.1)


@pytest.mark.parametrize(
    ("rule", "worth"),
    [
        # 1,000 in each of fiscal 2025, 2026, 2027 at 3%:
        # 1,000 + 1,000 / 1.03 + 1,000 / 1.0609 = 1,000 + 970.874 + 942.596
        ("not-discounted", 2913.470),
        # each half a year later: 2,913.470 / 1.03 ** 0.5 = 2,913.470 / 1.0148892
        ("half-year", 2870.727),
        # each a year later, the textbook annuity: 1,000 * (1 - 1.03 ** -3) / 0.03
        ("whole-year", 2828.611),
    ],
)
def test_three_years_under_each_rule(rule: FirstYear, worth: float) -> None:
    factors = discount_factors([2025, 2026, 2027], 2025, 0.03, rule)
    assert 1000 * factors.sum() == pytest.approx(worth, abs=5e-4)


@given(RATES, st.sampled_from(RULES), st.integers(0, 60))
def test_one_year_later_is_worth_one_rate_less(rate: float, rule: FirstYear, later: int) -> None:
    now, then = discount_factors([2025 + later, 2026 + later], 2025, rate, rule)
    assert now / then == pytest.approx(1 + rate)


@given(RATES, st.integers(0, 60))
def test_the_rules_differ_by_half_years_in_all_years(rate: float, later: int) -> None:
    none, half, whole = (discount_factors(2025 + later, 2025, rate, rule) for rule in RULES)
    assert half * half == pytest.approx(none * whole)
    assert none == pytest.approx(whole * (1 + rate))


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rate_all_dollars_are_alike(rule: FirstYear) -> None:
    assert np.array_equal(discount_factors([2025, 2060], 2025, 0.0, rule), [1.0, 1.0])


@pytest.mark.parametrize("rate", [-0.01, 0.11, 3.0, float("nan")])
def test_rates_that_nobody_means_are_refused(rate: float) -> None:
    with pytest.raises(ValueError, match=r"must be from 0 to 0\.10"):
        discount_factors([2025], 2025, rate, "half-year")


def test_nothing_is_paid_before_the_first_year() -> None:
    with pytest.raises(ValueError, match="a year before 2025"):
        discount_factors([2024, 2025], 2025, 0.03, "half-year")
