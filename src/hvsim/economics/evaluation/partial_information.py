"""What it would be worth to know some of the parameters, or to learn about them from a study.

Costs and effects are regressed on the parameters (Strong, Oakley and Brennan 2014, Med Decis Making
34: 311-326), so that the draws of an ordinary probabilistic analysis suffice: no nested simulation.
What is regressed is each strategy's difference from the average of all strategies in the same draw;
luck that all strategies share drops out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from hvsim.economics.evaluation.arrays import (
    FloatArray,
    Grid,
    at_each,
    by_name,
    draws,
    finite,
    in_order,
    labels,
    number,
    number_or_array,
    one_a_draw,
    same_rows,
)
from hvsim.economics.evaluation.gaussian_process import process_means
from hvsim.economics.evaluation.information import evpi
from hvsim.economics.evaluation.model_choice import clearly_better
from hvsim.economics.evaluation.ridge import ridge_means
from hvsim.economics.evaluation.smoothing import spline_means

_SMOOTH = 2
_CURVED = 12
"""Most parameters of a set that splines, and a Gaussian process, can take."""

_FILLED = 2
"""Fewest draws, on average, for each of the values that parameters take together."""

_DRAWS_EACH = 10
"""Fewest draws for each parameter with which a Gaussian process finds more than luck."""

Parameters = npt.ArrayLike | Mapping[str, npt.ArrayLike] | pd.DataFrame


@dataclass(frozen=True)
class InformationValue:
    """Value of information with its standard error, in dollars.

    Attributes
    ----------
    value
        Estimate. Shape () or (wtp,).
    standard_error
        From the finite number of draws; in the same shape.
    """

    value: FloatArray
    standard_error: FloatArray


def chosen_parameters(parameters: Parameters, names: str | Sequence[str], count: int) -> FloatArray:
    """Draws of the named parameters. Shape (draws, names).

    Parameters
    ----------
    parameters
        Draws by name (a mapping or a table), of which the named ones are taken; or an array of
        shape (draws, names), or (draws,) for a single name, which is taken whole.
    names
        The parameters meant.
    count
        How many draws there are.

    Raises
    ------
    ValueError
        If a name is unknown or twice there, the shape does not fit, or a value is not finite.
    """
    if isinstance(parameters, pd.DataFrame | Mapping):
        known = by_name(parameters)
        wanted = in_order(names)
        for name in wanted:
            if name not in known:
                raise ValueError(f"no parameter {name}; there are {', '.join(known)}")
        columns = [one_a_draw(known[name], name, count) for name in wanted]
        table = np.column_stack(columns) if columns else np.empty((count, 0))
    else:
        given = finite(parameters, "parameters")
        table = given[:, None] if given.ndim == 1 else given
        if table.ndim != 2 or len(table) != count:
            raise ValueError(f"parameters must be ({count} draws, names); found {given.shape}")
        wanted = in_order(names)
    if not wanted:
        raise ValueError("name at least one parameter")
    labels(wanted, table.shape[1])
    return table


def conditional_means(parameters: FloatArray, responses: FloatArray) -> FloatArray:
    """Mean of each response given the parameters, at the draws.

    Splines for one parameter or two, ridge regression for more; a Gaussian process instead where
    the draws can carry one and it predicts clearly better. Where parameters take so few values
    together that lines would pass through the means of all, as zeros and ones for each value of a
    categorical one do, these means.

    Parameters
    ----------
    parameters
        Shape (draws, parameters).
    responses
        Shape (draws, responses).
    """
    varying = parameters[:, np.ptp(parameters, axis=0) > 0]
    if varying.shape[1] == 0:
        return np.broadcast_to(responses.mean(axis=0), responses.shape)
    count = varying.shape[1]
    values, which = np.unique(varying, axis=0, return_inverse=True)
    if len(values) <= min(count + 1, len(varying) // _FILLED):
        indicators = np.eye(len(values))[which.ravel()]
        means = indicators.T @ responses / indicators.sum(axis=0)[:, None]
        return np.asarray(indicators @ means)
    if count <= _SMOOTH:
        return spline_means(varying, responses)
    means, missed = ridge_means(varying, responses)
    if count <= _CURVED and len(varying) >= _DRAWS_EACH * count:
        others, unseen = process_means(varying, responses)
        better = clearly_better(unseen, missed[1::2])
        means[:, better] = others[:, better]
    return means


def _centered(values: FloatArray) -> FloatArray:
    difference: FloatArray = values - values.mean(axis=1, keepdims=True)
    return difference


def regressed_outcomes(
    cost: FloatArray, effect: FloatArray, known: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Expected costs and effects given what is known, less the average of strategies in the draw.

    Each has the shape (draws, strategies).
    """
    responses = np.hstack((_centered(cost), _centered(effect)))
    means = conditional_means(known, responses)
    return means[:, : cost.shape[1]], means[:, cost.shape[1] :]


