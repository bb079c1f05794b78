"""Reading files of structures, with every problem in the planner's words."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import TypeAlias

from hvsim.evidence import load_evidence
from hvsim.scenario.addresses import is_file, shown
from hvsim.scenario.assembling import Assembly, as_it_is, assembled, no_such, refuse
from hvsim.scenario.checks.names import unknown
from hvsim.scenario.errors import Origin, Problem, ScenarioError, dotted, listed
from hvsim.scenario.findings import Finding
from hvsim.scenario.layering import SHAPE, leaves
from hvsim.scenario.merging import at_path, merged
from hvsim.scenario.reading import Node
from hvsim.scenario.resolved import quantities, written_out
from hvsim.scenario.shapes import Shape, shape_of
from hvsim.uncertainty.structures import (
    FRAME,
    Alternative,
    AlternativeRecord,
    Axis,
    AxisRecord,
    Structures,
    StructuresRecord,
)

Steps: TypeAlias = tuple[str, ...]


def load_structures(file: str | Path) -> Structures:
    """Structures of a file, checked as far as they can be without scenarios.

    Raises
    ------
    ScenarioError
        With every problem of the file and of the parts that it names.
    """
    path = Path(os.path.abspath(file))
    made = assembled(path, (), shape_of(StructuresRecord), as_it_is)
    problems = list(made.problems)
    record: StructuresRecord = made.record
    axes = []
    for name, axis in getattr(record, "axes", {}).items():
        found = _Reading(made, ("axes", name), problems).axis(axis)
        axes.append(Axis(name, getattr(axis, "label", name), found))
    problems += [finding.at(made.tree.at(finding.path).origin) for finding in _findings(record)]
    problems += _overlaps(axes)
    refuse(problems, path)
    return Structures(record.title, tuple(axes))


def structures_record(file: str | Path) -> StructuresRecord:
    """The same file as a record that knows who wrote each of its values; nothing is checked."""
    made = assembled(Path(os.path.abspath(file)), (), shape_of(StructuresRecord), as_it_is)
    record: StructuresRecord = made.record
    record._origins = made.origins
    return record


def structures_yaml(structures: Structures) -> str:
    """YAML of structures that needs no other file: what parts say stands as settings."""
    axes = {
        axis.name: {
            "label": axis.label,
            "alternatives": {one.name: _written(one) for one in axis.alternatives},
        }
        for axis in structures.axes
    }
    written = {"title": structures.title, "axes": axes}
    return written_out(written, shape_of(StructuresRecord), {})


def _written(alternative: Alternative) -> dict[str, object]:
    weight: dict[str, object] = {"value": alternative.weight}
    if alternative.evidence:
        weight["evidence"] = list(alternative.evidence)
    if alternative.assumption:
        weight["assumption"] = alternative.assumption
    sets = {"set": dict(alternative.sets)} if alternative.sets else {}
    return {"label": alternative.label, "weight": weight, **sets}


class _Reading:
    """Reads the alternatives of one axis, and notes what is wrong."""

    def __init__(self, made: Assembly, path: Steps, problems: list[Problem]) -> None:
        self.tree = made.tree
        self.path = path
        self.problems = problems

    def axis(self, axis: AxisRecord) -> tuple[Alternative, ...]:
        """Alternatives, as far as they can be read."""
        found = []
        for name, record in getattr(axis, "alternatives", {}).items():
            if "weight" in record.__dict__ and "part" in record.__dict__:
                path = (*self.path, "alternatives", name)
                found.append(self._alternative(name, record, path))
        return tuple(found)

    def _alternative(self, name: str, record: AlternativeRecord, path: Steps) -> Alternative:
        origin = self.tree.at(path).origin
        layer = Node({}, origin)
        if record.part is not None:
            layer = self._laid(layer, self._part(record.part, path), path)
        for address, node in self._settings(path):
            layer = self._laid(layer, self._setting(address, node, path), path)
        return Alternative(
            name=name,
            label=record.label or name.replace("-", " "),
            weight=record.weight.value,
            evidence=tuple(record.weight.evidence),
            assumption=record.weight.assumption or "",
            layer=layer,
            sets={dotted(steps): node.plain() for steps, node in leaves(layer) if steps},
            origin=origin,
        )

    def _settings(self, path: Steps) -> Iterator[tuple[str, Node]]:
        node = self.tree.at((*path, "set"))
        if isinstance(node.value, dict) and node is not self.tree.at(path):
            yield from node.value.items()

    def _setting(self, address: str, node: Node, path: Steps) -> Node:
        try:
            return at_path(address.split("."), node, SHAPE)
        except ScenarioError as error:
            where = dotted((*path, "set"))
            self.problems += [
                Problem(p.origin, f"{where}.{p.field}", p.message) for p in error.problems
            ]
            return Node({}, node.origin)

    def _part(self, file: Path, path: Steps) -> Node:
        """What a part of a scenario says, with all that it extends."""
        origin, field = self.tree.at((*path, "part")).origin, dotted((*path, "part"))
        nothing = Node({}, origin)
        if not is_file(file):
            self.problems.append(Problem(origin, field, no_such(shown(file), file)))
            return nothing
        try:
            made = assembled(file, (), SHAPE)
        except ScenarioError as error:
            self.problems += error.problems
            return nothing
        return made.tree

    def _laid(self, layer: Node, over: Node, path: Steps) -> Node:
        refused = []
        for steps, node in leaves(over):
            message = ""
            if steps and steps[0] in FRAME:
                message = (
                    f"an alternative cannot change '{steps[0]}': it says how the world works, and "
                    "leaves the run and its families as they are"
                )
            elif node.value is None and _is_name(steps):
                message = "an alternative removes nothing; set a value"
            if message:
                refused.append(Problem(node.origin, dotted((*path, "set", *steps)), message))
        self.problems += refused
        return layer if refused else merged(layer, over, SHAPE, self.problems)


def _is_name(steps: Steps) -> bool:
    """Whether the last step of a path is a name of a collection."""
    shape: Shape | None = SHAPE
    for step in steps[:-1]:
        shape = None if shape is None else shape.inner(step)
    return shape is not None and shape.named


def _findings(record: StructuresRecord) -> Iterator[Finding]:
    axes: Mapping[str, AxisRecord] = getattr(record, "axes", {})
    if not axes and "axes" in record.__dict__:
        yield Finding(("axes",), "names no axis; name one or more")
    for name, axis in axes.items():
        alternatives = getattr(axis, "alternatives", None)
        if alternatives is None:
            continue
        path = ("axes", name, "alternatives")
        if len(alternatives) < 2:
            yield Finding(path, f"found {len(alternatives)}; an axis has two alternatives or more")
        for place, (which, alternative) in enumerate(alternatives.items()):
            yield from _of_alternative((*path, which), place, alternative)
    facts = load_evidence()
    for where, number in quantities(record):
        for id_ in number.evidence:
            if id_ not in facts:
                yield unknown((*where, "evidence"), "evidence", id_, facts)


def _of_alternative(path: Steps, place: int, alternative: AlternativeRecord) -> Iterator[Finding]:
    weight = getattr(alternative, "weight", None)
    if weight is not None and not (weight.evidence or weight.assumption):
        yield Finding((*path, "weight"), "say where it is from: 'evidence' or 'assumption'")
    if "part" not in alternative.__dict__ or "settings" not in alternative.__dict__:
        return
    changes = alternative.part is not None or bool(alternative.settings.values)
    if place == 0 and changes:
        yield Finding(
            path,
            "the first alternative is the scenario as it is written: it has no 'part' or 'set'",
        )
    if place > 0 and not changes:
        yield Finding(path, "changes nothing; say what it changes with 'set' or 'part'")


def _overlaps(axes: list[Axis]) -> Iterator[Problem]:
    """Axes that change the same value: which of them came last would decide."""
    for one, other in combinations(axes, 2):
        shared = [
            path for path in _paths(other) if any(nested(path, known) for known in _paths(one))
        ]
        if shared:
            origin: Origin = other.alternatives[-1].origin
            yield Problem(
                origin,
                f"axes.{other.name}",
                f"changes {listed(map(dotted, shared))}, and so does 'axes.{one.name}'; no two "
                "axes change the same value: make one axis of them, with their combinations",
            )


def _paths(axis: Axis) -> list[Steps]:
    found = [
        steps
        for alternative in axis.alternatives
        for steps, _ in leaves(alternative.layer)
        if steps
    ]
    return list(dict.fromkeys(found))


def nested(one: Steps, other: Steps) -> bool:
    """Whether one of two paths leads to, or through, the place of the other."""
    return all(a == b for a, b in zip(one, other, strict=False))
