"""Running engine and reference side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from hvsim.months import format_month
from hvsim.population import Families
from hvsim.reference import PlainRun, simulate_plainly
from hvsim.scenario import Scenario
from hvsim.simulation.ledger import PERSON_MONTHS, SPENDING, Ledger
from hvsim.simulation.plan import make_plan
from hvsim.simulation.run import make_ledger
from hvsim.simulation.system import System

Event = tuple[int, int, str]
Rows = Mapping[tuple[str, int], tuple[int, ...]]

EVENTS_PER_FAMILY = 2000
STAFF = ("visitors", "positions", "capacity", "served", "on hold", "waiting", "hires")
CASH = ("received", *SPENDING, "lapsed")


class FastRun:
    """What happened in the engine, in the words of the reference.

    Attributes
    ----------
    chronicle
        Everything that happened to families; with one thread, in the order in which it happened.
    trace
        The same, sorted: as in `hvsim.reference.PlainRun`.
    capacity, money
        By provider (stream) and month, in the columns `STAFF` and `CASH`.
    birth_month
        Of each family, siblings among them.
    ledger
        The ledger.
    """

    def __init__(
        self,
        scenario: Scenario,
        families: Families,
        seed: int,
        scale: float = 1.0,
        threads: int = 1,
    ) -> None:
        plan = make_plan(scenario, scale)
        rows = EVENTS_PER_FAMILY * (len(families) + 1)
        system = System(plan, families, seed=seed, threads=threads, trace_rows=rows)
        self.first_month = plan.t0
        self.capacity: dict[tuple[str, int], tuple[int, ...]] = {}
        self.money: dict[tuple[str, int], tuple[int, ...]] = {}
        for _ in range(plan.months):
            system.step()
            self._look_at(system)
        people = system.state.people
        born = (plan.t0 + plan.birth_age + people["entry"]).tolist()
        self.birth_month = dict(zip(people["id"].tolist(), born, strict=True))
        self.chronicle = chronicle(system)
        self.trace = sorted(self.chronicle)
        self.ledger: Ledger = make_ledger(system, 0, scale)
        system.close()

    def _look_at(self, system: System) -> None:
        """Note what organizations have at the end of the month that was just simulated."""
        t, units = system.t - 1, system.plan.units
        month = system.plan.t0 + t
        for provider in system.providers:
            counts = system.capacity[provider.position, :, t].tolist()
            _, served, on_hold, waiting, visitors, vacancies, hires = counts
            assert vacancies == max(0, provider.positions - visitors)
            staff = (visitors, provider.positions, provider.capacity)
            families = (served // units, on_hold // units, waiting // units)
            self.capacity[provider.name, month] = (*staff, *families, hires)
        for s, name in enumerate(system.plan.streams):
            spent = system.spent[s, :, :, t].sum(axis=0).tolist()
            received, lapsed = int(system.received[s, t]), int(system.lapsed[s, t])
            self.money[name, month] = (received, *spent, lapsed)


def chronicle(system: System) -> list[Event]:
    """Everything that happened to families in the engine, in the words of the reference."""
    plan = system.plan
    ids = system.state.people["id"].tolist()
    events: list[Event] = []
    for tally in system.tallies:
        used = int(tally.traced[0])
        assert used <= len(tally.trace), "no room for the trace"
        events += [
            (ids[family], plan.t0 + month, plan.label(code))
            for family, month, code in tally.trace[:used].tolist()
        ]
    return events


def differences(
    scenario: Scenario, families: Families, seed: int, scale: float = 1.0, threads: int = 1
) -> list[str]:
    """What engine and reference do not agree on, each kind from its first month on.

    Empty if they agree on every event of every family, and on every month's staff and money.
    """
    fast = FastRun(scenario, families, seed, scale, threads)
    slow = simulate_plainly(scenario, families, seed=seed, scale=scale)
    return [
        *_events(fast.trace, slow.trace),
        *_rows("provider", STAFF, fast.capacity, slow.capacity),
        *_rows("stream", CASH, fast.money, slow.money),
        *_person_months(scenario, fast.ledger, slow),
    ]


def _events(fast: list[Event], slow: list[Event]) -> list[str]:
    """The first month and family in which events differ: what both sides say of that family."""
    if fast == slow:
        return []
    ours, theirs = Counter(fast), Counter(slow)
    odd = (ours - theirs) + (theirs - ours)
    month, family = min((month, family) for family, month, _ in odd)
    lines = [f"{len(odd)} events differ, first in {format_month(month)} for family {family}"]
    for side, events in (("engine", fast), ("reference", slow)):
        lines += [f"  the {side} has, up to then:", *_history(family, month, events)]
    return lines


def _history(family: int, month: int, events: Iterable[Event]) -> list[str]:
    return [
        f"    {format_month(when)} {label}"
        for who, when, label in events
        if who == family and when <= month
    ]


def _rows(what: str, columns: tuple[str, ...], fast: Rows, slow: Rows) -> list[str]:
    odd = [key for key in fast.keys() | slow.keys() if fast.get(key) != slow.get(key)]
    return [
        f"{what} {name} in {format_month(month)}, {', '.join(columns)}: "
        f"engine {fast.get((name, month))}, reference {slow.get((name, month))}"
        for name, month in sorted(odd, key=lambda key: (key[1], key[0]))[:3]
    ]


def _person_months(scenario: Scenario, ledger: Ledger, slow: PlainRun) -> list[str]:
    found = []
    months = range(ledger.first_month, ledger.first_month + ledger.months)
    units = round(1 / ledger.scale)
    for name, outcome in scenario.outcomes.items():
        if outcome.kind == "state":
            fast = ledger.outcomes[ledger.measures.index(name), PERSON_MONTHS, :, 0]
            plain = [slow.months_in_state.get((name, month), 0) * units for month in months]
            if not np.array_equal(fast, plain):
                found.append(f"families in {name}: engine {fast.tolist()}, reference {plain}")
    return found
