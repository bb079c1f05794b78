"""``hvsim check`` and ``hvsim new``."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hvsim.cli.check import check
from hvsim.cli.new import new
from hvsim.scenario import load_scenario, resolved_yaml

HERE = Path(__file__).parent
TODAY, EXPANSION = str(HERE / "today.yaml"), str(HERE / "expansion.yaml")


def run_check(*arguments: str) -> Result:
    return CliRunner().invoke(check, arguments)


def test_a_good_file_is_summarized(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    result = run_check("expansion.yaml")
    assert result.exit_code == 0
    assert result.output == (
        "expansion.yaml: fine. Universal offer, targeted intensity\n"
        "  place      Testshire\n"
        "  period     births 2023-07 to 2025-06, children followed for 24 months\n"
        "  programs   light-visits (everyone), intensive (screened high)\n"
        "  doors      birth-hospital, prenatal-clinic\n"
        "  providers  north-nurses, county-team\n"
        "  funding    2023-24 49.5 M USD, 2024-25 49.5 M USD\n"
        "  numbers    0 from evidence, 1 assumed, 91 without source\n"
    )


def test_a_folder_is_no_scenario_but_its_files_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-county").mkdir()
    result = run_check("my-county")
    assert result.exit_code == 2
    assert result.stderr == "my-county: a folder; name the files in it: my-county/*.yaml\n"


def test_all_files_are_checked_and_problems_end_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / "broken")
    result = run_check("inherited-problem.yaml", "../today.yaml", "bare-percentage.yaml")
    assert result.exit_code == 2
    assert result.stdout.startswith("../today.yaml: fine.")
    assert result.stderr.splitlines() == [
        "inherited-problem.yaml:4: screening.flagged: found 20; write 20% or 0.2",
        "bare-percentage.yaml:5: doors.birth-hospital.consents: found 40; write 40% or 0.4",
    ]


def test_a_missing_file_is_one_line() -> None:
    result = run_check("nowhere.yaml")
    assert (result.exit_code, result.stderr) == (2, "nowhere.yaml: no such file\n")


def test_without_files_it_says_how() -> None:
    result = run_check()
    assert result.exit_code == 2
    assert result.stderr == "Name at least one scenario file: hvsim check SCENARIO...\n"


def test_overrides_and_resolved() -> None:
    result = run_check(TODAY, "--set", "screening.flagged=30%", "--resolved")
    assert result.exit_code == 0
    assert result.output == resolved_yaml(load_scenario(TODAY, ["screening.flagged=30%"]))
    assert "  flagged: 0.3  # --set\n" in result.output


@pytest.mark.parametrize("which", ["fragment", "complete"])
def test_schemas_are_printed(which: str) -> None:
    result = run_check("--schema", which)
    assert result.exit_code == 0
    assert ("required" in json.loads(result.output)) == (which == "complete")


def test_new_writes_a_starter_that_is_fine(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "county"
    result = CliRunner().invoke(new, [str(folder)])
    assert result.exit_code == 0, result.output
    assert sorted(file.name for file in folder.iterdir()) == [
        "README.md",
        "expansion.yaml",
        "today.yaml",
    ]
    assert [file.name for file in folder.parent.iterdir()] == ["county"]
    result = run_check(str(folder / "today.yaml"), str(folder / "expansion.yaml"))
    assert result.exit_code == 0, result.output
    assert result.output.count(": fine. ") == 2
    assert "Look at" not in result.output


def test_the_starter_says_how_money_alone_is_changed(tmp_path: Path) -> None:
    folder = tmp_path / "county"
    CliRunner().invoke(new, [str(folder)])
    idea = folder / "expansion.yaml"
    head, _, _ = idea.read_text("utf-8").partition("doors:")
    comment = head.partition("enough:\n")[2]
    plain = head.partition("# To change")[0] + comment.replace("#   ", "")
    idea.write_text(plain, "utf-8")
    today, more = (load_scenario(folder / name) for name in ("today.yaml", "expansion.yaml"))
    assert more.funding["county"].per_year.value == 2 * today.funding["county"].per_year.value
    assert (more.doors, more.population) == (today.doors, today.population)


def test_new_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for target in (tmp_path, tmp_path / "notes.txt"):
        result = CliRunner().invoke(new, [str(target)])
        assert result.exit_code == 2
        assert result.stderr == f"{target} exists already and is not empty; name a new folder\n"
    result = CliRunner().invoke(new, [str(tmp_path / "notes.txt" / "below")])
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr or "exists already" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_new_fills_an_empty_folder(tmp_path: Path) -> None:
    assert CliRunner().invoke(new, [str(tmp_path / "a")]).exit_code == 0
    (tmp_path / "b").mkdir()
    assert CliRunner().invoke(new, [str(tmp_path / "b")]).exit_code == 0
    assert (tmp_path / "b" / "today.yaml").exists()


SHIPPED = Path(__file__).parents[2] / "scenarios" / "la-county"


def test_prices_are_summarized(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SHIPPED)
    result = run_check("prices.yaml")
    assert result.exit_code == 0, result.output
    first, *lines = result.output.splitlines()
    assert first == "prices.yaml: fine. Prices for Los Angeles County"
    assert "  prices of  2023" in lines
    assert "  discounted 3% a year, first year not discounted" in lines
    assert any(line.startswith("  payers     county (government), ") for line in lines)
    assert any(line.startswith("  fiscal     investigation, open-case, ") for line in lines)
    assert lines[-1].startswith("  numbers    ")


def test_prices_are_told_from_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(
        "extends: hvsim:prices/united-states\ndiscounting:\n  costs_per_year: 30%\n"
    )
    Path("misspelled.yaml").write_text("extends: hvsim:prices/united-states\ncost: {}\n")
    result = run_check("mine.yaml", "misspelled.yaml", TODAY)
    assert result.exit_code == 2
    assert "today.yaml: fine." in result.stdout
    assert result.stderr.splitlines() == [
        "mine.yaml:3: discounting.costs_per_year: found 30%; a discount rate is from 0% to 10% a "
        "year",
        "misspelled.yaml:2: cost: unknown field; did you mean 'costs'?",
    ]


def test_prices_in_full_and_number_by_number() -> None:
    prices = str(SHIPPED / "prices.yaml")
    resolved = run_check(prices, "--resolved").output
    assert "title: Prices for Los Angeles County  # prices.yaml\n" in resolved
    assert "\nprice_year: 2023  # hvsim:prices/united-states\n" in resolved
    table = run_check(prices, "--parameters").output
    assert "\ncosts.investigation.amount,1506,USD," in table
    assert run_check(prices, "--set", "price_year=2030").exit_code == 2
