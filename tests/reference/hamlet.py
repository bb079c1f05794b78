"""The hamlet of the reference's tests: its scenarios and its families."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from hvsim.population import Families
from hvsim.randomness import generator
from hvsim.reference.families import Family
from hvsim.reference.model import PlainModel
from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.vocabulary import ATTRIBUTES

HERE = Path(__file__).parent


@cache
def today(*overrides: str) -> Scenario:
    return load_scenario(HERE / "today.yaml", overrides)


@cache
def expansion(*overrides: str) -> Scenario:
    return load_scenario(HERE / "expansion.yaml", overrides)


@cache
def system(*overrides: str) -> Scenario:
    """The hamlet with every kind of organization."""
    return load_scenario(HERE / "system.yaml", overrides)


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


def one_family(scenario: Scenario, birth_month: int | None = None, **levels: str) -> PlainModel:
    """A model with one family of the hill, at the first level of each attribute but those given."""
    columns = families([today().start if birth_month is None else birth_month])
    chosen = [
        names.index(levels.get(attribute.replace("-", "_"), names[0]))
        for attribute, names in ATTRIBUTES.items()
    ]
    columns = replace(
        columns, region=np.zeros(1, np.int16), levels=np.array([chosen], dtype=np.int8)
    )
    return PlainModel(scenario, columns, seed=1)


def until(model: PlainModel, month: int) -> Family:
    """The only family, after a month."""
    while model.month <= month:
        model.step()
    (family,) = model.families
    return family


def way(family: Family) -> list[tuple[int, str]]:
    """What doors and programs did, months counted from the start."""
    return [(month - today().start, label) for month, label in family.history if "/" in label]
