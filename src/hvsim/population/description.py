"""How well families match what their scenario asks for: margins and pairs of attributes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.population import copula, polychoric
from hvsim.population.associations import GROUPING, Associations, load_associations
from hvsim.population.families import Families
from hvsim.population.synthesis import Margins, margins
from hvsim.scenario.schema import Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES, margin_of

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Description:
    """Families against their targets.

    Attributes
    ----------
    margins
        One row per level: ``attribute, level, target, share, standard_error``, the last that of a
        share among so many independent families.
    pairs
        One row per pair of attributes: ``one, other``, Cramér's V as the associations imply it
        (``target``) and among the families (``found``), and the total variation distance between
        the two tables (``distance``: the share of families that would have to change cells).
    """

    margins: pd.DataFrame
    pairs: pd.DataFrame


def describe(families: Families, scenario: Scenario) -> Description:
    """Margins and pairwise associations of families beside those of their scenario."""
    shares = margins(scenario.population)
    associations = load_associations(scenario.population.associations)
    n = len(families)
    rows = []
    for column, (attribute, levels) in enumerate(families.attributes.items()):
        counts = np.bincount(families.levels[:, column], minlength=len(levels))
        for level, count in zip(levels, counts, strict=True):
            further = attribute not in shares
            target = margin_of(scenario, level) if further else shares[attribute].get(level, 0.0)
            error = np.sqrt(target * (1.0 - target) / n)
            rows.append((attribute, level, target, count / n, error))
    pairs = []
    for one, other in combinations(ATTRIBUTES, 2):
        expected = pair_table(shares, associations, one, other)
        found = counted(families, one, other) / n
        distance = 0.5 * np.abs(found - expected).sum()
        pairs.append((one, other, cramers_v(expected), cramers_v(found), distance))
    return Description(
        pd.DataFrame(rows, columns=["attribute", "level", "target", "share", "standard_error"]),
        pd.DataFrame(pairs, columns=["one", "other", "target", "found", "distance"]),
    )


def counted(families: Families, one: str, other: str) -> npt.NDArray[np.int64]:
    """Families by their levels of two attributes, levels in the order of the vocabulary."""
    names = list(ATTRIBUTES)
    rows, columns = len(ATTRIBUTES[one]), len(ATTRIBUTES[other])
    first, second = (families.levels[:, names.index(name)].astype(int) for name in (one, other))
    return np.bincount(first * columns + second, minlength=rows * columns).reshape(rows, columns)


def pair_table(shares: Margins, associations: Associations, one: str, other: str) -> FloatArray:
    """Share of families at each pair of levels that margins and associations imply.

    Levels are in the order of the vocabulary.
    """
    groups = np.array([shares[GROUPING].get(level, 0.0) for level in associations.groups])
    if GROUPING in (one, other):
        rows = np.array(
            [
                _within(shares, associations, other if one == GROUPING else one, g, groups)
                for g in range(len(groups))
            ]
        )
        table: FloatArray = groups[:, None] * rows
        return table if one == GROUPING else table.T
    i, j = (associations.attributes.index(name) for name in (one, other))
    correlation = float(associations.correlation[i, j])
    total = sum(
        share
        * polychoric.table(
            _cuts(shares, associations, one, groups) - associations.shifts[g, i],
            _cuts(shares, associations, other, groups) - associations.shifts[g, j],
            correlation,
        )
        for g, share in enumerate(groups)
    )
    rows_order, columns_order = (_positions(associations, name) for name in (one, other))
    return np.asarray(total)[np.ix_(rows_order, columns_order)]


def cramers_v(table: FloatArray) -> float:
    """Cramér's V: zero for independent attributes, one if either determines the other."""
    share = table / table.sum()
    alone = np.outer(share.sum(axis=1), share.sum(axis=0))
    ratio = np.divide((share - alone) ** 2, alone, out=np.zeros_like(share), where=alone > 0)
    return float(np.sqrt(ratio.sum() / (min(share.shape) - 1)))


def _cuts(
    shares: Margins, associations: Associations, attribute: str, groups: FloatArray
) -> FloatArray:
    j = associations.attributes.index(attribute)
    order = np.array([shares[attribute].get(level, 0.0) for level in associations.orders[j]])
    return copula.thresholds(order, groups, associations.shifts[:, j])


def _within(
    shares: Margins, associations: Associations, attribute: str, group: int, groups: FloatArray
) -> FloatArray:
    """Shares of an attribute's levels in one group."""
    j = associations.attributes.index(attribute)
    cuts = _cuts(shares, associations, attribute, groups) - associations.shifts[group, j]
    below = np.concatenate(([0.0], polychoric.normal_below(cuts), [1.0]))
    return np.diff(below)[_positions(associations, attribute)]


def _positions(associations: Associations, attribute: str) -> list[int]:
    """Where each level of the vocabulary stands in the latent order."""
    order = associations.orders[associations.attributes.index(attribute)]
    return [order.index(level) for level in ATTRIBUTES[attribute]]
