"""Laying one scenario file over another, and ``--set`` over both.

Records merge by field, named collections by name (``null`` removes), values are replaced whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hvsim.scenario.errors import Origin, Problem, ScenarioError, suggestion
from hvsim.scenario.reading import Node, read_text
from hvsim.scenario.shapes import Shape, fields_of


def merged(base: Node, over: Node, shape: Shape, problems: list[Problem]) -> Node:
    """`over` laid over `base`."""
    return _merged(base, over, shape, problems, "")


def _merged(base: Node, over: Node, shape: Shape, problems: list[Problem], path: str) -> Node:
    if not (shape.merges and isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    result = dict(base.value)
    for step, node in over.value.items():
        inner = shape.inner(step)
        field = f"{path}.{step}" if path else step
        if shape.named and node.value is None:
            if result.pop(step, None) is None:
                message = "nothing to remove" + suggestion(step, result)
                problems.append(Problem(node.origin, field, message))
        elif step in result and inner is not None:
            result[step] = _merged(result[step], node, inner, problems, field)
        else:
            result[step] = node
    return Node(result, over.origin)  # who changed it last is who can repair it


def override(text: str, shape: Shape) -> Node:
    """Node that lays one ``PATH=VALUE`` over a scenario.

    Raises
    ------
    ScenarioError
        If the path leads nowhere that the schema knows, or the value is no YAML.
    """
    origin = Origin("--set", override=text)
    path, equals, value = text.partition("=")
    steps = path.strip().split(".")
    if not equals or not all(steps):
        message = "write PATH=VALUE, for example screening.flagged=20%"
        raise ScenarioError([Problem(origin, "", message)])
    node, problems = read_text(value.strip(), origin)
    if problems:
        raise ScenarioError(problems)
    return at_path(steps, node, shape)


def at_path(steps: Sequence[str], node: Node, shape: Shape) -> Node:
    """A layer that says one thing: the value at a path.

    Raises
    ------
    ScenarioError
        If the path leads nowhere that the schema knows.
    """
    _check_reach(steps, shape, node.origin)
    for step in reversed(steps):
        node = Node({step: node}, node.origin)
    return node


def _check_reach(steps: Iterable[str], shape: Shape, origin: Origin) -> None:
    reached: list[str] = []
    for step in steps:
        if not shape.merges:
            message = "is a value and replaced whole; it has no fields to reach"
            raise ScenarioError([Problem(origin, ".".join(reached), message)])
        reached.append(step)
        inner = shape.inner(step)
        if inner is None:
            known = fields_of(shape.record) if shape.record is not None else ()
            message = "unknown field" + suggestion(step, known)
            raise ScenarioError([Problem(origin, ".".join(reached), message)])
        shape = inner
