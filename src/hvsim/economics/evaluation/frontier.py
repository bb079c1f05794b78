"""Which strategies are worth considering, and what each step up the frontier costs.

A strategy is dominated (D) if another costs no more and does no less, and is better in one of the
two. It is extendedly dominated (ED) if a mixture of two others costs less for the same effect. The
rest (ND) form the frontier: along it, each further unit of effect costs more than the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics.evaluation.arrays import FloatArray, labels, outcomes


def _steps(cost: FloatArray, effect: FloatArray) -> tuple[list[int], list[int]]:
    """One strategy for each point of the frontier, and one for each extendedly dominated point."""
    points: list[int] = []
    extended: list[int] = []
    for each in np.lexsort((-effect, cost)):
        if points and effect[each] <= max(effect[points]):
            continue
        while len(points) > 1:
            before, last = points[-2:]
            steeper = (cost[last] - cost[before]) * (effect[each] - effect[last])
            if steeper <= (cost[each] - cost[last]) * (effect[last] - effect[before]):
                break
            extended.append(points.pop())
        points.append(int(each))
    return points, extended


def icer_table(costs: npt.ArrayLike, effects: npt.ArrayLike, names: Sequence[str]) -> pd.DataFrame:
    """Incremental cost-effectiveness of strategies, with strong and extended dominance.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect: means of shape (strategies,), or draws of shape
        (draws, strategies), of which the means are taken (a ratio of means, not a mean of ratios).
    names
        Names of the strategies, all different.

    Returns
    -------
    One row per strategy, ordered by cost; of equal cost, the greater effect first; else as given.
    `inc_cost` and `inc_effect` compare a strategy on the frontier with the one below it there,
    and `icer` is their ratio in dollars per unit of effect; they are NaN for the first of the
    frontier and for all off it. `status` is ``ND`` (on the frontier), ``ED`` or ``D``.
    Comparisons are exact, without tolerance, of means as they are computed: rounding can move one
    off a line. Strategies equal in both cost and effect do not dominate each other: they have equal
    rows. A strategy exactly on the line between two others is ``ND``. A single strategy is ``ND``.

    Raises
    ------
    ValueError
        If shapes or the number of names do not agree, or a value is missing or infinite.
    """
    cost, effect = outcomes(costs, effects)
    if cost.ndim > 2:
        raise ValueError(f"means, or (draws, strategies) needed; found shape {cost.shape}")
    if cost.ndim == 2:
        cost, effect = cost.mean(axis=0), effect.mean(axis=0)
    strategies = labels(names, len(cost), of=costs)

    points, extended = _steps(cost, effect)
    undefined = (np.nan, np.nan, np.nan, "D")
    rows = dict.fromkeys(zip(cost, effect, strict=True), undefined)
    rows |= {(cost[each], effect[each]): (*undefined[:3], "ED") for each in extended}
    rows |= {(cost[each], effect[each]): (*undefined[:3], "ND") for each in points[:1]}
    for below, each in pairwise(points):
        more, better = cost[each] - cost[below], effect[each] - effect[below]
        rows[cost[each], effect[each]] = (more, better, more / better, "ND")

    order = np.lexsort((-effect, cost))
    table = pd.DataFrame(
        [(strategies[i], cost[i], effect[i], *rows[cost[i], effect[i]]) for i in order],
        columns=["strategy", "cost", "effect", "inc_cost", "inc_effect", "icer", "status"],
    )
    return table.astype({"inc_cost": float, "inc_effect": float, "icer": float})


def ranges_of_optimality(
    costs: npt.ArrayLike, effects: npt.ArrayLike, names: Sequence[str]
) -> pd.DataFrame:
    """For what willingness to pay each strategy has the greatest expected net benefit.

    Expected net benefit is linear in the willingness to pay, so the ends are the ratios of
    `icer_table`, exact and not read off a grid.

    Parameters
    ----------
    costs, effects, names
        As in `icer_table`.

    Returns
    -------
    Rows of `strategy`, `wtp_low`, `wtp_high` (dollars per unit of effect), one per strategy of the
    frontier, from 0 to infinity without gap. Equal strategies share a range; that of a strategy on
    the line between two others is a single point.

    Raises
    ------
    ValueError
        As `icer_table`.
    """
    table = icer_table(costs, effects, names)
    frontier = table[table["status"] == "ND"].fillna({"icer": 0.0})
    points = frontier.drop_duplicates(["cost", "effect"])
    high = [*points["icer"].to_list()[1:], np.inf]
    ranges = frontier.merge(points.assign(wtp_high=high)[["cost", "effect", "wtp_high"]])
    ranges = ranges.rename(columns={"icer": "wtp_low"})
    return ranges[["strategy", "wtp_low", "wtp_high"]]
