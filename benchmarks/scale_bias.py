"""Measure what ``--scale`` changes: reach, visits and waits at each scale against full scale.

    python benchmarks/scale_bias.py [--scales 0.5 0.2 0.125] [--seeds 3]

Queues are not scale-invariant, so a thinned run is an approximation where capacity binds. Each
figure is the mean over seeds, counted until the last births; at scale 1 one seed is run.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from hvsim.scenario import load_scenario
from hvsim.simulation import Ledger, ScaleError, simulate
from hvsim.simulation.ledger import CAPACITY_MEASURES, PROGRAM_TRANSITIONS

PLACE = Path(__file__).parent.parent / "scenarios" / "la-county"
SCENARIOS = (PLACE / "today.yaml", PLACE / "universal-targeted.yaml")


def reach(ledger: Ledger, births: int) -> dict[str, float]:
    """Families enrolled, visits made and mean wait in months, by program."""
    counts = ledger.funnel[:, :, :, :births, 0].sum(axis=(0, 3))
    waiting = ledger.capacity[:, CAPACITY_MEASURES.index("waiting"), :births].sum(axis=1)
    figures: dict[str, float] = {}
    for p, program in enumerate(ledger.programs):
        joined = counts[p, PROGRAM_TRANSITIONS.index("waitlisted")]
        months = waiting[np.array(ledger.provider_programs) == p].sum()
        figures[f"{program}: enrolled"] = counts[p, PROGRAM_TRANSITIONS.index("enrolled")]
        figures[f"{program}: visits"] = counts[p, PROGRAM_TRANSITIONS.index("visits-completed")]
        figures[f"{program}: wait"] = months / max(1, joined)
    return figures


def change(figure: str, full: float, scaled: list[float]) -> str:
    """What a scale changes: percent, or months of a wait, which may be near zero."""
    mean = float(np.mean(scaled))
    return f"{mean - full:>+9.2f}" if figure.endswith("wait") else f"{mean / full - 1:>+9.1%}"


def main() -> None:
    """Print one table a scenario: percent above or below full scale, of waits in months."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scales", type=float, nargs="+", default=(0.5, 0.2, 0.125))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--scenarios", type=Path, nargs="+", default=SCENARIOS)
    options = parser.parse_args()
    for path in options.scenarios:
        scenario = load_scenario(path)
        births = scenario.end - scenario.start + 1
        full = reach(simulate(scenario, seed=1, threads=2), births)
        print(f"{path.stem}: full scale, and percent above it (of waits months)")
        print(f"{'':<36}{'1':>10}" + "".join(f"{scale:>9g}" for scale in options.scales))
        columns = []
        for scale in options.scales:
            try:
                runs = [
                    reach(simulate(scenario, seed=seed, scale=scale, threads=2), births)
                    for seed in range(1, options.seeds + 1)
                ]
            except ScaleError as error:
                print(error)
                runs = []
            columns.append(runs)
        for figure, value in full.items():
            changes = [
                change(figure, value, [run[figure] for run in runs]) if runs else "  refused"
                for runs in columns
            ]
            print(f"{figure:<36}{value:>10,.1f}" + "".join(changes))
        print()


if __name__ == "__main__":
    main()
