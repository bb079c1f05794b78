"""What the arrays of an economic evaluation must look like, checked in one place.

Functions of economic evaluation take finite numbers only. A missing or infinite value in one draw
has no place in a mean or a maximum: left out, it would compare strategies on different draws. It is
refused with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from decimal import Decimal
from itertools import pairwise
from numbers import Real
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
Grid = Sequence[float] | FloatArray
"""Several values of one number, such as the willingness to pay."""


_NUMERIC = "biuf"
_LARGEST = 1e75
"""Beyond it squares of net benefits overflow."""


def finite(values: npt.ArrayLike, what: str) -> FloatArray:
    """The values as floating-point numbers.

    Raises
    ------
    ValueError
        If there is no value, or one is missing, infinite, too large to be computed with or no
        number; the message says where.
    """
    try:
        given = (
            np.ma.filled(values.astype(object), np.nan) if _masked(values) else np.asarray(values)
        )
    except ValueError:
        raise ValueError(f"{what}: rows must all have one length") from None
    if given.size == 0:
        raise ValueError(f"{what}: no values")
    if given.dtype.kind not in _NUMERIC:
        for place, each in np.ndenumerate(given):
            if not isinstance(each, Real | Decimal):
                found = each.item() if isinstance(each, np.generic) else each
                raise ValueError(_refused(what, place, repr(found)))
    array = given.astype(np.float64)
    bad = np.argwhere(~(np.abs(array) <= _LARGEST))
    if len(bad):
        place = tuple(bad[0].tolist())
        raise ValueError(_refused(what, place, str(array[place])))
    return array


def _masked(values: object) -> TypeGuard[np.ma.MaskedArray[Any, Any]]:
    return isinstance(values, np.ma.MaskedArray)


def _refused(what: str, place: tuple[int, ...], found: str) -> str:
    where = f"[{_listed(place)}]" if place else ""
    return f"{what}{where} is {found}; only finite numbers can be compared, up to {_LARGEST:g}"


def together(**values: npt.ArrayLike) -> list[FloatArray]:
    """Several arrays whose shapes go together, as in arithmetic.

    Raises
    ------
    ValueError
        If they do not, or a value is not finite.
    """
    arrays = [finite(each, what) for what, each in values.items()]
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = " and ".join(str(array.shape) for array in arrays)
        raise ValueError(f"{_listed(values)}: shapes do not go together, {shapes}") from None
    return arrays


def number(value: npt.ArrayLike, what: str) -> float:
    """A single finite number.

    Raises
    ------
    ValueError
        If it is none, or there are several.
    """
    array = finite(value, what)
    if array.ndim > 0:
        raise ValueError(f"{what} must be a single number; found shape {array.shape}")
    return float(array)


def whole(value: int, what: str, least: int) -> int:
    """A whole number, at least so much.

    Raises
    ------
    ValueError
        If it is not whole, or less.
    """
    if not _is_whole(value) or value < least:
        raise ValueError(f"{what} must be a whole number, {least} or more; found {value!r}")
    return int(value)


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def outcomes(costs: npt.ArrayLike, effects: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Costs and effects of strategies: the same shape, finite, strategies on the last axis.

    Raises
    ------
    ValueError
        If the shapes or, of tables, the labels differ, or a value is not finite.
    """
    same_rows(costs=costs, effects=effects)
    if isinstance(costs, pd.DataFrame) and isinstance(effects, pd.DataFrame):
        one, other = list(costs.columns), list(effects.columns)
        if one != other:
            raise ValueError(
                f"costs and effects must have the same columns in the same order; "
                f"found {_listed(one)} and {_listed(other)}"
            )
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


def same_rows(**tables: object) -> None:
    """Refuse tables whose rows have different labels: draws are compared by their place.

    Raises
    ------
    ValueError
        If two of those that are tables or series have different indexes.
    """
    labeled = {
        what: table.index
        for what, table in tables.items()
        if isinstance(table, pd.DataFrame | pd.Series)
    }
    for (what, one), (other_what, other) in pairwise(labeled.items()):
        if len(one) == len(other) and not one.equals(other):
            raise ValueError(
                f"{what} and {other_what} label their rows differently, and rows are compared by "
                f"their place: bring them into one order, then reset_index(drop=True)"
            )


def by_name(
    parameters: Mapping[str, npt.ArrayLike] | pd.DataFrame,
) -> dict[str, npt.ArrayLike]:
    """Draws of parameters by name, the names as text; the draws are not looked at.

    Raises
    ------
    ValueError
        If they are not given by name, or two names are alike.
    """
    if not isinstance(parameters, pd.DataFrame | Mapping):
        raise ValueError(
            f"parameters must be given by name, as a table or a mapping of names to draws; "
            f"found {type(parameters).__name__}"
        )
    given = list(parameters.items())
    names = labels([str(name) for name, _ in given], len(given), "names of parameters")
    return {name: draws for name, (_, draws) in zip(names, given, strict=True)}


def one_a_draw(values: npt.ArrayLike, name: str, count: int) -> FloatArray:
    """Draws of a parameter.

    Raises
    ------
    ValueError
        If there are not as many as costs, effects or outcomes have, or one is not finite.
    """
    array = finite(values, f"parameter {name}")
    if array.shape != (count,):
        raise ValueError(f"parameter {name} needs {count} draws; found shape {array.shape}")
    return array


def in_order(names: str | Sequence[str], what: str = "names") -> list[str]:
    """Names as text: of a single one, or of several that have an order.

    Raises
    ------
    ValueError
        If they have none.
    """
    if isinstance(names, str | int):
        return [str(names)]
    if isinstance(names, Set | Mapping) or not isinstance(names, Iterable):
        raise ValueError(f"{what} must be a list; found {names!r}")
    return [str(name) for name in names]


def labels(
    names: str | Sequence[str], count: int, what: str = "names", of: object = None
) -> list[str]:
    """As many names as there are things, all different.

    Parameters
    ----------
    names
        One name, or several in order.
    count
        How many things there are.
    what
        What messages call the names.
    of
        What is named: if it is a table with names of its own, they must be the same.

    Raises
    ------
    ValueError
        If there are more, fewer, or two alike, they have no order, or contradict those of a table.
    """
    given = in_order(names, what)
    if len(given) != count:
        raise ValueError(f"{count} {what} needed, {len(given)} given: {', '.join(given)}")
    if len(set(given)) < count:
        raise ValueError(f"{what} must differ: {', '.join(given)}")
    called = list(of.columns) if isinstance(of, pd.DataFrame) else []
    if all(isinstance(name, str) for name in called) and called not in ([], given):
        raise ValueError(f"{what} {_listed(given)} are not the columns, {_listed(called)}")
    return given


def _listed(names: Iterable[object]) -> str:
    return ", ".join(map(str, names))


def position(comparator: int | str, count: int, names: Sequence[str] = ()) -> int:
    """Number of the comparator among the strategies, from 0.

    Raises
    ------
    ValueError
        If there is no such strategy.
    """
    if isinstance(comparator, str) and comparator in names:
        return names.index(comparator)
    if not _is_whole(comparator) or not 0 <= int(comparator) < count:
        called = f", or one of {_listed(names)}" if names else ""
        raise ValueError(
            f"comparator {comparator!r}: strategies are numbered 0 to {count - 1}{called}"
        )
    return int(comparator)


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
    if not 0 < number(level, "level") < 1:
        raise ValueError(f"level must lie between 0 and 1; found {level:g}")
    return (1 - level) / 2, (1 + level) / 2
