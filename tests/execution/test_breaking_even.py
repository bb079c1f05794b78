"""How strong a program must be: crossings, their error, and what strength means."""

import numpy as np
import pytest
from click.testing import CliRunner

from hvsim.cli import main
from hvsim.execution.breaking_even import Tried, _crossing, break_even_strength
from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.variants import with_strength
from runs.ledgers import HARBOR


def scenario(name: str) -> Scenario:
    return load_scenario(HARBOR / f"{name}.yaml")


def ratio(scenario: Scenario, program: str, outcome: str) -> float | None:
    found = scenario.programs[program].effects[outcome].hazard_ratio
    return None if found is None else found.value


def test_strength_is_a_factor_on_log_ratios() -> None:
    today = scenario("today")
    stated = today.programs["intensive"].effects
    for strength in (0.0, 0.5, 1.0, 3.0):
        varied = with_strength(today, "intensive", strength).programs["intensive"].effects
        for outcome, effect in stated.items():
            for field in ("hazard_ratio", "exit_hazard_ratio"):
                before, after = getattr(effect, field), getattr(varied[outcome], field)
                if before is not None:
                    assert np.log(after.value) == pytest.approx(strength * np.log(before.value))
            assert varied[outcome].mean_dose == effect.mean_dose
    assert with_strength(today, "nobody", 2.0) is today


def test_another_programs_effects_are_transferred_and_others_stay() -> None:
    today = scenario("today")
    like = today.programs["intensive"]
    varied = with_strength(today, "light", 0.5, like)
    assert ratio(varied, "light", "harm") == pytest.approx(0.8**0.5)
    assert ratio(varied, "light", "ed-visits") == ratio(today, "light", "ed-visits")
    assert varied.programs["intensive"] == like


def test_the_crossing_is_on_the_straight_line_with_the_error_of_the_difference() -> None:
    tried = (Tried(0, -30, 4), Tried(1, -10, 6), Tried(3, 30, 10))
    # Between 1 and 3 the line rises by 20 a unit: zero at 1.5, where the error is 7.
    strength, error = _crossing(tried)
    assert strength == pytest.approx(1.5)
    assert error == pytest.approx(7 / 20)
    assert _crossing(tried[:2]) == (None, None)


def test_a_program_without_effect_is_worth_nothing_and_a_strong_one_much() -> None:
    found = break_even_strength(
        scenario("universal"),
        scenario("targeted"),
        program="light",
        outcome="ed-visits",
        strengths=(0.0, 1.0, 3.0),
        replicates=2,
    )
    none, stated, strong = found.tried
    # Only light visits act on emergency visits: without effect both scenarios have the same.
    assert (none.better, none.standard_error) == (0, 0)
    assert 0 < stated.better < strong.better
    assert 0 < stated.standard_error < stated.better
    assert (found.strength, found.standard_error) == (0.0, 0.0)


def test_scenarios_that_never_meet() -> None:
    found = break_even_strength(
        scenario("universal"),
        scenario("targeted"),
        program="light",
        outcome="harm",
        strengths=(0.0, 1.0),
    )
    assert found.strength is None  # light visits do nothing against harm
    assert found.tried[0].better == found.tried[1].better < 0


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HARBOR)
    files = ("universal.yaml", "targeted.yaml", "--program", "light", "--outcome", "harm")
    like = ("--like", "today.yaml", "intensive", "--strengths", "0,1,4")
    answer = CliRunner().invoke(main, ["threshold", *files, *like])
    assert answer.exit_code == 0, answer.output
    first, *rows, last = answer.stdout.splitlines()
    assert first.startswith("strength  universal does better than targeted")
    assert [row.split()[0] for row in rows] == ["0", "1", "4"]
    assert last.startswith("Equal at a strength of ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--program", "lite", "--outcome", "harm"), "has no program 'lite'; it has "),
        (("--program", "light", "--outcome", "harms"), "has no outcome 'harms'; it has "),
        (("--program", "light", "--outcome", "harm", "--strengths", "1"), "write rising numbers"),
        (
            ("--program", "light", "--outcome", "harm", "--like", "today.yaml", "x"),
            "today.yaml has no program 'x'",
        ),
    ],
)
def test_what_the_user_can_correct(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(HARBOR)
    answer = CliRunner().invoke(main, ["threshold", "universal.yaml", "targeted.yaml", *arguments])
    assert answer.exit_code == 2
    assert words in answer.stderr
