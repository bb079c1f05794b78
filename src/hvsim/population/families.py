"""The families of a run, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hvsim.scenario.vocabulary import ATTRIBUTES

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Families:
    """Families in order of birth month, then region, then serial. Shapes: (n,) unless stated.

    Attributes
    ----------
    id
        Stable 64-bit key: from region, birth month and serial, or from the user's file.
    mother
        Key of the mother; siblings share it, with their shared frailty and willingness.
    region
        Position in the scenario's regions.
    birth_month
        Month number (`hvsim.months`).
    levels
        Shape (n, attributes): position of the family's level within each attribute, attributes in
        the order of `hvsim.scenario.vocabulary.ATTRIBUTES`.
    frailty, detection, willingness_noise, screen_noise
        Standard normal latent traits (``docs/model.md``, sections 3 and 4).
    """

    id: npt.NDArray[np.uint64]
    mother: npt.NDArray[np.uint64]
    region: npt.NDArray[np.int16]
    birth_month: npt.NDArray[np.int32]
    levels: npt.NDArray[np.int8]
    frailty: FloatArray
    detection: FloatArray
    willingness_noise: FloatArray
    screen_noise: FloatArray

    def __len__(self) -> int:
        return len(self.id)

    def has(self, level: str) -> npt.NDArray[np.bool_]:
        """Whether each family is at the named level."""
        for column, (_, levels) in enumerate(ATTRIBUTES.items()):
            if level in levels:
                return np.asarray(self.levels[:, column] == levels.index(level))
        raise KeyError(level)
