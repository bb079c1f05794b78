"""The run folder: written whole, read back, never mistaken for finished."""

import json
from pathlib import Path

import pytest

from execution.harbor_run import harbor
from hvsim.execution.pairing import count_families
from hvsim.runs import Run, RunFolderError, RunWriter, claim, read_run
from hvsim.runs.files import whole
from hvsim.runs.staffing import TABLES
from hvsim.runs.tables import KEYS
from runs.ledgers import made_up, manifest

ALWAYS = [name for name in KEYS if name != "ages"]
"""Tables that every run has; the other is of comparisons that count outcomes at two ages."""


def write(folder: Path, order: tuple[int, ...] = (0, 1)) -> Run:
    """Two scenarios, added in any order."""
    names = ("today", "more")
    claim(folder)
    about = manifest(*names, baseline="today")
    with RunWriter(folder, about, dict.fromkeys(names, "title: x\n")) as writer:
        for place in order:
            ledger = made_up(names[place], fewer=0.1 * place)
            writer.add(ledger, 0, count_families(ledger, made_up("today")), seconds=0.5)
        return writer.finish()


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in files
        if file.name != "run.log.json"
    }


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write(tmp_path / "out")
    run = read_run(tmp_path / "out")
    assert run.manifest.status == "complete"
    assert run.manifest.draw_of("central") == 0
    assert run.manifest.draw_of("zero") is None
    assert run.resolved("more") == "title: x\n"
    assert set(run.funnel["scenario"]) == {"today", "more"}
    for name in ALWAYS:
        assert not run.table(name).empty
    expected = made_up().outcomes[0, 1, :, 0].sum()
    row = run.summary[run.summary["measure"] == "events:harm"].iloc[0]
    assert row["value"] == expected


def test_a_folder_holds_these_files_and_no_others(tmp_path: Path) -> None:
    write(tmp_path / "out")
    expected = {"manifest.json", "summary.csv", "scenarios/today.yaml", "scenarios/more.yaml"}
    tables = {f"{name}.parquet" for name in (*ALWAYS, *TABLES)}
    assert set(contents(tmp_path / "out")) == expected | tables
    log = json.loads((tmp_path / "out" / "run.log.json").read_text())
    assert [run["scenario"] for run in log["runs"]] == ["more", "today"]


def test_the_same_runs_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "one")
    write(tmp_path / "two", order=(1, 0))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize("name", KEYS)
def test_rows_are_told_apart_and_sorted_by_their_keys(tmp_path: Path, name: str) -> None:
    run = write(tmp_path / "out") if name in ALWAYS else harbor()
    keys = run.table(name)[list(KEYS[name])]
    assert set(keys["scenario"]) == {note.name for note in run.manifest.scenarios}
    assert not keys.duplicated().any()
    rows = list(keys.itertuples(index=False, name=None))
    assert rows == sorted(rows)


def test_an_interruption_leaves_a_running_folder(tmp_path: Path) -> None:
    def interrupted() -> None:
        with RunWriter(tmp_path, manifest("today"), {}) as writer:
            ledger = made_up()
            writer.add(ledger, 0, count_families(ledger, None), seconds=0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pytest.raises(RunFolderError, match="was interrupted or is still going on"):
        read_run(tmp_path)
    assert not list(tmp_path.glob("*.parquet"))
    assert not (tmp_path / "summary.csv").exists()


def test_an_error_leaves_a_failed_folder(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), RunWriter(tmp_path, manifest("today"), {}):
        raise ZeroDivisionError
    with pytest.raises(RunFolderError, match="failed"):
        read_run(tmp_path)
    claim(tmp_path)  # it may be tried again
    assert not any(tmp_path.iterdir())


def test_a_complete_run_is_replaced_only_on_demand(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(RunFolderError, match=r"complete run; name another folder.*--overwrite"):
        claim(tmp_path)
    claim(tmp_path, overwrite=True)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_not_a_run_is_never_touched(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "scenarios").mkdir()
    with pytest.raises(RunFolderError, match="stays untouched"):
        claim(tmp_path, overwrite=overwrite)
    assert (tmp_path / "scenarios").is_dir()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(RunFolderError, match="is a file"):
        claim(tmp_path / "out")


def test_an_empty_or_new_folder_is_claimed(tmp_path: Path) -> None:
    claim(tmp_path)
    claim(tmp_path / "deep" / "out")
    assert (tmp_path / "deep" / "out").is_dir()


def test_only_runs_are_read(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="holds no run"):
        read_run(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": "another"}')
    with pytest.raises(RunFolderError, match="in a form that this version of hvsim does not read"):
        read_run(tmp_path)


def test_a_file_is_whole_or_as_before(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    def interrupted() -> None:
        with whole(target) as path:
            path.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]
    assert target.read_text() == "old"
