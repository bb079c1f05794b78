"""The run folder: written whole, read back, never mistaken for finished."""

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from execution.harbor_run import harbor
from hvsim.execution.pairing import count_families
from hvsim.runs import (
    Manifest,
    ParameterDraws,
    Run,
    RunFolderError,
    RunWriter,
    claim,
    locking,
    read_run,
)
from hvsim.runs.files import whole
from hvsim.runs.locking import LOCK, only_writer
from hvsim.runs.staffing import TABLES
from hvsim.runs.tables import KEYS
from hvsim.simulation import Ledger
from runs.ledgers import made_up, manifest

ALWAYS = [name for name in KEYS if name != "ages"]
"""Tables that every run has; the other is of comparisons that count outcomes at two ages."""


def write(folder: Path, order: tuple[int, ...] = (0, 1)) -> Run:
    """Two scenarios, added in any order."""
    names = ("today", "more")
    about = manifest(*names, baseline="today")
    texts = dict.fromkeys(names, "title: x\n")
    with claim(folder), RunWriter(folder, about, texts) as writer:
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
    with claim(tmp_path):  # it may be tried again
        assert [file.name for file in tmp_path.iterdir()] == [LOCK]
    assert not any(tmp_path.iterdir())


def test_a_complete_run_is_replaced_only_on_demand(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    complete = r"complete run; name another folder.*--overwrite"
    with pytest.raises(RunFolderError, match=complete), claim(tmp_path):
        pass
    with claim(tmp_path, overwrite=True):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_not_a_run_is_never_touched(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "scenarios").mkdir()
    refused = pytest.raises(RunFolderError, match="stays untouched")
    with refused, claim(tmp_path, overwrite=overwrite):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["scenarios"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(RunFolderError, match="is a file"), claim(tmp_path / "out"):
        pass


def test_an_empty_or_new_folder_is_claimed(tmp_path: Path) -> None:
    deep = tmp_path / "deep" / "out"
    with claim(tmp_path), claim(deep):
        assert deep.is_dir()
        (deep / "mine.txt").touch()
    assert [file.name for file in deep.iterdir()] == ["mine.txt"]


def test_folders_made_for_nothing_are_removed_again(tmp_path: Path) -> None:
    with claim(tmp_path / "deep" / "out"):
        pass
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("options", [{}, {"overwrite": True}, {"resume": True}])
def test_a_folder_has_one_writer_at_a_time(tmp_path: Path, options: dict[str, bool]) -> None:
    out = tmp_path / "out"
    with claim(out), RunWriter(out, manifest("today"), {"today": "title: x\n"}) as writer:
        ledger = made_up()
        writer.add(ledger, 0, count_families(ledger, None), seconds=0)
        before = contents(out)
        busy = f"another hvsim is writing to {out}; wait for it, or name another folder"
        with pytest.raises(RunFolderError, match=busy), claim(out, **options):
            pass
        assert contents(out) == before
        writer.finish()
    assert not (out / LOCK).exists()
    with claim(out, overwrite=True):
        pass


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        "import os, signal; from pathlib import Path; from hvsim.runs.locking import only_writer\n"
        f"with only_writer(Path({str(out)!r})): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode < 0
    assert [file.name for file in out.iterdir()] == [LOCK]
    with claim(out):  # as empty as if the file were not there
        pass
    assert not any(out.iterdir())


def test_a_lock_on_a_file_that_its_last_holder_removed_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = locking._lock
    calls: list[int] = []

    def late(handle: int) -> None:
        if not calls:
            (tmp_path / LOCK).unlink()  # by who held it as we opened it
        calls.append(handle)
        lock(handle)

    monkeypatch.setattr(locking, "_lock", late)
    with only_writer(tmp_path):
        assert len(calls) == 2
        with pytest.raises(RunFolderError, match="another hvsim"), only_writer(tmp_path):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="that of Windows is tested beside")
def test_the_lock_of_windows_keeps_others_out_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a stand-in for its library: as there, who comes second is denied permission."""
    held = locking._lock

    def denied(handle: int, mode: int, length: int) -> None:
        assert (mode, length) == (7, 1)
        try:
            held(handle)
        except BlockingIOError as error:
            raise PermissionError(error.errno, error.strerror) from error

    library = SimpleNamespace(locking=denied, LK_NBLCK=7)
    monkeypatch.setitem(sys.modules, "msvcrt", library)
    monkeypatch.setattr(sys, "platform", "win32")
    there = runpy.run_path(locking.__file__)["only_writer"]
    monkeypatch.undo()
    with there(tmp_path), pytest.raises(RunFolderError, match="another hvsim"), there(tmp_path):
        pass
    assert not any(tmp_path.iterdir())
    with there(tmp_path):
        assert [file.name for file in tmp_path.iterdir()] == [LOCK]


def test_a_run_without_all_of_its_parts_is_never_complete(tmp_path: Path) -> None:
    def finished(folder: Path, about: Manifest, *ledgers: Ledger) -> None:
        texts = dict.fromkeys(("today", "more"), "title: x\n")
        with claim(folder), RunWriter(folder, about, texts) as writer:
            for ledger in ledgers:
                writer.add(ledger, 0, count_families(ledger, None), seconds=0)
            writer.finish()

    one, two, three = made_up("today"), made_up("more"), made_up("third")
    both = manifest("today", "more", baseline="today")
    drawn = both.model_copy(update={"parameter_draws": ParameterDraws(first=4, count=2)})
    cases = {
        "missing": (1, both, (one,)),
        "left over": (1, both, (one, two, three)),
        "draws": (2, drawn, (one, two)),
    }
    for name, (parts, about, ledgers) in cases.items():
        with pytest.raises(RunFolderError, match=f"is not complete: {parts} part"):
            finished(tmp_path / name, about, *ledgers)
        with pytest.raises(RunFolderError, match="failed"):
            read_run(tmp_path / name)
    finished(tmp_path / "whole", both, one, two)


def test_a_run_interrupted_at_its_very_end_is_complete_or_has_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(folder: Path) -> None:
        shutil.rmtree(folder / "parts")
        raise KeyboardInterrupt

    monkeypatch.setattr("hvsim.runs.writing.discard_parts", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path)
    assert read_run(tmp_path).manifest.status == "complete"


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
