"""What knowing parameters seems worth by luck alone, where draws are few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import FloatArray, Grid, draws, finite, same_rows
from hvsim.economics.evaluation.partial_information import (
    Parameters,
    chosen_parameters,
    evppi_estimate,
)


def evppi_by_luck(
    costs: npt.ArrayLike,
    effects: npt.ArrayLike,
    parameters: Parameters,
    names: str | Sequence[str],
    wtp: float | Grid,
    orders: Sequence[Sequence[int]] | npt.NDArray[np.intp],
) -> FloatArray:
    """`evppi` of parameters whose draws are dealt out at random: they tell nothing.

    A regression finds something in any parameter if draws are few, and the greatest of many
    estimates is mostly luck. An estimate that is not above most of these says nothing.

    Parameters
    ----------
    costs, effects, parameters, names, wtp
        As in `evppi`.
    orders
        Orders of the draws, each drawn at random by the caller. The parameters of a set stay
        together. Shape (orders, draws).

    Returns
    -------
    Dollars, of shape (orders,), or (orders, wtp).

    Raises
    ------
    ValueError
        As `evppi`, and if an order does not hold every draw once.
    """
    count = len(draws(costs, effects)[0])
    same_rows(costs=costs, parameters=parameters)
    known = chosen_parameters(parameters, names, count)
    table = finite(orders, "orders")
    if table.ndim != 2 or np.any(np.sort(table, axis=1) != np.arange(count)):
        raise ValueError(
            f"orders must be (orders, {count} draws), and each order must hold the numbers "
            f"0 to {count - 1} once; found shape {table.shape}"
        )
    return np.array(
        [
            evppi_estimate(costs, effects, known[order], names, wtp).value
            for order in table.astype(np.intp)
        ]
    )
