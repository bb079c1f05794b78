"""Every benchmark runs, at a size that says nothing about speed, and tells what it promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
SMALL = "examples/1-first-steps"
TINY = ["--sizes", "2000", "--middle", "2000", "--plain", "30", "--workers", "1000"]
TINY += ["--times", "1", "--scenario", SMALL]

pytestmark = pytest.mark.slow


def run(script: str, *arguments: str) -> str:
    command = [sys.executable, str(BENCHMARKS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def told(part: str, folder: Path) -> tuple[str, dict[str, Any]]:
    """Table and figures of one part of `make bench`."""
    out = folder / "new" / "bench.json"
    table = run("bench.py", *TINY, "--only", part, "--out", str(out))
    found = json.loads(out.read_text("utf-8"))
    assert set(found) == {"versions", "calibration_ns", part}
    assert {"hvsim", "numba", "numpy", "python"} <= set(found["versions"])
    assert found["calibration_ns"] > 0
    return table, found[part]


def test_sizes_are_timed_phase_by_phase(tmp_path: Path) -> None:
    table, found = told("sizes", tmp_path)
    (row,) = found["rows"]
    assert 1500 < row["families"] < 3000
    assert f"{row['families']:,}" in table
    assert sum(row["phases_ns"].values()) == pytest.approx(row["ns_per_family_month"])
    assert row["user_ns"] + row["system_ns"] == pytest.approx(row["ns_per_family_month"])


def test_variants_differ_as_they_should(tmp_path: Path) -> None:
    _, found = told("variants", tmp_path)
    assert found["two"]["threads"] == 2
    assert found["two"]["family_months"] == found["base"]["family_months"]
    assert found["long"]["family_months"] > 3 * found["base"]["family_months"]


def test_engine_and_reference_stand_side_by_side(tmp_path: Path) -> None:
    table, found = told("plain", tmp_path)
    assert found["times"] == pytest.approx(found["plain_ns"] / found["engine_ns"])
    assert found["plain_families"] < 100
    assert "times as fast as the reference" in table


def test_columns_and_engine_count_the_same(tmp_path: Path) -> None:
    _, found = told("columns", tmp_path)
    (row,) = found["rows"]
    assert row["totals_compared"] > 50
    assert abs(row["largest_difference_in_errors"]) <= 4.5


def test_commands_are_timed_from_start_to_finish(tmp_path: Path) -> None:
    table, found = told("start_up", tmp_path)
    assert set(found["commands"]) == {"--help", "check", "run", "run, 2 threads"}
    assert all(took["warm"]["user"] > 0 for took in found["commands"].values())
    assert "cold" not in table


def test_runs_in_one_process_are_timed(tmp_path: Path) -> None:
    _, found = told("worker", tmp_path)
    (row,) = found["rows"]
    assert row["processor_minutes_of_1000_draws"] == pytest.approx(
        sum(row["same_families"][what] for what in ("user", "system")) * 1000 / 60
    )


def test_common_luck_saves_variance(tmp_path: Path) -> None:
    _, found = told("luck", tmp_path)
    assert found["outcomes"]
    assert all(row["measured"] < 1 for row in found["outcomes"].values())


def test_scales_are_compared() -> None:
    small = str(ROOT / "scenarios" / f"{SMALL}.yaml")
    table = run("scale_bias.py", "--scenarios", small, "--scales", "0.5", "--seeds", "1")
    assert "enrolled" in table


def test_a_birth_file_is_timed() -> None:
    assert "families" in run("birth_file.py", "--births", "500", "--others", "3")
