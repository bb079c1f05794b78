"""What may be told about a birth file: counts, small ones kept back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hvsim.scenario.records import DRAW, LEAVE_OUT, OWN


@dataclass(frozen=True)
class ColumnReport:
    """Cells of one column that say nothing, or nothing that the scenario explains.

    Attributes
    ----------
    name
        What the column is for.
    missing, unknown
        How many; none if too few to be told.
    if_missing, if_unknown
        What became of them: a rule or a level.
    """

    name: str
    missing: int | None
    unknown: int | None
    if_missing: str
    if_unknown: str


@dataclass(frozen=True)
class RecordsReport:
    """What was read of a birth file. Counts below `smallest_count` are none.

    Attributes
    ----------
    file
        Its name, without folders.
    sha256
        Of its bytes.
    rows
        Births in it.
    left_out
        Births that are not used, by a rule of the scenario or because they are outside its months.
    columns
        Those that the scenario reads.
    drawn
        Attributes that the file does not hold, drawn for each family.
    """

    file: str
    sha256: str
    smallest_count: int
    rows: int | None
    left_out: int | None
    columns: tuple[ColumnReport, ...]
    drawn: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """The same in words."""
        rows = self._told(self.rows)
        out = "all used" if self.left_out == 0 else f"{self._told(self.left_out)} left out"
        yield f"{self.file}: {rows} births, {out}"
        for column in self.columns:
            for what, count, rule in (
                ("missing", column.missing, column.if_missing),
                ("unknown", column.unknown, column.if_unknown),
            ):
                if count != 0:
                    yield f"{column.name}: {self._told(count)} {what}, {_done(rule)}"
        if self.drawn:
            yield f"not in the file, drawn: {', '.join(self.drawn)}"

    def _told(self, count: int | None) -> str:
        return f"fewer than {self.smallest_count}" if count is None else f"{count:,}"


def _done(rule: str) -> str:
    words = {
        DRAW: "drawn given what else is known of the birth",
        LEAVE_OUT: "left out",
        OWN: "each its own",
    }
    return words.get(rule, f"taken as {rule}")


def told(count: int, smallest: int) -> int | None:
    """A count, or none if it is too small to be told."""
    return None if 0 < count < smallest else count
