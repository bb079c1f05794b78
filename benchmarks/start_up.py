"""How long commands take from start to finish: warm, and cold with nothing compiled yet.

    python benchmarks/start_up.py [--warm] [--scenario FILE] [--scale 20%]

Processor time of one process each, and wall time. A cold run compiles everything, for minutes;
``--warm`` leaves it out. Prints JSON.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring import now, since, tell

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "scenarios" / "la-county" / "universal-targeted.yaml"


def timed(arguments: list[str], cache: str | None) -> dict[str, float]:
    """Seconds of ``hvsim ARGUMENTS``; `cache` is the folder of compiled code, if not the usual."""
    environment = os.environ | ({} if cache is None else {"HVSIM_CACHE": cache})
    command = [sys.executable, "-m", "hvsim", *arguments]
    start = now(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return since(start, resource.RUSAGE_CHILDREN)._asdict()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warm", action="store_true", help="leave out cold starts")
    parser.add_argument("--scenario", default=str(SCENARIO))
    parser.add_argument("--scale", default="20%")
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        run = ["run", options.scenario, "--scale", options.scale, "--out", f"{folder}/run"]
        run.append("--overwrite")
        commands = {
            "--help": ["--help"],
            "check": ["check", options.scenario],
            "run, 1 thread": [*run, "--threads", "1"],
            "run, 2 threads": [*run, "--threads", "2"],
        }
        for name, arguments in commands.items():
            timed(arguments, None)
            figures[name] = {"warm": timed(arguments, None)}
        if not options.warm:
            for number, (name, arguments) in enumerate(commands.items()):
                if name != "run, 2 threads":  # which compiles the same
                    figures[name]["cold"] = timed(arguments, f"{folder}/compiled-{number}")
    tell({"scenario": Path(options.scenario).stem, "scale": options.scale, "commands": figures})


if __name__ == "__main__":
    main()
