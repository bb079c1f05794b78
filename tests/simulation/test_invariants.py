"""What must be true of any run of the engine (design: model.md, section 9)."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreement.agreeing import Event, FastRun
from agreement.generating import families as any_families
from agreement.generating import generated
from hvsim import simulate
from hvsim.population import Families
from hvsim.scenario import Scenario, load_scenario
from hvsim.simulation import system as system_module
from hvsim.simulation.ledger import CHILDREN, DOOR_TRANSITIONS, EVENTS, PROGRAM_TRANSITIONS, Ledger
from hvsim.simulation.plan import make_plan
from hvsim.simulation.system import PHASES, System
from reference.hamlet import everybody, expansion, today

HAMLET = Path(__file__).parents[1] / "reference"
LA_COUNTY = Path(__file__).parents[2] / "scenarios" / "la-county"
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


def chosen(columns: Families, rows: object) -> Families:
    """Some of the families, or all in another order."""
    return Families(**{part.name: getattr(columns, part.name)[rows] for part in fields(Families)})


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


# --- families ------------------------------------------------------------------------------------

OUT = ("none", "declined", "gave-up", "expired", "aged-out")
LEAVES = ("completed", "withdrawn", "dropped-out")
MAY_FOLLOW = {
    "declined": OUT,
    "waitlisted": OUT,
    "gave-up": ("waitlisted",),
    "expired": ("waitlisted",),
    "aged-out": ("waitlisted",),
    "enrolled": ("waitlisted",),
    "transferred": ("waitlisted", "enrolled"),
    **dict.fromkeys(LEAVES, ("enrolled",)),
}


@given(NUMBERS)
@FEW
def test_every_family_stands_in_one_state_of_each_track(number: int) -> None:
    """The trace, replayed, gives the queues and rosters that the providers say they have."""
    scenario = at_random(number)
    run = random_run(number)
    plan = make_plan(scenario, 1.0)
    track = {name: program.track for name, program in plan.programs.items()}
    columns = any_families(number, scenario)
    follow_up = plan.last_age - plan.birth_age
    births = zip(columns.id.tolist(), columns.birth_month.tolist(), strict=True)
    last = {family: born + follow_up - 1 for family, born in births}
    at: dict[tuple[int, str], tuple[str, str]] = {}
    begin: dict[tuple[int, str], int] = {}
    events = defaultdict(list)
    for family, month, label in run.chronicle:
        transition, _, program = [*label.split("/"), "", ""][:3]
        if transition in MAY_FOLLOW:
            events[month].append((family, transition, program))
    for month in range(plan.t0, plan.t0 + plan.months):
        served = {who for who, (state, _) in at.items() if state == "enrolled"}
        for family, transition, program in events[month]:
            who = family, track[program]
            state, of = at.get(who, ("none", ""))
            assert state in MAY_FOLLOW[transition]
            assert state in OUT or of == program
            if transition == "enrolled":
                begin[who] = month + 1
            at[who] = transition, program
        # Who leaves service, or is transferred out of it, is served to the end of the month.
        served = {who for who in served if begin[who] <= month <= last[who[0]]}
        waiting = Counter(p for who, (state, p) in at.items() if state == "waitlisted")
        in_service = Counter(at[who][1] for who in served)
        for program in plan.programs:
            teams = [name for name, q in plan.providers.items() if q.program == program]
            rows = [run.capacity[name, month] for name in teams]
            assert in_service[program] == sum(row[3] + row[4] for row in rows)
            assert waiting[program] == sum(row[5] for row in rows)


@given(NUMBERS)
@FEW
def test_counts_are_the_sums_of_events(number: int) -> None:
    scale = (1.0, 0.5)[number % 2]
    run, each = random_run(number, scale), round(1 / scale)
    ledger = run.ledger
    counts = Counter((label, month) for _, month, label in run.trace)
    first: dict[tuple[int, str], int] = {}
    for family, month, label in sorted(run.trace, key=lambda event: event[1]):
        first.setdefault((family, label), month)
    children = Counter((label, month) for (_, label), month in first.items())
    for t in range(ledger.months):
        month = ledger.first_month + t
        for m, measure in enumerate(ledger.measures):
            assert ledger.outcomes[m, EVENTS, t, 0] == each * counts[measure, month]
            assert ledger.outcomes[m, CHILDREN, t, 0] == each * children[measure, month]
        for d, door in enumerate(ledger.doors):
            for c, transition in enumerate(DOOR_TRANSITIONS):
                label = f"{transition}/{door}"
                assert ledger.door_funnel[d, c, t, 0] == each * counts[label, month]
            for p, program in enumerate(ledger.programs):
                for c, transition in enumerate(PROGRAM_TRANSITIONS):
                    label = f"{transition}/{door}/{program}"
                    assert ledger.funnel[d, p, c, t, 0] == each * counts[label, month]


@given(NUMBERS)
@FEW
def test_the_family_record_is_its_events_from_the_start(number: int) -> None:
    run = random_run(number)
    ledger, record = run.ledger, run.ledger.families
    reported = [event for event in run.trace if event[1] >= ledger.first_month]
    events = Counter((family, label) for family, _, label in reported)
    did = {(family, label.split("/")[0], label.split("/")[-1]) for family, _, label in reported}
    for i, family in enumerate(record.id.tolist()):
        for m, measure in enumerate(ledger.measures):
            assert record.events[i, m] == events[family, measure]
        for p, program in enumerate(ledger.programs):
            assert record.enrolled[i, p] == ((family, "enrolled", program) in did)
        assert record.contacted[i] == any(
            (family, "contacted", door) in did for door in ledger.doors
        )


@given(NUMBERS)
@FEW
def test_each_way_to_group_families_sums_to_all(number: int) -> None:
    ledger = random_run(number).ledger
    dimensions = [dimension for dimension, _ in ledger.groups]
    for table in (ledger.births, ledger.door_funnel, ledger.funnel, ledger.outcomes):
        for dimension in dict.fromkeys(dimensions[1:]):
            at = [i for i, other in enumerate(dimensions) if other == dimension]
            assert np.array_equal(table[..., at].sum(axis=-1), table[..., 0])


def test_regions_are_counted_where_families_live() -> None:
    scenario, columns = today(), everybody(today(), 10)
    run = FastRun(scenario, columns, 3)
    for position, region in enumerate(scenario.population.regions):
        there = set(columns.id[columns.region == position].tolist())
        group = run.ledger.groups.index(("region", region))
        for m, measure in enumerate(run.ledger.measures):
            events = sum(
                label == measure and family in there and month >= run.ledger.first_month
                for family, month, label in run.trace
            )
            assert run.ledger.outcomes[m, EVENTS, :, group].sum() == events


# --- places, visitors and money ------------------------------------------------------------------


def phases(scenario: Scenario, columns: Families, seed: int, scale: float) -> Iterator[System]:
    """A run, phase by phase; stops after each, with its name in `system.phase`."""
    system = System(make_plan(scenario, scale), columns, seed=seed)
    for _ in range(system.plan.months):
        for phase in PHASES:
            getattr(system, f"_{phase}")()
            system.phase = phase
            yield system
        system.t += 1
    system.close()


def load_by_hand(system: System, provider: object, who: int, month: int) -> int:
    """Load of a family in a month, read off the scenario."""
    program = list(system.plan.programs.values())[provider.program]  # type: ignore[attr-defined]
    age = month - int(system.state.people["entry"][who]) - system.plan.birth_age
    if age >= system.plan.last_age - system.plan.birth_age:
        return 0
    loads = [level.load for level in program.levels if level.until_age > age]
    return max(loads, default=0) * system.plan.units


@given(NUMBERS)
@FEW
def test_places_and_visitors_are_never_promised_twice(number: int) -> None:
    scenario, scale = at_random(number), (1.0, 0.5)[number % 2]
    columns = any_families(number, scenario)
    for system in phases(scenario, columns, number, scale):
        t, paths = system.t, system.state.paths
        for provider in system.providers:
            path = paths[provider.roster, provider.track]
            if system.phase == "staff":  # nobody is served without a visitor's time
                served = (path["begin"] <= t) & (path["finish"] > t) & (path["held"] == 0)
                who = provider.roster[served].tolist()
                assert sum(load_by_hand(system, provider, i, t) for i in who) <= provider.capacity
                assert len(provider.visitors) * provider.caseload >= provider.capacity
                if provider.visitors:
                    assert set(path["visitor"].tolist()) <= set(provider.serials.tolist())
            if system.phase == "allocation" and (path["begin"] == t + 1).any():
                # Transferred later in the phase: the place was counted as taken.
                stays = (path["begin"] <= t + 1) & (path["finish"] > t + 1)
                who = provider.roster[stays].tolist()
                load = sum(load_by_hand(system, provider, i, t + 1) for i in who)
                assert load <= provider.capacity


@given(NUMBERS)
@FEW
def test_money_is_conserved_to_the_cent(number: int) -> None:
    scenario = at_random(number)
    columns = any_families(number, scenario)
    for system in phases(scenario, columns, number, 1.0):
        if system.phase != "ledger":
            continue
        until = slice(0, system.t + 1)
        received, lapsed = system.received[:, until], system.lapsed[:, until]
        spent = system.spent[..., until].sum(axis=(1, 2))
        assert min(received.min(), lapsed.min(), system.spent.min()) >= 0
        accounts = np.array([provider.accounts for provider in system.providers])
        accounts = accounts.reshape(len(system.providers), len(system.streams))
        assert accounts.min(initial=0) >= 0
        assert np.array_equal((received - lapsed - spent).sum(axis=1), accounts.sum(axis=0))


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
    turned = chosen(columns, np.arange(len(columns))[::-1].copy())
    one, other = (FastRun(scenario, some, number) for some in (columns, turned))
    assert one.trace == other.trace
    assert (one.money, one.capacity) == (other.money, other.capacity)


@given(NUMBERS)
@FEW
def test_threads_do_not_matter(number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(system_module, "SMALLEST_CHUNK", 3)
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
    without = by_family(FastRun(scenario, chosen(all_of_them, slice(0, -1)), 8).trace)
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
    fewer = by_family(FastRun(scenario, chosen(columns, slice(1, None)), 8).trace)
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


# --- before the start ----------------------------------------------------------------------------

SHARED = ("programs.light.hold_months=2",)  # the expansion's one change that is not policy


def test_before_the_start_a_scenario_is_its_baseline() -> None:
    columns = everybody(today(), 20)
    baseline, scenario = (FastRun(s, columns, 9) for s in (today(), expansion(*SHARED)))
    start = today().start
    history = [[event for event in run.trace if event[1] < start] for run in (baseline, scenario)]
    assert history[0] == history[1]
    assert any("enrolled" in label for _, _, label in history[0])
    for what in ("capacity", "money"):
        ours, theirs = getattr(baseline, what), getattr(scenario, what)
        for (name, month), row in ours.items():
            if month < start:
                assert theirs[name, month] == row
    assert baseline.trace != scenario.trace


# --- the promises of the code --------------------------------------------------------------------


def test_a_run_changes_neither_scenario_nor_families() -> None:
    columns = everybody(expansion(), 5)
    copy = chosen(columns, slice(None))
    for part in fields(Families):
        getattr(columns, part.name).flags.writeable = False
    hashed = expansion().sha256()
    simulate(expansion(), seed=1, families=columns)
    assert expansion().sha256() == hashed
    for part in fields(Families):
        assert np.array_equal(getattr(columns, part.name), getattr(copy, part.name))


def fault(harm: Callable[[System], None]) -> Callable[[], None]:
    """A run of the hamlet that is tampered with when somebody is under the system's eyes."""

    def run() -> None:
        system = System(make_plan(today(), 1.0), everybody(today(), 20), seed=1)
        while len(system.present) == 0:
            system.step()
        harm(system)
        for _ in range(system.plan.months - system.t):
            system.step()

    return run


