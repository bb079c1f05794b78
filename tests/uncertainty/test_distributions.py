"""What a number with bounds is drawn from."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from hvsim.scenario.kinds import DISTRIBUTIONS, KINDS
from hvsim.uncertainty.distributions import (
    FALLBACK,
    FAMILIES,
    Distribution,
    Triangular,
    distribution_of,
)
from uncertainty.numbers import number

U = st.floats(1e-9, 1 - 1e-9)


def drawn_from(
    kind: str, value: float, low: float, high: float, distribution: str | None = None
) -> tuple[str, Distribution]:
    found = distribution_of(number(kind, value, low, high, distribution))
    assert found is not None
    return found


def sampled(distribution: Distribution, size: int = 4000) -> np.ndarray:
    """Values at evenly spaced uniform numbers: moments without luck."""
    return np.array([distribution.value((place + 0.5) / size) for place in range(size)])


@pytest.mark.parametrize(
    ("kind", "value", "low", "high", "family"),
    [
        ("proportion", 0.4, 0.3, 0.55, "beta"),
        ("share-by-age", 0.4, 0.3, 0.55, "beta"),
        ("money", 900.0, 700.0, 1300.0, "gamma"),
        ("by-stage", 0.05, 0.035, 0.065, "gamma"),
        ("real", -0.4, -1.0, 0.2, "normal"),
    ],
)
def test_mean_and_interval_are_those_of_the_file(
    kind: str, value: float, low: float, high: float, family: str
) -> None:
    found, distribution = drawn_from(kind, value, low, high)
    assert found == family == FAMILIES[kind]
    values = sampled(distribution)
    assert values.mean() == pytest.approx(value, rel=2e-3)
    assert values.std() == pytest.approx((high - low) / (2 * stats.norm.ppf(0.975)), rel=1e-2)


def test_a_published_ratio_is_the_median() -> None:
    family, distribution = drawn_from("positive-ratio", 0.8, 0.64, 1.0)
    assert family == "lognormal"
    assert distribution.value(0.5) == pytest.approx(0.8)
    assert [distribution.value(u) for u in (0.025, 0.975)] == pytest.approx([0.64, 1.0])


@given(U)
def test_uniform_and_triangular_are_those_of_scipy(u: float) -> None:
    assert drawn_from("real", 2.0, -1.0, 4.0, "uniform")[1].value(u) == pytest.approx(5 * u - 1)
    _, triangular = drawn_from("real", 2.0, -1.0, 4.0, "triangular")
    assert triangular.value(u) == pytest.approx(stats.triang(0.6, -1, 5).ppf(u), abs=1e-9)


def test_a_normal_is_cut_at_the_limits_of_its_field_and_not_piled_up_there() -> None:
    _, distribution = drawn_from("correlation", 0.9, 0.5, 1.0)
    sd = 0.5 / (2 * stats.norm.ppf(0.975))
    reference = stats.truncnorm(-1.9 / sd, 0.1 / sd, 0.9, sd)
    for u in (0.001, 0.3, 0.5, 0.9, 0.999):
        assert distribution.value(u) == pytest.approx(reference.ppf(u), abs=1e-9)


@given(
    st.sampled_from(sorted(KINDS)),
    st.sampled_from([None, *DISTRIBUTIONS]),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
    st.lists(U, min_size=2, max_size=2),
)
def test_every_draw_is_one_that_the_field_can_hold(
    kind: str, distribution: str | None, places: list[float], uniform: list[float]
) -> None:
    limits = KINDS[kind]
    assume(max(places) - min(places) > 1e-3)
    above = None if limits.above is None else limits.above + 1e-6
    least = max(x for x in (limits.minimum, above, -5) if x is not None)
    most = 5 if limits.maximum is None else limits.maximum
    low, value, high = (least + place * (most - least) for place in sorted(places))
    family, found = drawn_from(kind, value, low, high, distribution)
    assert family in (*DISTRIBUTIONS, FALLBACK)
    first, second = (found.value(u) for u in sorted(uniform))
    assert first <= second
    for drawn in (first, second):
        assert np.isfinite(drawn)
        assert limits.minimum is None or drawn >= limits.minimum
        assert limits.above is None or drawn >= limits.above
        assert limits.maximum is None or drawn <= limits.maximum


@pytest.mark.parametrize(
    ("kind", "value", "low", "high"),
    [
        ("proportion", 0.0, 0.0, 0.12),  # no beta has its mean at zero
        ("by-stage", 1e-250, 0.0, 1.0),  # a gamma that no computer can hold
        ("ratio", 0.5, 0.0, 1.0),  # no lognormal reaches zero
    ],
)
def test_what_no_member_of_the_family_has_is_triangular(
    kind: str, value: float, low: float, high: float
) -> None:
    family, distribution = drawn_from(kind, value, low, high)
    assert family == FALLBACK
    assert distribution == Triangular(low, value, high)


@pytest.mark.parametrize(("low", "high"), [(None, None), (0.2, None), (0.2, 0.2)])
def test_without_a_range_nothing_is_drawn(low: float | None, high: float | None) -> None:
    assert distribution_of(number("proportion", 0.2, low, high)) is None
