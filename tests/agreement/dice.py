"""Choices at random, keyed by a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from hvsim.randomness import generator
from hvsim.scenario.vocabulary import LEVELS, TRAITS

T = TypeVar("T")


class Dice:
    """Choices that follow from a number alone."""

    def __init__(self, number: int, name: str) -> None:
        self.rng = generator(number, name)
        self.levels: list[str] = list(LEVELS)

    def happens(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def whole(self, low: int, high: int) -> int:
        """A number from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def real(self, low: float, high: float) -> float:
        return round(float(self.rng.uniform(low, high)), 4)

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.whole(0, len(choices) - 1)]

    def some(self, choices: Sequence[T], least: int = 0, most: int = 99) -> list[T]:
        """Some of the choices, in any order."""
        number = self.whole(min(least, len(choices)), min(most, len(choices)))
        return [choices[i] for i in self.rng.permutation(len(choices))[:number].tolist()]

    def share(self, low: float = 0.05, high: float = 0.95) -> float:
        """A share, at times 0, often 1."""
        return self.one([0.0, 1.0, 1.0, *(self.real(low, high) for _ in range(9))])

    def parts(self, names: Sequence[str]) -> dict[str, float]:
        """Shares that sum to 1, or nearly: half a percent is let pass."""
        weights = self.rng.integers(1, 7, len(names))
        cuts = np.floor(np.cumsum(weights) / weights.sum() * 1000 + 0.5)
        shares = (np.diff(cuts, prepend=0) / 1000).tolist()
        if len(names) > 1 and self.happens(0.2):
            shares[0] += 0.004
        return dict(zip(names, shares, strict=True))

    def coefficients(self, traits: Sequence[str] = TRAITS) -> dict[str, float]:
        names = [*traits, *self.levels]
        return {name: self.real(-1.5, 1.5) for name in self.some(names, 0, 3)}

    def by_stage(self, most: float, first: int) -> object:
        """A number, or steps by month that begin before, at or after `first`."""
        if self.happens(0.4):
            return self.real(0, most)
        starts = sorted(first + start for start in self.some(range(-1, 20), 1, 4))
        return {str(start): 0 if self.happens(0.15) else self.real(0, most) for start in starts}
