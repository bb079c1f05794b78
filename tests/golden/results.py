"""Golden results: what each shipped scenario gave when last looked at, one CSV file a scenario.

    python tests/golden/results.py

writes them anew, as `make golden` does. A row is a measure of a group, a column a fiscal year; rows
without any count are left out. All are whole numbers in the ledger's units: families, events,
months, cents. A small scale and one seed: only whether numbers change is asked here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from hvsim.months import fiscal_year
from hvsim.scenario import load_scenario
from hvsim.simulation import Ledger, simulate
from hvsim.simulation.ledger import (
    CAPACITY_MEASURES,
    DOOR_TRANSITIONS,
    OUTCOME_COUNTS,
    PROGRAM_TRANSITIONS,
    SPENDING,
    STOCKS,
)

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
SEED = 1
SCALES = {"la-county": 0.125, "illinois": 0.05}
"""By place, small enough to be quick, large enough for its providers to queue; 1 elsewhere."""

Results: TypeAlias = Mapping[tuple[str, str, str], int]
"""Values other than zero by measure, group and fiscal year."""


def shipped() -> list[Path]:
    """Scenarios that ask a question; the other files are parts of these."""
    files = sorted((ROOT / "scenarios").glob("*/*.yaml"))
    return [file for file in files if "\nquestion:" in file.read_text("utf-8")]


def golden_file(scenario: Path) -> Path:
    """Where the results of a scenario are kept."""
    return HERE / f"{scenario.parent.name}.{scenario.stem}.csv"


def results(scenario: Path) -> Results:
    """What a scenario gives now."""
    place = scenario.parent.name
    ledger = simulate(load_scenario(scenario), seed=SEED, scale=SCALES.get(place, 1.0))
    months = range(ledger.first_month, ledger.first_month + ledger.months)
    years = np.array([fiscal_year(month, ledger.fiscal_year_starts) for month in months])
    return {
        (measure, group, str(year)): value
        for measure, group, counts in _counts(ledger)
        for year in np.unique(years).tolist()
        if (value := int(counts[years == year].sum()))
    }


def _counts(ledger: Ledger) -> Iterator[tuple[str, str, npt.NDArray[np.int64]]]:
    """Measures of groups by month: everything for all families, the main things by group."""
    for d, door in enumerate(ledger.doors):
        for x, transition in enumerate(DOOR_TRANSITIONS):
            yield f"{transition}/{door}", "all", ledger.door_funnel[d, x, :, 0]
    by_program = ledger.funnel.sum(axis=0)
    for p, program in enumerate(ledger.programs):
        for x, transition in enumerate(PROGRAM_TRANSITIONS):
            yield f"{transition}/{program}", "all", by_program[p, x, :, 0]
        own = np.array(ledger.provider_programs) == p
        for x, measure in enumerate(CAPACITY_MEASURES):
            what = f"months of {measure}" if measure in STOCKS else measure
            yield f"{what}/{program}", "all", ledger.capacity[own, x].sum(axis=0)
    for s, stream in enumerate(ledger.streams):
        yield f"cents received/{stream}", "all", ledger.received[s]
        yield f"cents lapsed/{stream}", "all", ledger.lapsed[s]
        for x, category in enumerate(SPENDING):
            yield f"cents for {category}/{stream}", "all", ledger.spent[s, :, x].sum(axis=0)
    for m, outcome in enumerate(ledger.measures):
        for x, count in enumerate(OUTCOME_COUNTS):
            yield f"{count}/{outcome}", "all", ledger.outcomes[m, x, :, 0]
    for g, (dimension, name) in enumerate(ledger.groups):
        group = "all" if dimension == name else f"{dimension}: {name}"
        yield "births", group, ledger.births[:, g]
        yield "contacted", group, ledger.door_funnel[:, 0, :, g].sum(axis=0)
        for transition in ("enrolled", "visits-completed"):
            x = PROGRAM_TRANSITIONS.index(transition)
            yield transition, group, by_program[:, x, :, g].sum(axis=0)
        yield "events of all outcomes", group, ledger.outcomes[:, 1, :, g].sum(axis=0)


def stored(file: Path) -> Results:
    """What a scenario gave when last looked at."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {
            (row["measure"], row["group"], year): int(value)
            for row in csv.DictReader(lines)
            for year, value in row.items()
            if year.isdigit() and value != "0"
        }


def store(found: Results, file: Path) -> None:
    """Keep what a scenario gives now."""
    years = sorted({year for *_, year in found})
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["measure", "group", *years])
        for measure, group in sorted({(measure, group) for measure, group, _ in found}):
            values = [found.get((measure, group, year), 0) for year in years]
            writer.writerow([measure, group, *values])


def changes(before: Results, now: Results) -> list[str]:
    """Each value that differs: measure, group, year, old and new."""
    return [
        f"{measure} ({group}) in {year}: {before.get(key, 0):,} -> {now.get(key, 0):,}"
        for key in sorted(before.keys() | now.keys())
        for measure, group, year in [key]
        if before.get(key, 0) != now.get(key, 0)
    ]


def main() -> None:
    """Write the results of all shipped scenarios."""
    for file in HERE.glob("*.csv"):
        file.unlink()
    for scenario in shipped():
        store(results(scenario), golden_file(scenario))


if __name__ == "__main__":
    main()
