"""Payments: what each stream gives to them, in whole cents.

Meaning: ``docs/month.md``, section 5.2.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from hvsim.compiled import lean
from hvsim.simulation.tables import FloatArray, IntArray


class Payers(NamedTuple):
    """Streams that pay for each category of spending.

    Attributes
    ----------
    stream
        In the order in which they pay, -1 behind the last. Shape (categories, streams).
    match
        Largest part of a payment that each covers. Shape (categories, streams).
    """

    stream: IntArray
    match: FloatArray


@lean
def pay(cents: int, category: int, payers: Payers, held: IntArray, given: IntArray) -> int:
    """Make a payment as far as the money goes; cents that are missing.

    Parameters
    ----------
    cents, category
        What is due, and for what.
    held, given
        Cents by stream: what each has, less what it pays now, and what it gave, with what it gives
        now.
    """
    due = cents
    for j in range(payers.stream.shape[1]):
        stream = payers.stream[category, j]
        if due <= 0 or stream < 0:
            break
        part = min(held[stream], math.ceil(payers.match[category, j] * cents), due)
        if part > 0:
            held[stream] -= part
            given[stream] += part
            due -= part
    return due
