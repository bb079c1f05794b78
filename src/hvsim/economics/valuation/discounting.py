"""Discounting by fiscal year, with a stated rule for the first.

Textbooks differ in whether the first period is discounted; results differ with them, so the rule
is a setting of every calculation and has no default.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

FirstYear: TypeAlias = Literal["not-discounted", "half-year", "whole-year"]

YEARS_DISCOUNTED: Final[dict[FirstYear, float]] = {
    "not-discounted": 0.0,
    "half-year": 0.5,
    "whole-year": 1.0,
}
"""Years by which the first fiscal year is discounted."""

HIGHEST_RATE: Final = 0.10
"""Above this a rate per year is taken for a mistake."""


def discount_factors(
    years: npt.ArrayLike, first: int, rate: float, first_year: FirstYear
) -> npt.NDArray[np.float64]:
    """Present value, at the start of fiscal year `first`, of one dollar of each of the years.

    ``1 / (1 + rate) ** (year - first + offset)``, with the offset of the rule: 0, 1/2 or 1.

    Parameters
    ----------
    years
        Fiscal years, any shape.
    first
        Fiscal year at whose start values are present.
    rate
        Per year, 0 to 0.10.
    first_year
        How far the first year is discounted.

    Raises
    ------
    ValueError
        If the rate lies outside, or a year before the first.
    """
    if not 0 <= rate <= HIGHEST_RATE:
        raise ValueError(f"a discount rate of {rate:g} per year; it must be from 0 to 0.10")
    elapsed = np.asarray(years, dtype=np.float64) - first
    if elapsed.size and elapsed.min() < 0:
        raise ValueError(f"a year before {first}, from which values are discounted")
    factors: npt.NDArray[np.float64] = (1 + rate) ** -(elapsed + YEARS_DISCOUNTED[first_year])
    return factors
