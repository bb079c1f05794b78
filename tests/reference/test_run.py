"""What must be true of any run of the reference."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from hvsim.reference import PlainRun, simulate_plainly
from hvsim.scenario import Scenario
from hvsim.simulation.ledger import WITHDRAWN
from reference.hamlet import everybody, expansion, families, system, today

RUNS = pytest.mark.parametrize("scenario", [today(), expansion()], ids=["today", "expansion"])
ALL_RUNS = pytest.mark.parametrize(
    "scenario", [today(), expansion(), system()], ids=["today", "expansion", "system"]
)
NO_DOORS = ("doors.hospital.share_of_births=0", "doors.clinic.share_of_births=0")
EXITS = ("transferred", "completed", *WITHDRAWN, "dropped-out")
LEFT_QUEUE = ("enrolled", "gave-up", "expired", "aged-out")


def run(scenario: Scenario, per_month: int = 20, seed: int = 7) -> PlainRun:
    return simulate_plainly(scenario, everybody(scenario, per_month), seed=seed)


@RUNS
def test_every_family_goes_a_possible_way(scenario: Scenario) -> None:
    ways: defaultdict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    for family, month, label in run(scenario).trace:
        if label.count("/") == 2:
            transition, _, program = label.split("/")
            ways[family, program].append((month, transition))
    for way in ways.values():
        months = defaultdict(list)
        for month, transition in way:
            months[transition].append(month)
        count = Counter(transition for _, transition in way)
        assert count["eligible"] >= count["offered"] == count["declined"] + count["waitlisted"]
        assert count["enrolled"] <= 1
        left = sum(count[transition] for transition in LEFT_QUEUE)
        ended = sum(count[transition] for transition in EXITS)
        assert left + ended >= count["waitlisted"] >= left
        assert ended <= max(1, count["waitlisted"])
        if count["enrolled"] and ended:
            (end,) = [month for exit_ in EXITS for month in months[exit_]]
            visits = months["visits-scheduled"]
            assert all(months["enrolled"][0] < month <= end for month in visits)
        assert not Counter(months["visits-completed"]) - Counter(months["visits-scheduled"])


@ALL_RUNS
def test_money_is_conserved(scenario: Scenario) -> None:
    cash = run(scenario, per_month=2).money
    for stream in {name for name, _ in cash}:
        held = 0
        for month in sorted(month for name, month in cash if name == stream):
            received, *spent, lapsed = cash[stream, month]
            held += received - sum(spent) - lapsed
            assert min(received, *spent, lapsed, held) >= 0


@ALL_RUNS
def test_no_more_families_are_served_than_capacity_allows(scenario: Scenario) -> None:
    for visitors, positions, capacity, served, *_ in run(scenario, 40).capacity.values():
        assert visitors <= positions
        assert served <= capacity


@ALL_RUNS
def test_the_order_of_families_does_not_matter(scenario: Scenario) -> None:
    columns = everybody(scenario, 15)
    shuffled = columns.chosen(np.random.Generator(np.random.Philox(1)).permutation(len(columns)))
    assert simulate_plainly(scenario, columns, seed=3) == simulate_plainly(
        scenario, shuffled, seed=3
    )


def test_the_seed_matters() -> None:
    assert run(today(), 3, seed=1) != run(today(), 3, seed=2)


def test_a_run_can_be_repeated() -> None:
    columns = everybody(today(), 10)
    assert simulate_plainly(today(), columns, seed=3) == simulate_plainly(today(), columns, seed=3)


def test_where_nobody_is_met_only_outcomes_happen() -> None:
    trace = run(today(*NO_DOORS)).trace
    assert trace
    assert not [label for _, _, label in trace if "/" in label]


def test_one_more_family_leaves_the_others_alone_where_nobody_competes() -> None:
    births = [today().start] * 50
    more = simulate_plainly(today(*NO_DOORS), families([*births, births[0]]), seed=1)
    some = families([*births, births[0]]).chosen(np.arange(50))
    fewer = simulate_plainly(today(*NO_DOORS), some, seed=1)
    known = set(some.id.tolist())
    assert [entry for entry in more.trace if entry[0] in known] == fewer.trace


def test_counts_match_closed_forms() -> None:
    plain = [
        f"outcomes.{name}.{sd}_frailty_sd=0"
        for name in ("injury", "depression")
        for sd in ("shared", "own")
    ]
    scenario = today(
        *NO_DOORS,
        *plain,
        "outcomes.injury.per_month=0.05",
        "outcomes.depression.per_month=0.1",
        "outcomes.depression.exit_per_month=0.2",
        "outcomes.depression.present_at_entry=20%",
        "outcomes.depression.log_hazard_ratios={}",
    )
    n, months = 1000, 34
    result = simulate_plainly(scenario, families([scenario.start] * n), seed=11)
    injuries = Counter(label for _, _, label in result.trace)["injury"]
    expected = n * months * 0.05
    assert injuries == pytest.approx(expected, abs=4 * math.sqrt(expected))

    # An onset needs the intensity of a month and shows from the next: a two-state chain.
    onset, exit_ = 1 - math.exp(-0.1), 1 - math.exp(-0.2)
    share = 0.2
    for month in range(months):
        now = result.months_in_state["depression", scenario.start - 4 + month]
        assert now == pytest.approx(n * share, abs=4.5 * math.sqrt(n * share * (1 - share)))
        share += (1 - share) * onset - share * exit_


def test_full_service_lowers_harm_by_its_ratio() -> None:
    certain = (
        "doors.hospital.share_of_births=1",
        "programs.parents.offer_to=nobody",
        "programs.nurses.offer_to=nobody",
        "doors.hospital.share_log_odds={}",
        "programs.light.accepts=1",
        "programs.light.visits_completed=1",
        "programs.light.leaves_per_month=0",
        "programs.light.staff.turnover_per_year=0",
        "programs.light.fade_half_life=null",
        "programs.light.effects.injury.hazard_ratio=0.6",
        "programs.light.effects.injury.mean_dose=1",
        "programs.light.levels=[{from_age: 0, until_age: 9, visits: 9, load: 1}]",
        "funding.county.per_year=60 M USD",
        "outcomes.injury.per_month=0.1",
        "outcomes.injury.shared_frailty_sd=0",
    )
    scenario = today(*certain)
    columns = families([scenario.start] * 300)
    injuries = {
        name: Counter(
            label
            for _, month, label in simulate_plainly(variant, columns, seed=2).trace
            if month > scenario.start
        )["injury"]
        for name, variant in (("served", scenario), ("alone", today(*certain, *NO_DOORS)))
    }
    expected = 300 * 29 * 0.1
    assert injuries["alone"] == pytest.approx(expected, abs=4 * math.sqrt(expected))
    assert injuries["served"] == pytest.approx(0.6 * expected, abs=4 * math.sqrt(expected))


def test_every_kind_of_organization_is_at_work() -> None:
    happened = Counter(label for _, _, label in run(system(), 40).trace)
    for label in (
        "contacted/wic",
        "contacted/agency",
        "contacted/home",
        "referred/hospital",
        "reached/agency",
        "enrolled/agency/parents",
        "enrolled/home/parents",
        "withdrawn-no-money/wic/parents",
    ):
        assert happened[label] > 0, label
    assert happened["reached/hospital"] < happened["referred/hospital"]


def test_families_may_come_back() -> None:
    ways = Counter(
        (family, label.split("/")[2])
        for family, _, label in run(system(), 40).trace
        if label.startswith("enrolled/")
    )
    assert max(ways.values()) > 1
