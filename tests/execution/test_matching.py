"""Scenarios at the same money: found, told when people are short, and written as files."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import hvsim.execution.matching as matching
from hvsim.cli import main
from hvsim.economics import load_prices
from hvsim.execution import compare
from hvsim.execution.hiring import Shortage
from hvsim.execution.matching import TOLERANCE, Search
from hvsim.scenario import Scenario, ScenarioError, load_scenario
from hvsim.scenario.variants import with_money
from hvsim.simulation import Ledger, simulate
from runs.ledgers import HARBOR

PEOPLE = """\
labor:
  town:
    label: The town
    available: 2
    entrants_per_year: 1
    returns: 40%
    poached_per_month: 0%
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Harbor County, whose expansions scale; in `few` its teams hire in one small town."""
    folder = tmp_path_factory.mktemp("county") / "harbor"
    shutil.copytree(HARBOR, folder)
    for name in ("universal", "targeted"):
        with (folder / f"{name}.yaml").open("a") as file:
            file.write("    scales: true\n")
    providers = load_scenario(folder / "today.yaml").providers
    pools = "".join(f"  {name}: {{pool: town}}\n" for name in providers)
    small_town = f"title: Few people\nextends: universal.yaml\n{PEOPLE}providers:\n{pools}"
    (folder / "few.yaml").write_text(small_town)
    return folder


@pytest.fixture(scope="module")
def search(county: Path) -> Search:
    return Search(load_scenario(county / "today.yaml"), load_prices())


def scenario(county: Path, name: str) -> Scenario:
    return load_scenario(county / f"{name}.yaml")


def test_amounts_that_scale_are_multiplied_and_no_others(county: Path) -> None:
    planned = scenario(county, "universal")
    more = with_money(planned, 1.5)
    assert more.funding["state"].per_year.value == 1.5 * planned.funding["state"].per_year.value
    others = {name: stream for name, stream in planned.funding.items() if name != "state"}
    assert others == {name: more.funding[name] for name in others}
    with pytest.raises(ValueError, match="0 streams that scale"):
        with_money(scenario(county, "today"), 2)


@pytest.mark.parametrize("name", ["universal", "targeted"])
def test_a_stated_budget_is_met(county: Path, search: Search, name: str) -> None:
    # Positions are whole: not every sum can be paid out, but this one can.
    wanted = search.as_planned(with_money(scenario(county, name), 7.3))
    found = search.match(scenario(county, name), wanted)
    assert found.is_reached
    assert not found.hiring_binds
    assert found.reached == found.at.spending == pytest.approx(wanted, rel=TOLERANCE)
    assert found.factor > 1 > found.as_planned / found.wanted
    assert search.as_planned(found.scenario) == found.reached


def test_a_sum_between_whole_positions_is_met_as_nearly_as_there_is(
    county: Path, search: Search
) -> None:
    found = search.match(scenario(county, "targeted"), 12e6)
    assert not found.is_reached
    assert not found.hiring_binds
    position = 300e3 * 5  # more than one costs in all years
    assert abs(found.reached - 12e6) < position / 2


def test_less_money_than_planned_is_found_too(county: Path, search: Search) -> None:
    found = search.match(scenario(county, "universal"), 0.5e6)
    assert found.factor < 1
    assert found.reached < found.as_planned


def test_the_money_as_planned_is_run_once(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Scenario] = []

    def watched(scenario: Scenario, **named: object) -> Ledger:
        runs.append(scenario)
        return simulate(scenario, **named)  # type: ignore[arg-type]  # passed on as they come

    monkeypatch.setattr(matching, "simulate", watched)
    search = Search(load_scenario(county / "today.yaml"), load_prices())
    planned = search.as_planned(scenario(county, "universal"))
    found = search.match(scenario(county, "universal"), planned)
    assert found.factor == found.runs == 1
    assert len(runs) == 2  # with the baseline


def test_hires_can_be_made_equal_instead(county: Path) -> None:
    search = Search(load_scenario(county / "today.yaml"), load_prices(), measured="visitors")
    wanted = search.as_planned(with_money(scenario(county, "targeted"), 5))
    found = search.match(scenario(county, "targeted"), wanted)
    assert found.reached == found.at.visitors
    assert abs(found.reached - wanted) < 1  # whole people, of whom some leave


def test_where_people_are_short_is_told(county: Path, search: Search) -> None:
    found = search.match(scenario(county, "few"), 12e6)
    assert found.hiring_binds
    assert not found.is_reached
    assert found.reached < 12e6
    assert found.at.unspent > 0
    first = found.at.shortages[0]
    assert isinstance(first, Shortage)
    assert (first.pool, first.label, first.year) == ("town", "The town", 2025)
    assert first.filled < first.funded


def test_the_budget_is_what_the_summary_of_a_comparison_says(
    county: Path, search: Search, tmp_path: Path
) -> None:
    found = search.match(scenario(county, "universal"), 12e6)
    run = compare(
        scenario(county, "today"), [found.scenario], tmp_path / "out", effects=["central"]
    )
    row = run.summary[run.summary["measure"] == "added_spending"].iloc[0]
    assert row["value"] == pytest.approx(found.reached, abs=0.005)


def test_nothing_that_scales_is_the_planners_to_mend(county: Path, search: Search) -> None:
    with pytest.raises(ScenarioError, match=r"today\.yaml: funding: no stream .* 'scales: true'"):
        search.match(scenario(county, "today"), 1e6)


def test_the_command_writes_scenarios_that_reach_the_same(
    county: Path, search: Search, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(county)
    arguments = ["budget", "today.yaml", "universal.yaml", "targeted.yaml", "--amount", "12 M USD"]
    answer = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "equal")])
    assert answer.exit_code == 0, answer.output
    assert answer.output.count("wanted      12.0 M USD are paid out") == 2
    for name in ("universal", "targeted"):
        written = load_scenario(tmp_path / "equal" / f"{name}-at-equal-money.yaml")
        reached = search.as_planned(written)
        assert reached == pytest.approx(12e6, rel=0.02)
        assert f"{reached / 1e6:.1f} M USD" in str(written.funding["state"].per_year.assumption)
        assert written.title.endswith(", at equal money")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("today.yaml",), "name at least one scenario"),
        (("today.yaml", "universal.yaml", "--amount", "12"), "write an amount with its currency"),
        (
            ("today.yaml", "universal.yaml", "--amount", "1 M USD", "--visitors", "5"),
            "name one of the two",
        ),
        (
            ("today.yaml", "universal.yaml", "--amount", "0 USD"),
            "found '0 USD'; write an amount ab",
        ),
        (
            ("today.yaml", "universal.yaml", "--out", "few.yaml"),
            "few.yaml is a file; name a folder",
        ),
        (("today.yaml", "universal.yaml", "--out", "few.yaml/x"), "few.yaml is a file; name a"),
        (("universal.yaml", "today.yaml"), "no stream of this scenario scales"),
    ],
)
def test_what_the_user_can_correct(
    county: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(county)
    answer = CliRunner().invoke(main, ["budget", *arguments])
    assert answer.exit_code == 2
    assert words in answer.stderr
