"""What the tests of invariants share: scenarios, runs and ways to look at them."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from agreement.agreeing import Event, FastRun
from agreement.generating import families as any_families
from agreement.generating import generated
from hvsim.scenario import Scenario
from hvsim.simulation.ledger import Ledger
from reference.hamlet import expansion, today

HAMLET = Path(__file__).parents[1] / "reference"
BOTH = pytest.mark.parametrize("scenario", [today(), expansion()], ids=["today", "expansion"])
NUMBERS = st.integers(0, 10**6)
FEW = settings(max_examples=8)
NO_OFFERS = tuple(f"programs.{program}.offer_to=nobody" for program in today().programs)


@cache
def at_random(number: int) -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        return generated(number, Path(folder))


def random_run(number: int, scale: float = 1.0, threads: int = 1) -> FastRun:
    scenario = at_random(number)
    return FastRun(scenario, any_families(number, scenario), number, scale, threads)


def outcomes_of(trace: Iterable[Event]) -> list[Event]:
    """What happened to families apart from their way through the system."""
    return [event for event in trace if "/" not in event[2]]


def by_family(trace: Iterable[Event]) -> dict[int, list[tuple[int, str]]]:
    events = defaultdict(list)
    for family, month, label in trace:
        events[family].append((month, label))
    return events


def same_ledger(one: Ledger, other: Ledger) -> bool:
    """Whether every count of two runs is the same."""
    records = [(ledger.families, ledger) for ledger in (one, other)]
    return all(
        np.array_equal(getattr(ours, part.name), getattr(theirs, part.name))
        for ours, theirs in zip(*records, strict=True)
        for part in fields(ours)
        if part.name != "families"
    )
