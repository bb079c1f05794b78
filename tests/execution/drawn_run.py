"""A comparison with draws of parameters that several tests read: run once."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from hvsim.execution import Draws, compare
from hvsim.runs import Run
from hvsim.scenario import Scenario, load_scenario
from runs.ledgers import HARBOR

_FOLDER = tempfile.TemporaryDirectory(prefix="hvsim-draws-")
DRAWS, SEED, BIRTHS = 4, 3, "population.births_per_year=240"
NUMBERS = [4, 5, 6, 7]


def scenarios(*overrides: str) -> list[Scenario]:
    names = ("today", "universal", "targeted")
    return [load_scenario(HARBOR / f"{name}.yaml", [BIRTHS, *overrides]) for name in names]


def run(out: Path, draws: Draws | None = None, **options: object) -> Run:
    first, *others = scenarios()
    settings = {"seed": SEED, "replicates": 2, "effects": ["central"]} | options
    return compare(first, others, out, draws=draws or Draws(DRAWS), **settings)  # type: ignore[arg-type]  # as they come


@cache
def drawn() -> Run:
    """Four draws of two replicates, run by this process."""
    return run(Path(_FOLDER.name) / "out")
