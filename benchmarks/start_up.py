"""How long commands take from start to finish: warm, and cold with nothing compiled yet.

    python benchmarks/start_up.py [--scenario la-county/universal-targeted] [--scale 20%] [--cold]

Processor time of one process, and wall time; warm the least of some. A cold run compiles
everything, which takes minutes. Prints JSON.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from typing import Any

from measuring import now, since, tell
from sizing import FULL, SCENARIOS


def timed(arguments: list[str], cache: str | None) -> dict[str, float]:
    """Seconds of ``hvsim ARGUMENTS``; `cache` is the folder of compiled code, if not the usual."""
    environment = os.environ | ({} if cache is None else {"HVSIM_CACHE": cache})
    # Warm is also Python's own compiled code, which some machines are told not to keep.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "hvsim", *arguments]
    start = now(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return since(start, resource.RUSAGE_CHILDREN)._asdict()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default=FULL)
    parser.add_argument("--scale", default="20%")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--cold", action="store_true")
    options = parser.parse_args()
    scenario = str(SCENARIOS / f"{options.scenario}.yaml")
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        run = ["run", scenario, "--scale", options.scale, "--out", f"{folder}/run", "--overwrite"]
        commands = {
            "--help": ["--help"],
            "check": ["check", scenario],
            "run": [*run, "--threads", "1"],
            "run, 2 threads": [*run, "--threads", "2"],
        }
        for name, arguments in commands.items():
            found = [timed(arguments, None) for _ in range(options.times)]
            figures[name] = {"warm": min(found, key=lambda took: took["user"] + took["system"])}
        if options.cold:
            for name in ("--help", "check", "run"):
                figures[name]["cold"] = timed(commands[name], f"{folder}/compiled for {name}")
    tell({"scenario": options.scenario, "scale": options.scale, "commands": figures})


if __name__ == "__main__":
    main()
