"""Loading a scenario: inheritance, overrides, building, checking."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hvsim.scenario.addresses import PACKAGED, TEMPLATES, address_from, is_file, located, shown
from hvsim.scenario.building import Builder
from hvsim.scenario.checks import check, check_before
from hvsim.scenario.errors import Origin, Problem, ScenarioError, contrast, quoted, suggestion
from hvsim.scenario.layouts import over_layout
from hvsim.scenario.merging import merged, override
from hvsim.scenario.reading import Node, read_file
from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import shape_of

CHAIN_LIMIT = 30


def load_scenario(path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Scenario of a file, complete and checked.

    Parameters
    ----------
    path
        Scenario file.
    overrides
        ``PATH=VALUE`` texts, such as ``screening.flagged=20%``, laid over the file, in order.

    Raises
    ------
    ScenarioError
        With every problem of the file, of the files it extends and of the overrides.
    """
    file = Path(os.path.abspath(path))
    scenario, problems = _load(file, overrides)
    under = getattr(getattr(scenario, "warm_start", None), "under", None)
    if under is not None and under != file:
        origin = scenario.origins["warm_start.under"]
        before, problems_before = _load_before(under, origin)
        problems += problems_before
        if before is not None and not problems:
            problems += [finding.at(origin) for finding in check_before(scenario, before)]
            scenario._before = before
    if problems:
        raise ScenarioError(sorted(problems, key=lambda problem: _reading_order(problem, file)))
    return scenario


def _reading_order(problem: Problem, main: Path) -> tuple[bool, bool, str, int]:
    file = problem.file
    return file is None, file != main, str(file), problem.line or 0


def _load_before(under: Path, origin: Origin) -> tuple[Scenario | None, list[Problem]]:
    if not is_file(under):
        return None, [Problem(origin, "warm_start.under", _no_such(shown(under), under))]
    try:
        return _load(under, ())
    except ScenarioError as error:
        return None, list(error.problems)


def _load(file: Path, overrides: Sequence[str]) -> tuple[Scenario, list[Problem]]:
    """Scenario, partial if there are problems."""
    inheritance = _Inheritance(file.parent)
    tree = inheritance.resolved(file)
    problems = inheritance.problems
    if tree is None:
        raise ScenarioError(problems)
    shape = shape_of(Scenario)
    for text in overrides:
        try:
            over = override(text, shape)
            tree = merged(tree, over, shape, problems)
            tree = over_layout(over, tree, file.parent, problems)
        except ScenarioError as error:
            problems += error.problems
    builder = Builder()
    scenario: Scenario = builder.build(tree, shape)
    known = {(problem.origin, problem.field) for problem in problems}
    problems += [p for p in builder.problems if (p.origin, p.field) not in known]
    findings = check(scenario, complete=not builder.problems)
    problems += [finding.at(tree.at(finding.path).origin) for finding in findings]
    scenario._origins = builder.origins
    scenario._source = file
    return scenario, problems


class _Inheritance:
    """Files laid over those that they extend: each once, in its first place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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
            tree = merged(tree, layer, shape_of(Scenario), self.problems)
            tree = over_layout(layer, tree, self.folder, self.problems)
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
            message = _no_such(entry.value, base)
        elif len(line) > CHAIN_LIMIT:
            message = f"more than {CHAIN_LIMIT} files extend one another"
        else:
            return base
        self.problems.append(Problem(entry.origin, "extends", message))
        return None


def _no_such(address: str, file: Path) -> str:
    prefix = PACKAGED if file.parent == TEMPLATES else ""
    try:
        known = [
            f"{prefix}{other.stem if prefix else other.name}"
            for other in file.parent.glob("*.yaml")
        ]
    except (OSError, ValueError):
        known = []
    return f"no such file: {quoted(address)}" + suggestion(
        address.rpartition("/")[2], sorted(known)
    )
