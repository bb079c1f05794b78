"""Net benefit: costs and effects on one scale, at a willingness to pay for a unit of effect."""

from __future__ import annotations

from typing import overload

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import (
    FloatArray,
    Grid,
    at_each,
    draws,
    finite,
    number,
    outcomes,
)


def net_monetary_benefit(
    costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float | Grid
) -> FloatArray:
    """Effects valued in dollars, less costs (Stinnett and Mullahy 1998, Med Decis Making 18: S68).

    Parameters
    ----------
    costs, effects
        Dollars and units of effect, strategies on the last axis, such as (draws, strategies).
    wtp
        Willingness to pay, in dollars per unit of effect: a number, or several.

    Returns
    -------
    Dollars, in the shape of the costs; several values of `wtp` make a first axis.

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, or `wtp` is negative.
    """
    cost, effect = outcomes(costs, effects)
    return at_each(wtp, lambda threshold: threshold * effect - cost)


def net_health_benefit(
    costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float | Grid
) -> FloatArray:
    """Effects less those that the money would have bought elsewhere at `wtp` dollars a unit.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect, strategies on the last axis, such as (draws, strategies).
    wtp
        Willingness to pay, in dollars per unit of effect, above zero: a number, or several.

    Returns
    -------
    Units of effect, in the shape of the costs; several values of `wtp` make a first axis.

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, or `wtp` is not above zero.
    """
    cost, effect = outcomes(costs, effects)
    if np.min(finite(wtp, "wtp")) <= 0:
        raise ValueError("wtp must be above zero: net health benefit divides by it")
    return at_each(wtp, lambda threshold: effect - cost / threshold)


@overload
def optimal_strategy(costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float) -> int: ...
@overload
def optimal_strategy(
    costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: Grid
) -> npt.NDArray[np.intp]: ...
@overload
def optimal_strategy(
    costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float | Grid
) -> int | npt.NDArray[np.intp]: ...
def optimal_strategy(
    costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float | Grid
) -> int | npt.NDArray[np.intp]:
    """Number (from 0) of the strategy with the greatest expected net benefit.

    Among equals the first counts, as in all functions of economic evaluation.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    wtp
        Willingness to pay, in dollars per unit of effect: a number, or several.

    Returns
    -------
    One number, or one per value of `wtp`.

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, or `wtp` is negative.
    """
    cost, effect = draws(costs, effects)
    expected = net_monetary_benefit(cost.mean(axis=0), effect.mean(axis=0), wtp)
    best = np.asarray(expected.argmax(axis=-1))
    return int(best) if best.ndim == 0 else best


def exponential_utility(net_benefit: npt.ArrayLike, aversion: float) -> FloatArray:
    """Utility of a net benefit to someone averse to risk: ``(1 - exp(-aversion * nb)) / aversion``.

    Absolute risk aversion is constant (Pratt 1964, Econometrica 32: 122-136). The limit without
    aversion is the net benefit itself. To evaluate under aversion, hand ``-utility`` to the
    functions of economic evaluation as costs, with zeros of the same shape as effects and a `wtp`
    of zero.

    Parameters
    ----------
    net_benefit
        Dollars, any shape.
    aversion
        Per dollar, at or above zero.

    Raises
    ------
    ValueError
        If the aversion is negative or a net benefit is not finite.
    """
    benefit = finite(net_benefit, "net_benefit")
    if number(aversion, "aversion") < 0:
        raise ValueError(f"aversion must not be negative; found {aversion:g}")
    return benefit if aversion == 0 else -np.expm1(-aversion * benefit) / aversion
