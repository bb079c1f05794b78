"""What a run costs inside a process that lives on: it decides what 1,000 draws cost.

    python benchmarks/worker.py --families 50000 --runs 6

The first run loads the compiled code; the later ones are what counts. Each makes its families anew,
as replicates do, or lives through the same ones, as draws do. Prints JSON.
"""

from __future__ import annotations

import argparse
from statistics import median

from measuring import Seconds, peak_mib, tell, touch
from sizing import FULL, SEED, Timed, sized

from hvsim.population import synthesize


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=6, help="of each kind, at least 2")
    parser.add_argument("--scenario", default=FULL)
    options = parser.parse_args()
    scenario, units = sized(options.scenario, options.families)
    touch(options.families)
    anew = [Timed(scenario, units, seed=SEED + n) for n in range(options.runs)]
    families = synthesize(scenario, SEED, 1 / units)
    same = [Timed(scenario, units, families=families) for _ in range(options.runs)]
    later = _middle([run.took for run in anew[1:]])
    again = _middle([run.took for run in same])
    tell(
        {
            "families": same[0].living,
            "first_seconds": anew[0].took.processor,
            "families_anew": later._asdict(),
            "same_families": again._asdict(),
            "ns_per_family_month": again.processor / same[0].family_months * 1e9,
            "processor_minutes_of_1000_draws": again.processor * 1000 / 60,
            "peak_mib": peak_mib(),
        }
    )


def _middle(runs: list[Seconds]) -> Seconds:
    return Seconds(*map(median, zip(*runs, strict=True)))


if __name__ == "__main__":
    main()
