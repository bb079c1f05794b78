"""The cells of the columns that a scenario reads, each distinct text kept once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hvsim.population.records.problems import Complaints
from hvsim.scenario.errors import nearest

IntArray = npt.NDArray[np.int32]


class Texts(dict[str, int]):
    """Numbers of distinct texts, in the order in which they are first met."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number

    def numbers(self, texts: Iterable[str]) -> IntArray:
        """Number of each text, new ones added."""
        return np.fromiter(map(self.__getitem__, texts), dtype=np.int32)


@dataclass(frozen=True)
class Column:
    """Cells of one column.

    Attributes
    ----------
    name
        As the scenario spells it.
    texts
        Its distinct cells, without blanks around them.
    numbers
        Position in `texts` of each record's cell.
    """

    name: str
    texts: tuple[str, ...]
    numbers: IntArray


@dataclass(frozen=True)
class Cells:
    """Columns by name, and the line or row of each record, from 1."""

    columns: dict[str, Column]
    places: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.places)


def gathered(
    wanted: Sequence[str], texts: Sequence[Texts], parts: Sequence[list[IntArray]]
) -> dict[str, Column]:
    """Columns from the parts in which they were read."""
    return {
        name: Column(name, tuple(map(str.strip, known)), np.concatenate(numbers))
        for name, known, numbers in zip(wanted, texts, parts, strict=True)
    }


def positions(header: Sequence[str], wanted: Sequence[str], complaints: Complaints) -> list[int]:
    """Where the wanted columns stand; what is missing or there twice is noted.

    A header is quoted only where it resembles what is looked for: a file without one begins with
    a record.
    """
    names = [name.strip() for name in header]
    place = 1 if complaints.counts_lines else None
    found = []
    for name in wanted:
        count = names.count(name.strip())
        if count == 1:
            found.append(names.index(name.strip()))
            continue
        message = f"{count} columns of this name; rename or remove the others"
        if count == 0:
            near = nearest(name, names)
            hint = f"did you mean '{near}'?" if near else "name the file's own in the scenario"
            message = f"no such column; {hint}"
        complaints.add("columns", message, place, name)
    return found
