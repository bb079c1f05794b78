"""Specifications and fragments as trees: annotated numbers, and marks where one is to be solved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from hvsim.population.families import Families
from hvsim.scenario.kinds import REAL, SPREAD_SD, Kind
from hvsim.scenario.quantities import Quantity

FloatArray = npt.NDArray[np.float64]
Tree: TypeAlias = dict[str, Any]


def quantity(kind: Kind, leaf: Any) -> Quantity:
    """Value of a leaf as a scenario file writes it; targets may hold further keys."""
    return kind.read(leaf["value"] if isinstance(leaf, dict) and "value" in leaf else leaf)


def number(kind: Kind, leaf: Any) -> float:
    """The same of a leaf that holds one number."""
    return quantity(kind, leaf).value


def put(record: Tree, field: str, value: object, note: str) -> None:
    """Write a solved value in place of its mark, keeping what is said beside it.

    Raises
    ------
    ValueError
        If the field is not marked: its number would be lost.
    """
    leaf = record[field]
    if not leaf.get("solved"):
        raise ValueError(f"'{field}' is not marked as solved")
    said = {key: part for key, part in leaf.items() if key != "solved"}
    record[field] = {"value": value} | said | {"note": said.get("note", note)}


def unsolved(tree: Tree, path: str = "") -> Iterator[str]:
    """Paths that are still marked."""
    for key, value in tree.items():
        if key == "solved":
            yield path
        elif isinstance(value, dict):
            yield from unsolved(value, f"{path}.{key}" if path else key)


def rounded(value: float) -> float:
    """Four significant digits: more would claim what no target supports."""
    return float(f"{value:.4g}")


def sds(outcome: Tree) -> tuple[float, float]:
    """Log standard deviations of shared and own frailty."""
    return (
        number(SPREAD_SD, outcome["shared_frailty_sd"]),
        number(SPREAD_SD, outcome["own_frailty_sd"]),
    )


def linear(people: Families, outcome: Tree) -> FloatArray:
    """Sum of each family's log hazard ratios."""
    log = np.zeros(len(people))
    for level, leaf in outcome["log_hazard_ratios"].items():
        log += number(REAL, leaf) * people.has(level)
    return log


def step(series: Mapping[int, float], age: int) -> float:
    """Value of a series at an age: that of the last step at or before it."""
    return float(max((start, value) for start, value in series.items() if start <= age)[1])
