"""Starting loads nothing that it does not need (how long it takes: `benchmarks/start_up.py`)."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import hvsim
from hvsim.cli import COMMANDS, main
from runs.ledgers import HARBOR

HEAVY = {"jinja2", "matplotlib", "mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy"}


def modules_of(code: str) -> set[str]:
    """All modules that a fresh Python holds after `code`."""
    told = f"{code}\nimport json, sys; print(); print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    ).stdout
    return set(json.loads(done.splitlines()[-1]))


def imported_by(code: str) -> set[str]:
    """Top-level modules that a fresh Python holds after `code`."""
    return {name.split(".")[0] for name in modules_of(code)}


@pytest.mark.parametrize(
    "code",
    [
        "import hvsim; dir(hvsim)",
        "from hvsim.cli import main; main(['--help'], standalone_mode=False)",
        "from hvsim.cli import main; main(['--version'], standalone_mode=False)",
    ],
)
def test_nothing_heavy_is_imported(code: str) -> None:
    assert imported_by(code) & HEAVY == set()


def test_a_run_needs_nothing_that_draws(tmp_path: Path) -> None:
    arguments = ["run", str(HARBOR / "today.yaml"), "--out", str(tmp_path / "out")]
    code = f"from hvsim.cli import main; main({arguments}, standalone_mode=False)"
    assert imported_by(code) & {"jinja2", "matplotlib"} == set()
    assert (tmp_path / "out" / "summary.csv").is_file()


def test_a_run_needs_no_distributions_no_evaluation_and_no_optimizer(tmp_path: Path) -> None:
    arguments = ["run", str(HARBOR / "today.yaml"), "--out", str(tmp_path / "out")]
    code = f"from hvsim.cli import main; main({arguments}, standalone_mode=False)"
    late = {"hvsim.uncertainty", "hvsim.economics.evaluation", "scipy.optimize", "pyarrow.dataset"}
    assert modules_of(code) & late == set()
    assert (tmp_path / "out" / "valuation.parquet").is_file()


def test_a_heavy_import_would_be_noticed() -> None:
    assert "scipy" in imported_by("import scipy")


@pytest.mark.parametrize("name", hvsim.__all__)
def test_the_public_names_lead_somewhere(name: str) -> None:
    assert getattr(hvsim, name) is not None
    assert name in dir(hvsim)


@pytest.mark.parametrize("room", ["economics", "execution", "simulation"])
def test_the_names_of_rooms_that_import_late_lead_somewhere(room: str) -> None:
    module = import_module(f"hvsim.{room}")
    assert all(getattr(module, name) is not None for name in module.__all__)
    with pytest.raises(AttributeError, match=f"module 'hvsim.{room}' has no attribute 'nothing'"):
        module.nothing  # noqa: B018  the access is the test


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'hvsim' has no attribute 'simulat'"):
        hvsim.simulat  # noqa: B018  the access is the test


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith(f"Usage: main {name}")


def test_an_unknown_command_is_the_users_and_gets_the_nearest() -> None:
    answer = CliRunner().invoke(main, ["compar"])
    assert answer.exit_code == 2
    assert "'compar' is not a command; did you mean 'compare'?" in answer.output
    assert "there are check, run" in CliRunner().invoke(main, ["zzz"]).output


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> BaseException:
    """Error that the command ``run`` ends with."""
    error: BaseException = request.param

    @click.command()
    def run() -> None:
        raise error

    monkeypatch.setattr("hvsim.cli.Commands.get_command", lambda self, ctx, name: run)
    return error


ours = pytest.mark.parametrize("failing", [KeyError("families\nand more")], indirect=True)


@ours
def test_our_fault_is_one_line_and_the_way_to_the_rest(failing: BaseException) -> None:
    answer = CliRunner().invoke(main, ["run"])
    assert answer.exit_code == 1
    first, second = answer.stderr.splitlines()
    assert first == r"hvsim failed, and the fault is its own: KeyError: 'families\nand more'"
    assert "--traceback" in second
    assert "HVSIM_TRACEBACK=1" in second


@ours
def test_the_traceback_is_shown_when_asked_for(failing: BaseException) -> None:
    assert CliRunner().invoke(main, ["--traceback", "run"]).exception is failing
    asked = {"HVSIM_TRACEBACK": "1"}
    assert CliRunner().invoke(main, ["run"], env=asked).exception is failing


@pytest.mark.parametrize("failing", [click.ClickException("no such folder")], indirect=True)
def test_a_message_of_a_command_is_about_the_users_input(failing: BaseException) -> None:
    answer = CliRunner().invoke(main, ["run"])
    assert (answer.exit_code, answer.stderr) == (2, "Error: no such folder\n")


@pytest.mark.parametrize("failing", [KeyboardInterrupt()], indirect=True)
def test_interrupting_is_no_fault(failing: BaseException) -> None:
    answer = CliRunner().invoke(main, ["run"])
    assert (answer.exit_code, answer.stderr) == (130, "\nInterrupted.\n")
