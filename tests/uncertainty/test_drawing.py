"""Draws: keyed, shared by strategies, never impossible."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from hvsim.execution.draws import Draws
from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.checks import check
from hvsim.scenario.errors import dotted
from hvsim.uncertainty import FIRST_DRAW, DrawError, Drawing, Posterior
from runs.ledgers import HARBOR

ACCEPTS = ("programs", "light", "accepts")


def harbor(name: str = "today", *overrides: str) -> Scenario:
    return load_scenario(HARBOR / f"{name}.yaml", overrides)


def values(scenario: Scenario, draw: int = FIRST_DRAW, seed: int = 1) -> dict[str, float]:
    (drawn,) = Drawing([scenario], seed).draw(draw)
    return {dotted(path): value for path, value in drawn.values.items()}


def test_another_parameter_changes_no_others_draw() -> None:
    more = harbor("today", "programs.light.gives_up_per_month={value: 5%, low: 2%, high: 9%}")
    alone, beside = values(harbor()), values(more)
    assert alone.items() < beside.items()
    assert beside.keys() - alone.keys() == {"programs.light.gives_up_per_month"}


def test_draws_differ_by_number_and_by_seed_and_repeat() -> None:
    first = values(harbor())
    assert values(harbor()) == first
    for other in (values(harbor(), draw=5), values(harbor(), seed=2)):
        assert other.keys() == first.keys()
        assert all(other[name] != first[name] for name in first)


def test_strategies_have_the_same_luck_with_what_they_share() -> None:
    today, targeted = Drawing([harbor(), harbor("targeted")], 1).draw(7)
    flagged = ("screening", "flagged")
    assert today.values[ACCEPTS] == targeted.values[ACCEPTS]
    assert today.values[flagged] != targeted.values[flagged]  # another number in each file
    alone = Drawing([harbor("targeted")], 1).draw(7)[0]
    assert alone.values == targeted.values


def test_the_scenario_holds_what_was_drawn_before_its_start_as_well() -> None:
    scenario = harbor("targeted")
    (drawn,) = Drawing([scenario], 1).draw(FIRST_DRAW)
    assert drawn.scenario.programs["light"].accepts.value == drawn.values[ACCEPTS]
    assert drawn.scenario.before.programs["light"].accepts.value == drawn.values[ACCEPTS]
    assert scenario.programs["light"].accepts.value == 0.7  # the original is as it was
    assert drawn.scenario.name == scenario.name
    assert drawn.scenario.sha256() != scenario.sha256()


def test_many_draws_have_the_distribution_of_the_file() -> None:
    # Kolmogorov and Smirnov at one in ten thousand, for each of two parameters.
    drawing = Drawing([harbor()], 3)
    draws = [drawing.draw(FIRST_DRAW + place)[0].values for place in range(400)]
    sd = 0.2 / (2 * stats.norm.ppf(0.975))
    size = 0.7 * 0.3 / sd**2 - 1
    accepts = [draw[ACCEPTS] for draw in draws]
    assert stats.kstest(accepts, stats.beta(0.7 * size, 0.3 * size).cdf).pvalue > 1e-4
    ratio = ("programs", "light", "effects", "ed-visits", "hazard_ratio")
    logs = np.log([draw[ratio] for draw in draws])
    spread = np.log(1.05 / 0.75) / (2 * stats.norm.ppf(0.975))
    assert stats.kstest(logs, stats.norm(np.log(0.85), spread).cdf).pvalue > 1e-4
    assert abs(np.corrcoef(accepts, logs)[0, 1]) < 4 / np.sqrt(len(draws))


def test_numbers_that_break_a_rule_together_are_drawn_again() -> None:
    scenario = harbor(
        "today",
        "screening.correlation_with_risk={value: 0.7, low: 0.2, high: 0.95}",
        "screening.correlation_with_detection={value: 0.6, low: 0.3, high: 0.9}",
    )
    drawing = Drawing([scenario], 1)
    squares = []
    for draw in range(FIRST_DRAW, FIRST_DRAW + 30):
        (drawn,) = drawing.draw(draw)
        assert not list(check(drawn.scenario, complete=True))
        screen = drawn.scenario.screening
        risk, detection = screen.correlation_with_risk, screen.correlation_with_detection
        squares.append(risk.value**2 + detection.value**2)
    assert max(squares) <= 1
    assert max(squares) > 0.9  # not all stay clear of the limit


def test_shares_of_a_whole_sum_to_one(tmp_path: Path) -> None:
    from uncertainty.test_leaves import split

    ranged = "{value: 0.6, low: 0.5, high: 0.7}", "{value: 0.4, low: 0.3, high: 0.5}"
    drawing = Drawing([load_scenario(split(tmp_path, *ranged))], 1)
    for draw in range(FIRST_DRAW, FIRST_DRAW + 20):
        shares = drawing.draw(draw)[0].scenario.funding["county"].split
        assert sum(share.value for share in shares.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (
            "{value: 0%, low: 0%, high: 10%}",
            "{value: 100%, low: 90%, high: 100%}",
            "shares of a whole that are drawn must all be above zero",
        ),
        (
            "{value: 2%, low: 0.1%, high: 99%}",
            "{value: 98%, low: 1%, high: 99.9%}",
            "no shares that sum to one vary so widely; state narrower intervals",
        ),
    ],
)
def test_shares_that_cannot_be_drawn_are_refused_before_anything_runs(
    tmp_path: Path, first: str, second: str, why: str
) -> None:
    from uncertainty.test_leaves import split

    scenario = load_scenario(split(tmp_path, first, second))
    with pytest.raises(DrawError) as error:
        Draws(count=1).settled([scenario], 1)
    assert re.fullmatch(rf".*divided\.yaml:6: funding\.county\.split: {why}", str(error.value))


def joint(**named: list[float]) -> Posterior:
    names = {name.replace("__", ".").replace("_of_", "-"): draws for name, draws in named.items()}
    return Posterior("p.csv", b"", tuple(names), np.array(list(names.values())).T)


def test_a_posterior_replaces_what_it_names_draw_by_draw() -> None:
    posterior = joint(programs__light__accepts=[0.61, 0.62], outcomes__harm__per_month=[0.1, 0.2])
    drawing = Drawing([harbor()], 1, posterior)
    own = Drawing([harbor()], 1)
    for place, (accepts, rate) in enumerate([(0.61, 0.1), (0.62, 0.2)]):
        (drawn,) = drawing.draw(FIRST_DRAW + place)
        assert drawn.scenario.programs["light"].accepts.value == accepts
        assert drawn.scenario.outcomes["harm"].per_month.value == rate
        (before,) = own.draw(FIRST_DRAW + place)
        others = before.values.keys() - {ACCEPTS}
        assert all(drawn.values[path] == before.values[path] for path in others)


def test_a_joint_draw_that_breaks_a_rule_is_refused_and_named() -> None:
    posterior = joint(
        screening__correlation_with_risk=[0.99], frailty__willingness_with_frailty=[0]
    )
    scenario = harbor("today", "screening.correlation_with_detection=0.6")
    with pytest.raises(DrawError, match=r"today: screening.correlation_with_risk: in draw 4, 0.99"):
        Drawing([scenario], 1, posterior).draw(FIRST_DRAW)
