"""A comparison with draws, killed at random moments and resumed.

``python tests/execution/killing.py 20 FOLDER`` kills it twenty times and compares the bytes.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
HARBOR = TESTS / "runs" / "harbor"
STRUCTURES = TESTS / "uncertainty" / "structures.yaml"
JOINING = TESTS / "execution" / "joining.py"
NAMES = ("today", "universal", "targeted")


def contents(folder: Path) -> dict[str, str]:
    """Hash of every file of a run, but for the log."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "run.log.json"
    }


def arguments(out: Path, draws: int, workers: int) -> list[str]:
    files = [str(HARBOR / f"{name}.yaml") for name in NAMES]
    options = ["--set", "population.births_per_year=400", "--seed", "3", "--threads", "1"]
    many = ["--draws", str(draws), "--structures", str(STRUCTURES), "--workers", str(workers)]
    return ["compare", *files, "--out", str(out), *options, *many, "--resume"]


def begun(
    out: Path, draws: int, workers: int, killed_at: int | None = None
) -> subprocess.Popen[bytes]:
    """A session of its own, so that it is killed with nobody else.

    With `killed_at` it kills itself at that step of joining its parts.
    """
    program = ["-m", "hvsim"] if killed_at is None else [str(JOINING), str(killed_at)]
    return subprocess.Popen(
        [sys.executable, *program, *arguments(out, draws, workers)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_listen,
    )


def _listen() -> None:
    """Heed interruptions: what runs in the background of a shell is told to ignore them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def progress(out: Path) -> int:
    """Runs and draws that are in the folder, and whether they are being joined."""
    patterns = ("parts/*", "structures/parts/*", "draws/parts/*", "draws/*.parquet")
    return sum(len([*out.glob(pattern)]) for pattern in patterns)


def killed(out: Path, draws: int, workers: int, times: int, seed: int) -> list[int]:
    """Kill and resume until it is complete; what was there at each kill.

    A kill comes when some more parts than before are there, plus a moment: as a run is only
    killed after it got on, the runs come to an end, however slow the machine.
    """
    moments = random.Random(seed)  # of kills, not of the model
    seen = []
    for _ in range(times):
        run = begun(out, draws, workers)
        goal = progress(out) + moments.randint(0, 4)
        while run.poll() is None and progress(out) < goal:
            time.sleep(0.002)
        try:
            run.wait(moments.uniform(0, 0.3) + (0 if goal else moments.uniform(0, 3)))
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)  # the parent alone: its workers must end with it
            run.wait()
            seen.append(progress(out))
    last = begun(out, draws, 1)
    assert last.wait() == 0
    return seen


def main() -> None:
    times, folder = int(sys.argv[1]), Path(sys.argv[2])
    whole, broken = folder / "whole", folder / "broken"
    assert begun(whole, 24, 2).wait() == 0
    seen = killed(broken, 24, 2, times, seed=1)
    same = contents(whole) == contents(broken)
    sys.stdout.write(f"killed {len(seen)} times, with {seen} parts there; same bytes: {same}\n")
    sys.exit(not same)


if __name__ == "__main__":
    main()
