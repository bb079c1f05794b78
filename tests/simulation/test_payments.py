"""Payments: never more than is held, than a match allows, than is due."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from hvsim.simulation.payments import Payer, Payment, can_be_made, parts

CENTS = st.integers(0, 10**9)
PURSES = st.lists(st.tuples(CENTS, st.floats(0, 1)), max_size=5)


def of(cents: int, *matches: float) -> Payment:
    return Payment(cents, [Payer(stream, match) for stream, match in enumerate(matches)])


def test_streams_pay_in_order_up_to_what_they_hold_and_match() -> None:
    assert parts(of(100, 1, 1), [70, 90]) == [(0, 70), (1, 30)]
    assert parts(of(100, 0.5, 1), [70, 90]) == [(0, 50), (1, 50)]
    assert parts(of(101, 0.5, 0.5), [90, 90]) == [(0, 51), (1, 50)]
    assert parts(of(0, 1), [70]) == []


def test_a_payment_needs_its_whole_sum() -> None:
    assert can_be_made([of(100, 0.4, 1)], [40, 60])
    assert not can_be_made([of(100, 0.4, 1)], [90, 59])
    assert not can_be_made([of(1)], [])
    assert can_be_made([], [])


def test_later_payments_find_what_earlier_ones_left() -> None:
    first, second = of(60, 1, 1), Payment(50, [Payer(0, 1.0)])
    assert not can_be_made([first, second], [100, 100])
    assert can_be_made([second, first], [100, 100])


@given(CENTS, PURSES)
def test_no_stream_gives_more_than_it_holds_or_its_match_allows(
    cents: int, purses: list[tuple[int, float]]
) -> None:
    held, matches = [purse[0] for purse in purses], [purse[1] for purse in purses]
    payment = of(cents, *matches)
    given_parts = parts(payment, held)
    total = sum(part for _, part in given_parts)
    assert total <= cents
    assert can_be_made([payment], held) == (total == cents)
    for stream, part in given_parts:
        assert 0 < part <= min(held[stream], math.ceil(matches[stream] * cents))
    limits = [min(h, math.ceil(m * cents)) for h, m in zip(held, matches, strict=True)]
    assert total == min(cents, sum(limits))
