"""Running engine and reference side by side."""

from __future__ import annotations

from hvsim.months import format_month
from hvsim.population import Families
from hvsim.reference import simulate_plainly
from hvsim.scenario import Scenario
from hvsim.simulation.plan import make_plan
from hvsim.simulation.run import make_ledger
from hvsim.simulation.system import System

Event = tuple[int, int, str]


def engine_trace(system: System) -> list[Event]:
    """Everything that happened to families in the engine, as the reference writes it."""
    plan = system.plan
    events: list[Event] = []
    for tally in system.tallies:
        used = int(tally.traced[0])
        assert used <= len(tally.trace), "no room for the trace"
        events += [
            (int(system.state.people["id"][family]), plan.t0 + month, plan.label(code))
            for family, month, code in tally.trace[:used].tolist()
        ]
    return sorted(events)


def differences(scenario: Scenario, families: Families, seed: int, scale: float = 1.0) -> list[str]:
    """What engine and reference do not agree on, first family and month first; empty if they agree."""
    plan = make_plan(scenario, scale)
    rows = 200 * len(families) + 1000
    system = System(plan, families, seed=seed, trace_rows=rows)
    for _ in range(plan.months):
        system.step()
    plain = simulate_plainly(scenario, families, seed=seed, scale=scale)
    found = []
    fast, slow = engine_trace(system), plain.trace
    if fast != slow:
        only_fast = sorted(set(fast) - set(slow), key=lambda e: (e[1], e[0]))
        only_slow = sorted(set(slow) - set(fast), key=lambda e: (e[1], e[0]))
        for side, events in (("engine", only_fast), ("reference", only_slow)):
            found += [
                f"only in the {side}: family {family} in {format_month(month)}: {label}"
                for family, month, label in events[:5]
            ]
        found = found or ["events differ in number only"]
    for s, stream in enumerate(plan.streams):
        for t in range(plan.months):
            paid = system.spent[s, :, :, t].sum(axis=0)
            fast_money = (system.received[s, t], paid[0], paid[1], system.lapsed[s, t])
            slow_money = plain.money[stream, plan.t0 + t]
            if tuple(map(int, fast_money)) != slow_money:
                month = format_month(plan.t0 + t)
                found.append(f"stream {stream} in {month}: {fast_money} against {slow_money}")
    for r, provider in enumerate(plan.providers):
        for t in range(plan.months):
            _, served, held, waiting, visitors, _ = system.capacity[r, :, t].tolist()
            n = plan.units
            fast_row = (visitors, served // n, held // n, waiting // n)
            row = plain.capacity[provider, plan.t0 + t]
            if fast_row != (row[0], *row[3:]):
                month = format_month(plan.t0 + t)
                found.append(f"provider {provider} in {month}: {fast_row} against {row}")
    ledger = make_ledger(system, 0, scale)
    for name, outcome in scenario.outcomes.items():
        if outcome.kind == "state":
            months = ledger.outcomes[ledger.measures.index(name), 0, :, 0].tolist()
            slow_months = [
                plain.months_in_state.get((name, ledger.first_month + t), 0) * plan.units
                for t in range(ledger.months)
            ]
            if months != slow_months:
                found.append(f"person-months of {name}: {months[:9]} against {slow_months[:9]}")
    return found
