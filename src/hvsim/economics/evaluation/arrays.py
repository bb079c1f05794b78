"""What the arrays of an economic evaluation must look like, checked in one place.

All functions of this room take finite numbers only. A missing or infinite value in one draw has
no place in a mean or a maximum: left out, it would compare strategies on different draws. It is
refused with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Grid = Sequence[float] | FloatArray
"""Several values of one number, such as the willingness to pay."""


def finite(values: npt.ArrayLike, what: str) -> FloatArray:
    """The values as floating-point numbers.

    Raises
    ------
    ValueError
        If there is no value, or one is missing or infinite; the message says where.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.size == 0:
        raise ValueError(f"{what}: no values")
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = ", ".join(str(index) for index in bad[0])
        found = array[tuple(bad[0])]
        raise ValueError(f"{what}[{place}] is {found}; only finite numbers can be compared")
    return array


def outcomes(costs: npt.ArrayLike, effects: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Costs and effects of strategies: the same shape, finite, strategies on the last axis.

    Raises
    ------
    ValueError
        If the shapes differ or a value is not finite.
    """
    cost, effect = finite(costs, "costs"), finite(effects, "effects")
    if cost.shape != effect.shape or cost.ndim == 0:
        raise ValueError(
            f"costs and effects must have one shape, strategies last; "
            f"found {cost.shape} and {effect.shape}"
        )
    return cost, effect


def draws(costs: npt.ArrayLike, effects: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Costs and effects of shape (draws, strategies).

    Raises
    ------
    ValueError
        If the shape is another, or a value is not finite.
    """
    cost, effect = outcomes(costs, effects)
    if cost.ndim != 2:
        raise ValueError(f"costs and effects must be (draws, strategies); found {cost.shape}")
    return cost, effect


def labels(names: Sequence[str], count: int) -> list[str]:
    """As many names as there are things, all different.

    Raises
    ------
    ValueError
        If there are more, fewer, or two alike.
    """
    given = [names] if isinstance(names, str) else [str(name) for name in names]
    if len(given) != count:
        raise ValueError(f"{count} names needed, {len(given)} given: {', '.join(given)}")
    if len(set(given)) < count:
        raise ValueError(f"names must differ: {', '.join(given)}")
    return given


def position(comparator: int, count: int) -> int:
    """Number of the comparator among the strategies, from 0.

    Raises
    ------
    ValueError
        If there is no such strategy.
    """
    if not 0 <= comparator < count:
        raise ValueError(f"comparator {comparator}: strategies are numbered 0 to {count - 1}")
    return comparator


def at_each(wtp: float | Grid, value: Callable[[float], npt.ArrayLike]) -> FloatArray:
    """A value at one willingness to pay, or at each of several, which are then the first axis.

    Raises
    ------
    ValueError
        If a willingness to pay is negative, missing or infinite, or `wtp` has two dimensions.
    """
    grid = finite(wtp, "wtp")
    if grid.ndim > 1:
        raise ValueError(f"wtp must be a number or a list of numbers; found shape {grid.shape}")
    if grid.min() < 0:
        raise ValueError(f"wtp must not be negative; found {grid.min():g}")
    if grid.ndim == 0:
        return np.asarray(value(float(grid)), dtype=np.float64)
    return np.stack([np.asarray(value(float(each)), dtype=np.float64) for each in grid])


def number_or_array(values: FloatArray) -> float | FloatArray:
    """A float where there is one value without an axis, as for one willingness to pay."""
    return float(values) if values.ndim == 0 else values


def tail_shares(level: float) -> tuple[float, float]:
    """Shares below the lower and the upper end of a central interval, 0.025 and 0.975 for 0.95.

    Raises
    ------
    ValueError
        If the level does not lie between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1; found {level:g}")
    return (1 - level) / 2, (1 + level) / 2