def ahead(system: System) -> None:
    system.state.people["age"][system.present[0]] += 1


def behind(system: System) -> None:
    system.state.people["age"][system.present[-1]] -= 1


def untouched(system: System) -> None:
    pass


@pytest.mark.parametrize("harm", [ahead, behind])
def test_a_family_in_another_month_is_noticed(harm: Callable[[System], None]) -> None:
    with pytest.raises(AssertionError, match="another month"):
        fault(harm)()
    fault(untouched)()


def test_money_that_is_not_there_cannot_be_spent() -> None:
    def rob(system: System) -> None:
        for provider in system.providers:
            if provider.visitors:
                provider.receive = lambda stream, cents: None  # type: ignore[method-assign]
                provider.__dict__["accounts"] = [0] * len(provider.accounts)
                provider.allotted = 10**12

    with pytest.raises(AssertionError, match="does not hold"):
        fault(rob)()


DIGEST = """
import hashlib
from agreement.agreeing import FastRun
from reference.hamlet import everybody, expansion
run = FastRun(expansion(), everybody(expansion(), 1), 3)
print(hashlib.sha256(repr((run.trace, run.money, run.capacity)).encode()).hexdigest())
"""


def digest(**environment: str) -> str:
    """Hash of everything that happens in a tiny run of another process."""
    paths = [str(Path(__file__).parents[1]), *sys.path]
    done = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_neither_the_order_of_hashes_nor_the_compiler_matters() -> None:
    compiled = digest(PYTHONHASHSEED="1")
    assert digest(PYTHONHASHSEED="2") == compiled
    assert digest(NUMBA_DISABLE_JIT="1") == compiled


