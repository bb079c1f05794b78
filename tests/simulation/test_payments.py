"""Payments: never more than is held, than a match allows, than is due."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hvsim.simulation.payments import Payers, pay

CENTS = st.integers(0, 10**9)
PURSES = st.lists(st.tuples(CENTS, st.floats(0, 1)), max_size=5)


def of(*matches: float) -> Payers:
    """Streams 0, 1, ... that pay for category 1 in this order, and one that never does."""
    stream = np.full((2, len(matches) + 1), -1)
    match = np.zeros((2, len(matches) + 1))
    stream[1, : len(matches)] = range(len(matches))
    match[1, : len(matches)] = matches
    return Payers(stream, match)


def paid(cents: int, matches: list[float], held: list[int]) -> tuple[list[int], list[int], int]:
    """What streams give to a payment, what is left of them, what is missing."""
    left, given = np.array([*held, 10**12]), np.zeros(len(held) + 1, np.int64)
    missing = pay(cents, 1, of(*matches), left, given)
    assert (given[-1], left[-1]) == (0, 10**12)
    return given[:-1].tolist(), left[:-1].tolist(), missing


def test_streams_pay_in_order_up_to_what_they_hold_and_match() -> None:
    assert paid(100, [1, 1], [70, 90]) == ([70, 30], [0, 60], 0)
    assert paid(100, [0.5, 1], [70, 90]) == ([50, 50], [20, 40], 0)
    assert paid(101, [0.5, 0.5], [90, 90]) == ([51, 50], [39, 40], 0)
    assert paid(0, [1], [70]) == ([0], [70], 0)


def test_what_is_missing_is_said() -> None:
    assert paid(100, [0.4, 1], [40, 60])[2] == 0
    assert paid(100, [0.4, 1], [90, 59])[2] == 1
    assert paid(1, [], [])[2] == 1
    assert paid(0, [], [])[2] == 0


def test_what_streams_gave_is_added_to_what_they_gave_before() -> None:
    left, given = np.array([100, 100]), np.array([5, 0])
    assert pay(60, 1, of(1, 1), left, given) == 0
    assert pay(50, 1, of(1), left, given) == 10
    assert (left.tolist(), given.tolist()) == ([0, 100], [105, 0])


@given(CENTS, PURSES)
def test_no_stream_gives_more_than_it_holds_or_its_match_allows(
    cents: int, purses: list[tuple[int, float]]
) -> None:
    held, matches = [purse[0] for purse in purses], [purse[1] for purse in purses]
    given_parts, left, missing = paid(cents, matches, held)
    assert sum(given_parts) == cents - missing
    assert [a + b for a, b in zip(given_parts, left, strict=True)] == held
    for part, own, match in zip(given_parts, held, matches, strict=True):
        assert 0 <= part <= min(own, math.ceil(match * cents))
    limits = [min(h, math.ceil(m * cents)) for h, m in zip(held, matches, strict=True)]
    assert sum(given_parts) == min(cents, sum(limits))
