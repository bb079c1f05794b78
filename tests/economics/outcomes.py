"""Costs and effects for properties that must hold for any."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

FloatArray = npt.NDArray[np.float64]

WTP = st.integers(0, 40).map(lambda quarters: quarters / 4)


def quarters(shape: tuple[int, ...], low: int = -80) -> st.SearchStrategy[FloatArray]:
    """Quarters of small numbers: sums and products are exact, and ties and equals are frequent."""
    whole = arrays(np.int64, shape, elements=st.integers(low, 80))
    return whole.map(lambda numbers: numbers / 4)


@st.composite
def evaluations(
    draw: st.DrawFn, fewest: int = 1, most: int = 5, groups: int | None = None
) -> tuple[FloatArray, FloatArray]:
    """Costs and effects of shape (draws, strategies), or (groups, draws, strategies)."""
    shape: tuple[int, ...] = (
        2 ** draw(st.integers(0, 4)),  # a mean over a power of two is exact
        draw(st.integers(fewest, most)),
    )
    if groups is not None:
        shape = (groups, *shape)
    return draw(quarters(shape)), draw(quarters(shape))


@st.composite
def means(draw: st.DrawFn, most: int = 7) -> tuple[FloatArray, FloatArray]:
    """Costs and effects of shape (strategies,)."""
    shape = (draw(st.integers(1, most)),)
    return draw(quarters(shape)), draw(quarters(shape))
