"""Scenarios that cannot be compared are refused with the reason."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from execution.test_measuring import with_asthma
from hvsim.cli import main
from hvsim.economics import load_prices
from hvsim.execution import IncomparableError, compare
from hvsim.execution.refusal import refuse_incomparable
from hvsim.scenario import load_scenario
from runs.ledgers import HARBOR

TODAY, UNIVERSAL = HARBOR / "today.yaml", HARBOR / "universal.yaml"


def reasons(*overrides: str) -> list[str]:
    """Why the expansion with these values cannot be compared with today's system."""
    with pytest.raises(IncomparableError) as error:
        refuse_incomparable(load_scenario(TODAY), [load_scenario(UNIVERSAL, overrides)])
    headline, *found = str(error.value).splitlines()
    assert headline.startswith("these scenarios cannot be compared: that takes the same families")
    return found


@pytest.mark.parametrize(
    ("override", "field", "found", "ours", "line"),
    [
        ("place=Elsewhere", "place", "'Elsewhere'", "'Harbor County'", 5),
        ("start=2024-08", "start", "'2024-08'", "'2024-07'", 6),
        ("end=2026-05", "end", "'2026-05'", "'2026-06'", 7),
        ("follow_up=1 year", "follow_up", "'12 months'", "'24 months'", 8),
        ("also_at=6 months", "also_at", "'6 months'", "'12 months'", 9),
        ("fiscal_year_starts=1", "fiscal_year_starts", "1", "7", 10),
        ("price_year=2023", "price_year", "2023", "2024", 11),
        ("warm_start.months=11", "warm_start.months", "11", "12", 12),
        ("population.births_per_year=900", "population.births_per_year", "900", "1200", 15),
        ("outcomes.harm.trend=0.9", "outcomes.harm.trend", "0.9", "1", 54),
    ],
)
def test_only_what_systems_do_may_differ(
    override: str, field: str, found: str, ours: str, line: int
) -> None:
    (said,) = reasons(override)
    where = re.escape(f"--set {override}: {field}: found {found}; 'today' says {ours} (")
    assert re.fullmatch(rf"{where}.*today\.yaml:{line}\)", said), said


@pytest.mark.parametrize(
    ("override", "field"),
    [
        ("structure.recurrence=harm", "structure.recurrence"),
        ("screening.risk_group_cuts=[-1, 2]", "screening.risk_group_cuts[1]"),
        ("screening.risk_sd=3", "screening.risk_sd"),
    ],
)
def test_neither_may_how_the_world_works_nor_what_risk_is(override: str, field: str) -> None:
    assert reasons(override)[0].startswith(f"--set {override}: {field}: found ")


def test_a_strategy_may_screen_better() -> None:
    better = load_scenario(UNIVERSAL, ["screening.correlation_with_risk=0.6"])
    refuse_incomparable(load_scenario(TODAY), [better])


def test_two_that_differ_in_all_are_told_all_of_it() -> None:
    found = reasons("place=Elsewhere", "follow_up=1 year", "price_year=2023", "end=2026-05")
    assert [one.split(": ")[1] for one in found] == ["place", "end", "follow_up", "price_year"]


def test_where_much_differs_a_few_values_stand_for_the_rest() -> None:
    shares = "{hispanic: 20%, white: 50%, black: 10%, asian-pacific-islander: 10%, other-race: 10%}"
    found = reasons(
        f"population.margins.race-ethnicity={shares}",
        "population.births_per_year=900",
        "population.margins.payer={medicaid: 40%, private-insurance: 50%, other-payer: 10%}",
    )
    assert len(found) == 7
    assert found[-1].endswith("population: 3 more values differ from 'today'")


def test_another_source_is_no_difference() -> None:
    today = load_scenario(TODAY)
    births = '{value: 1200, assumption: "counted by us"}'
    assert today.population.births_per_year.value == 1200
    other = load_scenario(UNIVERSAL, [f"population.births_per_year={births}"])
    refuse_incomparable(today, [other])


def test_two_of_one_name() -> None:
    today = load_scenario(TODAY)
    with pytest.raises(IncomparableError, match=r"today\.yaml: two scenarios are called 'today'"):
        refuse_incomparable(today, [load_scenario(UNIVERSAL), today])


def test_what_systems_do_may_differ() -> None:
    refuse_incomparable(load_scenario(TODAY), [load_scenario(HARBOR / "targeted.yaml")])


def test_a_refused_comparison_leaves_no_folder(tmp_path: Path) -> None:
    today = load_scenario(TODAY)
    with pytest.raises(IncomparableError):
        compare(today, [today], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_prices_of_another_place_are_told_with_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text("extends: hvsim:prices/united-states\ntitle: Mine\nplace: Elsewhere\n")
    scenarios = [load_scenario(UNIVERSAL, ["price_year=2023"])]
    with pytest.raises(IncomparableError) as error:
        compare(load_scenario(TODAY), scenarios, tmp_path / "out", prices=load_prices(file))
    _, year, place = str(error.value).splitlines()
    assert "price_year: found 2023" in year
    assert "today.yaml:5: place: found 'Harbor County'; the prices (Mine) were made for" in place


def test_the_command_gives_one_message_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("later.yaml").write_text(f"extends: {UNIVERSAL}\nprice_year: 2023\nplace: Elsewhere\n")
    result = CliRunner().invoke(main, ["compare", str(TODAY), "later.yaml", "--out", "out"])
    assert result.exit_code == 2
    assert result.stderr.count("Error") == 1
    assert "later.yaml:2: price_year: found 2023; 'today' says 2024 (" in result.stderr
    assert "later.yaml:3: place: found 'Elsewhere'; 'today' says 'Harbor County'" in result.stderr
    assert not Path("out").exists()


def test_an_outcome_that_changes_who_is_there_must_be_in_both(tmp_path: Path) -> None:
    today = load_scenario(TODAY)
    refuse_incomparable(today, [with_asthma(tmp_path)])
    with pytest.raises(IncomparableError, match=r"'asthma' alone has .*, which brings siblings"):
        refuse_incomparable(today, [with_asthma(tmp_path, ", sibling_after: 9")])
    deadly = with_asthma(tmp_path, ", ends: life", "ending")
    with pytest.raises(IncomparableError, match=r"'asthma' alone has .*, which ends life"):
        refuse_incomparable(deadly, [today])
