"""Nothing that hvsim writes or prints holds a record, an id or a key made of one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from hvsim.cli import main
from hvsim.execution import run_scenario
from hvsim.population import RecordsReport, families_of, read_records
from hvsim.runs import read_run
from population.records.desk import Desk, rows, text

IDS = [cell for line in rows() for cell in line.split(",")[:2]]


def traces(folder: Path, keys: set[int]) -> list[str]:
    """Files of a run folder that hold an id of the birth file, or a family's key."""
    found = []
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".parquet":
            frame = pd.read_parquet(file)
            content = frame.to_csv()
            whole = frame.select_dtypes("integer").to_numpy().astype(np.uint64).ravel()
            found += [file.name] * bool(keys & set(whole.tolist()))
        else:
            content = file.read_bytes().decode(errors="replace") if file.is_file() else ""
        found += [file.name] * any(id_ in content for id_ in IDS)
    return found


@pytest.fixture
def planted(desk: Desk) -> Desk:
    lines = rows()
    lines[3] = lines[3].replace(",1,", ",9,").replace(",2,", ",9,").replace(",3,", ",9,")
    desk.file(text(*lines))
    return desk


def test_a_run_folder_holds_counts_only(planted: Desk, tmp_path: Path) -> None:
    scenario = planted.scenario()
    run = run_scenario(scenario, tmp_path / "run", threads=1)
    families = families_of(scenario, 1)
    keys = {*families.id.tolist(), *families.mother.tolist(), *read_records(scenario).id.tolist()}
    assert traces(tmp_path / "run", keys) == []
    told = read_run(run.folder).manifest.records
    assert told == read_records(scenario).report
    (payer,) = (column for column in told.columns if column.name == "payer")
    assert (told.file, told.rows, payer.missing) == ("births.csv", 48, None)
    pd.DataFrame({"x": [IDS[0]]}).to_parquet(tmp_path / "run" / "leak.parquet")
    (tmp_path / "run" / "leak.json").write_text(f'"{IDS[1]}"', "utf-8")
    assert traces(tmp_path / "run", keys) == ["leak.json", "leak.parquet"]


def test_check_tells_what_was_missing_but_no_small_number(planted: Desk) -> None:
    answer = CliRunner().invoke(main, ["check", str(planted.path())])
    assert answer.exit_code == 0, answer.output
    assert "births     births.csv: 48 births, all used" in answer.output
    assert "payer: fewer than 11 missing, drawn given what else is known" in answer.output
    assert "not in the file, drawn: race-ethnicity, mother-age" in answer.output
    assert not any(id_ in answer.output for id_ in IDS)


def test_check_lists_the_problems_of_file_and_scenario_and_run_refuses(planted: Desk) -> None:
    planted.file(text(*rows(), *rows()[:8]))
    path = str(planted.path())
    for command in (["check", path], ["run", path, "--out", "run"]):
        answer = CliRunner().invoke(main, command)
        assert answer.exit_code == 2
        assert "births.csv:50: CERT: the same id as on line 2; each birth needs" in answer.output
        assert "births.csv: CERT: and 3 more of this kind" in answer.output
        assert not any(id_ in answer.output for id_ in IDS)
    assert not Path("run").exists()


def test_run_says_how_many_records_it_used(planted: Desk) -> None:
    answer = CliRunner().invoke(main, ["run", str(planted.path()), "--out", "run", "--threads=1"])
    assert answer.exit_code == 0, answer.output
    assert "births.csv: 48 births, all used" in answer.output
    assert "payer: fewer than 11 missing" in answer.output


@pytest.mark.parametrize(
    ("left_out", "line"),
    [(0, "all used"), (None, "fewer than 11 left out"), (1200, "1,200 left out")],
)
def test_small_numbers_are_kept_back(left_out: int | None, line: str) -> None:
    report = RecordsReport("births.csv", "", 11, 5000, left_out, (), ())
    assert list(report.lines()) == [f"births.csv: 5,000 births, {line}"]


def test_the_least_number_told_is_the_scenarios(planted: Desk) -> None:
    report = read_records(planted.scenario(smallest_count=1)).report
    (payer,) = (column for column in report.columns if column.name == "payer")
    assert payer.missing == 1
