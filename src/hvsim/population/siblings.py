"""Siblings: later births of mothers whose families are already followed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hvsim.compiled import compiled
from hvsim.population.families import Families
from hvsim.population.traits import KeyArray, screen_noise
from hvsim.randomness import derived_key, purpose

KEY = ("family", "sibling")
"""What a sibling's id is drawn for."""

PARITY = "parity"
"""The attribute that a later birth moves: from its first level to the next."""


def siblings_of(
    families: Families, parents: npt.NDArray[np.int64], birth_month: npt.ArrayLike, seed: int
) -> Families:
    """The next child of some mothers, as a family of its own.

    It keeps the region, the attributes (but a first birth is followed by a later one) and what
    is the mother's: frailty, detection, willingness.

    Parameters
    ----------
    families
        Families of the run.
    parents
        Positions of those that a sibling follows.
    birth_month
        Month of each sibling's birth.
    seed
        Seed of the run. Ids do not depend on it.
    """
    older = families.chosen(parents)
    ids = np.empty_like(older.id)
    _derive(older.id, np.uint64(purpose(*KEY)), ids)
    parity = list(families.attributes).index(PARITY)
    older.levels[:, parity] = np.maximum(older.levels[:, parity], 1)
    return Families(
        **older.columns()
        | {
            "id": ids,
            "birth_month": np.asarray(birth_month, dtype=np.int32),
            "screen_noise": screen_noise(seed, ids),
        },
        attributes=families.attributes,
    )


@compiled
def _derive(keys: KeyArray, purpose_number: np.uint64, out: KeyArray) -> None:
    for i in range(len(keys)):
        out[i] = derived_key(keys[i], purpose_number)
