"""What several rules ask of numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from hvsim.scenario.findings import Finding, found
from hvsim.scenario.quantities import Quantity

TOLERANCE = 0.005
"""How far from 1 the sum of shares may be for their rounding."""


def sum_findings(
    path: tuple[str, ...], what: str, shares: Mapping[str, Quantity]
) -> Iterator[Finding]:
    """Shares that do not sum to 1."""
    total = math.fsum(share.value for share in shares.values())
    if abs(total - 1) > TOLERANCE:
        yield found(path, f"a sum of {total:.4g}", f"{what} must sum to 1")


def whole(path: tuple[str, ...], quantity: Quantity, least: int = 0) -> Iterator[Finding]:
    """A number of months that is not whole, or too small."""
    if not quantity.value.is_integer() or quantity.value < least:
        yield found(path, f"{quantity.value:g}", f"write whole months, at least {least}")
