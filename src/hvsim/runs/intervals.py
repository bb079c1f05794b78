"""What draws of parameters say about each row of the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

PARAMETERS: Final = "parameters"
"""Uncertainty of a row whose value is the mean over draws, between their percentiles."""

_ENDS: Final = (0.025, 0.975)
_ROW: Final = ["scenario", "measure"]


def with_parameters(summary: pd.DataFrame, draws: pd.DataFrame) -> pd.DataFrame:
    """The summary with a row more for every measure that all draws have.

    Parameters
    ----------
    summary
        Rows of ``summary.csv``.
    draws
        Table ``draws/summary.parquet``. Each draw counts with its average over replicates, so that
        the interval holds as little of chance as they allow.

    Returns
    -------
    The rows of `summary`, each followed by that of its draws: their mean, and as `low` and `high`
    their 2.5 and 97.5 percentiles, interpolated linearly (type 7 of R).
    """
    import pandas as pd

    wide = draws.pivot_table(index="draw", columns=_ROW, values="value", aggfunc="mean", sort=True)
    whole = wide.loc[:, wide.notna().all()]
    found = pd.DataFrame(
        {"value": whole.mean(), "low": whole.quantile(_ENDS[0]), "high": whole.quantile(_ENDS[1])}
    ).reset_index()
    placed = summary.assign(place=range(len(summary)))
    last = placed.groupby(_ROW)[["place", "unit"]].last().reset_index()
    more = last.merge(found, on=_ROW).assign(uncertainty=PARAMETERS)
    together = pd.concat([placed, more[placed.columns]], ignore_index=True)
    # A stable sort: the row of the draws stands after those of the same measure.
    return together.sort_values("place", kind="stable", ignore_index=True)[summary.columns]
