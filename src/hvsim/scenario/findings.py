"""What a cross-check finds wrong, before it is known where that is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A path into the scenario and a message."""

    path: tuple[str, ...]
    message: str


def found(path: tuple[str, ...], what: str, expected: str) -> Finding:
    """Finding that says what was found and what would be right."""
    return Finding(path, f"found {what}; {expected}")
