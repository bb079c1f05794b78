"""How far an answer moves with one parameter, or two: by new runs, or from the draws there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtri

from hvsim.economics.evaluation.arrays import (
    FloatArray,
    by_name,
    finite,
    in_order,
    one_a_draw,
    same_rows,
    tail_shares,
    whole,
)
from hvsim.economics.evaluation.partial_information import conditional_means

_PARABOLA = 3
_BY_LUCK = 0.05

Model = Callable[[dict[str, float]], npt.ArrayLike]
"""Parameters by name to an outcome, or to one for each strategy."""


def _known(base: Mapping[str, object], names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in base]
    if unknown:
        raise ValueError(f"no parameter {unknown[0]}; there are {', '.join(base)}")


def _outcomes(
    model: Model, base: Mapping[str, float], name: str, tried: Sequence[float]
) -> FloatArray:
    values = finite(tried, f"values of {name}")
    if values.ndim != 1:
        raise ValueError(f"values of {name} must be a list of numbers; found {tried!r}")
    given = [np.asarray(model({**base, name: each})) for each in values.tolist()]
    return finite(given, f"outcome of {name}")


def one_way(
    model: Model, base: Mapping[str, float], values: Mapping[str, Sequence[float]]
) -> dict[str, FloatArray]:
    """Outcomes as one parameter after another takes other values, all others at their base.

    Parameters
    ----------
    model
        A function that is called with all parameters as a dict of names to numbers, and returns
        an outcome, or one for each strategy.
    base
        All parameters of the model.
    values
        Values to try, by parameter.

    Returns
    -------
    By parameter, outcomes of shape (values,) or (values, strategies): what `tornado` and
    `best_ranges` take.

    Raises
    ------
    ValueError
        If a parameter is unknown, or an outcome is not finite.
    """
    _known(base, list(values))
    return {name: _outcomes(model, base, name, tried) for name, tried in values.items()}


def two_way(
    model: Model,
    base: Mapping[str, float],
    first: tuple[str, Sequence[float]],
    second: tuple[str, Sequence[float]],
) -> FloatArray:
    """Outcomes as two parameters take other values together.

    Parameters
    ----------
    model, base
        As in `one_way`.
    first, second
        Two different parameters, each with the values to try.

    Returns
    -------
    Outcomes of shape (first values, second values) or (first values, second values, strategies);
    ``.argmax(axis=-1)`` of the latter is the map of best strategies.

    Raises
    ------
    ValueError
        If a parameter is unknown, both are the same, or an outcome is not finite.
    """
    _known(base, [first[0], second[0]])
    if first[0] == second[0]:
        raise ValueError(f"two different parameters needed; found {first[0]} twice")
    along = finite(first[1], f"values of {first[0]}")
    return np.stack(
        [_outcomes(model, {**base, first[0]: x}, second[0], second[1]) for x in along.tolist()]
    )


def tornado(
    values: Mapping[str, npt.ArrayLike], outcomes: Mapping[str, npt.ArrayLike]
) -> pd.DataFrame:
    """How far an outcome moves from one end of each parameter's range to the other, widest first.

    Parameters
    ----------
    values
        Values of each parameter, rising. Shape (points,).
    outcomes
        Outcome at each of them: of one strategy, of a pair (an increment), or of the best strategy
        (the greatest at each point). Shape (points,).

    Returns
    -------
    Rows of `parameter`, `low` and `high` (ends of its range), `at_low` and `at_high` (outcome
    there), `width` (their distance), `relative_width` (of the outcome at the low end; NaN if that
    is zero), and `least` and `greatest`, between which the outcome moves on the way: further
    apart than `width` if it turns round.

    Raises
    ------
    ValueError
        If names or shapes do not agree, values do not rise, or a number is not finite.
    """
    if list(values) != list(outcomes):
        raise ValueError("values and outcomes must name the same parameters in the same order")
    rows = []
    for name in values:
        grid, outcome = finite(values[name], name), finite(outcomes[name], f"outcome of {name}")
        if grid.ndim != 1 or outcome.shape != grid.shape or np.any(np.diff(grid) <= 0):
            raise ValueError(f"{name}: rising values and one outcome for each needed")
        low, high = float(outcome[0]), float(outcome[-1])
        width = abs(high - low)
        relative = width / abs(low) if low != 0 else np.nan
        rows.append(
            (name, grid[0], grid[-1], low, high, width, relative, outcome.min(), outcome.max())
        )
    columns = ["parameter", "low", "high", "at_low", "at_high", "width", "relative_width"]
    table = pd.DataFrame(rows, columns=[*columns, "least", "greatest"])
    return table.sort_values("width", ascending=False, kind="stable", ignore_index=True)


def metamodel(
    parameters: Mapping[str, npt.ArrayLike] | pd.DataFrame,
    outcomes: npt.ArrayLike,
    level: float = 0.95,
    points: int = 100,
    degree: int = 2,
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """One-way analysis from the draws of a probabilistic one, without new runs.

    Outcomes are regressed on a polynomial of each parameter alone (Jalal, Dowd, Sainfort and
    Kuntz 2013, Med Decis Making 33: 880-890): they are means over all that goes with a value of
    the parameter in the draws, correlated parameters included, and not outcomes with the others
    held still.

    Parameters
    ----------
    parameters
        Draws of each parameter, by name. Shape (draws,).
    outcomes
        Shape (draws,) or (draws, strategies).
    level
        Share of the draws of a parameter that its range holds, between the percentiles.
    points
        Values per parameter, at least two.
    degree
        Of the polynomial.

    Returns
    -------
    Values by parameter, of shape (points,), and outcomes by parameter, of shape (points,) or
    (points, strategies): what `tornado` and `best_ranges` take.

    Raises
    ------
    ValueError
        If shapes do not agree, a parameter does not vary, or a number is not finite.
    """
    response = finite(outcomes, "outcomes")
    if response.ndim not in (1, 2):
        raise ValueError(
            f"outcomes must be (draws,) or (draws, strategies); found {response.shape}"
        )
    whole(points, "points", 2)
    whole(degree, "degree", 1)
    same_rows(parameters=parameters, outcomes=outcomes)
    grids, fitted = {}, {}
    for name, own in by_name(parameters).items():
        draws = one_a_draw(own, name, len(response))
        low, high = np.quantile(draws, tail_shares(level))
        if not low < high:
            raise ValueError(f"{name} does not vary")
        grids[name] = np.linspace(low, high, points)
        center, spread = draws.mean(), draws.std()
        powers = np.vander((draws - center) / spread, degree + 1)
        wanted = np.vander((grids[name] - center) / spread, degree + 1)
        fitted[name] = wanted @ np.linalg.lstsq(powers, response)[0]
    return grids, fitted


def swings(
    parameters: Mapping[str, npt.ArrayLike] | pd.DataFrame,
    outcome: npt.ArrayLike,
    level: float = 0.95,
    *,
    categorical: str | Sequence[str] = (),
) -> pd.DataFrame:
    """A tornado from the draws there are, each bar with its standard error, widest first.

    As `metamodel`: least squares on a parabola of each parameter alone (a straight line of one
    with two values). Of a categorical one, whose numbers stand for things without an order, the
    mean of each value; its bar goes from the least to the greatest of them. With few draws and
    many parameters some bars are wide by luck. `clear` says which would be so by luck in none of
    twenty such tables: a t test of the bar against none, at 5% shared equally among the parameters
    (Bonferroni); of a categorical one, whose bar is the widest of many, that of all comparisons of
    its means (Scheffe 1953, Biometrika 40: 87-104).

    Parameters
    ----------
    parameters
        Draws of each parameter, by name. Shape (draws,). Those that do not vary get no row.
    outcome
        Shape (draws,).
    level
        Share of the draws of a parameter that its range holds, between the percentiles.
    categorical
        Names of the categorical parameters.

    Returns
    -------
    Rows of `parameter`, `low` and `high` (ends of its range, or the values of least and greatest
    mean), `at_low` and `at_high` (mean outcome
    there), `width` (their distance), `standard_error` (of the width) and `clear`.

    Raises
    ------
    ValueError
        If shapes do not agree, there are fewer than four draws, a number is not finite, a name is
        unknown, or a categorical parameter has a value for every draw.
    """
    response = finite(outcome, "outcome")
    if response.ndim != 1 or len(response) <= _PARABOLA:
        raise ValueError(f"an outcome of more than three draws needed; found {response.shape}")
    same_rows(parameters=parameters, outcome=outcome)
    categories = in_order(categorical, "categorical")
    _known(by_name(parameters), categories)
    varying = {}
    for name, own in by_name(parameters).items():
        draws = one_a_draw(own, name, len(response))
        if np.ptp(draws) > 0:
            varying[name] = draws
    rows = []
    for name, draws in varying.items():
        if name in categories:
            (low, high), terms, ends = _by_value(draws, response)
            compared = terms.shape[1] - 1
        else:
            (low, high), terms, ends = _parabola(draws, level)
            compared = 1
        freedom = len(response) - terms.shape[1]
        if freedom < 1:
            raise ValueError(f"{name}: as many categories as draws")
        inverse = np.linalg.inv(terms.T @ terms)
        fitted = inverse @ (terms.T @ response)
        noise = float(((response - terms @ fitted) ** 2).sum()) / freedom
        at_low, at_high = (ends @ fitted).tolist()
        across = ends[1] - ends[0]
        error = float(np.sqrt(noise * (across @ inverse @ across)))
        width = abs(at_high - at_low)
        # With one comparison the square of the t test.
        beyond = np.sqrt(compared * fdtri(compared, freedom, 1 - _BY_LUCK / len(varying))) * error
        rows.append((name, low, high, at_low, at_high, width, error, bool(width > beyond)))
    columns = ["parameter", "low", "high", "at_low", "at_high", "width", "standard_error", "clear"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("width", ascending=False, kind="stable", ignore_index=True)


def _parabola(draws: FloatArray, level: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Ends of a parameter's range; the terms of a parabola at its draws, and at these ends."""
    ends = np.quantile(draws, tail_shares(level))
    count = min(len(np.unique(draws)), _PARABOLA)
    center, spread = draws.mean(), draws.std()
    at_draws, at_ends = (np.vander((each - center) / spread, count) for each in (draws, ends))
    return ends, at_draws, at_ends


