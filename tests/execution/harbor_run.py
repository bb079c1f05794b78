"""The comparison that several tests read: run once, in a folder of its own."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from hvsim.execution import Draws, compare
from hvsim.reporting.reporting import report
from hvsim.runs import Run
from hvsim.scenario import load_scenario
from runs.ledgers import HARBOR

STRUCTURES = Path(__file__).parents[1] / "uncertainty" / "structures.yaml"
_FOLDER = tempfile.TemporaryDirectory(prefix="hvsim-harbor-")


@cache
def harbor() -> Run:
    """Harbor County: today's system against two others and against itself, structures, page."""
    folder = Path(_FOLDER.name)
    copy = folder / "today-again.yaml"
    copy.write_text(
        f"extends: {HARBOR / 'today.yaml'}\ntitle: Today again\n"
        f"warm_start: {{months: 12, under: {HARBOR / 'today.yaml'}}}\n"
    )
    files = [HARBOR / "universal.yaml", HARBOR / "targeted.yaml", copy]
    run = compare(
        load_scenario(HARBOR / "today.yaml"),
        [load_scenario(file) for file in files],
        folder / "out",
        draws=Draws(structures=STRUCTURES),
        seed=3,
    )
    report(run.folder)
    return run
