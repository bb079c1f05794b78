"""The cost catalog: what each figure holds, and which figures hold the same dollars.

A figure holds dollars for certain *categories*, that follow from certain *causes*, at certain ages
of the child. Categories and causes are trees: what holds child welfare holds investigations. Two
figures overlap if they share a category, a cause and an age; counted together, they would count
those dollars twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from hvsim.economics.valuation.prices import Cost, Heading, Prices
from hvsim.scenario.errors import nth
from hvsim.scenario.findings import Finding


@dataclass(frozen=True)
class Overlap:
    """Two costs that hold the same dollars.

    Attributes
    ----------
    first, second
        Their names, in the order in which a view counts them.
    category, cause
        The narrowest of what they share.
    from_age, until_age
        Child ages in months at which they share it; infinite without beginning or end.
    """

    first: str
    second: str
    category: str
    cause: str
    from_age: float
    until_age: float


def line_of(name: str, headings: Mapping[str, Heading]) -> tuple[str, ...]:
    """A heading and all that it is a part of, narrowest first; a circle is walked once."""
    line: list[str] = []
    step: str | None = name
    while step is not None and step in headings and step not in line:
        line.append(step)
        step = headings[step].within
    return tuple(line)


def shared(
    some: tuple[str, ...], others: tuple[str, ...], headings: Mapping[str, Heading]
) -> str | None:
    """The narrowest heading that both name, one perhaps as a part of the other's."""
    for one, other in product(some, others):
        if one in line_of(other, headings):
            return other
        if other in line_of(one, headings):
            return one
    return None


def overlap_of(prices: Prices, first: str, second: str) -> Overlap | None:
    """What two costs of the catalog both hold; none if they can be counted together."""
    one, other = prices.costs[first], prices.costs[second]
    category = shared(one.holds, other.holds, prices.categories)
    cause = shared(one.because_of, other.because_of, prices.causes)
    starts = max(_start(one), _start(other))
    ends = min(_end(one), _end(other))
    if category is None or cause is None or starts >= ends:
        return None
    return Overlap(first, second, category, cause, starts, ends)


def overlaps(prices: Prices, names: tuple[str, ...]) -> Iterator[Overlap]:
    """Every pair of these costs that hold the same dollars."""
    for first, second in combinations(names, 2):
        if (overlap := overlap_of(prices, first, second)) is not None:
            yield overlap


def overlap_findings(prices: Prices, view: str, names: tuple[str, ...]) -> Iterator[Finding]:
    """Costs that a view must not count together, each at its place in the view's list."""
    path = ("views", view, "counts")
    for overlap in overlaps(prices, names):
        what = prices.categories[overlap.category].label
        why = prices.causes[overlap.cause].label
        yield Finding(
            (*path, nth(names.index(overlap.second))),
            f"'{overlap.second}' and '{overlap.first}' hold the same dollars: {what}, because of "
            f"{why}{_ages(overlap)}; count one of them",
        )
    for place, name in enumerate(names):
        cost = prices.costs[name]
        category = shared(cost.holds, prices.budget.holds, prices.categories)
        if cost.transition is not None and category is not None:
            yield Finding(
                (*path, nth(place)),
                f"'{name}' holds {prices.categories[category].label}, which the streams of a run "
                "pay already ('budget.holds'); leave it out",
            )


def _start(cost: Cost) -> float:
    return -math.inf if cost.from_age is None else cost.from_age.value


def _end(cost: Cost) -> float:
    return math.inf if cost.until_age is None else cost.until_age.value


def _ages(overlap: Overlap) -> str:
    """Ages in words, if they are bounded."""
    if math.isinf(overlap.until_age):
        return ""
    return f", to the age of {overlap.until_age / 12:g}"
