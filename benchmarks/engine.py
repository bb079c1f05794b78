"""How fast families live at one size.

    python benchmarks/engine.py --families 200000 [--threads 2] --set follow_up="18 years"

Everything counts: families, set-up, the months, the ledger. Family-months are those of all who
live, siblings born in follow-up too. Prints JSON.
"""

from __future__ import annotations

import argparse

from measuring import peak_mib, tell, touch
from sizing import FULL, Timed, sized, warm_up


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=50_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--scenario", default=FULL)
    parser.add_argument("--set", action="append", default=[], dest="overrides")
    options = parser.parse_args()
    scenario, units = sized(options.scenario, options.families, *options.overrides)
    touch(options.families)
    warm_up(scenario, units)
    run = Timed(scenario, units, threads=options.threads)
    per = 1e9 / run.family_months
    tell(
        {
            "families": run.living,
            "threads": options.threads,
            "units": units,
            "family_months": run.family_months,
            "ns_per_family_month": run.ns,
            "user_ns": run.took.user * per,
            "system_ns": run.took.system * per,
            "wall_ns": run.took.wall * per,
            "phases_ns": {name: took.processor * per for name, took in run.phases.items()},
            "seconds": run.took.processor,
            "peak_mib": peak_mib(),
            "providers": len(run.ledger.providers),
            "providers_that_queued": run.queued,
            "visits_per_1000_family_months": run.visits_per_1000,
        }
    )


if __name__ == "__main__":
    main()
