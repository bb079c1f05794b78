"""The keyed draws of one run, by the names that ``docs/model.md``, section 3, gives them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import numpy as np

from hvsim import randomness

Draw: TypeAlias = Callable[[int, np.uint64, int, int], float]

# Compiled functions carry no types.
_uniform: Draw = randomness.uniform
_exponential: Draw = randomness.exponential
_normal: Draw = randomness.normal
_purpose = cache(randomness.purpose)


class Luck:
    """Every draw is a pure function of the run's seed, a key, a purpose and a number.

    Parameters
    ----------
    seed
        Seed of the run.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def uniform(self, key: np.uint64, kind: str, name: str, k: int = 0) -> float:
        """Draw ``U kind/name``."""
        return _uniform(self.seed, key, _purpose(kind, name), k)

    def exponential(self, key: np.uint64, kind: str, name: str, k: int = 0) -> float:
        """Draw ``E kind/name``."""
        return _exponential(self.seed, key, _purpose(kind, name), k)

    def normal(self, key: np.uint64, kind: str, name: str, k: int = 0) -> float:
        """Draw ``N kind/name``."""
        return _normal(self.seed, key, _purpose(kind, name), k)
