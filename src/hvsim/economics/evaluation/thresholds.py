"""Where a decision changes: exact crossings of lines through computed points, not grid points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics.evaluation.arrays import FloatArray, finite, labels, number


def _increasing(values: npt.ArrayLike, outcomes: FloatArray) -> FloatArray:
    grid = finite(values, "values")
    if grid.ndim != 1 or len(grid) < 2 or len(outcomes) != len(grid):
        raise ValueError(
            f"two values or more needed, and as many outcomes; "
            f"found {grid.shape} and {outcomes.shape}"
        )
    if np.any(np.diff(grid) <= 0):
        raise ValueError("values must rise")
    return grid


def break_even(values: npt.ArrayLike, outcome: npt.ArrayLike, target: float = 0.0) -> FloatArray:
    """Values of a parameter at which an outcome equals a target, between points on straight lines.

    Parameters
    ----------
    values
        Values of the parameter, rising. Shape (points,).
    outcome
        Outcome at each, such as an incremental net benefit. Shape (points,).
    target
        In the unit of the outcome.

    Returns
    -------
    All such values, rising; empty if the outcome stays on one side. Where the outcome equals the
    target at given points, these points.

    Raises
    ------
    ValueError
        If shapes differ, values do not rise, or a number is not finite.
    """
    above = finite(outcome, "outcome") - number(target, "target")
    grid = _increasing(values, above)
    if above.ndim != 1:
        raise ValueError(f"one outcome per value needed; found {above.shape}")
    (turns,) = np.nonzero(above[:-1] * above[1:] < 0)
    part = above[turns] / (above[turns] - above[turns + 1])
    between = grid[turns] + part * (grid[turns + 1] - grid[turns])
    return np.sort(np.concatenate((grid[above == 0], between)))


def best_ranges(
    values: npt.ArrayLike, outcomes: npt.ArrayLike, names: Sequence[str]
) -> pd.DataFrame:
    """Between which values of a parameter each strategy has the greatest outcome.

    Outcomes are joined by straight lines, whose crossings are computed exactly.

    Parameters
    ----------
    values
        Values of the parameter, rising. Shape (points,).
    outcomes
        Outcome of each strategy at each value, such as net benefit. Shape (points, strategies).
    names
        Names of the strategies, all different.

    Returns
    -------
    Rows of `strategy`, `low` and `high`, in the order of the parameter and without gap: every
    `high` but the last is a value at which the decision changes. Among equals the first strategy
    counts.

    Raises
    ------
    ValueError
        If shapes or the number of names do not agree, values do not rise, or a number is not
        finite.
    """
    table = finite(outcomes, "outcomes")
    grid = _increasing(values, table)
    if table.ndim != 2:
        raise ValueError(f"outcomes must be (points, strategies); found {table.shape}")
    strategies = labels(names, table.shape[1])

    ranges: list[tuple[str, float, float]] = []
    for cell, (start, end) in enumerate(pairwise(grid.tolist())):
        left, right = table[cell], table[cell + 1]
        cuts = {0.0, 1.0}
        for one, other in combinations(range(len(strategies)), 2):
            at_left, at_right = left[one] - left[other], right[one] - right[other]
            if at_left * at_right < 0:
                cuts.add(float(at_left / (at_left - at_right)))
        for low, high in pairwise(sorted(cuts)):
            middle = (low + high) / 2
            best = strategies[int((left + middle * (right - left)).argmax())]
            stop = end if high == 1.0 else start + high * (end - start)
            if ranges and ranges[-1][0] == best:
                ranges[-1] = (best, ranges[-1][1], stop)
            else:
                ranges.append((best, ranges[-1][2] if ranges else start, stop))
    return pd.DataFrame(ranges, columns=["strategy", "low", "high"])
