import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.economics import (
    apply_odds_ratio,
    apply_relative_risk,
    half_cycle_weights,
    probability_to_rate,
    rate_to_probability,
    rescale_discount_rate,
    rescale_probability,
)

P = st.floats(0, 0.999)
TIME = st.floats(0.01, 100)


# heemod R/transform.R, darthtools R/rate_conversion.R and R/within_cycle_corrections.R
def test_conversions_of_heemod_and_darthtools() -> None:
    rel = 1e-12
    assert rescale_probability(0.6, 3, 1) == pytest.approx(0.2631937002719227, rel=rel)
    assert rescale_probability(0.3, 1, 1 / 12) == pytest.approx(0.029285530376777613, rel=rel)
    assert rate_to_probability(0.3, 1 / 12) == pytest.approx(0.024690087971667274, rel=rel)
    assert rate_to_probability(0.9) == pytest.approx(0.5934303402594009, rel=rel)
    assert apply_relative_risk(0.17, 2.37) == pytest.approx(0.40290000000000004, rel=rel)
    assert apply_odds_ratio(0.2, 36) == pytest.approx(0.9, rel=rel)
    assert rescale_discount_rate(0.03, 1, 12) == pytest.approx(0.0024662697723036864, rel=rel)
    assert half_cycle_weights(4).tolist() == [0.5, 1, 1, 1, 0.5]
    with pytest.raises(ValueError, match=r"makes a probability of 1.2, above 1"):
        apply_relative_risk([0.1, 0.6], 2)


@given(P, TIME, TIME)
def test_conversions_come_back_and_agree(p: float, time: float, other: float) -> None:
    rate = probability_to_rate(p, time)
    assert rate_to_probability(rate, time) == pytest.approx(p, abs=1e-12)
    there = rescale_probability(p, time, other)
    assert there == pytest.approx(rate_to_probability(rate, other), abs=1e-12)


@given(P, st.floats(0.01, 100))
def test_ratios_are_those_of_what_results(p: float, ratio: float) -> None:
    q = float(apply_odds_ratio(p, ratio))
    assert q * (1 - p) == pytest.approx(ratio * p * (1 - q), abs=1e-12)
    if p * ratio <= 1:
        assert apply_relative_risk(p, ratio) == p * ratio


@given(st.floats(-0.5, 1), st.integers(1, 365))
def test_discounting_by_parts_of_a_year_compounds_to_the_year(rate: float, parts: int) -> None:
    small = rescale_discount_rate(rate, 1, parts)
    assert (1 + small) ** parts == pytest.approx(1 + rate)


def test_what_is_no_probability_rate_or_time_is_refused() -> None:
    with pytest.raises(ValueError, match=r"found 0 to 1\.5"):
        rescale_probability([0, 1.5], 1, 2)
    with pytest.raises(ValueError, match="rate must not be negative; found -1"):
        rate_to_probability(-1)
    with pytest.raises(ValueError, match="no finite rate"):
        probability_to_rate(1.0)
    with pytest.raises(ValueError, match="time must be above zero"):
        probability_to_rate(0.5, 0)
    with pytest.raises(ValueError, match="times must be above zero"):
        rescale_probability(0.5, 0, 1)
    with pytest.raises(ValueError, match="says nothing of a certain event"):
        apply_odds_ratio(1, 0)
    with pytest.raises(ValueError, match="rate above -1"):
        rescale_discount_rate(-1, 1, 12)
    with pytest.raises(ValueError, match="cycles must be a whole number, 1 or more"):
        half_cycle_weights(0)
    with pytest.raises(ValueError, match=r"rate\[1\] is nan"):
        rate_to_probability([1, np.nan])
