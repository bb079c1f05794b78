"""The families of a run, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

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
        Stable 64-bit key: from region, birth month and serial, from the user's file, or for a
        sibling from the id of the family that it follows.
    mother
        Key of the mother; siblings share it, with all latent traits but the screen's noise.
    region
        Position in the scenario's regions.
    birth_month
        Month number (`hvsim.months`).
    levels
        Shape (n, attributes): position of the family's level within each attribute.
    frailty, detection, willingness_noise, screen_noise
        Standard normal latent traits (``docs/model.md``, sections 3 and 4).
    attributes
        Levels of each attribute, attributes in the order of the columns of `levels`.
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
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: ATTRIBUTES)

    def __len__(self) -> int:
        return len(self.id)

    def has(self, level: str) -> npt.NDArray[np.bool_]:
        """Whether each family is at the named level."""
        for column, levels in enumerate(self.attributes.values()):
            if level in levels:
                return np.asarray(self.levels[:, column] == levels.index(level))
        raise KeyError(level)

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Each column by its name."""
        names = (part.name for part in fields(self) if part.name != "attributes")
        return {name: getattr(self, name) for name in names}

    def chosen(self, rows: npt.NDArray[np.integer | np.bool_] | slice) -> Families:
        """Some of the families: at positions, in their order, or where a mask holds."""
        columns = {name: column[rows] for name, column in self.columns().items()}
        return Families(**columns, attributes=self.attributes)

    def with_room(self, rows: int) -> Families:
        """These families, in columns that have room for `rows` of them."""

        def longer(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
            wide = np.zeros((rows, *column.shape[1:]), column.dtype)
            wide[: len(column)] = column
            return wide

        columns = {name: longer(column) for name, column in self.columns().items()}
        return Families(**columns, attributes=self.attributes)

    def put(self, first: int, others: Families) -> None:
        """Write others into the columns, from position `first` on.

        Raises
        ------
        ValueError
            If theirs are other attributes: one column would hold two things.
        """
        if list(self.attributes.items()) != list(others.attributes.items()):
            raise ValueError("families of different attributes do not go together")
        theirs = others.columns()
        for name, own in self.columns().items():
            own[first : first + len(others)] = theirs[name]

    def followed_by(self, others: Families) -> Families:
        """These families and, after them, others.

        Raises
        ------
        ValueError
            If theirs are other attributes.
        """
        both = self.with_room(len(self) + len(others))
        both.put(len(self), others)
        return both
