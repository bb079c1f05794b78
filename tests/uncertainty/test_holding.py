"""Reports stay where they are when detection is drawn."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from hvsim.scenario import load_scenario
from hvsim.uncertainty import Drawing, ways_drawn
from hvsim.uncertainty.drawing import FIRST_DRAW
from hvsim.uncertainty.holding import held, mean_detected
from runs.ledgers import HARBOR
from uncertainty.test_structures import STRUCTURES

RATE, DETECTED = ("outcomes", "harm", "per_month"), ("chains", "cps", "detected")
SPREAD = ("chains", "cps", "detection_spread")
RANGED = [
    "chains.cps.detected={value: 40%, low: 20%, high: 60%}",
    "chains.cps.detection_spread={value: 0.5, low: 0.2, high: 1}",
]


@given(st.floats(0.01, 0.99), st.floats(0, 2))
def test_the_mean_share_detected_is_the_integral(detected: float, spread: float) -> None:
    def density(z: float) -> float:
        log_odds = math.log(detected / (1 - detected)) + spread * z
        return stats.norm.pdf(z) / (1 + math.exp(-log_odds))

    expected = integrate.quad(density, -12, 12, epsabs=1e-12)[0]
    assert mean_detected(detected, spread) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("structures", [None, STRUCTURES])
def test_draws_keep_the_mean_rate_of_reports_with_harm(structures: object) -> None:
    written = load_scenario(HARBOR / "today.yaml", RANGED)
    chain, rate = written.chains["cps"], written.outcomes["harm"].per_month
    reports = mean_detected(chain.detected.value, chain.detection_spread.value) * rate.value
    drawing, rates = Drawing([written], 1, structures=structures), set()  # type: ignore[arg-type]  # none or axes
    for number in range(FIRST_DRAW, FIRST_DRAW + 10):
        (one,) = drawing.draw(number)
        for scenario in (one.scenario, one.scenario.before):
            chain, found = scenario.chains["cps"], scenario.outcomes["harm"].per_month
            share = mean_detected(chain.detected.value, chain.detection_spread.value)
            assert share * found.value == pytest.approx(reports, rel=1e-12)
            assert found.at(12) / found.value == pytest.approx(rate.at(12) / rate.value)
            rates.add(found.value)
        assert RATE not in one.values  # what follows from others is not drawn
    assert len(rates) == 10


def test_a_rate_that_is_drawn_stays_as_drawn() -> None:
    written = load_scenario(HARBOR / "today.yaml", RANGED)
    assert held(written, {DETECTED: 0.3, RATE: 0.1}) == {}
    assert held(written, {("programs", "light", "accepts"): 0.5}) == {}
    expected = mean_detected(0.4, 0.5) / mean_detected(0.4, 1)
    assert held(written, {SPREAD: 1.0}) == {RATE: pytest.approx(expected)}


def test_a_rate_that_starts_at_zero_moves_with_detection_at_all_ages() -> None:
    later = "outcomes.harm.per_month={0: 0, 6: 0.02}"
    drawing = Drawing([load_scenario(HARBOR / "today.yaml", [*RANGED, later])], 1)
    (one,) = drawing.draw(FIRST_DRAW)
    chain, found = one.scenario.chains["cps"], one.scenario.outcomes["harm"].per_month
    share = mean_detected(chain.detected.value, chain.detection_spread.value)
    assert found.at(0) == 0
    assert share * found.at(6) == pytest.approx(0.02 * mean_detected(0.4, 0.5))
    assert found.at(6) != pytest.approx(0.02)


def test_check_says_what_moves_a_rate() -> None:
    plain, ranged = (load_scenario(HARBOR / "today.yaml", own) for own in ([], RANGED))
    assert ways_drawn(plain)[RATE] == "fixed: no range"
    assert "keeps reports when detection is drawn" in ways_drawn(ranged)[RATE]
