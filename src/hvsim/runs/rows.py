"""A row of the summary."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

EFFECT_SETS: Final = "effect sets"
CHANCE: Final = "chance only"
COLUMNS: Final = ("scenario", "measure", "unit", "value", "low", "high", "uncertainty")

TWO_SIDED_95: Final = 1.959964
"""Standard errors on either side of a value that hold 95% of chance."""

_INTERVAL: Final = ("low", "central", "high")


@dataclass(frozen=True)
class Row:
    """A row of ``summary.csv``; a value that does not exist is NaN, and empty in the file."""

    scenario: str
    measure: str
    unit: str
    value: float = math.nan
    low: float | None = None
    high: float | None = None
    uncertainty: str = ""


def interval(scenario: str, measure: str, unit: str, by: Mapping[str, float]) -> Row:
    """Central value between the least and the most that the effect sets give.

    Parameters
    ----------
    by
        Value by effect set, NaN where there is none; then the ends are empty too.
    """
    central = by.get("central", next(iter(by.values())))
    found = [by[effects] for effects in _INTERVAL if effects in by]
    if len(found) < len(_INTERVAL):
        return Row(scenario, measure, unit, central)
    if any(map(math.isnan, found)):
        return Row(scenario, measure, unit, central, uncertainty=EFFECT_SETS)
    return Row(scenario, measure, unit, central, min(found), max(found), EFFECT_SETS)
