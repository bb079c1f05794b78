"""What the page says repeats a run does, and it names what it needs beside its folder."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from execution.harbor_run import STRUCTURES, harbor
from hvsim.cli import main
from hvsim.population.records import RecordsReport
from hvsim.reporting.repeating import command, wanting
from hvsim.runs import read_run
from runs.ledgers import HARBOR

POSTERIOR = "parameter,draw,value\nfrailty.willingness_with_frailty,0,-0.1\n" + (
    "frailty.willingness_with_frailty,1,0.2\n"
)


def call(line: str) -> None:
    hvsim, *arguments = shlex.split(line)
    assert hvsim == "hvsim"
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output


def contents(folder: Path) -> dict[str, bytes]:
    """Files that are the same if a run is repeated; of scenarios and prices what they say."""
    files = (file for file in folder.rglob("*") if file.is_file())
    held = {file.relative_to(folder).as_posix(): file for file in files}
    return {
        name: without_comments(file.read_bytes()) if name.endswith(".yaml") else file.read_bytes()
        for name, file in held.items()
        if name != "run.log.json"
    }


def without_comments(text: bytes) -> bytes:
    return b"\n".join(line.partition(b"  # ")[0] for line in text.splitlines())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Harbor County with prices of its own beside its scenarios; the working folder."""
    today = (HARBOR / "today.yaml").read_text("utf-8")
    small = today.replace("births_per_year: 1200", "births_per_year: 120")
    (tmp_path / "today.yaml").write_text(small, "utf-8")
    shutil.copy(HARBOR / "universal.yaml", tmp_path)
    (tmp_path / "prices.yaml").write_text(
        "extends: hvsim:prices/united-states\ntitle: Prices of the harbor\n"
    )
    (tmp_path / "joint.csv").write_text(POSTERIOR)
    shutil.copy(STRUCTURES, tmp_path / "structures.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_of_the_page_repeats_the_run(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(
        "hvsim compare today.yaml universal.yaml --threads 1 --seed 3 --draws 2 --workers 1 "
        "--posterior joint.csv --structures structures.yaml --out out"
    )
    run = read_run(place / "out")
    before = contents(run.folder)
    for name in ("joint.csv", "prices.yaml", "structures.yaml", "today.yaml", "universal.yaml"):
        (place / name).unlink()
    monkeypatch.chdir(run.folder)
    call(command(run.manifest) + " --workers 1 --threads 1")
    again = contents(run.folder / "again")
    assert [name for name in before if before[name] != again.get(name)] == []
    assert before.keys() == again.keys()


def test_the_page_of_a_single_run_is_repeated_too(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("hvsim run today.yaml --threads 1 --out out")
    run = read_run(place / "out")
    monkeypatch.chdir(run.folder)
    for line in command(run.manifest).splitlines():
        call(line)
    assert (run.folder / "again" / "report.html").is_file()
    before, again = contents(run.folder), contents(run.folder / "again")
    assert before["summary.csv"] == again["summary.csv"]


def test_what_was_set_for_the_run_holds_in_the_repetition_too(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("hvsim compare today.yaml universal.yaml --set programs.light.caseload=40 --out out")
    run = read_run(place / "out")
    before = contents(run.folder)
    monkeypatch.chdir(run.folder)
    call(command(run.manifest))
    assert contents(run.folder / "again") == before


def test_a_birth_file_is_told_and_never_held() -> None:
    manifest = harbor().manifest
    assert wanting(manifest) == ""
    records = RecordsReport("births.csv", "00ff", 11, 2000, 0, (), ())
    told = wanting(manifest.model_copy(update={"records": records}))
    assert told.startswith("births.csv, the birth file with SHA-256 00ff: put it at the path")
