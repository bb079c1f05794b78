"""A finished scenario with more laid over it: what a further file would change.

Unlike a file that extends it, what is laid over a finished scenario changes only what is there: it
adds and removes no name, and what it says of names that the scenario lacks is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from hvsim.scenario.building import Builder
from hvsim.scenario.checks import check
from hvsim.scenario.errors import DEFAULT, Origin, Problem, nth
from hvsim.scenario.merging import merged
from hvsim.scenario.reading import Node
from hvsim.scenario.resolved import content
from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import Shape, attributes_of, shape_of

Path: TypeAlias = tuple[str, ...]

SHAPE = shape_of(Scenario)

AXIS = "structure:"
"""Before the name of an axis of structures, where it stands among the paths of parameters."""


def with_layers(scenario: Scenario, layers: Sequence[Node]) -> tuple[Scenario, list[Problem]]:
    """The scenario with layers laid over it; that before its start stays as it is.

    Parameters
    ----------
    scenario
        A complete scenario.
    layers
        Parts of scenarios (`hvsim.scenario.reading`), of which later ones override earlier ones.

    Returns
    -------
    The scenario, partial if there are problems; and what is wrong with it then.
    """
    touched = {step for layer in layers if isinstance(layer.value, dict) for step in layer.value}
    written = {step: part for step, part in content(scenario).items() if step in touched}
    tree, problems = _node(written, "", scenario.origins, DEFAULT), list[Problem]()
    for layer in layers:
        tree = merged(tree, _known(layer, tree, SHAPE), SHAPE, problems)
    assert isinstance(tree.value, dict)
    builder, attributes = Builder(), attributes_of(Scenario)
    update = {}
    for step, node in tree.value.items():  # what no layer touches is built and right already
        shape = SHAPE.inner(step)
        assert shape is not None
        update[attributes[step]] = builder.build(node, shape, step)
    changed = scenario.model_copy(update=update)
    changed._origins = dict(scenario.origins) | builder.origins
    problems += builder.problems
    if not problems:
        findings = check(changed, complete=True)
        problems = [finding.at(tree.at(finding.path).origin) for finding in findings]
    return changed, problems


def leaves(layer: Node, shape: Shape = SHAPE, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Values that a layer replaces whole, with their paths."""
    if not (shape.merges and isinstance(layer.value, dict)):
        yield path, layer
        return
    for step, node in layer.value.items():
        inner = shape.inner(step)
        if inner is not None:
            yield from leaves(node, inner, (*path, step))


def has_names(written: Mapping[str, Any], path: Path) -> bool:
    """Whether a scenario has all names on the way of a path.

    Parameters
    ----------
    written
        Its content (`hvsim.scenario.resolved.content`).
    path
        Path of a value that the schema knows.
    """
    shape: Shape | None = SHAPE
    value: Any = written
    for step in path:
        assert shape is not None
        if shape.named and step not in (value or {}):
            return False
        value = (value or {}).get(step)
        shape = shape.inner(step)
    return True


def _known(layer: Node, tree: Node, shape: Shape) -> Node:
    """What a layer says of names that the tree has."""
    if not (shape.merges and isinstance(layer.value, dict) and isinstance(tree.value, dict)):
        return layer
    kept = {}
    for step, node in layer.value.items():
        inner = shape.inner(step)
        if step in tree.value and inner is not None:
            kept[step] = _known(node, tree.value[step], inner)
        elif not shape.named:
            kept[step] = node
    return Node(kept, layer.origin)


def _node(value: Any, path: str, origins: Mapping[str, Origin], above: Origin) -> Node:
    """Content of a scenario as nodes that know who wrote them."""
    origin = origins.get(path, above)
    if isinstance(value, dict):
        steps = {str(step): part for step, part in value.items()}
        inside = {
            step: _node(part, f"{path}.{step}" if path else step, origins, origin)
            for step, part in steps.items()
        }
        return Node(inside, origin)
    if isinstance(value, list | tuple):
        parts = enumerate(value)
        return Node([_node(p, f"{path}{nth(n)}", origins, origin) for n, p in parts], origin)
    return Node(value, origin)