def decision_value(
    cost: FloatArray,
    effect: FloatArray,
    expected: tuple[FloatArray, FloatArray],
    wtp: float | Grid,
    learned: float = 1.0,
) -> InformationValue:
    """Gain from deciding by the expected outcomes of each draw instead of by one choice for all.

    The gain is the mean of the best expected net benefit less the best mean. It never exceeds the
    value of perfect information in the same draws; an estimate that does is cut to it. The standard
    error is that of its influence function. By the envelope theorem choices near a tie do not enter
    it, and with everything learned it is the realized difference between the two choices (Luedtke
    and van der Laan 2016, Ann Stat 44: 713-742). That is zero where what is known changes no choice
    in any draw; the luck in the mean net benefit of the strategies then stands in its place.

    Parameters
    ----------
    cost, effect
        Shape (draws, strategies).
    expected
        Costs and effects as `regressed_outcomes` gives them.
    wtp
        Willingness to pay, a number or several.
    learned
        Share of the way from its mean to `expected` that net benefit will be known to go.
    """
    count = len(cost)

    def gain(threshold: float) -> FloatArray:
        known = threshold * expected[1] - expected[0]
        average = known.mean(axis=0)
        known = average + learned * (known - average)
        loss = (known.max(axis=1, keepdims=True) - known).mean(axis=0)
        realized = threshold * effect - cost
        choice = known.argmax(axis=1)
        shares = np.bincount(choice, minlength=cost.shape[1]) / count
        chosen = np.take_along_axis(realized, choice[:, None], axis=1)[:, 0]
        unmoved = realized @ shares + realized.mean(axis=0)[choice]
        best = loss.argmin()
        gained = learned * chosen + (1 - learned) * unmoved - realized[:, best]
        error = float(_error_of_mean(gained))
        if shares.max() == 1 and np.any(known != known[0]):
            ahead = average[best] - average
            error = learned * _gain_by_luck(ahead, realized[:, [best]] - realized)
        value = min(float(loss.min()), evpi(cost, effect, threshold))
        return np.array([value, error])

    found = at_each(wtp, gain)
    return InformationValue(found[..., 0], found[..., 1])


def _error_of_mean(values: FloatArray) -> FloatArray:
    """By column; NaN for a single draw."""
    count = len(values)
    if count < 2:
        return np.full(values.shape[1:], np.nan)
    return np.asarray(values.std(axis=0, ddof=1) / np.sqrt(count))


def _gain_by_luck(ahead: FloatArray, differences: FloatArray) -> float:
    """Most that it would be worth to know by how much the chosen strategy is ahead of another.

    Unit normal loss (Raiffa and Schlaifer 1961, "Applied statistical decision theory"), with the
    standard error of each mean difference.
    """
    error = _error_of_mean(differences)
    with_luck = error > 0
    distance = ahead[with_luck] / error[with_luck]
    density = np.exp(-(distance**2) / 2.0) / np.sqrt(2.0 * np.pi)
    gains = error[with_luck] * (density - distance * ndtr(-distance))
    return float(gains.max(initial=0.0))


