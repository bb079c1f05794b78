"""From which year on savings have paid back what a strategy costs more."""

from __future__ import annotations

import math
from collections.abc import Mapping


def break_even_year(spent: Mapping[int, float], saved: Mapping[int, float]) -> int | None:
    """First year from which all that was saved stays at or above all that was spent.

    Parameters
    ----------
    spent, saved
        Dollars of each year over the baseline, discounted or not; a year that one of them lacks is
        zero in it.

    Returns
    -------
    The year; none if there is no such year among them. A year in which the sum is reached and not
    kept does not count.

    Raises
    ------
    ValueError
        If a number of dollars is not finite.
    """
    for what, dollars in (("spent", spent), ("saved", saved)):
        for year, value in dollars.items():
            if not math.isfinite(value):
                raise ValueError(f"{what}[{year}] is {value}; only finite numbers can be summed")
    balance, first = 0.0, None
    for year in sorted({*spent, *saved}):
        balance += saved.get(year, 0.0) - spent.get(year, 0.0)
        first = None if balance < 0 else first if first is not None else year
    return first
