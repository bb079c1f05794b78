"""Rows of the summary as reports say them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from hvsim.reporting.words import count, dollars, percent, span
from hvsim.runs.rows import Row

_MONEY = "USD"


def said(row: Row | None) -> str:
    """A row's value with its interval, in its unit's form; without one that reads as the value."""
    if row is None or math.isnan(row.value):
        return ""
    form = _form(row)
    if row.low is None or row.high is None:
        return form(row.value)
    value, low, high = form(row.value), form(row.low), form(row.high)
    return value if low == value == high else f"{value} ({span(low, high)})"


def _form(row: Row) -> Callable[[float], str]:
    """How numbers of a row's unit are written."""
    if row.unit.startswith(_MONEY):
        return dollars
    if row.unit.startswith("percent"):
        return percent
    # Averages over replicates and waits are fractions, which only show where numbers are small.
    digits = int(abs(row.value) < 10 and not float(row.value).is_integer())
    return lambda value: count(value, digits)


def turned(row: Row | None) -> Row | None:
    """The same comparison seen from the other side."""
    if row is None:
        return None
    low, high = (None if end is None else -end for end in (row.high, row.low))
    return replace(row, value=-row.value, low=low, high=high)
