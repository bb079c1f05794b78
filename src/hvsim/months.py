"""Calendar months as plain integers, and fiscal years.

A month is the number of months since January of year 0: July 2023 is ``2023 * 12 + 6``.
Integers make the clock, the dated series and the compiled code speak one language.
"""

from __future__ import annotations

import re

_MONTH = re.compile(r"(\d{4})-(\d{2})")


def parse_month(text: str) -> int:
    """Month number of a ``YYYY-MM`` text.

    Raises
    ------
    ValueError
        If the text is not a month written as ``YYYY-MM``.
    """
    match = _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12:
        raise ValueError(f"'{text}' is not a month; write YYYY-MM, for example 2023-07")
    return int(match[1]) * 12 + int(match[2]) - 1


def month_hint(text: object) -> str:
    """What would be right, for somebody who wrote a month that is none."""
    if isinstance(text, str) and _MONTH.fullmatch(text):
        return "the months of a year are 01 to 12"
    return "write a month as YYYY-MM, for example 2023-07"


def format_month(month: int) -> str:
    """``YYYY-MM`` text of a month number."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def fiscal_year(month: int, starts: int) -> int:
    """Calendar year in which the fiscal year holding `month` ends.

    Parameters
    ----------
    month
        Month number.
    starts
        First month of the fiscal year, 1 (January) to 12.
    """
    shift = (13 - starts) % 12
    return (month + shift) // 12


def fiscal_year_label(year: int, starts: int) -> str:
    """Readable name of a fiscal year: ``2024`` or, if it straddles, ``2023-24``."""
    return str(year) if starts == 1 else f"{year - 1}-{year % 100:02d}"


def month_of_fiscal_year(month: int, starts: int) -> int:
    """Position of `month` in its fiscal year, 0 to 11."""
    return (month - (starts - 1)) % 12
