"""What is wrong with a birth file: a few of each kind with their lines, and how many more.

No message holds a row, and none an id: one offending value at most.
"""

from __future__ import annotations

from pathlib import Path

from hvsim.scenario.errors import Origin, Problem, ScenarioError

SHOWN = 5
"""Problems of one kind that are listed; of others only the number is told."""


class Complaints:
    """Collects what is wrong with one file.

    Attributes
    ----------
    file
        The birth file.
    counts_lines
        Whether places in it are lines; otherwise they are rows.
    """

    def __init__(self, file: Path, counts_lines: bool = True) -> None:
        self.file = file
        self.counts_lines = counts_lines
        self.kinds: dict[tuple[str, str], list[Problem]] = {}
        self.more: dict[tuple[str, str], int] = {}

    def add(self, kind: str, message: str, place: int | None = None, column: str = "") -> None:
        """Note a problem.

        Parameters
        ----------
        kind
            Problems of the same kind and column are listed together.
        message
            What was found and what would be right.
        place
            Line or row, from 1.
        column
            Name of the column, as the file spells it.
        """
        key = (kind, column)
        listed = self.kinds.setdefault(key, [])
        if len(listed) == SHOWN:
            self.more[key] = self.more.get(key, 0) + 1
            return
        if place is not None and not self.counts_lines:
            message = f"row {place}: {message}"
        line = place if self.counts_lines else None
        listed.append(Problem(Origin(self.file.name, self.file, line), column, message))

    def fail(self, message: str, place: int | None = None) -> ScenarioError:
        """The error of a file that cannot be read any further."""
        self.add(message, message, place)
        return self.error()

    def error(self) -> ScenarioError:
        """All that was noted, kind by kind."""
        problems: list[Problem] = []
        for key, listed in self.kinds.items():
            problems += listed
            if key in self.more:
                message = f"and {self.more[key]:,} more of this kind"
                problems.append(Problem(Origin(self.file.name, self.file), key[1], message))
        return ScenarioError(problems)

    def raise_if_any(self) -> None:
        """Stop here if anything was noted.

        Raises
        ------
        ScenarioError
            With all that was noted.
        """
        if self.kinds:
            raise self.error()
