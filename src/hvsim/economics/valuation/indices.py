"""Price years: carrying dollars from one to another by a named index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hvsim.economics.valuation.prices import Index, Prices
from hvsim.economics.valuation.tables import ValuationError
from hvsim.evidence import load_evidence


class PriceYearError(ValuationError):
    """An index has no value for a year."""


@dataclass(frozen=True)
class PriceIndex:
    """A price index.

    Attributes
    ----------
    name
        Its name in the file of prices.
    values
        Annual values by calendar year, in any base that is the same for all.
    """

    name: str
    values: Mapping[int, float]

    def factor(self, from_year: int, to_year: int) -> float:
        """What one dollar of `from_year` is in dollars of `to_year`: the ratio of the values.

        The same year gives exactly 1, known to the index or not.

        Raises
        ------
        PriceYearError
            If the index has no value for one of two different years.
        """
        if from_year == to_year:
            return 1.0
        for year in (from_year, to_year):
            if year not in self.values:
                raise PriceYearError(
                    f"index '{self.name}' has no value for {year}; it has {_spans(self.values)}"
                )
        return self.values[to_year] / self.values[from_year]


def index_of(name: str, index: Index) -> PriceIndex:
    """Index with the values of its facts, which the checks found to be yearly numbers."""
    facts = load_evidence()
    values = {int(facts[id_].year): facts[id_].value for id_ in index.evidence}
    return PriceIndex(name, {year: value for year, value in values.items() if value is not None})


def indices_of(prices: Prices) -> dict[str, PriceIndex]:
    """All indices of a file of prices, by name."""
    return {name: index_of(name, index) for name, index in prices.indices.items()}


def _spans(years: Mapping[int, float]) -> str:
    """Years in words: ``2000, 2005 and 2010 to 2024``."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    words = [str(a) if a == b else f"{a} to {b}" for a, b in spans]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
