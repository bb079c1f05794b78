"""Benefit-cost analysis: what comes back for what is spent, seen by each who pays or gains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics.evaluation.arrays import finite, in_order, labels, tail_shares


def returns_table(
    benefits: npt.ArrayLike,
    costs: npt.ArrayLike,
    discount_factors: npt.ArrayLike,
    perspectives: Sequence[str],
    total: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Net present value and benefit-cost ratio (BCR) by perspective.

    Parameters
    ----------
    benefits, costs
        What the strategy changes against its comparator, in constant dollars of the year in which
        it falls due. Shape (perspectives, years), or (draws, perspectives, years).
    discount_factors
        Present value of a dollar in each year; ones for no discounting. Shape (years,).
    perspectives
        Whose benefits and costs these are, all different, such as participant, taxpayer, others.
    total
        Name of a further row for the sum of all perspectives; none if not given. It is meant for
        perspectives that count nothing twice.
    level
        Share of draws that the intervals hold.

    Returns
    -------
    One row per perspective: `perspective`; `benefits`, `costs` and `net_present_value`, means in
    dollars of present value; `benefit_cost_ratio`, the ratio of the means; `_low` and `_high` of
    the last two; and `share_positive`, the share of draws whose net present value is above zero.
    The ratio is NaN where mean costs are not above zero (a saving has no ratio), its ends also
    where the costs of a single draw are not. Intervals and the share are NaN without draws.

    Raises
    ------
    ValueError
        If shapes or names do not agree, a discount factor is not above zero, or a value is not
        finite.
    """
    gain, cost = finite(benefits, "benefits"), finite(costs, "costs")
    factors = finite(discount_factors, "discount_factors")
    names = in_order(perspectives, "perspectives")
    names = labels(names, len(names))
    expected = (len(names), *factors.shape)
    if gain.shape != cost.shape or gain.ndim not in (2, 3) or gain.shape[-2:] != expected:
        raise ValueError(
            f"benefits and costs must be (perspectives, years) or (draws, perspectives, years) for "
            f"{len(names)} perspectives and {factors.size} discount factors; "
            f"found {gain.shape} and {cost.shape}"
        )
    if factors.min() <= 0:
        raise ValueError(f"discount_factors must be above zero; found {factors.min():g}")
    several = gain.ndim == 3
    gain, cost = ((a if several else a[None]) @ factors for a in (gain, cost))
    if total is not None:
        names = labels([*names, total], len(names) + 1)
        gain, cost = (np.column_stack((a, a.sum(axis=1))) for a in (gain, cost))

    tails = tail_shares(level)
    rows = []
    for name, plus, minus in zip(names, gain.T, cost.T, strict=True):
        net = plus - minus
        worth, ratio = np.full(2, np.nan), np.full(2, np.nan)
        if several:
            worth = np.quantile(net, tails)
            ratio = np.quantile(plus / minus, tails) if minus.min() > 0 else ratio
        rows.append(
            {
                "perspective": name,
                "benefits": plus.mean(),
                "costs": minus.mean(),
                "net_present_value": net.mean(),
                "net_present_value_low": worth[0],
                "net_present_value_high": worth[1],
                "benefit_cost_ratio": plus.mean() / minus.mean() if minus.mean() > 0 else np.nan,
                "benefit_cost_ratio_low": ratio[0],
                "benefit_cost_ratio_high": ratio[1],
                "share_positive": (net > 0).mean() if several else np.nan,
            }
        )
    return pd.DataFrame(rows)
