"""Payments: what each stream gives to them, in whole cents.

Meaning: ``docs/month.md``, section 5.2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Payer(NamedTuple):
    """A stream that pays for a category of spending, and the largest part that it covers."""

    stream: int
    match: float


class Payment(NamedTuple):
    """Cents due, and who may pay them, in order."""

    cents: int
    payers: Sequence[Payer]


def parts(payment: Payment, held: Sequence[int]) -> list[tuple[int, int]]:
    """What streams give to a payment: pairs of stream and cents.

    They sum to less than what is due if what is `held` of each stream does not cover it.
    """
    given, due = [], payment.cents
    for stream, match in payment.payers:
        if due <= 0:
            break
        if held[stream] <= 0:
            continue
        part = min(held[stream], math.ceil(match * payment.cents), due)
        if part > 0:
            given.append((stream, part))
            due -= part
    return given


def can_be_made(payments: Iterable[Payment], held: Sequence[int]) -> bool:
    """Whether payments can be made one after the other, each from what the earlier leave."""
    left = list(held)
    for payment in payments:
        given = parts(payment, left)
        if sum(cents for _, cents in given) < payment.cents:
            return False
        for stream, cents in given:
            left[stream] -= cents
    return True
