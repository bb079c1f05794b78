"""Numbers and findings in words."""

from __future__ import annotations

from collections.abc import Sequence

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def month_name(month: int) -> str:
    """A month number: ``July 2023``."""
    return f"{_MONTHS[month % 12]} {month // 12}"


def age_of(months: int) -> str:
    """A child's age: ``age 5``, ``18 months of age``."""
    return f"age {months // 12}" if months % 12 == 0 else f"{months} months of age"


def count(value: float, digits: int = 0) -> str:
    """A count: ``12,345``."""
    return f"{_without_minus_zero(value, digits):,.{digits}f}"


def _without_minus_zero(value: float, digits: int) -> float:
    return round(value, digits) + 0.0


def dollars(value: float) -> str:
    """An amount of money: ``$1.25 billion``, ``$14.2 million``, ``$8,430``."""
    sign, size = ("-" if value < 0 else ""), abs(value)
    if size >= 999.5e6:
        return f"{sign}${size / 1e9:,.2f} billion"
    if size >= 1e6:
        return f"{sign}${size / 1e6:,.1f} million"
    return f"{sign if round(size) else ''}${size:,.0f}"


def price(value: float) -> str:
    """What one pays for a unit, three digits of it: ``$101,000``, ``$5.72``."""
    told = float(f"{value:.3g}")
    return dollars(told) if told >= 100 or told == round(told) else f"${told:,.2f}"


_SIZES = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


def amount(value: float) -> str:
    """Money at a glance, to two digits at least: ``$1.2 billion``, ``$549 thousand``, ``$370``."""
    size = float(f"{abs(value):.3g}")
    for unit, word in _SIZES:
        if size >= unit:
            digits = int(size < 10 * unit)
            return f"{'-' if value < 0 else ''}${size / unit:,.{digits}f} {word}"
    return dollars(value)


def percent(value: float) -> str:
    """A percentage, the finer the smaller: ``0.24%``, ``2.4%``, ``24%``."""
    digits = 0 if abs(value) >= 10 or not value else 1 if abs(value) >= 1 else 2
    return f"{_without_minus_zero(value, digits):.{digits}f}%"


def span(low: str, high: str) -> str:
    """Two ends of an interval."""
    return f"{low} to {high}"


def quoted(title: str) -> str:
    """A title inside a sentence."""
    return f"“{title}”"


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1] if parts else "")))


def time_left(seconds: float) -> str:
    """A time to wait, roughly."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
