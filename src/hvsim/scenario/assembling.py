"""From a file, those that it extends and overrides to one record, as far as it can be built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from hvsim.scenario.addresses import TEMPLATES, address_from, is_file, located, shown
from hvsim.scenario.building import Builder
from hvsim.scenario.errors import Origin, Problem, ScenarioError, contrast, quoted, suggestion
from hvsim.scenario.merging import merged, override
from hvsim.scenario.reading import Node, read_file
from hvsim.scenario.shapes import Shape

CHAIN_LIMIT = 30

Completion: TypeAlias = Callable[[Node, Node, Path, list[Problem]], Node]
"""What is done with the whole tree after each layer: layer, tree, folder and problems so far."""


@dataclass(frozen=True)
class Assembly:
    """What one file and the files that it extends say.

    Attributes
    ----------
    record
        The record; it lacks the fields that could not be built.
    tree
        Its nodes, which know where each was written.
    origins
        Where each value was written, by dotted path.
    problems
        What is wrong so far.
    complete
        Whether the record lacks no field.
    """

    record: Any
    tree: Node
    origins: Mapping[str, Origin]
    problems: list[Problem]
    complete: bool


def as_it_is(layer: Node, tree: Node, folder: Path, problems: list[Problem]) -> Node:
    """The tree: layers of this kind name nothing further."""
    return tree


def assembled(
    file: Path, overrides: Sequence[str], shape: Shape, complete: Completion = as_it_is
) -> Assembly:
    """Record of a file laid over those that it extends, with overrides on top.

    Raises
    ------
    ScenarioError
        If one of the files cannot be read.
    """
    inheritance = _Inheritance(file.parent, shape, complete)
    tree = inheritance.resolved(file)
    problems = inheritance.problems
    if tree is None:
        raise ScenarioError(problems)
    for text in overrides:
        try:
            over = override(text, shape)
            tree = merged(tree, over, shape, problems)
            tree = complete(over, tree, file.parent, problems)
        except ScenarioError as error:
            problems += error.problems
    builder = Builder()
    record = builder.build(tree, shape)
    known = {(problem.origin, problem.field) for problem in problems}
    problems += [p for p in builder.problems if (p.origin, p.field) not in known]
    return Assembly(record, tree, builder.origins, problems, not builder.problems)


def refuse(problems: Iterable[Problem], main: Path) -> None:
    """Refuse what has problems, told as a reader meets them: the main file first, overrides last.

    Raises
    ------
    ScenarioError
        With all of them, if there are any.
    """

    def order(problem: Problem) -> tuple[bool, bool, str, int]:
        file = problem.file
        return file is None, file != main, str(file), problem.line or 0

    found = sorted(problems, key=order)
    if found:
        raise ScenarioError(found)


class _Inheritance:
    """Files laid over those that they extend: each once, in its first place."""

    def __init__(self, folder: Path, shape: Shape, complete: Completion) -> None:
        self.folder = folder
        self.shape = shape
        self.complete = complete
        self.problems: list[Problem] = []
        self._seen: set[Path] = set()
        self._layers: list[Node] = []
        self._complete = True

    def resolved(self, file: Path) -> Node | None:
        """Content of a file laid over that of the files it extends; none if one is unreadable."""
        self._collect(file, ())
        if not self._complete:
            return None
        tree = Node({}, self._layers[-1].origin)
        for layer in self._layers:
            tree = merged(tree, layer, self.shape, self.problems)
            tree = self.complete(layer, tree, self.folder, self.problems)
        return tree

    def _collect(self, file: Path, heirs: tuple[Path, ...]) -> None:
        """Add what a file extends, then what it says itself."""
        if file in self._seen:
            return
        self._seen.add(file)
        try:
            node, problems = read_file(file, address_from(file, self.folder))
        except ScenarioError as error:
            self.problems += error.problems
            self._complete = False
            return
        self.problems += problems
        assert isinstance(node.value, dict)
        extends = node.value.get("extends", Node([], node.origin))
        for entry in extends.value if isinstance(extends.value, list) else [extends]:
            base = self._base(entry, file, (*heirs, file))
            if base is None:
                self._complete = False
            else:
                self._collect(base, (*heirs, file))
        own = {key: part for key, part in node.value.items() if key != "extends"}
        self._layers.append(Node(own, node.origin))

    def _base(self, entry: Node, file: Path, line: tuple[Path, ...]) -> Path | None:
        """File that an entry names; none if there is a problem, which is noted."""
        if not isinstance(entry.value, str):
            expected = "write a file, 'hvsim:NAME' or a list of them"
            found = quoted(entry.plain())
            self.problems.append(contrast(entry.origin, "extends", found, expected))
            return None
        base = located(entry.value, file.parent)
        if base in line:
            circle = " -> ".join(shown(heir) for heir in (*line[line.index(base) :], base))
            message = f"files extend one another in a circle: {circle}"
        elif not is_file(base):
            message = no_such(entry.value, base)
        elif len(line) > CHAIN_LIMIT:
            message = f"more than {CHAIN_LIMIT} files extend one another"
        else:
            return base
        self.problems.append(Problem(entry.origin, "extends", message))
        return None


def no_such(address: str, file: Path) -> str:
    """Message that there is no such file, with the nearest that is."""
    packaged = TEMPLATES in file.parents
    try:
        others = list(file.parent.glob("*.yaml"))
    except (OSError, ValueError):
        others = []
    known = sorted(shown(other) if packaged else other.name for other in others)
    meant = address if packaged else address.rpartition("/")[2]
    return f"no such file: {quoted(address)}" + suggestion(meant, known)
