"""Who gets how much, from the worst off to the best off: concentration curve, index and slopes.

People are ranked by `rank` (poverty, need, risk: the lowest number first). Groups of equal rank
share their place; a curve or an index that depended on how ties are sorted would say what nobody
measured.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import FloatArray, finite
from hvsim.economics.evaluation.inequality import weighted


def _ranked(
    values: npt.ArrayLike, rank: npt.ArrayLike, weights: npt.ArrayLike | None
) -> tuple[FloatArray, FloatArray]:
    """Mean value and share of people at each distinct rank, the lowest first."""
    array, share = weighted(values, weights)
    order = finite(rank, "rank")
    if array.ndim != 1 or order.shape != array.shape:
        raise ValueError(f"one value and one rank per group; found {array.shape}, {order.shape}")
    counted = share > 0
    _, place = np.unique(order[counted], return_inverse=True)
    people = np.asarray(np.bincount(place, share[counted]), dtype=np.float64)
    held = np.asarray(np.bincount(place, (share * array)[counted]), dtype=np.float64)
    return held / people, people


def _middles(people: FloatArray) -> FloatArray:
    """Share of people below the middle of each rank (ridit)."""
    return np.asarray(people.cumsum() - people / 2)


def _mean_above_zero(value: FloatArray, people: FloatArray) -> float:
    mean = float(value @ people)
    if mean <= 0:
        raise ValueError(f"shares of a whole need a mean above zero; found {mean:g}")
    return mean


def concentration_curve(
    values: npt.ArrayLike, rank: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Share of the whole that goes to the lowest-ranked people.

    Parameters
    ----------
    values
        What each group has or gets, per person. Shape (groups,).
    rank
        By which people are ordered, the lowest first. Shape (groups,).
    weights
        People in each group. Shape (groups,).

    Returns
    -------
    Cumulative share of people and cumulative share of the whole, both from 0 to 1, a point for each
    distinct rank. Above the diagonal more goes to the lower ranks.

    Raises
    ------
    ValueError
        If shapes differ, a value is not finite, or the mean is not above zero.
    """
    value, people = _ranked(values, rank, weights)
    mean = _mean_above_zero(value, people)
    return (
        np.concatenate(([0.0], people.cumsum())),
        np.concatenate(([0.0], (value * people).cumsum() / mean)),
    )


def concentration_index(
    values: npt.ArrayLike, rank: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> float:
    """Twice the area between the diagonal and the concentration curve.

    (Kakwani, Wagstaff and van Doorslaer 1997, J Econometrics 77: 87-103.)

    Parameters
    ----------
    values, rank, weights
        As in `concentration_curve`.

    Returns
    -------
    Zero if all ranks get the same on average, negative if more goes to the lower ranks, positive if
    more goes to the higher ones. Between -1 and 1 if no value is negative.

    Raises
    ------
    ValueError
        As `concentration_curve`.
    """
    value, people = _ranked(values, rank, weights)
    mean = _mean_above_zero(value, people)
    return float(2.0 * ((value / mean - 1.0) * people) @ (_middles(people) - 0.5))


def slope_index(
    values: npt.ArrayLike, rank: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> float:
    """Slope index of inequality: difference between the highest and the lowest rank on a line.

    The line is fitted to the mean values by weighted least squares on the share of people below.

    Parameters
    ----------
    values, rank, weights
        As in `concentration_curve`; values of any sign.

    Returns
    -------
    In the unit of the values; positive if the higher ranks have more. Zero for a single rank.

    Raises
    ------
    ValueError
        If shapes differ or a value is not finite.
    """
    value, people = _ranked(values, rank, weights)
    if len(people) == 1:
        return 0.0
    below = _middles(people) - 0.5
    return float((people * below) @ value) / float(people @ below**2)


def relative_slope_index(
    values: npt.ArrayLike, rank: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> float:
    """Slope index over the mean.

    Parameters and errors as `slope_index`; also an error if the mean is not above zero.
    """
    value, people = _ranked(values, rank, weights)
    return slope_index(values, rank, weights) / _mean_above_zero(value, people)
