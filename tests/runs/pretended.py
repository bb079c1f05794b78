"""A run folder with draws of parameters whose results are made up: nothing is simulated."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from unittest.mock import patch

from execution.drawn_run import scenarios
from hvsim.economics import load_prices
from hvsim.execution import Draws, compare
from hvsim.runs import Run
from hvsim.runs.evaluating import Evaluation, Question, evaluate, store
from hvsim.scenario import Scenario
from hvsim.simulation.ledger import Ledger
from runs.ledgers import made_up
from runs.test_valuing import PRICES

_FOLDER = tempfile.TemporaryDirectory(prefix="hvsim-pretended-")
DRAWS, SEED = 24, 5


def _made_up(scenario: Scenario, *, seed: int, draw: int = 0, **_: object) -> Ledger:
    """Counts at random, others for each scenario, replicate and draw."""
    number = sum(map(ord, scenario.name)) * 10_000 + seed * 100 + draw
    return made_up(scenario.name, draw, number)


@cache
def pretended() -> tuple[Run, Evaluation]:
    """Harbor County under 24 draws and two replicates, and its evaluation."""
    first, *others = scenarios("also_at=null")  # ledgers made up count at one age
    out, prices = Path(_FOLDER.name) / "out", Path(_FOLDER.name) / "prices.yaml"
    prices.write_text(PRICES, encoding="utf-8")
    rooms = ("hvsim.execution.blocks", "hvsim.execution.running")
    with (
        patch(f"{rooms[0]}.simulate", _made_up),
        patch(f"{rooms[1]}.simulate", _made_up),
        patch(f"{rooms[0]}.families_of"),
        patch(f"{rooms[1]}.families_of"),
    ):
        run = compare(
            first,
            others,
            out,
            draws=Draws(DRAWS),
            seed=SEED,
            replicates=2,
            prices=load_prices(prices),
        )
    found = evaluate(run, Question())
    store(run, found)
    return run, found
