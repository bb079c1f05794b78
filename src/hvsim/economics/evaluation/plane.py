"""The cost-effectiveness plane: what a strategy adds to a comparator, draw by draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics.evaluation.arrays import (
    FloatArray,
    draws,
    finite,
    labels,
    position,
    tail_shares,
)

_PAIRWISE = [
    "strategy",
    *("inc_cost", "inc_cost_low", "inc_cost_high"),
    *("inc_effect", "inc_effect_low", "inc_effect_high"),
    "icer",
    *("costs_more_does_more", "costs_more_does_less"),
    *("costs_less_does_more", "costs_less_does_less"),
]


def increments(
    costs: npt.ArrayLike, effects: npt.ArrayLike, comparator: int = 0
) -> tuple[FloatArray, FloatArray]:
    """Costs and effects of every strategy less those of the comparator in the same draw.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    comparator
        Number of the comparator among the strategies, from 0; its own increments are zero.

    Returns
    -------
    Incremental costs and incremental effects, each of shape (draws, strategies).

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, or there is no such comparator.
    """
    cost, effect = draws(costs, effects)
    other = [position(comparator, cost.shape[1])]
    return cost - cost[:, other], effect - effect[:, other]


def pairwise_table(
    costs: npt.ArrayLike,
    effects: npt.ArrayLike,
    names: Sequence[str],
    comparator: int | str = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Each strategy against one comparator: increments with intervals, ratio, place in the plane.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    names
        Names of the strategies, all different.
    comparator
        Name of the comparator, or its number from 0; it gets no row.
    level
        Share of draws that the intervals hold, between the percentiles (linear interpolation).

    Returns
    -------
    One row per other strategy: `strategy`; `inc_cost` and `inc_effect`, the mean increments, each
    with `_low` and `_high`; `icer`, dollars per unit of effect; and the shares of draws in the
    four quadrants, `costs_more_does_more`, `costs_more_does_less`, `costs_less_does_more` and
    `costs_less_does_less`, where equal counts as more. The ratio is given where both mean
    increments are above zero, or both below. Otherwise it is NaN: one of the two strategies is as
    good in one respect and no worse in the other, and a ratio says nothing. A single strategy makes
    a table without rows.

    Raises
    ------
    ValueError
        If shapes or the number of names do not agree, a value is missing or infinite, there is no
        such comparator, or the level does not lie between 0 and 1.
    """
    cost, effect = draws(costs, effects)
    strategies = labels(names, cost.shape[1], of=costs)
    base = position(comparator, len(strategies), strategies)
    more, better = increments(cost, effect, base)
    tails = tail_shares(level)
    rows = []
    for each in np.delete(np.arange(len(strategies)), base):
        added, gained = more[:, each], better[:, each]
        extra, gain = float(added.mean()), float(gained.mean())
        ends = np.quantile(added, tails), np.quantile(gained, tails)
        dearer, stronger = added >= 0, gained >= 0
        rows.append(
            {
                "strategy": strategies[each],
                "inc_cost": extra,
                "inc_cost_low": ends[0][0],
                "inc_cost_high": ends[0][1],
                "inc_effect": gain,
                "inc_effect_low": ends[1][0],
                "inc_effect_high": ends[1][1],
                "icer": extra / gain if np.sign(extra) * np.sign(gain) > 0 else np.nan,
                "costs_more_does_more": float((dearer & stronger).mean()),
                "costs_more_does_less": float((dearer & ~stronger).mean()),
                "costs_less_does_more": float((~dearer & stronger).mean()),
                "costs_less_does_less": float((~dearer & ~stronger).mean()),
            }
        )
    return pd.DataFrame(rows, columns=_PAIRWISE)


@dataclass(frozen=True)
class Ellipse:
    """Region that holds a share of bivariate normal increments.

    Attributes
    ----------
    effect, cost
        Center: the mean increments.
    major, minor
        Half the length of its axes, in the units of the plane (effects across, dollars up).
    angle
        Of the major axis from the axis of effects, counterclockwise, in radians.
    """

    effect: float
    cost: float
    major: float
    minor: float
    angle: float

    def points(self, count: int) -> tuple[FloatArray, FloatArray]:
        """Effects and costs of `count` points around the rim, the last equal to the first."""
        turn = np.linspace(0.0, 2.0 * np.pi, count)
        along, across = self.major * np.cos(turn), self.minor * np.sin(turn)
        cosine, sine = np.cos(self.angle), np.sin(self.angle)
        return (
            self.effect + along * cosine - across * sine,
            self.cost + along * sine + across * cosine,
        )


def ellipse(inc_costs: npt.ArrayLike, inc_effects: npt.ArrayLike, level: float = 0.95) -> Ellipse:
    """Ellipse that would hold a share of the increments of one strategy, were they normal.

    The squared distance of a bivariate normal from its mean, in standard deviations, is chi-squared
    with two degrees of freedom, whose quantile is ``-2 log(1 - level)``.

    Parameters
    ----------
    inc_costs, inc_effects
        Increments of one strategy. Shape (draws,).
    level
        Share that the ellipse holds.

    Raises
    ------
    ValueError
        If there are fewer than two draws, shapes differ, a value is not finite, or the level does
        not lie between 0 and 1.
    """
    tail_shares(level)
    cost, effect = finite(inc_costs, "inc_costs"), finite(inc_effects, "inc_effects")
    if cost.shape != effect.shape or cost.ndim != 1 or len(cost) < 2:
        raise ValueError(f"two draws or more of one strategy needed; found {cost.shape}")
    variances, axes = np.linalg.eigh(np.cov(effect, cost))
    minor, major = np.sqrt(np.maximum(variances, 0.0) * -2.0 * np.log1p(-level))
    angle = np.arctan2(axes[1, 1], axes[0, 1])
    return Ellipse(
        float(effect.mean()), float(cost.mean()), float(major), float(minor), float(angle % np.pi)
    )
