"""``hvsim check --parameters`` and the tables in docs/parameters."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from hvsim.cli import main
from hvsim.evidence import VERIFIED
from hvsim.scenario import load_scenario
from hvsim.scenario.parameters import COLUMNS, NO_SOURCE, parameters_csv
from hvsim.uncertainty import ways_drawn

ROOT = Path(__file__).parents[2]
TABLES = sorted((ROOT / "docs" / "parameters").glob("*.csv"))
HERE = Path(__file__).parent / "today.yaml"


def table_of(file: Path) -> str:
    scenario = load_scenario(file)
    return parameters_csv(scenario, ways_drawn(scenario))


def rows(text: str) -> dict[str, dict[str, str]]:
    return {row["parameter"]: row for row in csv.DictReader(io.StringIO(text))}


def test_a_number_comes_with_unit_range_source_and_how_it_is_known(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(
        f"extends: {HERE}\n"
        "frailty:\n"
        "  willingness_with_frailty:\n"
        "    {value: 0.1, low: -0.3, high: 0.3, evidence: PF003, assumption: invented}\n",
        encoding="utf-8",
    )
    row = rows(table_of(tmp_path / "more.yaml"))["frailty.willingness_with_frailty"]
    assert tuple(row) == COLUMNS
    assert (row["value"], row["low"], row["high"]) == ("0.1", "-0.3", "0.3")
    assert row["unit"] == "correlation"
    assert row["drawn from"] == "normal"
    assert row["evidence"] == "PF003"
    assert row["sources"]
    assert row["how known"].endswith(VERIFIED["assumption"])
    assert row["assumption"] == "invented"
    assert row["written in"] == "more.yaml"


def test_numbers_without_source_say_so_and_defaults_are_left_out() -> None:
    table = rows(table_of(HERE))
    assert any(row["how known"] == NO_SOURCE for row in table.values())
    assert not any(row["written in"] == "default" for row in table.values())


def test_what_has_no_range_stays_fixed_and_the_table_says_so() -> None:
    table = rows(table_of(HERE))
    for row in table.values():
        assert row["drawn from"].startswith("fixed: ") or (row["low"] and row["high"])
    assert table["follow_up"]["drawn from"] == "fixed: what the run is"
    assert any(row["drawn from"] == "fixed: no range" for row in table.values())


def test_the_command_prints_the_table() -> None:
    result = CliRunner().invoke(main, ["check", "--parameters", str(HERE)])
    assert result.exit_code == 0
    assert result.stdout == table_of(HERE)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_tables_in_the_docs_are_those_of_the_scenarios(table: Path) -> None:
    place, _, name = table.stem.partition(".")
    scenario = load_scenario(ROOT / "scenarios" / place / f"{name}.yaml")
    assert table.read_text(encoding="utf-8") == parameters_csv(scenario, ways_drawn(scenario)), (
        "update with: make parameters"
    )
