"""The script that plants faults sees what the tests see."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from scripts import loaded

ROOT = Path(__file__).parents[2]
LIST = """
[tests]
months = ["tests/test_months.py"]

[[fault]]
name = "{name}"
file = "months.py"
old = '{old}'
new = '{new}'
why = "for a test"
"""
FISCAL = "shift = (13 - starts) % 12"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded(ROOT / "faults" / "plant.py")


def planted(script: ModuleType, folder: Path, old: str, new: str) -> tuple[int, list[object]]:
    """Exit code of the script for one fault, and what it wrote."""
    faults, out = folder / "faults.toml", folder / "out.json"
    faults.write_text(LIST.format(name="planted", old=old, new=new), encoding="utf-8")
    status = script.main(["--list", str(faults), "--out", str(out)])
    return status, json.loads(out.read_text(encoding="utf-8")) if out.exists() else []


def test_a_fault_is_caught(script: ModuleType, tmp_path: Path) -> None:
    status, (outcome,) = planted(script, tmp_path, FISCAL, "shift = (12 - starts) % 12")
    assert status == 0
    assert isinstance(outcome, dict)
    assert outcome["verdict"] == "caught"
    assert outcome["caught_by"].startswith("tests/test_months.py::")


def test_a_harmless_change_survives(script: ModuleType, tmp_path: Path) -> None:
    status, (outcome,) = planted(script, tmp_path, FISCAL, "shift = (1 - starts) % 12")
    assert status == 1
    assert isinstance(outcome, dict)
    assert (outcome["verdict"], outcome["caught_by"]) == ("survived", "")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("shift = (14 - starts) % 12", "shift = 0", "has its old text 0 times"),
        ("12", "11", "times, not once"),
        (FISCAL, "shift = (", "was never closed"),
        ("import re", "import no_such_module as re", "no_such_module"),
    ],
    ids=["gone", "many", "no Python", "no module"],
)
def test_a_stale_or_broken_fault_is_an_error_of_the_list(
    script: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    old: str,
    new: str,
    said: str,
) -> None:
    status, outcomes = planted(script, tmp_path, old, new)
    assert status == 2
    assert not outcomes
    assert said in capsys.readouterr().err


def test_the_list_is_true_of_the_code(script: ModuleType) -> None:
    """Who changes a line that a fault changes, changes the fault too: ``faults/data``."""
    faults, by_room = script.read_faults(ROOT / "faults" / "data" / "faults.toml")
    assert len(faults) >= 60
    for fault in faults:
        script.planted(fault, script.PACKAGE)
        assert fault.why
        assert fault.old != fault.new
        runs = (*fault.tests, *script.tests_of(fault, by_room))
        assert all(
            (ROOT / test.partition("::")[0]).exists() for run in runs for test in run.split()
        )
