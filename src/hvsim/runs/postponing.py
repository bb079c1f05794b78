"""What is prevented by an earlier age, by the end of follow-up, and what is only postponed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hvsim.runs.reading import Run
from hvsim.runs.rows import Row, interval

if TYPE_CHECKING:
    import pandas as pd

_KEYS: Final = ["scenario", "draw", "outcome", "age"]


def postponed(run: Run) -> pd.DataFrame:
    """Children spared a first event to the earlier age and to the end of follow-up.

    Parameters
    ----------
    run
        A comparison whose scenarios state ``also_at`` and a later ``follow_up``.

    Returns
    -------
    One row per scenario, draw and outcome, averages of replicates: `spared_early` and `spared`,
    children with an event under the baseline alone less those with one under the scenario alone,
    by each age; and `postponed`, of the first those to whom it happens by the end of follow-up
    after all (less those who would have come to it anyway).

    Raises
    ------
    RunFolderError
        If the run counts outcomes at one age only.
    """
    table = run.ages
    columns = ["spared", "struck", "postponed", "hastened"]
    sums = table.groupby(_KEYS)[columns].sum() / len(run.manifest.seeds)
    early = sums.xs(run.manifest.also_at_months, level="age")
    late = sums.xs(run.manifest.follow_up_months, level="age")
    found = early.assign(
        spared_early=early["spared"] - early["struck"],
        spared=late["spared"] - late["struck"],
        postponed=early["postponed"] - early["hastened"],
    )
    return found[["spared_early", "spared", "postponed"]].reset_index()


def early_rows(run: Run, scenario: str) -> Iterator[Row]:
    """Rows of the summary of one scenario against the baseline; none without a second age."""
    age, baseline = run.manifest.also_at_months, run.manifest.baseline
    if age is None or baseline is None:
        return
    table = run.ages[run.ages["age"] == age]
    sums = table.groupby(["scenario", "draw", "outcome"])[["events", "prevented"]].sum()
    sums = sums / len(run.manifest.seeds)
    children = postponed(run).set_index(["scenario", "draw", "outcome"])
    for measure in run.manifest.measures:
        sign = -1 if measure.desirable else 1
        draws: dict[str, int] = {draw.effects: draw.draw for draw in run.manifest.draws}
        before = {e: sums["events"][baseline, d, measure.name] for e, d in draws.items()}
        better = {
            e: float(sign * sums["prevented"][scenario, d, measure.name]) for e, d in draws.items()
        }
        percent = {e: 100 * better[e] / before[e] if before[e] else 0.0 for e in draws}
        name = f"early_{measure.benefit}"
        yield interval(scenario, f"{name}:{measure.name}", measure.unit, better)
        of_baseline = "percent of the baseline's"
        yield interval(scenario, f"{name}_percent:{measure.name}", of_baseline, percent)
        if measure.desirable:
            continue
        for column, row in _CHILDREN.items():
            by = {e: float(children[column][scenario, d, measure.name]) for e, d in draws.items()}
            yield interval(scenario, f"{row}:{measure.name}", "children", by)


_CHILDREN: Final = {
    "spared_early": "early_children_spared",
    "spared": "children_spared",
    "postponed": "children_postponed",
}
