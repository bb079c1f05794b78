"""Means and spread of each strategy's costs and effects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics.evaluation.arrays import draws, labels, tail_shares


def strategy_summary(
    costs: npt.ArrayLike, effects: npt.ArrayLike, names: Sequence[str], level: float = 0.95
) -> pd.DataFrame:
    """Mean, standard deviation and interval of costs and effects, by strategy.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    names
        Names of the strategies, all different.
    level
        Share of draws that the intervals hold, between the percentiles (linear interpolation).

    Returns
    -------
    One row per strategy, as given: `strategy`, then `cost` and `effect`, each with `_sd` (of one
    draw; NaN for a single draw), `_low` and `_high`.

    Raises
    ------
    ValueError
        If shapes or the number of names do not agree, or a value is missing or infinite.
    """
    cost, effect = draws(costs, effects)
    columns: dict[str, object] = {"strategy": labels(names, cost.shape[1], of=costs)}
    for name, values in (("cost", cost), ("effect", effect)):
        low, high = np.quantile(values, tail_shares(level), axis=0)
        several = len(values) > 1
        columns |= {
            name: values.mean(axis=0),
            f"{name}_sd": values.std(axis=0, ddof=1) if several else np.full(len(low), np.nan),
            f"{name}_low": low,
            f"{name}_high": high,
        }
    return pd.DataFrame(columns)
