"""The hamlet of the reference's tests: its scenarios and its families."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from hvsim.population import Families
from hvsim.randomness import generator
from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.vocabulary import ATTRIBUTES

HERE = Path(__file__).parent


@cache
def today(*overrides: str) -> Scenario:
    return load_scenario(HERE / "today.yaml", overrides)


@cache
def expansion(*overrides: str) -> Scenario:
    return load_scenario(HERE / "expansion.yaml", overrides)


def families(births: list[int], seed: int = 1) -> Families:
    """One family for each birth month given, its attributes and traits at random."""
    rng = generator(seed, "hamlet")
    n = len(births)
    levels = [rng.integers(len(levels), size=n) for levels in ATTRIBUTES.values()]
    return Families(
        id=np.arange(1, n + 1, dtype=np.uint64) << np.uint64(40),
        mother=np.arange(1, n + 1, dtype=np.uint64),
        region=rng.integers(2, size=n).astype(np.int16),
        birth_month=np.array(births, dtype=np.int32),
        levels=np.array(levels, dtype=np.int8).reshape(len(ATTRIBUTES), n).T,
        frailty=rng.normal(size=n),
        detection=rng.normal(size=n),
        willingness_noise=rng.normal(size=n),
        screen_noise=rng.normal(size=n),
    )


def everybody(scenario: Scenario, per_month: int, seed: int = 1) -> Families:
    """Families born in every simulated month."""
    first = scenario.start - int(scenario.warm_start.months.value)
    first += int(scenario.population.enters_before_birth.value)
    return families(
        [month for month in range(first, scenario.end + 1) for _ in range(per_month)], seed
    )
