"""How the attributes of families go together: tables of aggregate facts in the package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from hvsim.scenario.vocabulary import ATTRIBUTES

FloatArray = npt.NDArray[np.float64]

GROUPING = "race-ethnicity"
"""The unordered attribute: drawn first, it shifts the latent means of the ordered ones."""


@dataclass(frozen=True)
class Associations:
    """A Gaussian copula over the ordered attributes, with means that differ between groups.

    Attributes
    ----------
    name
        As scenarios call it.
    attributes
        The ordered attributes, in the order of the matrix.
    orders
        Levels of each ordered attribute from the lowest to the highest latent value.
    groups
        Levels of the grouping attribute, in the order of the rows of `shifts`.
    correlation
        Correlations of the latent normals within a group. Shape (attributes, attributes).
    shifts
        Mean of each latent normal by group, in standard deviations within a group.
        Shape (groups, attributes).
    """

    name: str
    attributes: tuple[str, ...]
    orders: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...]
    correlation: FloatArray
    shifts: FloatArray


def available() -> tuple[str, ...]:
    """Names of the packaged tables."""
    folder = resources.files("hvsim.population") / "data"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".json")))


@cache
def load_associations(name: str) -> Associations:
    """Read a packaged table.

    Raises
    ------
    ValueError
        If there is none of that name, or it does not speak the vocabulary.
    """
    if name not in available():
        raise ValueError(f"no associations '{name}'; known: {', '.join(available())}")
    text = (resources.files("hvsim.population") / "data" / f"{name}.json").read_text("utf-8")
    raw = json.loads(text)
    orders = {attribute: tuple(levels) for attribute, levels in raw["orders"].items()}
    ordered = {a: set(levels) for a, levels in ATTRIBUTES.items() if a != GROUPING}
    if {a: set(levels) for a, levels in orders.items()} != ordered:
        raise ValueError(f"associations '{name}': its levels are not those of the vocabulary")
    if tuple(raw["groups"]) != ATTRIBUTES[GROUPING]:
        raise ValueError(f"associations '{name}': its groups are not those of the vocabulary")
    return Associations(
        name,
        tuple(orders),
        tuple(orders.values()),
        tuple(raw["groups"]),
        np.array(raw["correlation"], dtype=np.float64),
        np.array(list(raw["shifts"].values()), dtype=np.float64),
    )
