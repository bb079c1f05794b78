"""Distributional cost-effectiveness: how much better on average, and how much fairer.

After Asaria, Griffin and Cookson 2016, Med Decis Making 36: 8-19. Levels of an outcome before and
after, by group; what the money would have done elsewhere is taken from those who would have had it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import FloatArray, finite, number, number_or_array
from hvsim.economics.evaluation.inequality import atkinson_ede, weighted


@dataclass(frozen=True)
class EquityImpact:
    """Place of a strategy on the equity impact plane, in units of the outcome per person.

    Attributes
    ----------
    efficiency
        Change of the mean.
    equity
        What the change adds for somebody averse to inequality: `welfare` less `efficiency`.
    welfare
        Change of the equally distributed equivalent.
    """

    efficiency: float | FloatArray
    equity: float | FloatArray
    welfare: float | FloatArray


def net_of_opportunity_cost(
    benefits: npt.ArrayLike,
    costs: npt.ArrayLike,
    wtp: float,
    cost_shares: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
) -> FloatArray:
    """What each group gains, less what it loses because the money is not spent elsewhere.

    Parameters
    ----------
    benefits
        Units of outcome gained per person of each group. Shape (..., groups).
    costs
        Dollars per person of the whole population. Shape (...).
    wtp
        Dollars for which a unit of outcome would be had elsewhere, above zero.
    cost_shares
        Share of each group in what is had elsewhere; not negative, summing to one. Shape (groups,).
    weights
        People in each group. Shape (groups,).

    Returns
    -------
    Units of outcome per person of each group. Shape (..., groups).

    Raises
    ------
    ValueError
        If shapes do not agree, the shares do not sum to one, a group without people bears cost, or
        `wtp` is not above zero.
    """
    gain, people = weighted(benefits, weights)
    cost, share = finite(costs, "costs"), finite(cost_shares, "cost_shares")
    if cost.shape != gain.shape[:-1] or share.shape != people.shape:
        raise ValueError(
            f"benefits (..., groups), costs (...) and cost_shares (groups,) needed; "
            f"found {gain.shape}, {cost.shape} and {share.shape}"
        )
    if share.min() < 0 or abs(share.sum() - 1) > 1e-9:
        raise ValueError("cost_shares must not be negative and sum to one")
    if number(wtp, "wtp") <= 0:
        raise ValueError(f"wtp must be above zero; found {wtp:g}")
    if np.any((people == 0) & (share > 0)):
        raise ValueError("a group without people cannot bear a share of the cost")
    per_person = np.divide(share, people, out=np.zeros_like(share), where=people > 0)
    return np.asarray(gain - cost[..., None] / wtp * per_person)


def equity_impact(
    baseline: npt.ArrayLike,
    gains: npt.ArrayLike,
    aversion: float,
    weights: npt.ArrayLike | None = None,
) -> EquityImpact:
    """Change of the mean, and of the equally distributed equivalent under Atkinson.

    Parameters
    ----------
    baseline
        Level of the outcome without the strategy, more being better, such as healthy years or the
        share unharmed. Shape (groups,).
    gains
        What is added per person of each group, net of opportunity cost if that counts. Shape
        (..., groups), such as (draws, strategies, groups).
    aversion
        Inequality aversion of `atkinson_ede`; with 0, `equity` is zero.
    weights
        People in each group. Shape (groups,).

    Returns
    -------
    Of shape (...); numbers for gains of one axis.

    Raises
    ------
    ValueError
        If shapes do not agree, or a level before or after is negative while the aversion is not
        zero.
    """
    before, share = weighted(baseline, weights)
    added = finite(gains, "gains")
    if before.ndim != 1 or added.shape[-1:] != before.shape:
        raise ValueError(f"gains must be (..., {before.size} groups); found {added.shape}")
    welfare = atkinson_ede(before + added, aversion, share) - atkinson_ede(before, aversion, share)
    efficiency = number_or_array(np.asarray(added @ share))
    return EquityImpact(efficiency, welfare - efficiency, welfare)
