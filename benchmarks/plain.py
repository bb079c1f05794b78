"""The engine beside the plain reference, which is the same model with one Mesa agent a family.

    python benchmarks/plain.py --families 100000 --plain 1000

Both live through the same scenario, births cut to the size that each can bear and a family
taking as many places as it stands for: visits per family-month say whether they had the same to do.
The engine also runs at the reference's size, on the very same families. Prints JSON.
"""

from __future__ import annotations

import argparse

from measuring import now, since, tell, touch
from sizing import FULL, SEED, Timed, sized, warm_up

from hvsim.population import synthesize
from hvsim.reference import simulate_plainly
from hvsim.simulation.plan import make_plan


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=100_000, help="of the engine")
    parser.add_argument("--plain", type=int, default=1_000, help="families of the reference")
    parser.add_argument("--scenario", default=FULL)
    options = parser.parse_args()
    scenario, units = sized(options.scenario, options.families)
    touch(options.families)
    warm_up(scenario, units)
    engine = Timed(scenario, units)

    scenario, units = sized(options.scenario, options.plain)
    families = synthesize(scenario, SEED, 1 / units)
    same = Timed(scenario, units, families=families)
    plan, start = make_plan(scenario, 1 / units), now()
    run = simulate_plainly(scenario, families, seed=SEED, scale=1 / units)
    took = since(start)
    first = plan.t0 + plan.first
    visits = sum(
        month >= first and label.startswith("visits-completed/") for _, month, label in run.trace
    )
    plain_ns = took.processor / same.family_months * 1e9
    tell(
        {
            "engine_families": engine.living,
            "engine_ns": engine.ns,
            "engine_visits_per_1000": engine.visits_per_1000,
            "plain_families": same.living,
            "plain_ns": plain_ns,
            "plain_visits_per_1000": visits / same.family_months * 1000,
            "times": plain_ns / engine.ns,
            "engine_at_that_size_ns": same.ns,
            "times_at_that_size": plain_ns / same.ns,
        }
    )


if __name__ == "__main__":
    main()
