"""What knowing parameters seems worth by luck alone, where draws are few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import FloatArray, Grid, finite
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
    count = len(finite(costs, "costs"))
    known = chosen_parameters(parameters, names, count)
    wanted = [names] if isinstance(names, str) else list(names)
    found = []
    for order in orders:
        if sorted(order) != list(range(count)):
            raise ValueError(f"each order must hold the numbers 0 to {count - 1} once")
        shuffled = known[np.asarray(order)]
        found.append(evppi_estimate(costs, effects, shuffled, wanted, wtp).value)
    return np.array(found, dtype=np.float64)
