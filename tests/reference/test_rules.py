from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.reference import rules
from hvsim.scenario import Quantity
from hvsim.scenario.schema import Level

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
WEIGHTS = WEIGHTS / WEIGHTS.sum()

SHARES = st.floats(0.02, 0.98)
CENTS = st.integers(0, 10**13)


def coefficients(**values: float) -> dict[str, Quantity]:
    return {
        name.replace("_", "-"): Quantity(((None, b),), "real", "number")
        for name, b in values.items()
    }


def average(value: Callable[[float], float]) -> float:
    """Mean of a function of a standard normal."""
    return float(sum(w * value(x) for x, w in zip(NODES, WEIGHTS, strict=True)))


# --- risk and score ------------------------------------------------------------------------------


def test_log_multiplier_by_hand() -> None:
    # 0.5 - 0.2 + (0.6 * 1 - 0.18) + (0.4 * -2 - 0.08)
    assert rules.log_multiplier([0.5, -0.2], 0.6, 1, 0.4, -2) == pytest.approx(-0.16)


@given(st.floats(0, 1.2), st.floats(0, 1.2))
def test_frailty_has_mean_one(shared_sd: float, own_sd: float) -> None:
    mean = average(
        lambda z: average(lambda e: math.exp(rules.log_multiplier([], shared_sd, z, own_sd, e)))
    )
    assert mean == pytest.approx(1, abs=1e-6)


@given(st.floats(-0.7, 0.7), st.floats(-0.7, 0.7))
def test_score_is_standard_normal(with_risk: float, with_detection: float) -> None:
    parts = [rules.score(with_risk, *unit) for unit in _units(with_detection)]
    assert sum(part**2 for part in parts) == pytest.approx(1)


def _units(with_detection: float) -> list[tuple[float, float, float, float]]:
    return [(1, with_detection, 0, 0), (0, with_detection, 1, 0), (0, with_detection, 0, 1)]


def test_threshold_cuts_the_flagged_share() -> None:
    assert rules.threshold(0.5) == pytest.approx(0)
    assert rules.threshold(0.025) == pytest.approx(1.959964, abs=1e-6)
    assert rules.threshold(0) == math.inf
    assert rules.threshold(1) == -math.inf


def test_willingness_of_a_family_without_noise_follows_frailty() -> None:
    assert rules.willingness(-0.6, 2, 0) == pytest.approx(-1.2)
    assert rules.willingness(-0.6, 0, 1) == pytest.approx(0.8)


# --- chances -------------------------------------------------------------------------------------


@given(SHARES)
def test_chance_without_coefficients_is_the_share(p: float) -> None:
    assert rules.chance(p, {}, {}, {}) == pytest.approx(p)


@given(SHARES, st.floats(-1, 1))
def test_average_chance_over_a_trait_is_close_to_the_share(p: float, b: float) -> None:
    odds = coefficients(risk=b)
    mean = average(lambda x: rules.chance(p, odds, {"risk": x}, {}))
    assert mean == pytest.approx(p, abs=0.01)


@given(SHARES, st.floats(-0.8, 0.8), st.floats(-0.8, 0.8), st.floats(0.2, 0.8))
def test_average_chance_over_a_trait_and_a_level_is_close_to_the_share(
    p: float, on_trait: float, on_level: float, margin: float
) -> None:
    odds, margins = coefficients(risk=on_trait, medicaid=on_level), {"medicaid": margin}
    with_level = average(lambda x: rules.chance(p, odds, {"risk": x, "medicaid": 1}, margins))
    without = average(lambda x: rules.chance(p, odds, {"risk": x}, margins))
    assert margin * with_level + (1 - margin) * without == pytest.approx(p, abs=0.01)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_none_and_all_stay(p: float) -> None:
    assert rules.chance(p, coefficients(risk=3), {"risk": -2}, {}) == p
    assert rules.shift(p, -4) == p


def test_lean_by_hand() -> None:
    odds = coefficients(risk=0.5, medicaid=1.0, first_birth=-2.0)
    margins = {"medicaid": 0.4, "first-birth": 0.3}
    held = {"risk": -1.0, "medicaid": 1.0}
    assert rules.lean(odds, held, margins) == pytest.approx(-0.5 + 0.6 + 0.6)
    assert rules.variance(odds, margins) == pytest.approx(0.25 + 0.24 + 4 * 0.21)


