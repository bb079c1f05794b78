"""Scarce places go to who comes first in the order that the program states."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest

from hvsim.simulation.plan import make_plan
from hvsim.simulation.state import State
from hvsim.simulation.system import System
from reference.hamlet import everybody, today


def pairs(priority: str, rank: Callable[[State, int, int], float]) -> Iterator[tuple[float, float]]:
    """By provider and month, the last rank among the enrolled and the first of who still waits."""
    scenario = today(f"programs.parents.priority={priority}", "doors.hospital.consents=60%")
    system = System(make_plan(scenario, 1.0), everybody(scenario, 10), seed=3)
    try:
        for month in range(system.plan.months):
            system.step()
            for provider in system.providers:
                if list(system.plan.programs)[provider.program] != "parents":
                    continue
                k, state = provider.track, system.state
                new = [i for i in provider.roster if state.paths[i, k]["begin"] == month + 1]
                left = provider.queue.tolist()
                if new and left:
                    yield max(rank(state, i, k) for i in new), min(rank(state, i, k) for i in left)
    finally:
        system.close()


def by_score(state: State, i: int, track: int) -> float:
    """Highest score first, not screened last."""
    person = state.people[i]
    return -float(person["score"]) if person["screened"] else math.inf


def by_date(state: State, i: int, track: int) -> float:
    return float(state.paths[i, track]["since"])


@pytest.mark.parametrize(
    ("priority", "rank"), [("highest-score", by_score), ("first-come", by_date)]
)
def test_who_waits_on_comes_after_all_who_enroll(
    priority: str, rank: Callable[[State, int, int], float]
) -> None:
    found = list(pairs(priority, rank))
    assert len(found) > 3
    assert len({last for last, _ in found}) > 1
    assert all(last <= first for last, first in found)
