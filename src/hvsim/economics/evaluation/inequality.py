"""Inequality of an outcome: equally distributed equivalents and what follows from them.

The equally distributed equivalent is the level that, given to everyone, would be as good as the
distribution there is, for somebody averse to inequality. Its distance from the mean is the price of
inequality. In all functions the last axis holds people or groups, which `weights` count; weights
stand in the order of the values, and nothing needs to be sorted beforehand.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import FloatArray, finite, number, number_or_array


def weighted(values: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Values, and the share of people that each stands for (equal ones if no weights are given).

    Raises
    ------
    ValueError
        If the weights are not one per value on the last axis, negative, or all zero.
    """
    array = finite(values, "values")
    if array.ndim == 0:
        raise ValueError("values of people or groups needed, found a single number")
    weight = np.ones(array.shape[-1]) if weights is None else finite(weights, "weights")
    if weight.shape != array.shape[-1:]:
        raise ValueError(f"{array.shape[-1]} weights needed; found shape {weight.shape}")
    if weight.min() < 0 or weight.sum() <= 0:
        raise ValueError("weights must not be negative, and not all zero")
    return array, weight / weight.sum()


def _aversion(aversion: float, least: float = 0.0) -> None:
    if number(aversion, "aversion") < least:
        raise ValueError(f"inequality aversion must be {least:g} or more; found {aversion:g}")


def atkinson_ede(
    values: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None
) -> float | FloatArray:
    """Equally distributed equivalent under constant *relative* aversion to inequality.

    (Atkinson 1970, J Econ Theory 2: 244-263.)

    Parameters
    ----------
    values
        Levels of the outcome, more being better. Shape (..., groups).
    aversion
        0 for none (the mean), 1 for the geometric mean, more for more weight to the worst off.
    weights
        People in each group. Shape (groups,).

    Returns
    -------
    In the unit of the values, shape (...); a number for values of one axis. With an aversion of 1
    or more it is zero as soon as anybody who counts has zero.

    Raises
    ------
    ValueError
        If a value is negative while the aversion is not zero (relative inequality is not defined
        there: use `kolm_ede`, or levels instead of changes), or an argument is out of range.
    """
    array, share = weighted(values, weights)
    _aversion(aversion)
    if aversion == 0:
        return number_or_array(np.asarray(array @ share))
    array, share = array[..., share > 0], share[share > 0]
    if array.min() < 0:
        raise ValueError(f"Atkinson's index needs values from zero; found {array.min():g}")
    # Relative to a level at which powers of the others stay from 0 to 1, in logarithms.
    positive = array > 0
    least = np.where(positive, array, np.inf).min(axis=-1)
    some = np.isfinite(least)
    scale = np.where(some, array.max(axis=-1) if aversion < 1 else least, 1.0)[..., None]
    nothing = np.where(positive | ~some[..., None], 0.0, -np.inf)
    logs = np.log(array / scale, out=nothing, where=positive)
    power = 1.0 - aversion
    mean = logs @ share if power == 0 else np.log1p(np.expm1(power * logs) @ share) / power
    return number_or_array(np.where(some, scale[..., 0] * np.exp(mean), 0.0))


def kolm_ede(
    values: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None
) -> float | FloatArray:
    """Equally distributed equivalent under constant *absolute* aversion to inequality.

    (Kolm 1976, J Econ Theory 12: 416-442.)

    Parameters
    ----------
    values
        Levels of the outcome of any sign, more being better. Shape (..., groups).
    aversion
        Per unit of the values, from 0 (the mean).
    weights
        People in each group. Shape (groups,).

    Returns
    -------
    In the unit of the values, shape (...); a number for values of one axis.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    array, share = weighted(values, weights)
    _aversion(aversion)
    if aversion == 0:
        return number_or_array(np.asarray(array @ share))
    array, share = array[..., share > 0], share[share > 0]
    least = array.min(axis=-1)
    gaps = array - least[..., None]
    equivalent = least - np.log1p(np.expm1(-aversion * gaps) @ share) / aversion
    # Products so small that floats hold few digits of them: no different from the mean.
    limits = np.finfo(np.float64)
    none = aversion * gaps.max(axis=-1) < limits.tiny / limits.eps
    return number_or_array(np.where(none, array @ share, equivalent))


def extended_gini_ede(
    values: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None
) -> float | FloatArray:
    """Equally distributed equivalent by rank (Donaldson and Weymark 1980, J Econ Theory 22: 67-86).

    The worst off weigh most: people between the shares a and b from below have the weight
    ``(1 - a)**aversion - (1 - b)**aversion``.

    Parameters
    ----------
    values
        Levels of the outcome of any sign, more being better. Shape (..., groups).
    aversion
        1 for none (the mean), 2 for that of the Gini index, more for more weight to the worst off.
    weights
        People in each group. Shape (groups,).

    Returns
    -------
    In the unit of the values, shape (...); a number for values of one axis.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    array, share = weighted(values, weights)
    _aversion(aversion, 1.0)
    order = np.argsort(array, axis=-1, kind="stable")
    upper = np.minimum(share[order].cumsum(axis=-1), 1.0)
    better = np.concatenate((np.ones((*upper.shape[:-1], 1)), (1.0 - upper) ** aversion), axis=-1)
    rank_weight = -np.diff(better, axis=-1)
    # Shares sum to one up to rounding; the best off get what is left.
    rank_weight[..., -1] += better[..., -1]
    equivalent = (np.take_along_axis(array, order, axis=-1) * rank_weight).sum(axis=-1)
    return number_or_array(np.asarray(equivalent))


def atkinson_index(
    values: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None
) -> float | FloatArray:
    """Share of the mean that one would give up for equality: ``1 - EDE / mean``, from 0 to 1.

    Parameters, shapes and errors as `atkinson_ede`; also an error if a mean is not above zero.
    """
    return _given_up(atkinson_ede(values, aversion, weights), values, weights)


def gini(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float | FloatArray:
    """Gini index: half the mean difference between two people, over the mean.

    Parameters, shapes and errors as `extended_gini_ede`; also an error if a mean is not above zero.
    """
    return _given_up(extended_gini_ede(values, 2.0, weights), values, weights)


def _given_up(
    ede: float | FloatArray, values: npt.ArrayLike, weights: npt.ArrayLike | None
) -> float | FloatArray:
    array, share = weighted(values, weights)
    mean = array @ share
    if np.min(mean) <= 0:
        raise ValueError(
            f"an index relative to the mean needs one above zero; found {mean.min():g}"
        )
    return number_or_array(np.asarray(1.0 - ede / mean))


def equity_weights(
    values: npt.ArrayLike, aversion: float, weights: npt.ArrayLike | None = None
) -> FloatArray:
    """How much a unit of outcome counts by who gets it, on average one (Atkinson).

    In proportion to ``value ** -aversion``.

    Parameters
    ----------
    values
        Levels of the outcome, above zero. Shape (..., groups).
    aversion
        From 0 (all weights are one).
    weights
        People in each group. Shape (groups,).

    Returns
    -------
    In the shape of the values.

    Raises
    ------
    ValueError
        If a value is not above zero, or an argument is out of range.
    """
    array, share = weighted(values, weights)
    _aversion(aversion)
    if array.min() <= 0:
        raise ValueError(f"equity weights need values above zero; found {array.min():g}")
    need = (array / array.min(axis=-1, keepdims=True)) ** -aversion
    return np.asarray(need / (need @ share)[..., None])