@given(st.floats(-30, 30))
def test_expit_undoes_logit(x: float) -> None:
    assert rules.logit(rules.expit(x)) == pytest.approx(x, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("x", [-1000.0, 1000.0])
def test_expit_does_not_overflow(x: float) -> None:
    assert rules.expit(x) == (x > 0)


def test_present_at_entry_rises_with_the_multiplier() -> None:
    assert rules.present(0.1, 1) == pytest.approx(0.1)
    assert rules.present(0.1, 2) == pytest.approx(0.19)
    assert rules.present(0, 5) == 0
    assert rules.present(1, 0.5) == 1


# --- money and staff -----------------------------------------------------------------------------


@given(CENTS)
def test_twelve_installments_make_a_year(per_year: int) -> None:
    months = [rules.installment(per_year, position) for position in range(12)]
    assert sum(months) == per_year
    assert max(months) - min(months) <= 1


def test_installments_by_hand() -> None:
    months = [rules.installment(100, position) for position in range(12)]
    assert months == [8, 8, 9, 8, 8, 9, 8, 8, 9, 8, 8, 9]


@given(CENTS, st.lists(st.integers(1, 100), min_size=1, max_size=9))
def test_no_more_is_handed_out_than_received(received: int, shares: list[int]) -> None:
    parts = [rules.handed_out(received, 1 / 3, share / sum(shares)) for share in shares]
    assert sum(parts) <= received / 3 + 1e-3
    assert sum(parts) > received / 3 - len(shares) - 1e-3


def test_handed_out_leaves_broken_cents() -> None:
    assert rules.handed_out(1001, 0.5, 1 / 3) == 166


@pytest.mark.parametrize(
    ("months", "units"), [(1, 4), (2, 8), (3, 12), (4, 16), (5, 20), (6, 25), (7, 25)]
)
def test_ramp(months: int, units: int) -> None:
    assert rules.carries(25, 6, months) == units


def test_without_ramp_a_visitor_carries_all_at_once() -> None:
    assert rules.carries(25, 0, 1) == 25


def test_stay() -> None:
    hazard = -math.log(0.7) / 12  # 30% a year
    assert rules.stay(0.99 * hazard, 0.3) == 1
    assert rules.stay(1.01 * hazard, 0.3) == 2
    assert rules.stay(11.5 * hazard, 0.3) == 12
    assert rules.stay(3, 0) == math.inf
    assert rules.stay(3, 1) == 1


@given(st.floats(1e-6, 50), st.floats(0.01, 0.99))
def test_half_of_those_with_half_yearly_turnover_stay_a_year(
    tenure: float, turnover: float
) -> None:
    # Staying beyond twelve whole months has probability 1 - turnover: -log(1 - turnover) <= E.
    threshold = -math.log(1 - turnover)
    if not math.isclose(tenure, threshold, rel_tol=1e-9):
        assert (rules.stay(tenure, turnover) > 12) == (tenure > threshold)


# --- service -------------------------------------------------------------------------------------

LEVELS = (
    Level(from_age=-4, until_age=3, visits=12, load=1),
    Level(from_age=3, until_age=12, visits=5, load=2),
    Level(from_age=12, until_age=24, visits=6, load=1),
)


def test_visits_by_hand() -> None:
    # 12 visits over 7 months, then 5 over 9, then one every other month, then none.
    visits = [rules.visits_due(LEVELS, age) for age in range(-5, 25)]
    assert visits == [
        *[0],
        *[1, 2, 2, 1, 2, 2, 2],
        *[0, 1, 0, 1, 0, 1, 0, 1, 1],
        *[0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
        *[0],
    ]


@given(st.integers(-5, 40), st.integers(1, 40), st.integers(0, 200))
def test_a_level_schedules_its_visits_evenly(start: int, months: int, visits: int) -> None:
    level = Level(from_age=start, until_age=start + months, visits=visits, load=1)
    due = [rules.visits_due([level], age) for age in range(start - 2, start + months + 2)]
    assert sum(due) == visits
    assert max(due[2:-2]) - min(due[2:-2]) <= 1
    assert due[:2] == due[-2:] == [0, 0]


def test_a_place_is_held_at_the_heaviest_level_ahead() -> None:
    assert [rules.load(LEVELS, age) for age in (-9, 2, 3, 11, 12, 23, 24)] == [2, 2, 2, 2, 1, 1, 0]


# --- dose and effect -----------------------------------------------------------------------------


def test_dose() -> None:
    assert rules.dose(0, 0, 1) == 0
    assert rules.dose(3, 4, 1) == 0.75
    assert rules.dose(1, 4, 0.5) == 0.5
    assert rules.dose(4, 4, 3) == 1


def test_effect_fades_in_steps() -> None:
    left = [rules.fade(months, 6, 12) for months in (0, 5, 6, 11, 12, 24)]
    assert left == pytest.approx([1, 1, 2**-0.5, 2**-0.5, 0.5, 0.25])
    assert rules.fade(1000, 6, None) == 1


@given(st.integers(0, 500), st.integers(1, 24), st.floats(0.5, 500))
def test_effect_never_grows_after_service(months: int, step: int, half_life: float) -> None:
    now, next_month = (rules.fade(m, step, half_life) for m in (months, months + 1))
    assert 1 >= now >= next_month >= 0


def test_published_effect_at_its_mean_dose() -> None:
    assert math.exp(0.4 * rules.full_dose(0.8, 0.4)) == pytest.approx(0.8)


def test_strongest_effect_may_harm_and_the_first_wins_ties() -> None:
    assert rules.strongest([]) == 0
    assert rules.strongest([-0.1, 0.3, -0.2]) == 0.3
    assert rules.strongest([-0.3, 0.3]) == -0.3
