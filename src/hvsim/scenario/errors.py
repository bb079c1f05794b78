"""Problems of a scenario, as the planner reads them: one line each, with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from hvsim.scenario.addresses import shown

LONGEST_QUOTE = 60
LONGEST_LIST = 6


@dataclass(frozen=True)
class Origin:
    """Where a value was written.

    Attributes
    ----------
    layer
        The same on every machine: a file relative to the scenario's folder, ``hvsim:NAME``,
        ``--set``, or ``default`` for what nobody wrote.
    file, line
        Set if a file wrote it; lines count from 1.
    override
        Text of the ``--set`` that wrote it.
    """

    layer: str
    file: Path | None = None
    line: int | None = None
    override: str | None = None

    def __str__(self) -> str:
        if self.file is not None:
            return shown(self.file) + (f":{self.line}" if self.line else "")
        return f"--set {self.override}" if self.override is not None else self.layer


DEFAULT = Origin("default")
"""Of what nobody wrote."""


@dataclass(frozen=True)
class Problem:
    """One thing to repair.

    Attributes
    ----------
    origin
        Where it is written.
    field
        Dotted path, empty for a file as a whole.
    message
        What is wrong and what would be right.
    found, expected
        The two halves of the message, where it has two.
    """

    origin: Origin
    field: str
    message: str
    found: str = ""
    expected: str = ""

    @property
    def file(self) -> Path | None:
        """File that holds the problem; none for an override."""
        return self.origin.file

    @property
    def line(self) -> int | None:
        """Line of that file, from 1."""
        return self.origin.line

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.origin), self.field, self.message) if part)


class ScenarioError(ValueError):
    """All problems of a scenario at once.

    Attributes
    ----------
    problems
        In the order in which a reader meets them.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(dict.fromkeys(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class Mistake(ValueError):
    """A value that cannot be read: what was found, what would be right, and where inside it."""

    def __init__(self, found: str, expected: str, at: tuple[str, ...] = ()) -> None:
        super().__init__(found, expected)
        self.found, self.expected, self.at = found, expected, at


def refusal(mistakes: list[Mistake]) -> ValidationError:
    """The same mistakes in pydantic's form, which keeps their places."""
    return ValidationError.from_exception_data(
        "value",
        [
            InitErrorDetails(
                type=PydanticCustomError(
                    "hvsim",
                    "{text}",
                    {"text": m.found, "found": m.found, "expected": m.expected},
                ),
                loc=m.at,
                input=None,
            )
            for m in mistakes
        ],
    )


def contrast(origin: Origin, field: str, found: str, expected: str) -> Problem:
    """Problem that says what was found and what would be right."""
    return Problem(origin, field, f"found {found}; {expected}", found, expected)


def quoted(value: object) -> str:
    """A found value as messages print it, never long."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, str):
        short = value if len(value) <= LONGEST_QUOTE else value[:LONGEST_QUOTE] + "..."
        return f"'{short}'" if short.isprintable() else ascii(short)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def listed(names: Iterable[str]) -> str:
    """``'a', 'b' and 'c'``, and never more than a line of them."""
    words = [f"'{name}'" for name in names]
    if len(words) > LONGEST_LIST:
        return f"{', '.join(words[:LONGEST_LIST])} and {len(words) - LONGEST_LIST} more"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def nth(place: int) -> str:
    """Step of a path to an item of a list, as messages count: the first is ``[1]``."""
    return f"[{place + 1}]"


def dotted(steps: Iterable[str]) -> str:
    """A path as messages write it: ``programs.intensive.levels[1].visits``."""
    return "".join(step if step.startswith("[") else f".{step}" for step in steps).removeprefix(".")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is probably meant, if one is."""
    names: Sequence[str] = list(known)
    spellings = (name, name.lower().replace("_", "-"), name.lower().replace("-", "_"))
    near = (match for text in spellings for match in get_close_matches(text, names, n=1))
    return next(near, None)


def suggestion(name: str, known: Iterable[str]) -> str:
    """``; did you mean ...?`` with the nearest known name, or what is known, or nothing."""
    names: Sequence[str] = list(known)
    if near := nearest(name, names):
        return f"; did you mean '{near}'?"
    if 0 < len(names) <= 12:
        return f"; known: {', '.join(names)}"
    return ""
