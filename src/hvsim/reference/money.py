"""Funding streams, one Mesa agent each, and what providers hold of them (``docs/model.md``)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from mesa import Agent, Model

from hvsim.reference import rules
from hvsim.scenario import schema

Category: TypeAlias = Literal["salaries", "hires", "supervision"]


class FundingStream(Agent):
    """A stream of money, and what became of it this month, in cents.

    Parameters
    ----------
    model
        The model that the agent lives in.
    name
        Name of the stream.
    terms
        What is said of it.
    """

    def __init__(self, model: Model, name: str, terms: schema.Funding) -> None:
        super().__init__(model)
        self.name = name
        self.terms = terms
        self.received = self.lapsed = 0
        self.spent: Counter[Category] = Counter()

    def open_month(self, terms: schema.Funding) -> None:
        """Forget the month before, and go by the terms of this one."""
        self.terms = terms
        self.received = self.lapsed = 0
        self.spent.clear()

    def receive(self, month: int, position: int) -> int:
        """Cents received in a month at `position` of the fiscal year."""
        if self.terms.from_ <= month <= self.terms.to:
            self.received = rules.installment(rules.cents(self.terms.per_year.at(month)), position)
        return self.received

    def closes(self, month: int) -> bool:
        """Whether the places that it pays are closed to new families: near its end, and past it."""
        return month > self.terms.to - self.terms.intake_closes.value


class Bill(NamedTuple):
    """What is to be paid, and as what."""

    category: Category
    cents: int


Purses: TypeAlias = Mapping[FundingStream, int]
"""Cents held by stream, in the order in which streams pay."""


def drawn(bill: Bill, purses: Purses) -> dict[FundingStream, int]:
    """What each stream gives toward a bill: all of it, where they can pay it."""
    parts = {}
    left = bill.cents
    for stream, held in purses.items():
        most = math.ceil(stream.terms.match.value * bill.cents)
        part = min(left, held, most) if bill.category in stream.terms.pays else 0
        parts[stream] = part
        left -= part
    return parts


def can_pay(bills: Sequence[Bill], purses: Purses) -> bool:
    """Whether all bills can be paid, one after the other."""
    left = dict(purses)
    for bill in bills:
        parts = drawn(bill, left)
        if sum(parts.values()) < bill.cents:
            return False
        left = {stream: held - parts[stream] for stream, held in left.items()}
    return True


class Accounts:
    """A provider's money, by stream.

    Parameters
    ----------
    streams
        The streams, in the order in which they pay.

    Attributes
    ----------
    held, allotted
        Cents in the account, and cents that came in this month.
    """

    def __init__(self, streams: Sequence[FundingStream]) -> None:
        self.held = dict.fromkeys(streams, 0)
        self.allotted = dict.fromkeys(streams, 0)

    def open_month(self) -> None:
        """Forget what came in the month before."""
        self.allotted = dict.fromkeys(self.held, 0)

    def lapse(self, stream: FundingStream) -> None:
        """Give back what is left of a stream."""
        stream.lapsed += self.held[stream]
        self.held[stream] = 0

    def allot(self, stream: FundingStream, cents: int) -> None:
        """Receive this month's part of a stream."""
        self.held[stream] += cents
        self.allotted[stream] += cents

    def pay(self, bill: Bill) -> dict[FundingStream, int]:
        """Pay a bill: what each stream gave."""
        parts = drawn(bill, self.held)
        for stream, part in parts.items():
            self.held[stream] -= part
            stream.spent[bill.category] += part
        return parts
