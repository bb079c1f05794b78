"""From a scenario's objects to the arrays of ``tables``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from hvsim.population.synthesis import draws as families_draws
from hvsim.randomness import purpose
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Scenario
from hvsim.scenario.vocabulary import levels_of, margin_of
from hvsim.simulation.plan import Plan
from hvsim.simulation.tables import (
    CENTER,
    FIRST_LEVEL,
    TRAIT_COLUMNS,
    FloatArray,
    IntArray,
    Records,
)


def numbers(kind: str, names: Sequence[str]) -> IntArray:
    """Numbers of the purposes `kind`/name."""
    return np.array([purpose(kind, name) for name in names], np.int64)


def draws(plan: Plan) -> list[tuple[str, str]]:
    """Every purpose of this run, to be checked for collisions."""
    stages = [f"{c}:{s}" for c, chain in plan.scenario.chains.items() for s in chain.stages]
    by_name: dict[tuple[str, ...], Iterable[str]] = {
        (
            "frailty",
            "outcome",
            "amount",
            "onset",
            "exit",
            "entry",
            "status",
        ): plan.scenario.outcomes,
        ("detected",): plan.scenario.chains,
        ("stage",): stages,
        ("door", "contact", "consents", "closes"): plan.doors,
        ("hub", "reaches"): plan.hubs,
        (
            "accepts",
            "provider",
            "queue",
            "gives-up",
            "visitor",
            "visit",
            "leaves",
            "order",
        ): plan.programs,
        ("returns", "poached"): plan.labor,
        ("speaks",): levels_of(plan.scenario),
    }
    own = [(kind, name) for kinds, names in by_name.items() for kind in kinds for name in names]
    return [*families_draws(plan.scenario.population), ("visitor", "tenure"), *own]


def coefficients(
    scenario: Scenario, rows: Sequence[Mapping[str, Quantity]]
) -> tuple[FloatArray, list[float]]:
    """Table of log odds (or log hazards), a row for each mapping, and each row's variance."""
    levels = list(levels_of(scenario))
    table = np.zeros((len(rows), FIRST_LEVEL + len(levels)))
    variances = [0.0] * len(rows)
    for row, by in enumerate(rows):
        for name, quantity in by.items():
            b = quantity.value
            if name in TRAIT_COLUMNS:
                table[row, TRAIT_COLUMNS.index(name)] = b
                variances[row] += b * b
            else:
                share = margin_of(scenario, name)
                table[row, FIRST_LEVEL + levels.index(name)] = b
                table[row, CENTER] += b * share
                variances[row] += b * b * share * (1.0 - share)
    return table, variances


def records(dtype: np.dtype[np.void], rows: Sequence[Mapping[str, float]]) -> Records:
    """Array of records, one from each mapping of all fields."""
    fields = dtype.names or ()
    return np.array([tuple(row[field] for field in fields) for row in rows], dtype)


def steps(quantity: Quantity, first: int, count: int) -> FloatArray:
    """Values of a step function at `count` consecutive integers."""
    return np.array([quantity.at(first + j) for j in range(count)])
