"""Ledgers made up for tests, which conserve what a real one conserves."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hvsim.execution.describing import EFFECT_SETS
from hvsim.months import parse_month
from hvsim.randomness import generator
from hvsim.runs import Effects, Labeled, Manifest, Measure, Program, ScenarioNote
from hvsim.simulation.ledger import (
    CAPACITY_MEASURES,
    DOOR_TRANSITIONS,
    PROGRAM_TRANSITIONS,
    SPENDING,
    FamilyRecord,
    IntArray,
    Ledger,
)

HARBOR = Path(__file__).parent / "harbor"
GROUPS = (
    ("all", "all"),
    ("region", "north"),
    ("region", "south"),
    ("payer", "medicaid"),
    ("payer", "other-payer"),
)
MEASURES = ("harm", "depression", "depression-recovery")
MONTHS = 18


def made_up(
    scenario: str = "today", draw: int = 0, seed: int = 1, families: int = 400, fewer: float = 0.0
) -> Ledger:
    """A ledger whose counts are at random, `fewer` of its families' events left out."""
    rng = generator(seed, "ledger")

    def grouped(*shape: int) -> IntArray:
        """Counts by month and group: north and south, or the payers, make up all."""
        north, south = rng.integers(0, 9, (2, *shape, MONTHS))
        everyone = north + south
        medicaid = rng.integers(0, everyone + 1)
        groups = [everyone, north, south, medicaid, everyone - medicaid]
        return np.stack(groups, axis=-1).astype(np.int64)

    received = rng.integers(1_000_00, 9_000_00, (2, MONTHS))
    cells = 2 * len(SPENDING)
    share = rng.dirichlet(np.ones(cells + 1), (2, MONTHS))[:, :, :cells].transpose(0, 2, 1)
    spent = np.floor(received[:, None, :] * share).astype(np.int64).reshape(2, 2, -1, MONTHS)
    events = rng.poisson(0.4, (families, len(MEASURES)))
    left_out = rng.random(events.shape) < fewer
    return Ledger(
        scenario=scenario,
        seed=seed,
        scale=1.0,
        draw=draw,
        first_month=parse_month("2024-07"),
        fiscal_year_starts=7,
        groups=GROUPS,
        doors=("hospital", "clinic"),
        programs=("light", "intensive"),
        providers=("light-team", "north-team", "south-team"),
        provider_programs=(0, 1, 1),
        streams=("county", "grant"),
        stream_payers=("county", "federal"),
        measures=MEASURES,
        measure_units=("episodes", "onsets", "recoveries"),
        births=grouped(),
        door_funnel=grouped(2, len(DOOR_TRANSITIONS)),
        funnel=grouped(2, 2, len(PROGRAM_TRANSITIONS)),
        outcomes=grouped(len(MEASURES), 3),
        capacity=rng.integers(0, 90, (3, len(CAPACITY_MEASURES), MONTHS)),
        received=received,
        lapsed=received - spent.sum(axis=(1, 2)),
        spent=spent,
        families=FamilyRecord(
            id=np.arange(1, families + 1, dtype=np.uint64),
            events=np.where(left_out, 0, events).astype(np.uint16),
            enrolled=rng.random((families, 2)) < 0.3,
            contacted=rng.random(families) < 0.6,
        ),
    )


def manifest(*scenarios: str, baseline: str | None = None, draws: int = 1) -> Manifest:
    """The manifest of made-up runs."""
    return Manifest(
        status="running",
        command="run" if baseline is None else "compare",
        place="Harbor County",
        start="2024-07",
        end="2025-06",
        follow_up_months=6,
        fiscal_year_starts=7,
        price_year=2024,
        baseline=baseline,
        scenarios=tuple(
            ScenarioNote(
                name=name,
                title=f"The {name} system",
                question="",
                sha256="0" * 64,
                programs=(
                    Program(name="light", label="Light visits", track="light"),
                    Program(name="intensive", label="Intensive visits", track="intensive"),
                ),
                doors=(Labeled(name="hospital", label="Hospitals"),),
                streams=(
                    Labeled(name="county", label="County"),
                    Labeled(name="grant", label="Grant"),
                ),
                regions=(Labeled(name="north", label="North"),),
            )
            for name in scenarios
        ),
        draws=tuple(
            Effects(draw=place, effects=name) for place, name in enumerate(EFFECT_SETS[:draws])
        ),
        seed=1,
        seeds=(1,),
        scale=1.0,
        uncertainty=("chance",),
        measures=(
            Measure(name="harm", label="Harm", unit="episodes", kind="harm"),
            Measure(name="depression", label="Depression", unit="onsets", kind="state"),
            Measure(
                name="depression-recovery", label="Recovery", unit="recoveries", kind="recovery"
            ),
        ),
        left_out=(),
        versions={"python": "3"},
        evidence_sha256="0" * 64,
    )
