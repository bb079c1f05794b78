"""Attributes that a scenario adds: shares, what they depend on, and what they leave alone.

Fixed seeds; a stated error rate is the chance that a correct program would fail at another seed.
"""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from hvsim.chances import attenuated_logit
from hvsim.population import Families, further, synthesize
from hvsim.population.description import describe
from hvsim.randomness import purpose, uniform
from hvsim.scenario.schema import Scenario
from hvsim.scenario.vocabulary import margin_of

Place = Callable[..., Scenario]

LANGUAGE = {
    "label": "Language at home",
    "otherwise": "english",
    "levels": {"spanish": {"share": 0.35}, "another-language": {"share": 0.2}},
}
HOUSING: dict[str, Any] = {
    "label": "Housing",
    "otherwise": "housed",
    "levels": {
        "doubled-up": {"share": 0.1, "log_odds": {"spanish": 0.7, "frailty": 0.4}},
        "homeless": {"share": 0.04, "log_odds": {"medicaid": 1.5, "frailty": 0.8}},
    },
}
BOTH = {"language": LANGUAGE, "housing": HOUSING}


def logit_fit(
    taken: NDArray[np.bool_], *regressors: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log odds by maximum likelihood, constant first, and their standard errors."""
    design = np.column_stack([np.ones(len(taken)), *regressors])

    def deviance(b: NDArray[np.float64]) -> float:
        x = design @ b
        return float(np.logaddexp(0, x).sum() - x[taken].sum())

    def slope(b: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(design.T @ (1 / (1 + np.exp(-design @ b)) - taken))

    found = minimize(deviance, np.zeros(design.shape[1]), jac=slope, method="BFGS").x
    p = 1 / (1 + np.exp(-design @ found))
    information = (design * (p * (1 - p))[:, None]).T @ design
    return found, np.sqrt(np.diag(np.linalg.inv(information)))


def shares(families: Families, *levels: str) -> list[float]:
    return [float(families.has(level).mean()) for level in levels]


def test_families_have_a_column_for_each(place: Place) -> None:
    families = synthesize(place(attributes=BOTH), seed=1)
    assert list(families.attributes)[-2:] == ["language", "housing"]
    assert families.levels.shape == (len(families), 11)
    position = families.levels[:, 10]
    assert np.array_equal(position == 0, families.has("housed"))
    assert np.array_equal(position == 2, families.has("homeless"))
    with pytest.raises(KeyError):
        families.has("palace")


def test_plain_shares_are_met(place: Place) -> None:
    """Three shares of 200,000 families at 4.5 sd: error rate below 0.01%."""
    scenario = place(births=100_000, attributes=BOTH)
    families = synthesize(scenario, seed=2)
    for level in ("english", "spanish", "another-language"):
        target = margin_of(scenario, level)
        error = math.sqrt(target * (1 - target) / len(families))
        assert abs(families.has(level).mean() - target) < 4.5 * error, level


def test_shares_with_log_odds_are_met_nearly(place: Place) -> None:
    """Half a percentage point for the approximation of docs/model.md, and 4.5 sd of chance."""
    families = synthesize(place(births=200_000, attributes=BOTH), seed=3)
    for found, target in zip(shares(families, "doubled-up", "homeless"), (0.1, 0.04), strict=True):
        error = math.sqrt(target * (1 - target) / len(families))
        assert abs(found - target) < 0.005 + 4.5 * error


def test_log_odds_are_those_stated(place: Place) -> None:
    """Six coefficients at 4.5 sd: error rate below 0.01%."""
    scenario = place(births=200_000, attributes=BOTH)
    families = synthesize(scenario, seed=4)
    left = ~families.has("doubled-up")
    spanish, medicaid = families.has("spanish"), families.has("medicaid")
    for taken, level, trait, b, p, among in (
        ("doubled-up", spanish, 0.4, 0.7, 0.1, np.full(len(families), True)),
        ("homeless", medicaid, 0.8, 1.5, 0.04 / 0.9, left),
    ):
        margin = margin_of(scenario, "spanish" if taken == "doubled-up" else "medicaid")
        variance = b**2 * margin * (1 - margin) + trait**2
        center = attenuated_logit(p, variance)
        found, errors = logit_fit(
            families.has(taken)[among], (level - margin)[among], families.frailty[among]
        )
        assert np.all(np.abs(found - [center, b, trait]) < 4.5 * errors), taken


def test_log_odds_are_about_the_average_family(place: Place) -> None:
    *_, doubled_up, homeless = further.further_model(place(attributes=BOTH)).logits.tolist()
    variance = 0.7**2 * 0.35 * 0.65 + 0.4**2
    assert doubled_up == pytest.approx(attenuated_logit(0.1, variance) - 0.7 * 0.35)
    variance = 1.5**2 * 0.5 * 0.5 + 0.8**2
    assert homeless == pytest.approx(attenuated_logit(0.04 / 0.9, variance) - 1.5 * 0.5)


def test_a_level_is_the_draw_of_its_own_purpose(place: Place) -> None:
    families = synthesize(place(births=600, attributes={"language": LANGUAGE}), seed=9)
    for key, level in zip(families.id, families.levels[:, 9], strict=True):
        spanish, other = (
            uniform(np.uint64(9), key, np.uint64(purpose("attribute-level", f"language:{name}")), 0)
            for name in ("spanish", "another-language")
        )
        expected = 1 if spanish < 0.35 else 2 if other < 0.2 / 0.65 else 0
        assert level == expected


def test_they_leave_all_else_alone_and_each_other(place: Place) -> None:
    without, one, both = (
        synthesize(place(attributes=some), seed=5) for some in ({}, {"language": LANGUAGE}, BOTH)
    )
    for name, column in without.columns().items():
        if name != "levels":
            assert np.array_equal(column, getattr(both, name))
    assert np.array_equal(without.levels, both.levels[:, :9])
    assert np.array_equal(one.levels, both.levels[:, :10])


def test_threads_and_scale_change_nothing(place: Place) -> None:
    scenario = place(attributes=BOTH)
    whole, threaded = (synthesize(scenario, seed=5, threads=threads) for threads in (1, 3))
    tenth = synthesize(scenario, seed=5, scale=0.1)
    assert np.array_equal(whole.levels, threaded.levels)
    assert np.array_equal(tenth.levels, whole.levels[np.isin(whole.id, tenth.id)])


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0.0), (1.0, 1.0)])
def test_none_and_all_whatever_the_log_odds(place: Place, share: float, expected: float) -> None:
    level = {"share": share, "log_odds": {"medicaid": 3.0, "frailty": -2.0}}
    own = {"x": {"label": "X", "otherwise": "not-x", "levels": {"is-x": level}}}
    assert shares(synthesize(place(attributes=own), seed=1), "is-x") == [expected]


def test_levels_that_fill_an_attribute_leave_nobody(place: Place) -> None:
    levels = {f"x-{k}": {"share": share} for k, share in enumerate((0.3, 0.3, 0.4))}
    own = {"x": {"label": "X", "otherwise": "not-x", "levels": levels}}
    assert shares(synthesize(place(attributes=own), seed=1), "not-x") == [0.0]


def test_shares_above_one_are_refused(place: Place) -> None:
    levels = {"x-one": {"share": 0.6}, "x-two": {"share": 0.5}}
    own = {"x": {"label": "X", "otherwise": "not-x", "levels": levels}}
    with pytest.raises(ValueError, match=r"shares of 'x' sum to 1\.1, more than 1"):
        synthesize(place(attributes=own), seed=1)


def test_draws_that_would_coincide_are_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "hvsim.randomness.purpose",
        lambda kind, name: 7 if kind == "attribute-level" else purpose(kind, name),
    )
    with pytest.raises(ValueError, match="would coincide"):
        synthesize(place(attributes=BOTH), seed=1)


def test_they_are_described(place: Place) -> None:
    scenario = place(births=50_000, attributes={"language": LANGUAGE})
    table = describe(synthesize(scenario, seed=6), scenario).margins
    own = table[table.attribute == "language"]
    assert list(own.level) == ["english", "spanish", "another-language"]
    assert list(own.target) == pytest.approx([0.45, 0.35, 0.2])
    assert ((own.share - own.target).abs() < 4.5 * own.standard_error).all()


@pytest.mark.slow
def test_a_level_costs_a_fraction_of_a_microsecond(place: Place) -> None:
    scenario = place(births=400_000, attributes=BOTH)
    families = synthesize(scenario, seed=1)
    model = further.further_model(scenario)
    levels = families.levels.copy()
    begin = time.process_time()
    further.draw_further(1, model, families.id, families.frailty, levels)
    took = time.process_time() - begin
    assert np.array_equal(levels, families.levels)
    assert took / len(families) / len(model.columns) < 1e-6
