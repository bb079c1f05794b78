"""Rates and probabilities over other times, and ratios applied to probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import FloatArray, finite, number, together, whole


def _probability(values: npt.ArrayLike) -> FloatArray:
    p = finite(values, "probability")
    if p.min() < 0 or p.max() > 1:
        raise ValueError(f"a probability lies from 0 to 1; found {p.min():g} to {p.max():g}")
    return p


def _from_zero(values: npt.ArrayLike, what: str) -> FloatArray:
    array = finite(values, what)
    if array.min() < 0:
        raise ValueError(f"{what} must not be negative; found {array.min():g}")
    return array


def rate_to_probability(rate: npt.ArrayLike, time: float = 1.0) -> FloatArray:
    """Probability of an event within a time at a constant rate: ``1 - exp(-rate * time)``.

    Parameters
    ----------
    rate
        Events per unit of time, any shape.
    time
        In the same unit.

    Raises
    ------
    ValueError
        If one is negative or not finite.
    """
    return np.asarray(-np.expm1(-_from_zero(rate, "rate") * _from_zero(time, "time")))


def probability_to_rate(probability: npt.ArrayLike, time: float = 1.0) -> FloatArray:
    """Constant rate that gives a probability within a time: ``-log(1 - p) / time``.

    Parameters
    ----------
    probability
        From 0 to below 1, any shape.
    time
        Above zero; the rate is per its unit.

    Raises
    ------
    ValueError
        If a probability is certain (no finite rate makes it so) or lies outside, or the time is not
        above zero.
    """
    p = _probability(probability)
    if p.max() == 1:
        raise ValueError("no finite rate makes an event certain")
    if number(time, "time") <= 0:
        raise ValueError(f"time must be above zero; found {time:g}")
    return np.asarray(-np.log1p(-p) / time)


def rescale_probability(probability: npt.ArrayLike, from_time: float, to_time: float) -> FloatArray:
    """Probability within another time at the same constant rate: ``1 - (1 - p)**(to / from)``.

    Parameters
    ----------
    probability
        From 0 to 1, any shape.
    from_time, to_time
        In the same unit; above zero, and at or above zero.

    Raises
    ------
    ValueError
        If a value lies outside.
    """
    p = _probability(probability)
    if number(from_time, "from_time") <= 0 or number(to_time, "to_time") < 0:
        raise ValueError(f"times must be above zero; found {from_time:g} and {to_time:g}")
    return np.asarray(1.0 - (1.0 - p) ** (to_time / from_time))


def apply_relative_risk(probability: npt.ArrayLike, relative_risk: npt.ArrayLike) -> FloatArray:
    """Probability times a relative risk.

    Parameters
    ----------
    probability, relative_risk
        From 0 to 1, and at or above zero; shapes that go together.

    Raises
    ------
    ValueError
        If a value lies outside, or a product exceeds 1: that risk and that ratio contradict each
        other, and cutting the product at 1 would hide it.
    """
    together(probability=probability, relative_risk=relative_risk)
    product = _probability(probability) * _from_zero(relative_risk, "relative risk")
    if product.max() > 1:
        raise ValueError(f"a relative risk makes a probability of {product.max():g}, above 1")
    return np.asarray(product)


def apply_odds_ratio(probability: npt.ArrayLike, odds_ratio: npt.ArrayLike) -> FloatArray:
    """Probability whose odds are those of another times a ratio.

    Parameters
    ----------
    probability, odds_ratio
        From 0 to 1, and at or above zero; shapes that go together.

    Raises
    ------
    ValueError
        If a value lies outside, or the ratio is zero for a certain event.
    """
    together(probability=probability, odds_ratio=odds_ratio)
    p, ratio = _probability(probability), _from_zero(odds_ratio, "odds ratio")
    left = 1.0 - p + ratio * p
    if left.min() == 0:
        raise ValueError("an odds ratio of zero says nothing of a certain event")
    return np.asarray(ratio * p / left)


def rescale_discount_rate(rate: float, from_per_year: float, to_per_year: float) -> float:
    """Rate per period of another length that compounds to the same: ``(1 + r)**(from / to) - 1``.

    Parameters
    ----------
    rate
        Per period, above -1.
    from_per_year, to_per_year
        Periods in a year, before and after: 1 and 12 turn a yearly rate into a monthly one.

    Raises
    ------
    ValueError
        If the rate is not above -1, or the periods are not above zero.
    """
    for what, value in (("rate", rate), ("from", from_per_year), ("to", to_per_year)):
        number(value, what)
    if rate <= -1 or from_per_year <= 0 or to_per_year <= 0:
        raise ValueError(
            f"rate above -1 and periods above zero needed; "
            f"found {rate:g}, {from_per_year:g} and {to_per_year:g}"
        )
    return float(np.expm1(np.log1p(rate) * from_per_year / to_per_year))


def half_cycle_weights(cycles: int) -> FloatArray:
    """Weights of the states at the ends of cycles that count each cycle at its middle.

    Parameters
    ----------
    cycles
        At least one.

    Returns
    -------
    One half, ones, one half. Shape (cycles + 1,).

    Raises
    ------
    ValueError
        If there is no cycle.
    """
    weights = np.ones(whole(cycles, "cycles", 1) + 1)
    weights[[0, -1]] = 0.5
    return weights
