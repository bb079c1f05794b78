"""Packaged layouts of birth files: fragments that a scenario names instead of extending them."""

from __future__ import annotations

from pathlib import Path

from hvsim.scenario.addresses import TEMPLATES, address_from
from hvsim.scenario.errors import Problem, quoted, suggestion
from hvsim.scenario.merging import merged
from hvsim.scenario.reading import Node, read_file
from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import shape_of

LAYOUTS = TEMPLATES / "layouts"
PATH = ("population", "records", "layout")


def over_layout(layer: Node, tree: Node, folder: Path, problems: list[Problem]) -> Node:
    """`tree` laid over the layout that `layer`, its last part, names; `tree` itself if none.

    The result no longer names the layout, so that a column that a scenario removes stays removed.
    """
    named = _named(layer)
    if named is None or named.value is None:
        return tree
    known = sorted(file.stem for file in LAYOUTS.glob("*.yaml"))
    if named.value not in known:
        message = f"no layout named {quoted(named.plain())}" + suggestion(str(named.value), known)
        problems.append(Problem(named.origin, ".".join(PATH), message))
        return tree
    file = LAYOUTS / f"{named.value}.yaml"
    base, _ = read_file(file, address_from(file, folder))
    taken = Node(None, named.origin)
    for step in reversed(PATH):
        taken = Node({step: taken}, named.origin)
    shape = shape_of(Scenario)
    return merged(merged(base, tree, shape, problems), taken, shape, problems)


def _named(layer: Node) -> Node | None:
    node = layer
    for step in PATH:
        if not isinstance(node.value, dict) or step not in node.value:
            return None
        node = node.value[step]
    return node
