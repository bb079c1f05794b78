"""What valuation needs of a finished run: its stored tables and its calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


class ValuationError(ValueError):
    """Prices that do not fit a run."""


@dataclass(frozen=True)
class Tables:
    """Tables of a run (``docs/run-folder.md``) with what is needed to read their years.

    Attributes
    ----------
    funnel, outcomes, costs, capacity
        As stored.
    counted
        What the run counts of each outcome measure, of ``person_months``, ``events`` and
        ``children``: rows of zero are not stored.
    baseline
        Scenario that the others are compared with; none if there is but one.
    first_year
        Fiscal year of the first month reported, from whose start values are discounted.
    last_births
        Fiscal year of the last births.
    fiscal_year_starts
        First month of the fiscal year, 1 to 12.
    price_year
        Year of the prices of the stored dollars.
    """

    funnel: pd.DataFrame
    outcomes: pd.DataFrame
    costs: pd.DataFrame
    capacity: pd.DataFrame
    counted: Mapping[str, tuple[str, ...]]
    baseline: str | None
    first_year: int
    last_births: int
    fiscal_year_starts: int
    price_year: int
