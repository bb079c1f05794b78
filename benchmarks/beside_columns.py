"""The engine beside the same life course as columns in numpy (columns.py), without services.

    python benchmarks/beside_columns.py --families 100000

Both live through ``no-service`` with the same families, and must agree: totals of events and of
children with any are sums over families, so their differences are measured in standard errors; a
difference beyond `MOST` of these stops with an error. With some 60 totals a right program is
stopped for one seed in 2,000. Prints JSON.
"""

from __future__ import annotations

import argparse

import numpy as np
from columns import Columns
from measuring import now, since, tell, touch
from sizing import SEED, Timed, sized, warm_up

from hvsim.population import synthesize
from hvsim.simulation.ledger import CHILDREN, EVENTS, PERSON_MONTHS, Ledger

MOST = 4.5


def disagreements(columns: Columns, ledger: Ledger) -> dict[str, float]:
    """Differences of totals from the first reported month on, in standard errors.

    The variance of a total is that of its families: as observed for events; for children at most
    that of as many equal chances; for months in a state at most their mean times all months, as no
    family has more.
    """
    found = {}
    months = slice(columns.plan.first, columns.plan.months)
    ours = columns.counts[:, :, months, 0].sum(axis=2)
    theirs = np.rint(ledger.outcomes[:, :, :, 0].sum(axis=2) * ledger.scale)
    events = [side.astype(np.float64) for side in (columns.events.T, ledger.families.events)]
    for m, measure in enumerate(ledger.measures):
        variances = {
            EVENTS: sum(side[:, m].var() * len(side) for side in events),
            CHILDREN: sum(
                total * (1 - total / len(side))
                for total, side in zip(
                    (ours[m, CHILDREN], theirs[m, CHILDREN]), events, strict=True
                )
            ),
            PERSON_MONTHS: (ours + theirs)[m, PERSON_MONTHS] * columns.plan.last_age,
        }
        for what, variance in variances.items():
            difference = ours[m, what] - theirs[m, what]
            name = f"{('months', 'events', 'children')[what]} of {measure}"
            if difference or variance:
                found[name] = float(difference / np.sqrt(max(1.0, variance)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=100_000)
    options = parser.parse_args()
    scenario, units = sized("la-county/no-service", options.families)
    touch(options.families)
    warm_up(scenario, units)
    families = synthesize(scenario, SEED, 1 / units)
    engine = Timed(scenario, units, families=families)
    start = now()
    columns = Columns(scenario, families, 1 / units, SEED)
    columns.live()
    took = since(start)
    months = columns.used * columns.plan.last_age
    found = disagreements(columns, engine.ledger)
    worst = max(found, key=lambda name: abs(found[name]))
    if abs(found[worst]) > MOST:
        raise SystemExit(f"columns and engine disagree: {worst} by {found[worst]:.1f} errors")
    columns_ns = took.processor / months * 1e9
    tell(
        {
            "families": engine.living,
            "engine_ns": engine.ns,
            "columns_ns": columns_ns,
            "columns_system_ns": took.system / months * 1e9,
            "engine_system_ns": engine.took.system / engine.family_months * 1e9,
            "times": columns_ns / engine.ns,
            "totals_compared": len(found),
            "largest_difference_in_errors": found[worst],
            "of": worst,
        }
    )


if __name__ == "__main__":
    main()
