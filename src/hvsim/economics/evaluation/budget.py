"""Budget impact: what a strategy changes in each payer's spending, year by year.

Undiscounted, as the guidance for budget impact asks (Sullivan et al. 2014, Value Health 17: 5-14):
a budget holder pays each year's bill in that year.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics.evaluation.arrays import (
    FloatArray,
    finite,
    in_order,
    labels,
    number,
    tail_shares,
)


def price_factors(years: Sequence[int], price_year: int, inflation: float) -> FloatArray:
    """Dollars of each year that buy what a dollar of the price year buys, at constant inflation.

    Parameters
    ----------
    years
        Calendar or fiscal years.
    price_year
        Year whose dollars are constant dollars.
    inflation
        Per year, above -1.

    Returns
    -------
    ``(1 + inflation) ** (year - price_year)``. Shape (years,).

    Raises
    ------
    ValueError
        If the inflation is not above -1.
    """
    if number(inflation, "inflation") <= -1:
        raise ValueError(f"inflation must be above -1; found {inflation:g}")
    number(price_year, "price_year")
    return np.asarray((1.0 + inflation) ** (finite(years, "years") - price_year))


def budget_impact(
    spending: npt.ArrayLike,
    comparator: npt.ArrayLike,
    payers: Sequence[str],
    years: Sequence[int],
    price_factors: npt.ArrayLike,
    total: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Change of spending by payer and year, in constant and in nominal dollars, undiscounted.

    Parameters
    ----------
    spending, comparator
        Spending under the strategy and under the comparator, in constant dollars, the same draws in
        both. Shape (payers, years), or (draws, payers, years).
    payers
        Who pays, all different.
    years
        Years, in order.
    price_factors
        Nominal dollars of each year per constant dollar (`price_factors` or a price index); ones if
        there is no inflation. Shape (years,).
    total
        Name of further rows for all payers together; none if not given.
    level
        Share of draws that the intervals hold.

    Returns
    -------
    One row per payer and year: `payer`, `year`; `comparator`, `spending` and `impact`, means in
    constant dollars; `cumulative`, the impact of this and all earlier years; `nominal` and
    `nominal_cumulative`, the same in dollars of their years. Each of the four impacts has `_low`
    and `_high` beside it, which are NaN without draws. A positive impact is spending added.

    Raises
    ------
    ValueError
        If shapes or names do not agree, years are not in order, a price factor is not above zero,
        or a value is not finite.
    """
    after, before = finite(spending, "spending"), finite(comparator, "comparator")
    factors = finite(price_factors, "price_factors")
    names = in_order(payers, "payers")
    names = labels(names, len(names))
    when = finite(years, "years")
    if after.shape != before.shape or after.shape[-2:] != (len(names), when.size):
        raise ValueError(
            f"spending must be (payers, years) or (draws, payers, years) for {len(names)} payers "
            f"and {when.size} years; found {after.shape} and {before.shape}"
        )
    if after.ndim not in (2, 3) or factors.shape != (when.size,):
        raise ValueError(f"one price factor per year needed; found shape {factors.shape}")
    if factors.min() <= 0:
        raise ValueError(f"price_factors must be above zero; found {factors.min():g}")
    if np.any(np.diff(when) <= 0):
        raise ValueError("years must rise")
    several = after.ndim == 3
    after, before = (a if several else a[None] for a in (after, before))
    if total is not None:
        names = labels([*names, total], len(names) + 1)
        after, before = (
            np.concatenate((a, a.sum(axis=1, keepdims=True)), axis=1) for a in (after, before)
        )

    impact = after - before
    nominal = impact * factors
    columns: dict[str, object] = {
        "payer": np.repeat(np.array(names, dtype=object), when.size),
        "year": np.tile(np.asarray(years), len(names)),
        "comparator": before.mean(axis=0).ravel(),
        "spending": after.mean(axis=0).ravel(),
    }
    tails = tail_shares(level)
    for name, values in (
        ("impact", impact),
        ("cumulative", impact.cumsum(axis=2)),
        ("nominal", nominal),
        ("nominal_cumulative", nominal.cumsum(axis=2)),
    ):
        mean = values.mean(axis=0)
        ends = np.quantile(values, tails, axis=0) if several else np.full((2, *mean.shape), np.nan)
        columns |= {
            name: mean.ravel(),
            f"{name}_low": ends[0].ravel(),
            f"{name}_high": ends[1].ravel(),
        }
    return pd.DataFrame(columns)
