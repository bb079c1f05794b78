"""Shipped examples and places, run: a program and an outcome of one's own take YAML alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from hvsim.scenario import load_scenario, with_effects
from hvsim.simulation import simulate
from hvsim.simulation.ledger import CAPACITY_MEASURES, EVENTS, PROGRAM_TRANSITIONS, Ledger

SCENARIOS = Path(__file__).parents[2] / "scenarios"
EXAMPLES = sorted((SCENARIOS / "examples").glob("*.yaml"))
OWN = SCENARIOS / "examples" / "3-own-program.yaml"
SOURCES = Path(__file__).parents[2] / "src"


@cache
def ledger(path: Path, *overrides: str) -> Ledger:
    return simulate(load_scenario(path, overrides), seed=1)


def events(run: Ledger, measure: str) -> int:
    return int(run.outcomes[run.measures.index(measure), EVENTS, :, 0].sum())


def funnel(run: Ledger, program: str, transition: str) -> int:
    p, k = run.programs.index(program), PROGRAM_TRANSITIONS.index(transition)
    return int(run.funnel[:, p, k, :, 0].sum())


def test_nothing_in_the_code_knows_the_example() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    names = ("library-evenings", "asthma", "smoke-free", "family-line", "illinois", "Illinois")
    assert [name for name in names if name in code] == []


def test_a_program_and_outcomes_of_ones_own() -> None:
    """Two hundred families join; those who come have fewer attacks and more smoke-free homes.

    With an effect beyond any doubt, as the example's own is within chance at this size.
    """
    strong = (
        "programs.library-evenings.effects.asthma-attack.hazard_ratio=0.05",
        "programs.library-evenings.effects.smoke-free-home.odds_ratio=50",
        "funding.library-friends.per_year=3.6 M USD",
    )
    with_it = ledger(OWN, *strong)
    without = simulate(with_effects(load_scenario(OWN, strong), "zero"), seed=1)
    joined = funnel(with_it, "library-evenings", "enrolled")
    assert joined > 200
    assert 2 * joined < funnel(with_it, "library-evenings", "visits-completed") <= 12 * joined
    attacks, before = (events(run, "asthma-attack") for run in (with_it, without))
    assert 0 < attacks < 0.97 * before
    assert events(with_it, "school-days-lost") > 1.8 * attacks  # 2.5 on average
    homes, homes_before = (events(run, "smoke-free-home") for run in (with_it, without))
    assert homes > homes_before
    # Of children born in the reported two years 85 percent, without service.
    at_two = without.outcomes[without.measures.index("smoke-free-home"), EVENTS, 24:48, 0].sum()
    assert 0.82 < at_two / without.births[:24, 0].sum() < 0.88


def test_what_the_program_does_not_touch_stays_as_it_is() -> None:
    without = "programs.library-evenings.effects.asthma-attack=null"
    with_it, gone = ledger(OWN), ledger(OWN, without)
    assert events(with_it, "ed-visit") == events(gone, "ed-visit")
    assert events(with_it, "asthma-attack") < events(gone, "asthma-attack")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_run_and_serve(path: Path) -> None:
    run = ledger(path)
    for program in run.programs:
        assert funnel(run, program, "visits-completed") > 0
    assert (run.spent.sum() + run.lapsed.sum()) <= run.received.sum() + run.received.sum() // 10


def test_the_hub_of_the_example_brings_families_whom_the_hospital_alone_misses() -> None:
    first, hub = (ledger(path) for path in EXAMPLES[:2])
    assert {"wic-clinic", "caseworker"} <= set(hub.doors)
    by_door = hub.funnel[:, :, PROGRAM_TRANSITIONS.index("enrolled"), :, 0].sum(axis=(1, 2))
    assert (by_door[[hub.doors.index(door) for door in ("wic-clinic", "caseworker")]] > 0).all()
    assert set(first.doors) == {"county-hospital"}


def test_money_that_ends_leaves_fewer_visitors() -> None:
    run = ledger(EXAMPLES[3])
    end = (2026 * 12 + 6) - run.first_month  # the grant's last month is June 2026
    r, visitors = run.providers.index("family-center"), CAPACITY_MEASURES.index("visitors")
    before, after = run.capacity[r, visitors, end - 1], run.capacity[r, visitors, end]
    assert after < 0.8 * before


def test_illinois_meets_families_through_child_welfare() -> None:
    scenario = load_scenario(SCENARIOS / "illinois" / "today.yaml")
    run = simulate(scenario, seed=1, scale=0.1)
    d = run.doors.index("intact-family-services")
    enrolled = run.funnel[:, :, PROGRAM_TRANSITIONS.index("enrolled"), :, 0].sum(axis=(1, 2))
    assert 0 < enrolled[d] < 0.5 * enrolled.sum()
    assert np.count_nonzero(run.capacity[:, 1].max(axis=1)) == len(run.providers)  # all serve
