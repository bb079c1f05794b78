"""Luck: what may change what, and what may not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from agreement.agreeing import Event, FastRun
from agreement.generating import families as any_families
from hvsim.scenario import load_scenario
from hvsim.simulation import lives
from reference.hamlet import everybody, today
from simulation.running import (
    FEW,
    HAMLET,
    NO_OFFERS,
    NUMBERS,
    at_random,
    by_family,
    outcomes_of,
    random_run,
    same_ledger,
)

# --- luck: what may change what ------------------------------------------------------------------


@given(NUMBERS)
@FEW
def test_a_scenario_against_itself_differs_in_nothing(number: int) -> None:
    one, other = random_run(number), random_run(number)
    assert one.trace == other.trace
    assert same_ledger(one.ledger, other.ledger)


@given(NUMBERS)
@FEW
def test_the_order_of_families_does_not_matter(number: int) -> None:
    scenario = at_random(number)
    columns = any_families(number, scenario)
    turned = columns.chosen(np.arange(len(columns))[::-1].copy())
    one, other = (FastRun(scenario, some, number) for some in (columns, turned))
    assert one.trace == other.trace
    assert (one.money, one.capacity) == (other.money, other.capacity)


@given(NUMBERS)
@FEW
def test_threads_do_not_matter(number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lives, "SMALLEST_CHUNK", 3)
        one, other = (random_run(number, threads=threads) for threads in (1, 2))
    assert one.trace == other.trace
    assert same_ledger(one.ledger, other.ledger)


def test_without_offers_effects_do_nothing() -> None:
    columns = everybody(today(), 20)
    ratios = {"light.effects.injury": 0.1, "nurses.effects.harm": 9, "parents.effects.harm": 0.2}
    strong = [f"programs.{effect}.hazard_ratio={ratio}" for effect, ratio in ratios.items()]
    removed = (
        *(f"programs.{name}=null" for name in today().programs),
        *(f"providers.{name}=null" for name in today().providers),
        *(f"funding.{name}=null" for name in today().funding),
        *(f"doors.{name}=null" for name in today().doors),
    )
    weak, powerful, none = (
        outcomes_of(FastRun(today(*overrides), columns, 5).trace)
        for overrides in (NO_OFFERS, (*NO_OFFERS, *strong), removed)
    )
    assert weak == powerful == none
    assert none


@pytest.mark.parametrize("scarce", [False, True])
def test_one_more_family_changes_its_own_fate_and_the_places_it_took(scarce: bool) -> None:
    overrides = () if scarce else ("funding.county.per_year=900 M USD",)
    scenario = today(*overrides)
    all_of_them = everybody(scenario, 20)
    last = int(all_of_them.id[-1])
    # The one more is born early, so that others come after it.
    born = all_of_them.birth_month.copy()
    born[-1] = scenario.start
    all_of_them = replace(all_of_them, birth_month=born)
    with_it = by_family(FastRun(scenario, all_of_them, 8).trace)
    without = by_family(FastRun(scenario, all_of_them.chosen(slice(0, -1)), 8).trace)
    changed = {f for f in with_it.keys() | without.keys() if with_it[f] != without[f]}
    assert last in changed
    waited = {
        family
        for family, events in (*with_it.items(), *without.items())
        if any(label.startswith("waitlisted") for _, label in events)
    }
    assert changed - {last} <= (waited if scarce else set())


def test_a_displaced_family_is_found() -> None:
    """The test above can fail: where places are scarce, one more family displaces others."""
    scenario = today()
    columns = everybody(scenario, 20)
    with_all = by_family(FastRun(scenario, columns, 8).trace)
    fewer = by_family(FastRun(scenario, columns.chosen(slice(1, None)), 8).trace)
    first = int(columns.id[0])
    assert any(with_all[family] != fewer[family] for family in with_all if family != first)


ADDITIONS = """
extends: {hamlet}
outcomes:
  burns:
    label: Burns
    unit: burns
    kind: recurrent
    per_month: 0.1
    trend: 1
    shared_frailty_sd: 0.5
    own_frailty_sd: 0.5
  smoking:
    label: Smoking
    unit: onsets
    kind: state
    per_month: 0.1
    trend: 1
    shared_frailty_sd: 0.5
    own_frailty_sd: 0.5
    exit_per_month: 0.1
    present_at_entry: 20%
programs:
  groups:
    label: Groups
    track: groups
    offer_to: nobody
    enroll_until_age: 3
    levels: [{{from_age: 0, until_age: 9, visits: 5, load: 1}}]
    caseload: 20
    priority: first-come
    accepts: 70%
    wait_expires: 3
    gives_up_per_month: 10%
    visits_completed: 80%
    leaves_per_month: 0.05
    visitor_left_hazard_ratio: 1.5
    visitor_left_months: 3
    hold_months: 2
    dose_shape: 1
    fade_step: 6
    staff:
      role: nurse
      cost_per_visitor: 100000 USD
      cost_per_hire: 5000 USD
      hiring_months: 2
      ramp_months: 3
      turnover_per_year: 40%
"""


def test_another_outcome_or_program_leaves_all_else_alone(tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    file.write_text(ADDITIONS.format(hamlet=HAMLET / "today.yaml"), encoding="utf-8")
    columns = everybody(today(), 20)
    added = ("burns", "smoking", "smoking-recovery")
    trace = FastRun(load_scenario(file), columns, 4).trace
    assert {label for _, _, label in trace} >= set(added)
    rest = [event for event in trace if event[2] not in added]
    assert rest == FastRun(today(), columns, 4).trace


def events_by_kind(trace: Iterable[Event]) -> dict[tuple[int, str], list[int]]:
    times = defaultdict(list)
    for family, month, label in outcomes_of(trace):
        times[family, label].append(month)
    return times


def test_effective_service_never_brings_harm_forward() -> None:
    """Service does not depend on outcomes here, so that its history is the same in both runs."""
    ratios = [
        f"programs.{p}.effects.{outcome}.hazard_ratio={{}}"
        for p, program in today().programs.items()
        for outcome in program.effects
    ]
    fixed = (
        "programs.nurses.surveillance.cps=null",
        "programs.nurses.effects.depression.exit_hazard_ratio=1",
        "funding.county.per_year=4 M USD",
    )
    columns = everybody(today(), 40)
    with_effect, without = (
        FastRun(today(*fixed, *(text.format(ratio) for text in ratios)), columns, 6).trace
        for ratio in (0.4, 1)
    )
    assert set(with_effect) - set(outcomes_of(with_effect)) == set(without) - set(
        outcomes_of(without)
    )
    before, after = events_by_kind(without), events_by_kind(with_effect)
    for name in ("harm", "injury", "depression", "depression-recovery"):
        prevented = postponed = 0
        for family in columns.id.tolist():
            early, late = before[family, name], after[family, name]
            prevented += len(early) - len(late)
            assert len(late) <= len(early)
            assert all(a <= b for a, b in zip(early, late, strict=False))
            postponed += early[: len(late)] != late
        assert prevented + postponed > 0 or name.startswith("depression")
