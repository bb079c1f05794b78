"""``hvsim run``, ``compare`` and ``report`` from end to end."""

import errno
import os
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hvsim.cli import main
from hvsim.cli.running import progress
from hvsim.runs import claim, read_run
from hvsim.runs.locking import LOCK
from runs.ledgers import HARBOR

TODAY, UNIVERSAL = (str(HARBOR / f"{name}.yaml") for name in ("today", "universal"))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def call(*arguments: str, status: int = 0) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == status, result.output
    return result


def test_run_writes_to_runs_and_says_where() -> None:
    result = call("run", TODAY)
    assert "Whom it reaches" in result.stdout
    said = "Tables: runs/today\nPictures and page: hvsim report runs/today\n"
    assert result.stdout.endswith(said)
    assert "prevents" not in result.stdout
    assert result.stderr == ""  # quiet in a pipe


def test_run_draws_nothing() -> None:
    call("run", TODAY, "--out", "my runs/first")
    folder = Path("my runs/first")
    assert read_run(folder).manifest.status == "complete"
    assert not (folder / "plots").exists()
    assert not (folder / "report.html").exists()


def test_what_to_call_next_can_be_pasted() -> None:
    output = call("run", TODAY, "--out", "my runs/first").stdout
    *_, following = output.splitlines()
    _, arguments = following.split(": hvsim ")
    call(*shlex.split(arguments))
    assert Path("my runs/first/report.html").is_file()


def test_compare_shows_the_headline_and_chance_apart() -> None:
    output = call("compare", TODAY, UNIVERSAL, "--seed", "5", "--out", "out").stdout
    sections = ("Whom it reaches", "What it costs", "What it prevents", "Chance only")
    assert [output.index(title) for title in sections] == sorted(map(output.index, sections))
    assert "if no effect" in output
    assert output.endswith("Tables: out\nReport: out/report.html\n")
    assert "What is prevented and gained" in Path("out/report.html").read_text("utf-8")
    assert read_run("out").manifest.seed == 5


def test_report_draws_pictures_and_page_as_often_as_asked() -> None:
    call("run", TODAY, "--out", "out")
    page = Path("out/report.html")
    assert "8 pictures in out/plots" in call("report", "out").stdout
    before = page.read_bytes()
    page.unlink()
    call("report", "out")
    assert page.read_bytes() == before


def test_dollars_by_prices_of_ones_own_and_by_others_later() -> None:
    for rate in ("3%", "7%"):
        Path(f"{rate[0]}.yaml").write_text(
            f"extends: hvsim:prices/united-states\ntitle: At {rate}\n"
            f"discounting: {{costs_per_year: {rate}}}\n"
        )
    call("compare", TODAY, UNIVERSAL, "--prices", "3.yaml", "--out", "out")
    before = read_run("out")
    dollars, summary = before.valuation, before.summary
    assert before.prices.title == "At 3%"
    call("report", "out", "--prices", "7.yaml")
    after = read_run("out")
    assert after.prices.title == "At 7%"
    assert (after.valuation["dollars"] == dollars["dollars"]).all()
    assert not after.summary.equals(summary)
    wrong = call("report", "out", "--prices", TODAY, status=2).stderr
    assert "unknown field" in wrong
    assert read_run("out").prices.title == "At 7%"


def test_a_complete_run_is_not_overwritten_by_accident() -> None:
    call("run", TODAY, "--out", "out")
    assert "holds a complete run" in call("run", TODAY, "--out", "out", status=2).stderr
    call("run", TODAY, "--out", "out", "--overwrite", "--seed", "2")
    assert read_run("out").manifest.seed == 2


def test_a_second_command_waits_for_the_first() -> None:
    for options in ((), ("--overwrite",)):
        with claim(Path("out")):
            error = call("run", TODAY, "--out", "out", *options, status=2).stderr
        assert (
            error == "Error: another hvsim is writing to out; wait for it, or name another folder\n"
        )
    with claim(Path("out")):
        call("compare", TODAY, UNIVERSAL, "--resume", "--out", "out", status=2)
    assert not Path("out").exists()


