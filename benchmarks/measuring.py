"""What benchmarks share: clocks, the machine, a process for each measurement.

Times are processor time, user and system apart: the machine may do other work beside, and a virtual
one may take seconds to hand over memory that it has never used. As much memory as a measurement
needs is therefore touched once, by another process, before it begins.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
BYTES_PER_FAMILY = 2048
"""Rather more than a run needs."""


class Seconds(NamedTuple):
    """Processor time, user and system, and what the clock on the wall says."""

    user: float
    system: float
    wall: float

    @property
    def processor(self) -> float:
        return self.user + self.system


def now(of: int = resource.RUSAGE_SELF) -> Seconds:
    """Time used so far by this process, or by its children that have ended."""
    used = resource.getrusage(of)
    return Seconds(used.ru_utime, used.ru_stime, time.perf_counter())


def since(start: Seconds, of: int = resource.RUSAGE_SELF) -> Seconds:
    """Time used since `start`."""
    return Seconds(*(b - a for a, b in zip(start, now(of), strict=True)))


def peak_mib() -> float:
    """Most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def calibration_ns() -> float:
    """Nanoseconds for one step of a loop of plain Python arithmetic: how fast is this machine?"""
    best = float("inf")
    for _ in range(5):
        start, x = time.process_time(), 0
        for i in range(1_000_000):
            x ^= i * 7
        best = min(best, (time.process_time() - start) * 1e3)
    return best


def versions() -> dict[str, str]:
    """Of what the figures depend on."""
    packages = ("hvsim", "mesa", "numba", "numpy")
    found = {package: importlib.metadata.version(package) for package in packages}
    return {"python": platform.python_version(), "machine": platform.machine()} | found


def touch(families: int) -> None:
    """Let the machine hand over as much memory as so many families need."""
    code = f"import numpy; numpy.ones({families * BYTES_PER_FAMILY}, numpy.uint8)"
    subprocess.run([sys.executable, "-c", code], check=True)


def tell(figures: dict[str, Any]) -> None:
    """Print the figures of this process for `in_process`, and how fast the machine was then."""
    print(json.dumps(figures | {"calibration_ns": calibration_ns()}, indent=2))


def in_process(script: str, *arguments: str | int) -> dict[str, Any]:
    """Figures of a script of this folder, run in a fresh process."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures
