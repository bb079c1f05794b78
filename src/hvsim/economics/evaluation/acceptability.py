"""How probable it is that a strategy is the best, at a willingness to pay.

Two questions that are often confused have functions of their own: best of *all* strategies
(`ceac`, the multi-way curve) and better than *one* comparator (`ceac_pairwise`).
"""

from __future__ import annotations

from typing import overload

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import (
    FloatArray,
    Grid,
    at_each,
    draws,
    number_or_array,
    position,
)
from hvsim.economics.evaluation.benefit import optimal_strategy


def ceac(costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float | Grid) -> FloatArray:
    """Multi-way acceptability: share of draws in which each strategy is the best of all.

    Of strategies with exactly equal net benefit in a draw, the first counts as the best, so that
    the shares sum to one; nothing is drawn at random and there is no tolerance.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    wtp
        Willingness to pay, in dollars per unit of effect: a number, or several.

    Returns
    -------
    Shares of shape (strategies,), or (wtp, strategies). A single strategy has share one.

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, or `wtp` is negative.
    """
    cost, effect = draws(costs, effects)
    count, strategies = cost.shape

    def shares(threshold: float) -> FloatArray:
        best = (threshold * effect - cost).argmax(axis=1)
        won: FloatArray = np.bincount(best, minlength=strategies) / count
        return won

    return at_each(wtp, shares)


def ceac_pairwise(
    costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float | Grid, comparator: int = 0
) -> FloatArray:
    """Pairwise acceptability: share of draws in which each strategy beats the comparator.

    Equal net benefit does not beat; the comparator's own share is therefore zero.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    wtp
        Willingness to pay, in dollars per unit of effect: a number, or several.
    comparator
        Number of the comparator among the strategies, from 0.

    Returns
    -------
    Shares of shape (strategies,), or (wtp, strategies).

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, `wtp` is negative, or there is no such
        comparator.
    """
    cost, effect = draws(costs, effects)
    other = position(comparator, cost.shape[1])

    def shares(threshold: float) -> FloatArray:
        benefit = threshold * effect - cost
        better: FloatArray = (benefit > benefit[:, [other]]).mean(axis=0)
        return better

    return at_each(wtp, shares)


@overload
def ceaf(costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float) -> float: ...
@overload
def ceaf(costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: Grid) -> FloatArray: ...
def ceaf(costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float | Grid) -> float | FloatArray:
    """Acceptability frontier: how probable it is that the strategy to choose is the best.

    The strategy to choose has the greatest *expected* net benefit (`optimal_strategy`), which need
    not be the one that is most often the best (Fenwick, Claxton and Sculpher 2001, Health Econ 10:
    779-787): the frontier can lie below the highest of the acceptability curves.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    wtp
        Willingness to pay, in dollars per unit of effect: a number, or several.

    Returns
    -------
    A share, or one per value of `wtp`. Among equals the first strategy counts, as in `ceac`.

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, or `wtp` is negative.
    """
    shares = ceac(costs, effects, wtp)
    chosen = optimal_strategy(costs, effects, wtp)
    places = np.asarray(chosen)[..., None]
    frontier: FloatArray = np.take_along_axis(shares, places, axis=-1)[..., 0]
    return number_or_array(frontier)
