"""What must be true of any run of the engine (design: model.md, section 9)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np
from hypothesis import given

from agreement.agreeing import FastRun
from agreement.generating import families as any_families
from hvsim.population import Families
from hvsim.scenario import Scenario
from hvsim.simulation.ledger import (
    CHILDREN,
    DOOR_TRANSITIONS,
    EVENTS,
    PROGRAM_TRANSITIONS,
    WITHDRAWN,
)
from hvsim.simulation.plan import make_plan
from hvsim.simulation.providers import Provider
from hvsim.simulation.system import PHASES, System
from reference.hamlet import everybody, today
from simulation.running import (
    FEW,
    NUMBERS,
    at_random,
    random_run,
)

# --- families ------------------------------------------------------------------------------------

OUT = ("none", "declined", "gave-up", "expired", "aged-out")
LEAVES = ("completed", *WITHDRAWN, "dropped-out")
ENDED = (*LEAVES, "transferred")
MAY_FOLLOW = {
    "declined": OUT,
    "waitlisted": OUT,
    "gave-up": ("waitlisted",),
    "expired": ("waitlisted",),
    "aged-out": ("waitlisted",),
    "enrolled": ("waitlisted",),
    **dict.fromkeys(("transferred", "deceased", "moved"), ("waitlisted", "enrolled")),
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
    follow_up = plan.last_age - plan.birth_age
    last = {family: born + follow_up - 1 for family, born in run.birth_month.items()}
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
            if state in ENDED and transition in ("declined", "waitlisted"):
                assert plan.programs[program].returns_after is not None
            else:
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


def load_by_hand(
    system: System, provider: object, who: int, month: int, begin: int | None = None
) -> int:
    """Load of a family in a month, read off the scenario; its service began then, or as it did."""
    program = list(system.plan.programs.values())[provider.program]  # type: ignore[attr-defined]  # of scipy or the engine, typed as an object
    age = month - int(system.state.people["entry"][who]) - system.plan.birth_age
    if age >= system.plan.last_age - system.plan.birth_age:
        return 0
    if program.levels_from == "enrollment":
        began = system.state.paths["begin"][who]
        age = month - int(began[provider.track] if begin is None else begin)  # type: ignore[attr-defined]  # of scipy or the engine, typed as an object
    loads = [level.load for level in program.levels if level.until_age > age]
    return max(loads, default=0) * system.plan.units


def beyond(system: System, provider: Provider, loads: list[int]) -> int:
    """Most units that places may be promised beyond those there are: none at full scale.

    A simulated family comes in where half of those it stands for have room (``docs/month.md``,
    5.5), which may happen once in each group of streams.
    """
    starts = system.payroll.groups.starts
    groups = int(starts[provider.position + 1] - starts[provider.position])
    load = max(loads, default=0)
    return max(1, groups) * ((load - load // system.plan.units) // 2)


@given(NUMBERS)
@FEW
def test_places_and_visitors_are_never_promised_twice(number: int) -> None:
    scenario, scale = at_random(number), (1.0, 0.5)[number % 2]
    columns = any_families(number, scenario)
    streams = make_plan(scenario, scale).streams.values()
    earmarked = any(stream.families for stream in streams)
    for system in phases(scenario, columns, number, scale):
        t, paths = system.t, system.state.paths
        for provider in system.providers:
            path = paths[provider.roster, provider.track]
            if system.phase == "staff":  # nobody is served without a visitor's time
                served = (path["begin"] <= t) & (path["finish"] > t) & (path["held"] == 0)
                loads = [load_by_hand(system, provider, i, t) for i in provider.roster[served]]
                assert sum(loads) <= provider.capacity + beyond(system, provider, loads)
                assert len(provider.team) * provider.caseload >= provider.capacity
                serials = {visitor.serial for visitor in provider.team.visitors}
                if serials:
                    assert set(path["visitor"].tolist()) <= serials
            if system.phase == "allocation" and (path["begin"] == t + 1).any():
                # Transferred later in the phase: the place was counted as taken. Where places are
                # for some families only, too many of these leave the places of others free.
                first = t + 1 if earmarked else 0
                stays = (path["begin"] <= t + 1) & (path["finish"] > t + 1)
                stays &= path["begin"] >= first
                loads = [load_by_hand(system, provider, i, t + 1) for i in provider.roster[stays]]
                assert sum(loads) <= provider.capacity + beyond(system, provider, loads)


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
        accounts = system.payroll.accounts
        assert accounts.min(initial=0) >= 0
        assert np.array_equal((received - lapsed - spent).sum(axis=1), accounts.sum(axis=0))
