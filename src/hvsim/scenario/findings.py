"""What a cross-check finds wrong, before it is known where that is written."""

from __future__ import annotations

from dataclasses import dataclass

from hvsim.scenario.errors import Origin, Problem, dotted


@dataclass(frozen=True)
class Finding:
    """A path into the scenario and a message, with its two halves where it has two."""

    path: tuple[str, ...]
    message: str
    found: str = ""
    expected: str = ""

    def at(self, origin: Origin) -> Problem:
        """The same as a problem of a place in a file."""
        return Problem(origin, dotted(self.path), self.message, self.found, self.expected)


def found(path: tuple[str, ...], what: str, expected: str) -> Finding:
    """Finding that says what was found and what would be right."""
    return Finding(path, f"found {what}; {expected}", what, expected)
