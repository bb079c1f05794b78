"""Codes of somebody else's file, and what they mean here."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

from hvsim.scenario.errors import Mistake, quoted, refusal
from hvsim.scenario.written import Written

MISSING = "missing"
"""Meaning of a code that says that nothing is known."""

_WHOLE = re.compile(r"0*(\d+)(\.0*)?")
_NUMBER = r"(\d+(?:\.\d+)?)"
_BETWEEN = re.compile(rf"{_NUMBER}-{_NUMBER}")
_BELOW = re.compile(rf"<{_NUMBER}")
_FROM = re.compile(rf"{_NUMBER}\+")


def plain_code(text: str) -> str:
    """A code without what programs add or take away: blanks, leading zeros, ``.0``."""
    text = text.strip()
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


@dataclass(frozen=True, order=True, slots=True)
class Range:
    """Numbers from `low` to `high`; `high` itself is in it if `closed`."""

    low: float
    high: float
    closed: bool = True

    def holds(self, number: float) -> bool:
        """Whether a number lies in it."""
        return self.low <= number < self.high or (self.closed and number == self.high)


@dataclass(frozen=True)
class CodeTable(Written):
    """Their codes and ranges of numbers, each with our word for it.

    Attributes
    ----------
    entries
        As written: ``1``, ``20-24`` (both included), ``<37``, ``35+``.
    """

    JSON_SCHEMA: ClassVar = {"type": "object", "additionalProperties": {"type": "string"}}

    entries: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _exact(self) -> dict[str, str]:
        return {plain_code(code): word for code, word in self.entries}

    @cached_property
    def _ranges(self) -> tuple[tuple[Range, str], ...]:
        found = ((_range(code), word) for code, word in self.entries)
        return tuple((part, word) for part, word in found if part is not None)

    def meaning(self, text: str) -> str | None:
        """Our word for a code, exact codes before ranges; none if it is in no entry."""
        code = plain_code(text)
        if code in self._exact:
            return self._exact[code]
        if not re.fullmatch(_NUMBER, code):
            return None
        number = float(code)
        return next((word for part, word in self._ranges if part.holds(number)), None)

    @classmethod
    def read(cls, raw: object) -> CodeTable:
        """Table from its written form."""
        if isinstance(raw, CodeTable):
            return raw
        if not isinstance(raw, dict):
            expected = "write their codes and ours, such as {1: medicaid, 9: missing}"
            raise refusal([Mistake(quoted(raw), expected)])
        mistakes = []
        seen: dict[str, str] = {}
        for code, word in raw.items():
            if not isinstance(word, str):
                mistakes.append(Mistake(quoted(word), "write our name for it", (code,)))
            first = seen.setdefault(plain_code(code), code)
            if first != code:
                expected = f"means the same as {quoted(first)}; write one of them"
                mistakes.append(Mistake(quoted(code), expected, (code,)))
        ranges = [(part, code) for code in raw if (part := _range(code)) is not None]
        for part, code in ranges:
            if part.low > part.high:
                mistakes.append(Mistake(quoted(code), "write the lower number first", (code,)))
        ranges.sort()
        for (one, code), (other, next_code) in pairwise(ranges):
            if one.holds(other.low):
                expected = f"overlaps with {quoted(code)}"
                mistakes.append(Mistake(quoted(next_code), expected, (next_code,)))
        if mistakes:
            raise refusal(mistakes)
        return cls(tuple((str(code), str(word)) for code, word in raw.items()))

    def written(self) -> dict[str, str]:
        """The table as a scenario file would write it."""
        return dict(self.entries)


def _range(code: str) -> Range | None:
    """Range that a code describes, if it does."""
    if match := _BETWEEN.fullmatch(code):
        return Range(float(match[1]), float(match[2]))
    if match := _BELOW.fullmatch(code):
        return Range(0.0, float(match[1]), closed=False)
    if match := _FROM.fullmatch(code):
        return Range(float(match[1]), math.inf)
    return None
