"""Deciding for each group instead of for all: what targeting is worth."""

from __future__ import annotations

from typing import overload

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import (
    FloatArray,
    Grid,
    at_each,
    finite,
    number_or_array,
    outcomes,
)
from hvsim.economics.evaluation.information import evpi


def _groups(
    costs: npt.ArrayLike, effects: npt.ArrayLike, weights: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    cost, effect = outcomes(costs, effects)
    weight = finite(weights, "weights")
    if cost.ndim != 3 or weight.shape != cost.shape[:1]:
        raise ValueError(
            f"costs and effects must be (groups, draws, strategies), with one weight per group; "
            f"found {cost.shape} and {weight.shape}"
        )
    if weight.min() < 0 or weight.sum() <= 0:
        raise ValueError("weights of groups must not be negative, and not all zero")
    return cost, effect, weight / weight.sum()


@overload
def value_of_individualized_care(
    costs: npt.ArrayLike, effects: npt.ArrayLike, weights: npt.ArrayLike, wtp: float
) -> float: ...
@overload
def value_of_individualized_care(
    costs: npt.ArrayLike, effects: npt.ArrayLike, weights: npt.ArrayLike, wtp: Grid
) -> FloatArray: ...
def value_of_individualized_care(
    costs: npt.ArrayLike, effects: npt.ArrayLike, weights: npt.ArrayLike, wtp: float | Grid
) -> float | FloatArray:
    """Net benefit gained by choosing the best strategy for each group instead of one for all.

    (Basu and Meltzer 2007, Med Decis Making 27: 112-127; van Gestel et al. 2012, Value Health 15:
    13-21.) Decisions rest on expected net benefit.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect per member of a group. Shape (groups, draws, strategies).
    weights
        Sizes or shares of the groups, not negative. Shape (groups,).
    wtp
        Willingness to pay, in dollars per unit of effect: a number, or several.

    Returns
    -------
    Dollars per member of the population, never negative: a number, or one per value of `wtp`. Zero
    if all groups have the same best strategy, and for a single group or strategy.

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, or `wtp` is negative.
    """
    cost, effect, weight = _groups(costs, effects, weights)
    mean_cost, mean_effect = cost.mean(axis=1), effect.mean(axis=1)

    def gain(threshold: float) -> float:
        benefit = threshold * mean_effect - mean_cost
        missed = weight @ (benefit.max(axis=1, keepdims=True) - benefit)
        return float(missed.min())

    value = at_each(wtp, gain)
    return number_or_array(value)


@overload
def evpi_by_group(
    costs: npt.ArrayLike, effects: npt.ArrayLike, weights: npt.ArrayLike, wtp: float
) -> float: ...
@overload
def evpi_by_group(
    costs: npt.ArrayLike, effects: npt.ArrayLike, weights: npt.ArrayLike, wtp: Grid
) -> FloatArray: ...
def evpi_by_group(
    costs: npt.ArrayLike, effects: npt.ArrayLike, weights: npt.ArrayLike, wtp: float | Grid
) -> float | FloatArray:
    """Value of perfect information where each group gets its own decision, averaged over groups.

    Parameters
    ----------
    costs, effects, weights, wtp
        As in `value_of_individualized_care`.

    Returns
    -------
    Dollars per member of the population: a number, or one per value of `wtp`.

    Raises
    ------
    ValueError
        As `value_of_individualized_care`.
    """
    cost, effect, weight = _groups(costs, effects, weights)

    def average(threshold: float) -> float:
        values = [evpi(cost[each], effect[each], threshold) for each in range(len(weight))]
        return float(weight @ np.array(values))

    value = at_each(wtp, average)
    return number_or_array(value)
