"""What it costs not to know: expected loss, and the value of perfect information."""

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
    number_or_array,
)


def expected_loss(costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float | Grid) -> FloatArray:
    """Net benefit forgone on average by choosing a strategy, since another is best in some draws.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    wtp
        Willingness to pay, in dollars per unit of effect: a number, or several.

    Returns
    -------
    Dollars, of shape (strategies,), or (wtp, strategies); never negative. Zero for a strategy
    that is best, or equal to the best, in every draw; zero for a single strategy.
    (Alarid-Escudero, Enns, Kuntz, Michaud and Jalal 2019, Value Health 22: 611-618.)

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, or `wtp` is negative.
    """
    cost, effect = draws(costs, effects)

    def loss(threshold: float) -> FloatArray:
        benefit = threshold * effect - cost
        mean: FloatArray = (benefit.max(axis=1, keepdims=True) - benefit).mean(axis=0)
        return mean

    return at_each(wtp, loss)


@overload
def evpi(costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float) -> float: ...
@overload
def evpi(costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: Grid) -> FloatArray: ...
def evpi(costs: npt.ArrayLike, effects: npt.ArrayLike, wtp: float | Grid) -> float | FloatArray:
    """Expected value of perfect information: what it would be worth to know all parameters.

    It is the expected loss of the best strategy, and computed as that: never negative, and equal to
    the least of `expected_loss` to the last digit.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    wtp
        Willingness to pay, in dollars per unit of effect: a number, or several.

    Returns
    -------
    Dollars per unit that costs and effects are counted for: a number, or one per value of `wtp`.
    Zero for a single strategy, for equal strategies and for a single draw.

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, or `wtp` is negative.
    """
    least: FloatArray = np.asarray(expected_loss(costs, effects, wtp).min(axis=-1))
    return number_or_array(least)


def population_value(
    value: npt.ArrayLike, affected: npt.ArrayLike, discount_factors: npt.ArrayLike
) -> float | FloatArray:
    """Value of information for all whom the decision will concern.

    Parameters
    ----------
    value
        Value for one (one family, one year of a system, whatever costs are counted for), in
        dollars. Any shape.
    affected
        How many the decision concerns in each year of its horizon. Shape (years,).
    discount_factors
        Present value of a dollar in each of these years; ones for no discounting, which does not
        shorten the horizon. Shape (years,).

    Returns
    -------
    Dollars of present value, in the shape of `value`.

    Raises
    ------
    ValueError
        If the years do not agree, a number affected is negative, or a value is not finite.
    """
    each, people = finite(value, "value"), finite(affected, "affected")
    factors = finite(discount_factors, "discount_factors")
    if people.shape != factors.shape or people.ndim != 1:
        raise ValueError(
            f"one number affected and one discount factor per year needed; "
            f"found {people.shape} and {factors.shape}"
        )
    if people.min() < 0:
        raise ValueError(f"affected must not be negative; found {people.min():g}")
    return number_or_array(np.asarray(each * float(people @ factors)))
