"""Latent traits: standard normals that nobody records (``docs/model.md``, section 3)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hvsim.compiled import compiled
from hvsim.population.families import FloatArray
from hvsim.randomness import normal, purpose

KeyArray = npt.NDArray[np.uint64]

OF_THE_MOTHER = (("frailty", "shared"), ("trait", "detection"), ("trait", "willingness"))
OF_THE_FAMILY = ("screen", "noise")
TRAITS = (*OF_THE_MOTHER, OF_THE_FAMILY)
"""Draws of the latent traits, in the order of `Traits`."""


class Traits(NamedTuple):
    """The columns of latent traits of `Families`."""

    frailty: FloatArray
    detection: FloatArray
    willingness_noise: FloatArray
    screen_noise: FloatArray

    @classmethod
    def empty(cls, n: int) -> Traits:
        """Columns for `n` families, to be filled by `draw_traits`."""
        return cls(*np.empty((len(TRAITS), n)))

    def part(self, rows: slice) -> Traits:
        """Columns of a stretch of families, shared with these."""
        return Traits(*(column[rows] for column in self))


def draw_traits(seed: int, family: KeyArray, mother: KeyArray, traits: Traits) -> None:
    """Fill the traits of families: siblings have all but the noise of the screen in common."""
    for drawn, column in zip(OF_THE_MOTHER, traits, strict=False):
        _draw_normals(np.uint64(seed), mother, np.uint64(purpose(*drawn)), column)
    traits.screen_noise[:] = screen_noise(seed, family)


def screen_noise(seed: int, family: KeyArray) -> FloatArray:
    """Noise of the screen of each family."""
    noise = np.empty(len(family))
    _draw_normals(np.uint64(seed), family, np.uint64(purpose(*OF_THE_FAMILY)), noise)
    return noise


@compiled
def _draw_normals(
    seed: np.uint64, keys: KeyArray, purpose_number: np.uint64, out: FloatArray
) -> None:
    """Fill `out` with one standard normal per key."""
    for i in range(len(keys)):
        out[i] = normal(seed, keys[i], purpose_number, 0)
