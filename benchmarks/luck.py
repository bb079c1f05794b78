"""How much common luck saves: the variance of a paired over an independent difference.

    python benchmarks/luck.py --families 50000

With the same luck in both runs, prevented events are a thinning of the baseline's: at best the
difference of a family varies as the size of its mean change does, so that the ratio cannot fall
below ``|mean difference| / (var before + var after)``. Prints JSON.
"""

from __future__ import annotations

import argparse

import numpy as np
from measuring import tell
from sizing import SCENARIOS, SEED, Timed, sized

from hvsim.population import synthesize
from hvsim.scenario import load_scenario


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=50_000)
    options = parser.parse_args()
    _, units = sized("la-county/today", options.families)
    place = SCENARIOS / "la-county"
    scenarios = [load_scenario(place / f"{name}.yaml") for name in ("today", "universal-targeted")]
    families = synthesize(scenarios[0], SEED, 1 / units)
    ledgers = [Timed(scenario, units, families=families).ledger for scenario in scenarios]
    # Siblings are born in follow-up, and stand after the families given.
    before, after = (
        ledger.families.events[: len(families)].astype(np.float64) for ledger in ledgers
    )
    rows = {}
    for m, name in enumerate(ledgers[0].measures):
        independent = before[:, m].var() + after[:, m].var()
        if independent > 0:
            difference = before[:, m] - after[:, m]
            rows[name] = {
                "measured": difference.var() / independent,
                "least_possible": abs(difference.mean()) / independent,
                "changed": float((difference != 0).mean()),
            }
    tell({"families": len(families), "outcomes": rows})


if __name__ == "__main__":
    main()
