"""What is prevented for good, and what is only postponed: a short follow-up against a long one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hvsim.runs.reading import Run, RunFolderError

if TYPE_CHECKING:
    import pandas as pd

_SAME: Final = ("place", "start", "end", "baseline", "seeds", "scale")


def postponed(short: Run, long: Run) -> pd.DataFrame:
    """Children spared a first event to the end of a short follow-up, and to that of a long one.

    Parameters
    ----------
    short, long
        Comparisons of the same scenarios on the same families, the second with a later
        ``follow_up``, such as 5 and 18 years.

    Returns
    -------
    One row per scenario but the baseline, draw and outcome of which both tell: `by_short` and
    `by_long`, children fewer than under the baseline with any event by then (averages of
    replicates), and `postponed`, of those of the first the part to whom it happens later after
    all: `by_short` less `by_long`, from 0 to `by_short`.

    Raises
    ------
    RunFolderError
        If the two are not such comparisons.
    """
    _refuse(short, long)
    table = _spared(short, "by_short").merge(_spared(long, "by_long"))
    gap = (table["by_short"] - table["by_long"]).clip(lower=0.0)
    return table.assign(postponed=gap.clip(upper=table["by_short"].clip(lower=0.0)))


def _refuse(short: Run, long: Run) -> None:
    one, other = short.manifest, long.manifest
    reasons = [name for name in _SAME if getattr(one, name) != getattr(other, name)]
    if one.baseline is None:
        reasons.append("baseline (none)")
    if one.follow_up_months >= other.follow_up_months:
        reasons.append("follow_up_months (the second must be longer)")
    if reasons:
        raise RunFolderError(
            f"{short.folder} and {long.folder} cannot be set side by side: {', '.join(reasons)}"
        )


def _spared(run: Run, name: str) -> pd.DataFrame:
    """Children fewer than under the baseline with any event, by scenario, draw and outcome."""
    outcomes = run.outcomes
    children = outcomes[(outcomes["dimension"] == "all") & (outcomes["measure"] == "children")]
    keys = ["scenario", "draw", "outcome"]
    totals = (children.groupby(keys)["value"].sum() / len(run.manifest.seeds)).reset_index()
    wide = totals.pivot_table(index=["draw", "outcome"], columns="scenario", values="value")
    wide = wide.fillna(0.0)
    fewer = wide.rsub(wide[run.manifest.baseline], axis=0).drop(columns=run.manifest.baseline)
    return fewer.melt(ignore_index=False, value_name=name).reset_index()