# --- copies --------------------------------------------------------------------------------------


def twice() -> tuple[FastRun, FastRun, set[int]]:
    """A hill with its organizations; the hill beside a dale that is its copy; the hill's ids."""
    alone = (
        "providers.hill-light.regions=[hill]",
        "providers.nurse-team.regions=[hill]",
        "providers.both-parents=null",
        "programs.nurses.eligible={}",
        "funding.grant=null",
        "funding.county.per_year=2400012 USD",
    )
    copied = (
        *alone[:-1],
        "funding.county.per_year=4800024 USD",
        *(
            f"providers.dale-{p}={{program: {p}, regions: [dale], share: 1}}"
            for p in ("light", "nurses", "parents")
        ),
        "providers.hill-parents.share=1",
    )
    hill = everybody(today(), 40)
    hill = replace(hill, region=np.zeros(len(hill), np.int16))
    dale = replace(hill, id=hill.id + np.uint64(7), region=np.ones(len(hill), np.int16))
    both = Families(
        **{
            part.name: np.concatenate([getattr(hill, part.name), getattr(dale, part.name)])
            for part in fields(Families)
        }
    )
    ids = set(hill.id.tolist())
    return FastRun(today(*alone), hill, 2), FastRun(today(*copied), both, 2), ids


def test_two_copies_of_families_and_organizations_double_what_happens() -> None:
    single, double, hill = twice()
    theirs = [event for event in double.trace if event[0] in hill]
    assert theirs == single.trace  # the copy next door changes nothing here
    count = {
        name: (by_family(trace))
        for name, trace in (
            ("hill", single.trace),
            ("dale", [event for event in double.trace if event[0] not in hill]),
        )
    }
    labels = {label.split("/")[0] for _, _, label in single.trace}
    for label in sorted(labels):
        # Each family and its copy differ in luck alone: the difference of sums has the variance
        # of the pairs' differences. 4.5 standard errors: 1 in 100,000 by chance, for each label.
        pairs = [
            sum(what.split("/")[0] == label for _, what in count["hill"][family])
            - sum(what.split("/")[0] == label for _, what in count["dale"][family + 7])
            for family in sorted(hill)
        ]
        error = math.sqrt(sum(pair * pair for pair in pairs))
        assert abs(sum(pairs)) <= 4.5 * max(error, 1), label
