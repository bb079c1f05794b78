"""Further attributes: those that a scenario adds to the attributes of birth records.

Attributes are drawn in order, and within each its levels in order, given what the family already
is; who is at none of the levels is at `otherwise`, the first position.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hvsim.chances import attenuated_logit, logistic
from hvsim.compiled import compiled
from hvsim.population.families import FloatArray
from hvsim.randomness import purpose, uniform
from hvsim.scenario.schema import Population, Scenario
from hvsim.scenario.vocabulary import attributes_of, levels_of, margin_of

FRAILTY = "frailty"
"""The trait that log odds of a level may name beside levels."""

KIND = "attribute-level"
"""Kind of the purpose of these draws."""

IntArray = npt.NDArray[np.int64]
KeyArray = npt.NDArray[np.uint64]
LevelArray = npt.NDArray[np.int8]


@dataclass(frozen=True)
class FurtherModel:
    """What the draws of further attributes need. One row per level, but those at `otherwise`.

    Attributes
    ----------
    attributes
        Levels of each attribute, those of birth records first.
    columns, positions
        Column of `Families.levels` of each row, and the position that it writes there.
    purposes
        Purpose of each row's draw.
    logits
        Log odds of a family at the center: no frailty, and every share of its coefficients.
    by_frailty
        Log odds per sd of shared frailty.
    ends
        Where each row's terms end; they begin where those of the row before do.
    terms
        Column and position of each level that log odds name.
    weights
        Log odds of those levels.
    """

    attributes: Mapping[str, tuple[str, ...]]
    columns: IntArray
    positions: LevelArray
    purposes: KeyArray
    logits: FloatArray
    by_frailty: FloatArray
    ends: IntArray
    terms: IntArray
    weights: FloatArray


def level_names(population: Population) -> Iterator[str]:
    """Names of the draws, ``attribute:level``, in their order."""
    for name, attribute in population.attributes.items():
        yield from (f"{name}:{level}" for level in attribute.levels)


def further_model(scenario: Scenario) -> FurtherModel:
    """Chances of a scenario's further attributes, ready for compiled code.

    Raises
    ------
    ValueError
        If the shares of an attribute's levels sum to more than one.
    """
    attributes = attributes_of(scenario)
    order, home = list(attributes), levels_of(scenario)
    columns, positions, logits, by_frailty, ends = [], [], [], [], []
    terms: list[tuple[int, int]] = []
    weights: list[float] = []
    for name, attribute in scenario.population.attributes.items():
        left = 1.0
        for position, level in enumerate(attribute.levels.values(), start=1):
            center = variance = frailty = 0.0
            for key, quantity in level.log_odds.items():
                b = quantity.value
                if key == FRAILTY:
                    frailty = b
                    variance += b * b
                    continue
                margin = margin_of(scenario, key)
                center += b * margin
                variance += b * b * margin * (1.0 - margin)
                terms.append((order.index(home[key]), attributes[home[key]].index(key)))
                weights.append(b)
            share = level.share.value
            chance = min(1.0, share / left) if share > 0.0 else 0.0
            left = max(left - share, math.ulp(1.0))
            columns.append(order.index(name))
            positions.append(position)
            logits.append(attenuated_logit(chance, variance) - center)
            by_frailty.append(frailty)
            ends.append(len(terms))
        total = math.fsum(level.share.value for level in attribute.levels.values())
        if total > 1.0 + 1e-6:
            raise ValueError(f"the shares of '{name}' sum to {total:g}, more than 1")
    return FurtherModel(
        attributes,
        np.array(columns, np.int64),
        np.array(positions, np.int8),
        np.array([purpose(KIND, name) for name in level_names(scenario.population)], np.uint64),
        np.array(logits, np.float64),
        np.array(by_frailty, np.float64),
        np.array(ends, np.int64),
        np.array(terms, np.int64).reshape(-1, 2),
        np.array(weights, np.float64),
    )


def draw_further(
    seed: int, model: FurtherModel, keys: KeyArray, frailty: FloatArray, levels: LevelArray
) -> None:
    """Fill the columns of further attributes, given the others and the shared frailty."""
    levels[:, model.columns] = 0
    _draw(
        np.uint64(seed),
        keys,
        frailty,
        model.columns,
        model.positions,
        model.purposes,
        model.logits,
        model.by_frailty,
        model.ends,
        model.terms,
        model.weights,
        levels,
    )


@compiled
def _draw(
    seed: np.uint64,
    keys: KeyArray,
    frailty: FloatArray,
    columns: IntArray,
    positions: LevelArray,
    purposes: KeyArray,
    logits: FloatArray,
    by_frailty: FloatArray,
    ends: IntArray,
    terms: IntArray,
    weights: FloatArray,
    levels: LevelArray,
) -> None:
    for i in range(len(keys)):
        end = 0
        for row in range(len(columns)):
            first, end = end, ends[row]
            if levels[i, columns[row]] > 0:
                continue  # an earlier level of the attribute has taken the family
            x = logits[row] + by_frailty[row] * frailty[i]
            for k in range(first, end):
                if levels[i, terms[k, 0]] == terms[k, 1]:
                    x += weights[k]
            if uniform(seed, keys[i], purposes[row], 0) < logistic(x):
                levels[i, columns[row]] = positions[row]
