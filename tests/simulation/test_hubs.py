"""Hubs: how many they call, in which order, and where most room is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agreement.agreeing import FastRun
from hvsim.simulation import screening
from hvsim.simulation.plan import make_plan
from hvsim.simulation.state import NEVER, WAITING
from hvsim.simulation.system import System
from reference.hamlet import everybody, families, system
from simulation.running import by_family
from simulation.test_invariants import load_by_hand, phases

ALL_REFERRED = (
    "doors.agency=null",
    "doors.hospital.share_of_births=1",
    "doors.hospital.share_log_odds={}",
    "hubs.intake.reaches=1",
    "hubs.intake.reaches_log_odds={}",
)


@pytest.mark.parametrize(("scale", "months"), [(1.0, 0), (0.5, 2)])
def test_a_hub_calls_those_who_came_first_and_no_more_than_it_can(
    scale: float, months: int
) -> None:
    scenario = system(
        *ALL_REFERRED, "hubs.intake.families_per_month=7", f"hubs.intake.months={months}"
    )
    called = []
    since: dict[int, int] = {}
    for model in phases(scenario, everybody(scenario, 10), 4, scale):
        now = model.state.waiting["since"][:, 0]
        if model.phase == "screening":
            queue = {int(i): int(now[i]) for i in np.flatnonzero(now < NEVER)}
            assert sorted(queue) == sorted(model.hubs[0].queue.tolist())
            left = sorted(since.keys() - queue.keys())
            called.append(len(left))
            late = [month for i, month in queue.items() if i in since]
            assert not left or not late or max(since[i] for i in left) <= min(late)
            assert all(model.t - since[i] >= months for i in left)
            since = queue
    # Families who die or move are none here; those called in the month of joining are not seen.
    most = 7 if scale == 1 else 4
    assert max(called) == most if months else max(called) <= most
    assert sum(called) > 50


def test_each_family_referred_is_reached_once_and_offered_by_the_hub_alone() -> None:
    scenario = system(*ALL_REFERRED, "hubs.intake.families_per_month=1000", "doors.home=null")
    run = FastRun(scenario, everybody(scenario, 4), 4)
    start = scenario.start
    reached = 0
    for events in by_family(run.trace).values():
        at = {label: month for month, label in events if month >= start}
        if "referred/hospital" not in at or at["referred/hospital"] > scenario.end:
            continue
        assert at["reached/hospital"] == at["referred/hospital"] + 1
        offers = [m for m, label in events if label.startswith("offered/hospital") and m >= start]
        assert set(offers) <= {at["reached/hospital"]}
        reached += 1
    assert reached > 20


def test_nobody_who_moved_is_called() -> None:
    delay = 3
    scenario = system(
        *ALL_REFERRED,
        f"hubs.intake.months={delay}",
        "hubs.intake.families_per_month=1000",
        "outcomes.move={label: move, unit: moves, kind: ending, ends: residence, per_month: 0.1}",
    )
    lost = 0
    for events in by_family(FastRun(scenario, everybody(scenario, 12), 4).trace).values():
        at = {label: month for month, label in events}
        moved, referred = at.get("move", NEVER), at.get("referred/hospital", -NEVER)
        assert at.get("reached/hospital", 0) <= moved
        lost += referred <= moved < referred + delay
    assert lost > 20


def choice(hill: int, both: int, *overrides: str) -> tuple[str, list[int]]:
    """Provider of a family of the hill that a hub calls, and the teams' room after that."""
    scenario = system(*ALL_REFERRED, "programs.parents.accepts=1", *overrides)
    plan = make_plan(scenario, 1.0)
    columns = replace(families([scenario.start]), region=np.zeros(1, np.int16))
    model = System(plan, columns, seed=1)
    teams = [list(plan.providers).index(name) for name in ("hill-parents", "both-parents")]
    room = np.zeros(len(plan.providers), np.int64)
    room[teams] = hill, both
    t = plan.first + 1
    model.state.waiting[0, 0] = (t, list(plan.doors).index("hospital"))
    screening.call(
        np.zeros(1, np.int64),
        0,
        t,
        room,
        model.seed,
        model.tally,
        model.state,
        model.offers,
        model.services,
    )
    path = model.state.paths[0, plan.tracks.index("intensive")]
    assert path["state"] == WAITING
    return list(plan.providers)[path["provider"]], room[teams].tolist()


def test_the_team_with_most_room_takes_the_family() -> None:
    assert choice(24, 25) == ("both-parents", [24, 23])
    assert choice(25, 24) == ("hill-parents", [23, 24])
    assert choice(-5, -4) == ("both-parents", [-5, -6])


def test_ties_of_room_go_to_the_first_team() -> None:
    assert choice(24, 24) == ("hill-parents", [22, 24])


def test_a_team_that_does_not_serve_the_region_has_no_room() -> None:
    here = "providers.hill-parents.regions=[dale]"
    assert choice(90, 10, here) == ("both-parents", [90, 8])


def test_room_is_what_neither_service_nor_those_who_wait_will_take() -> None:
    scenario = system(*ALL_REFERRED)
    in_queues = 0
    for model in phases(scenario, everybody(scenario, 10), 4, 1.0):
        if model.phase != "contacts":  # hubs look at room after it
            continue
        month, room = model.t + 1, model.care.room()
        for provider in model.providers:
            path = model.state.paths[provider.roster, provider.track]
            served = (path["begin"] <= month) & (month < path["finish"])
            staying, queue = provider.roster[served].tolist(), provider.queue.tolist()
            load = sum(load_by_hand(model, provider, i, month) for i in staying)
            load += sum(load_by_hand(model, provider, i, month, begin=month) for i in queue)
            assert room[provider.position] == provider.capacity - load
            in_queues += len(queue)
    assert in_queues > 100
