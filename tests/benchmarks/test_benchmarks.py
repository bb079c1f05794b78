"""Every benchmark runs, at a size that says nothing about speed, and gives what it promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
SMALL = ROOT / "scenarios" / "examples" / "1-first-steps.yaml"


def run(script: str, *arguments: str) -> str:
    command = [sys.executable, str(BENCHMARKS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def figures(script: str, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(script, *arguments))
    assert found["calibration_ns"] > 0
    return found


@pytest.mark.slow
def test_the_engine_is_timed_phase_by_phase_on_threads() -> None:
    found = figures("engine.py", "--families", "2000", "--threads", "2")
    assert 1500 < found["families"] < 3000
    assert sum(found["phases_ns"].values()) == pytest.approx(found["ns_per_family_month"])
    total = found["user_ns"] + found["system_ns"]
    assert total == pytest.approx(found["ns_per_family_month"])


@pytest.mark.slow
def test_engine_and_reference_are_timed_side_by_side() -> None:
    found = figures("plain.py", "--families", "2000", "--plain", "30")
    assert found["times"] == pytest.approx(found["plain_ns"] / found["engine_ns"])
    assert found["plain_families"] < 100


@pytest.mark.slow
def test_columns_and_engine_count_the_same() -> None:
    found = figures("beside_columns.py", "--families", "20000")
    assert found["totals_compared"] > 50
    assert abs(found["largest_difference_in_errors"]) <= 4.5


@pytest.mark.slow
def test_commands_are_timed_from_start_to_finish() -> None:
    found = figures("start_up.py", "--warm", "--scenario", str(SMALL), "--scale", "10%")
    assert set(found["commands"]) == {"--help", "check", "run, 1 thread", "run, 2 threads"}
    assert all(0 < took["warm"]["user"] for took in found["commands"].values())


@pytest.mark.slow
def test_runs_in_one_process_are_timed() -> None:
    found = figures("worker.py", "--families", "1000", "--runs", "2")
    assert found["first_seconds"] > 0 < found["same_families"]["user"]


@pytest.mark.slow
def test_common_luck_saves_variance() -> None:
    outcomes = figures("luck.py", "--families", "2000")["outcomes"]
    assert outcomes
    assert all(row["measured"] < 1 for row in outcomes.values())


@pytest.mark.slow
def test_all_are_told_in_one_table_and_one_file(tmp_path: Path) -> None:
    out = tmp_path / "new" / "bench.json"
    sizes = ["--sizes", "1000", "--middle", "1000", "--workers", "1000"]
    told = run("bench.py", *sizes, "--only", "sizes", "threads", "worker", "--out", str(out))
    assert "ns of processor time per family-month" in told
    written = json.loads(out.read_text("utf-8"))
    assert {"versions", "calibration_ns", "sizes", "threads", "worker"} == set(written)
    assert {"hvsim", "numba", "numpy", "python"} <= set(written["versions"])


@pytest.mark.slow
def test_scales_are_compared() -> None:
    told = run("scale_bias.py", "--scenarios", str(SMALL), "--scales", "0.5", "--seeds", "1")
    assert "enrolled" in told


@pytest.mark.slow
def test_a_birth_file_is_timed() -> None:
    assert "families" in run("birth_file.py", "--births", "500", "--others", "3")
