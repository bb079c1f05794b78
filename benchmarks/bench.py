"""Measure how fast families live, and how much common luck saves.

    python benchmarks/bench.py [--sizes 50000 200000 1000000] [--out FILE]

Each size runs in a process of its own, on one thread, once the code is compiled. The scenario is
``universal-targeted``, whose providers are full: at scale 1/n visitors stay real and a family takes
n places. Everything counts: families, set-up, the months, the ledger. Family-months are those of
all who live, siblings born in follow-up too. The smallest size is also followed to age 18. Figures
in nanoseconds depend on the machine (they are processor time, one thread), so a loop of plain
arithmetic is timed beside them; ratios do not. A virtual machine may take seconds to hand over a
gigabyte that it has never used: as much as a run needs is touched once before it is measured.
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCENARIO = HERE.parent / "scenarios" / "la-county" / "universal-targeted.yaml"
BASELINE = SCENARIO.with_name("today.yaml")
SIZES = (50_000, 200_000, 1_000_000)
SEED = 1
LONG = "follow_up=18 years"
BYTES_PER_FAMILY = 2048
"""Rather more than a run needs."""


def calibration_ns() -> float:
    """Nanoseconds for one step of a loop of plain Python arithmetic: how fast is this machine?"""
    best = float("inf")
    for _ in range(5):
        start, x = time.process_time(), 0
        for i in range(1_000_000):
            x ^= i * 7
        best = min(best, (time.process_time() - start) * 1e3)
    return best


def _sized(path: Path, families: int, *overrides: str) -> tuple[Any, int]:
    """The scenario with births such that about `families` live at scale 1/units."""
    from hvsim.population import synthesize
    from hvsim.scenario import load_scenario

    scenario = load_scenario(path)
    full = len(synthesize(scenario, SEED))
    units = max(1, round(full / families))
    births = scenario.population.births_per_year
    factor = families * units / full
    points = {
        f"{(m or scenario.start) // 12:04d}-{(m or scenario.start) % 12 + 1:02d}": round(v * factor)
        for m, v in births.points
    }
    return load_scenario(
        path, [f"population.births_per_year={json.dumps(points)}", *overrides]
    ), units


def measure(families: int, *overrides: str) -> dict[str, Any]:
    """Phases of one run, in seconds of processor time, and its peak memory."""
    from hvsim.population import synthesize
    from hvsim.simulation.plan import make_plan
    from hvsim.simulation.run import make_ledger
    from hvsim.simulation.system import System

    scenario, units = _sized(SCENARIO, families, *overrides)
    touch = f"import numpy; numpy.ones({families * BYTES_PER_FAMILY}, numpy.uint8)"
    subprocess.run([sys.executable, "-c", touch], check=True)
    warm_up = synthesize(scenario, SEED, 1 / (units * 50))
    System(make_plan(scenario, 1 / (units * 50)), warm_up, seed=SEED).step()

    marks = [time.process_time()]
    people = synthesize(scenario, SEED, 1 / units)
    marks.append(time.process_time())
    plan = make_plan(scenario, 1 / units)
    system = System(plan, people, seed=SEED)
    marks.append(time.process_time())
    for _ in range(plan.months):
        system.step()
    marks.append(time.process_time())
    ledger = make_ledger(system, 0, 1 / units)
    marks.append(time.process_time())
    phases = dict(
        zip(
            ("families", "set-up and first stretch", "months", "ledger"),
            (b - a for a, b in itertools.pairwise(marks)),
            strict=True,
        )
    )
    living = len(system.state.people)
    lived = living * plan.last_age
    full = [
        int(provider.queue.size > 0 or system.capacity[provider.position, 3].max() > 0)
        for provider in system.providers
    ]
    return {
        "families": len(people),
        "siblings": living - len(people),
        "family_months": lived,
        "seconds": sum(phases.values()),
        "ns_per_family_month": sum(phases.values()) / lived * 1e9,
        "phases_ns": {name: s / lived * 1e9 for name, s in phases.items()},
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "providers_that_queued": f"{sum(full)} of {len(full)}",
        "enrolled": int(ledger.funnel[:, :, 4, :, 0].sum()),
    }


def variance_ratios(families: int) -> list[dict[str, Any]]:
    """Variance of paired over independent differences, by outcome, beside its prediction.

    With the same luck in both runs, prevented events are a thinning of the baseline's: at best the
    difference of a family varies as the size of its mean change does, so that the ratio cannot fall
    below ``|mean difference| / (var before + var after)``.
    """
    import numpy as np

    from hvsim.population import synthesize
    from hvsim.scenario import load_scenario
    from hvsim.simulation.plan import make_plan
    from hvsim.simulation.run import make_ledger
    from hvsim.simulation.system import System

    _, units = _sized(BASELINE, families)
    people = synthesize(load_scenario(BASELINE), SEED, 1 / units)
    ledgers = []
    for path in (BASELINE, SCENARIO):
        system = System(make_plan(load_scenario(path), 1 / units), people, seed=SEED)
        for _ in range(system.plan.months):
            system.step()
        ledgers.append(make_ledger(system, 0, 1 / units))
    before, after = (ledger.families.events.astype(np.float64) for ledger in ledgers)
    rows = []
    for m, name in enumerate(ledgers[0].measures):
        independent = before[:, m].var() + after[:, m].var()
        if independent == 0:
            continue
        difference = before[:, m] - after[:, m]
        rows.append(
            {
                "outcome": name,
                "measured": difference.var() / independent,
                "least possible": abs(difference.mean()) / independent,
                "changed": float((difference != 0).mean()),
            }
        )
    return rows


def _in_process(*arguments: str) -> Any:
    """Run one measurement in a fresh process."""
    command = [sys.executable, __file__, *arguments]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main() -> None:
    """Measure all sizes and print a table; with --out also write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--long", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--ratios", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure or options.ratios:
        overrides = [LONG] if options.long else []
        found: Any = (
            measure(options.measure, *overrides)
            if options.measure
            else variance_ratios(options.ratios)
        )
        print(json.dumps(found))
        return
    import mesa
    import numba
    import numpy

    result: dict[str, Any] = {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "numba": numba.__version__,
        "mesa": mesa.__version__,
        "machine": platform.machine(),
        "calibration_ns": calibration_ns(),
        "sizes": [],
    }
    print(f"one step of a plain Python loop on this machine: {result['calibration_ns']:.0f} ns\n")
    print("  families   ns per family-month   peak MiB   phases (ns per family-month)")
    for size in options.sizes:
        row = _in_process("--measure", str(size))
        result["sizes"].append(row)
        phases = ", ".join(f"{name} {ns:.0f}" for name, ns in row["phases_ns"].items())
        figures = f"{row['ns_per_family_month']:>19.0f}   {row['peak_mib']:>8,.0f}"
        print(f"{row['families']:>10,}   {figures}   {phases}", flush=True)
    print(f"providers that had to let families wait: {row['providers_that_queued']}")
    short, long = result["sizes"][0], _in_process("--measure", str(options.sizes[0]), "--long")
    result["followed_to_18"] = long | {"times_to_5": long["seconds"] / short["seconds"]}
    print(
        f"{short['families']:,} families followed to age 18 instead of 5: "
        f"{long['seconds'] / short['seconds']:.2f} times the time\n"
    )
    print("Variance of a paired over an independent difference (today against universal-targeted)")
    print(f"{'outcome':<26}{'measured':>10}{'least possible':>16}{'families changed':>18}")
    result["variance_ratios"] = _in_process("--ratios", str(options.sizes[0]))
    for row in result["variance_ratios"]:
        print(
            f"{row['outcome']:<26}{row['measured']:>10.4f}{row['least possible']:>16.4f}"
            f"{row['changed']:>18.2%}"
        )
    if options.out:
        options.out.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
