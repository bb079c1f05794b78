"""``hvsim run``, ``compare`` and ``report`` from end to end."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hvsim.cli import main
from hvsim.runs import read_run
from runs.ledgers import HARBOR

TODAY, UNIVERSAL = (str(HARBOR / f"{name}.yaml") for name in ("today", "universal"))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def _no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the slow part, for tests of something else."""
    monkeypatch.setattr("hvsim.reporting.report", lambda folder: folder / "report.html")


def call(*arguments: str, status: int = 0) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == status, result.output
    return result


def test_run_writes_to_runs_and_says_where() -> None:
    result = call("run", TODAY)
    assert "Whom it reaches" in result.stdout
    assert "Tables: runs/today\nReport: runs/today/report.html" in result.stdout
    assert "prevents" not in result.stdout
    assert result.stderr == ""  # quiet in a pipe
    assert Path("runs/today/report.html").is_file()


def test_compare_shows_the_headline_and_chance_apart() -> None:
    output = call("compare", TODAY, UNIVERSAL, "--seed", "5", "--out", "out").stdout
    sections = ("Whom it reaches", "What it costs", "What it prevents", "Chance only")
    assert [output.index(title) for title in sections] == sorted(map(output.index, sections))
    assert "if no effect" in output
    assert read_run("out").manifest.seed == 5


def test_report_rebuilds_pictures_and_page() -> None:
    call("run", TODAY, "--out", "out")
    page = Path("out/report.html")
    before = page.read_bytes()
    page.unlink()
    assert "6 pictures in out/plots" in call("report", "out").stdout
    assert page.read_bytes() == before


@pytest.mark.usefixtures("_no_pictures")
def test_a_complete_run_is_not_overwritten_by_accident() -> None:
    call("run", TODAY, "--out", "out")
    assert "holds a complete run" in call("run", TODAY, "--out", "out", status=2).stderr
    call("run", TODAY, "--out", "out", "--overwrite", "--seed", "2")
    assert read_run("out").manifest.seed == 2


@pytest.mark.usefixtures("_no_pictures")
def test_values_can_be_changed() -> None:
    call("run", TODAY, "--set", "screening.flagged=10%", "--out", "out")
    assert "flagged: 0.1" in read_run("out").resolved("today")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "nowhere.yaml"), "no such file"),
        (("run", TODAY, "--set", "screening.flaged=10%"), "did you mean"),
        (("run", TODAY, "--scale", "0.3"), "one over a whole number"),
        (("run", TODAY, "--replicates", "0"), "replicates"),
        (("compare", TODAY), "SCENARIOS"),
        (("compare", TODAY, TODAY), "two scenarios are called 'today'"),
        (("compare", "nowhere.yaml", "neither.yaml"), "neither.yaml"),
        (("report", "nowhere"), "holds no run"),
    ],
)
def test_what_the_user_can_correct_ends_with_status_2(
    arguments: tuple[str, ...], words: str
) -> None:
    assert words in call(*arguments, status=2).stderr
    assert not Path("runs").exists()