def _by_value(draws: FloatArray, response: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Values of least and greatest mean; zeros and ones for each value at the draws, and there."""
    values, which = np.unique(draws, return_inverse=True)
    means = np.bincount(which, response) / np.bincount(which)
    ends = [means.argmin(), means.argmax()]
    indicators = np.eye(len(values))
    return values[ends], indicators[which], indicators[ends]


def explained_variance(
    parameters: Mapping[str, npt.ArrayLike] | pd.DataFrame, outcome: npt.ArrayLike
) -> pd.DataFrame:
    """Share of an outcome's variance that each parameter explains alone, from the draws there are.

    For independent parameters it is the first-order Sobol index; it needs no design and no new
    runs.

    Parameters
    ----------
    parameters
        Draws of each parameter, by name. Shape (draws,).
    outcome
        Shape (draws,).

    Returns
    -------
    Rows of `parameter` and `share`, the greatest first.

    Raises
    ------
    ValueError
        If shapes do not agree, the outcome does not vary, or a number is not finite.
    """
    response = finite(outcome, "outcome")
    if response.ndim != 1 or response.std() == 0:
        raise ValueError("an outcome that varies needed, of shape (draws,)")
    same_rows(parameters=parameters, outcome=outcome)
    rows = []
    for name, own in by_name(parameters).items():
        draws = one_a_draw(own, name, len(response))
        means = conditional_means(draws[:, None], response[:, None])
        rows.append((name, float(means.var() / response.var())))
    table = pd.DataFrame(rows, columns=["parameter", "share"])
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)