def test_values_can_be_changed() -> None:
    call("run", TODAY, "--set", "screening.flagged=10%", "--out", "out")
    assert "flagged: 0.1" in read_run("out").resolved("today")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "nowhere.yaml"), "no such file"),
        (("run", TODAY, "--set", "screening.flaged=10%"), "did you mean"),
        (("run", TODAY, "--scale", "0.3"), "1 divided by a whole number"),
        (("run", TODAY, "--scale", "300%"), "1 divided by a whole number"),
        (("run", TODAY, "--scale", "tenth"), "'tenth' is no share; write 0.2 or 20%"),
        (("run", TODAY, "--scale", "0.01"), "or more"),
        (("run", TODAY, "--seed", "-1"), "is not from 0"),
        (("run", TODAY, "--replicates", "0"), "replicates"),
        (("compare", TODAY), f"name at least one scenario to compare with {TODAY}"),
        (("compare", TODAY, TODAY), "two scenarios are called 'today'"),
        (("compare", "nowhere.yaml", "neither.yaml"), "neither.yaml"),
        (("report", "nowhere"), "holds no run"),
        (("run", TODAY, "--prices", "nowhere.yaml"), "nowhere.yaml: no such file"),
        (("report", "nowhere", "--prices", TODAY), "unknown field"),
    ],
)
def test_what_the_user_can_correct_ends_with_status_2(
    arguments: tuple[str, ...], words: str
) -> None:
    assert words in call(*arguments, status=2).stderr
    assert not Path("runs").exists()


@pytest.mark.parametrize(("written", "scale"), [("0.3334", 1 / 3), ("50%", 0.5)])
def test_a_scale_may_be_rounded_or_a_percentage(written: str, scale: float) -> None:
    call("run", TODAY, "--scale", written, "--out", "out")
    assert read_run("out").manifest.scale == scale


def test_a_refused_scale_leaves_only_what_was_there() -> None:
    Path("mine").mkdir()
    assert "or more" in call("run", TODAY, "--scale", "0.01", "--out", "mine", status=2).stderr
    call("run", TODAY, "--scale", "0.01", "--out", "deep/er", status=2)
    assert [file.name for file in Path().rglob("*")] == ["mine"]


def test_a_folder_that_cannot_be_written_is_the_users_to_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("file").write_text("")
    error = call("run", TODAY, "--out", "file/x", status=2).stderr
    assert error == (
        "Error: file/x cannot be written: not a directory; choose another folder with --out\n"
    )
    opened = os.open

    def forbidden(path: str | Path, *options: int) -> int:
        if Path(path).name == LOCK:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, *options)

    monkeypatch.setattr("os.open", forbidden)
    error = call("run", TODAY, "--out", "new", status=2).stderr
    assert "new cannot be written: permission denied; choose another folder" in error
    assert not Path("new").exists()


@pytest.mark.parametrize(
    ("command", "example"),
    [
        ("run", "\n  hvsim run scenarios/la-county/today.yaml --scale 0.2\n  hvsim run"),
        ("compare", "\n  hvsim compare today.yaml universal.yaml targeted.yaml --scale 0.2\n"),
    ],
)
def test_help_shows_examples_one_a_line(command: str, example: str) -> None:
    output = call(command, "--help").stdout
    assert example in output
    assert "\\b" not in output
    assert "--seed N " in output
    assert "--set PATH=VALUE" in output
    assert "--set PATH=VALUE" in call("check", "--help").stdout


def test_on_a_terminal_a_first_use_says_that_it_takes_a_minute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setattr("hvsim.compiled.cache_folder", lambda: cache)

    def said() -> str:
        with progress():
            return capsys.readouterr().err

    assert said() == ""  # no terminal
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    capsys.readouterr()
    assert "Preparing hvsim for this machine (once, about a minute) ..." in said()
    (cache / "simulation").mkdir(parents=True)
    assert "(once, about a minute)" in said()
    (cache / "simulation" / "steps.nbi").write_bytes(b"")
    assert "(once, about a minute)" not in said()
