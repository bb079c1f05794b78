"""A comparison with as many draws as an evaluation needs, with its page: run once."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from execution.drawn_run import scenarios
from hvsim.execution import Draws, compare
from hvsim.reporting.reporting import report
from hvsim.runs import Run
from hvsim.runs.evaluating import Evaluation, Question, evaluate, store

_FOLDER = tempfile.TemporaryDirectory(prefix="hvsim-evaluated-")
DRAWS, SEED = 24, 5


@cache
def evaluated() -> tuple[Run, Evaluation]:
    """Harbor County under 24 draws and two replicates, evaluated by its own prices."""
    first, *others = scenarios()
    out = Path(_FOLDER.name) / "out"
    run = compare(first, others, out, draws=Draws(DRAWS), seed=SEED, replicates=2)
    found = evaluate(run, Question())
    store(run, found)
    report(run.folder)
    return run, found