def evppi_estimate(
    costs: npt.ArrayLike,
    effects: npt.ArrayLike,
    parameters: Parameters,
    names: str | Sequence[str],
    wtp: float | Grid,
) -> InformationValue:
    """As `evppi`, with the standard error that the finite number of draws leaves.

    The standard error holds luck in the draws and in the regression, though not what the regression
    cannot see. It is zero where nothing can be learned, because the parameters do not vary or one
    strategy is the best whatever they are.

    With few draws a regression finds something in any parameter, as `evppi` says: compare with
    `evppi_by_luck`.
    """
    cost, effect = draws(costs, effects)
    same_rows(costs=costs, parameters=parameters)
    known = chosen_parameters(parameters, names, len(cost))
    return decision_value(cost, effect, regressed_outcomes(cost, effect, known), wtp)


@overload
def evppi(
    costs: npt.ArrayLike,
    effects: npt.ArrayLike,
    parameters: Parameters,
    names: str | Sequence[str],
    wtp: float,
) -> float: ...
@overload
def evppi(
    costs: npt.ArrayLike,
    effects: npt.ArrayLike,
    parameters: Parameters,
    names: str | Sequence[str],
    wtp: Grid,
) -> FloatArray: ...
def evppi(
    costs: npt.ArrayLike,
    effects: npt.ArrayLike,
    parameters: Parameters,
    names: str | Sequence[str],
    wtp: float | Grid,
) -> float | FloatArray:
    """Expected value of partial perfect information: of knowing the named parameters together.

    One or two parameters enter through penalized B-splines, more through ridge regression on lines
    or, where these predict clearly better, on squares and products of two as well; up to a dozen
    also through a Gaussian process, if that predicts better still. A categorical parameter, whose
    numbers stand for things without an order, is to be given as columns of zeros and ones, one for
    each of its values; alone it enters by the means of its values. The result is at least zero, at
    most `evpi` of the same draws. Other tools call it EVPPI or EVPXI.

    A regression finds something in any parameter if draws are few. A single parameter that tells
    nothing seems worth all of `evpi` with fewer than ten draws, a tenth of it with thirty, 3% with
    a hundred: take some hundreds of draws, a thousand for large sets, and compare with
    `evppi_by_luck`, which says what these very draws make of nothing.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    parameters
        Draws of parameters by name (a table or a mapping of names to arrays of shape (draws,)), of
        which the named ones are taken; or an array of shape (draws, names), taken whole.
    names
        The parameters that would be known, as one set.
    wtp
        Willingness to pay, in dollars per unit of effect: a number, or several.

    Returns
    -------
    Dollars per unit that costs and effects are counted for: a number, or one per value of `wtp`.
    Zero for parameters that do not vary, for a single strategy and for equal strategies.

    Raises
    ------
    ValueError
        If shapes differ, a value is missing or infinite, a parameter is unknown or named twice, or
        `wtp` is negative.
    """
    value = evppi_estimate(costs, effects, parameters, names, wtp).value
    return number_or_array(value)


def information_rank(
    costs: npt.ArrayLike,
    effects: npt.ArrayLike,
    parameters: Mapping[str, npt.ArrayLike] | pd.DataFrame,
    wtp: float,
) -> pd.DataFrame:
    """EVPPI of every single parameter, the greatest first.

    Parameters
    ----------
    costs, effects, parameters, wtp
        As in `evppi`; parameters by name, one `wtp`.

    Returns
    -------
    Rows of `parameter`, `evppi` and `standard_error` in dollars, and `share_of_evpi` (NaN if
    nothing is uncertain). Shares of single parameters need not sum to one.
    """
    total = evpi(costs, effects, number(wtp, "wtp"))
    same_rows(costs=costs, parameters=parameters)
    rows = []
    for name, own in by_name(parameters).items():
        found = evppi_estimate(costs, effects, {name: own}, name, wtp)
        value = float(found.value)
        share = value / total if total > 0 else np.nan
        rows.append((name, value, float(found.standard_error), share))
    table = pd.DataFrame(rows, columns=["parameter", "evppi", "standard_error", "share_of_evpi"])
    return table.sort_values("evppi", ascending=False, kind="stable", ignore_index=True)
