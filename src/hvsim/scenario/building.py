"""From merged nodes to scenario objects, with every problem in the planner's words.

Records are built field by field, so that one broken field neither hides the others' problems nor
keeps the cross-checks from running: a record with problems simply lacks the broken fields.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hvsim.scenario.addresses import located
from hvsim.scenario.errors import (
    DEFAULT,
    Origin,
    Problem,
    contrast,
    dotted,
    listed,
    nearest,
    nth,
    quoted,
    suggestion,
)
from hvsim.scenario.kinds import KINDS
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.reading import Node
from hvsim.scenario.shapes import Shape, adapter, attributes_of, fields_of, required_of
from hvsim.scenario.values import Name, Record

NAME_SHAPE = Shape(Name)


class _Broken:
    """Stands for a value that could not be built."""


BROKEN: Final = _Broken()


class Builder:
    """Builds one scenario and collects what is wrong with it.

    Attributes
    ----------
    problems
        In the order of the file.
    origins
        Where each value was written, by dotted path.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.origins: dict[str, Origin] = {}

    def build(self, node: Node, shape: Shape, path: str = "") -> Any:
        """Object of the shape; ``BROKEN`` if it is a value with problems."""
        whole = not shape.merges or (shape.optional and node.value is None)
        if whole and path not in self.origins:
            self.origins[path] = node.origin
        if shape.optional and node.value is None:
            return None
        if shape.record is not None:
            return self._record(node, shape.record, path)
        if shape.items is None:
            return self._value(node, shape, path)
        return self._members(node, shape, path)

    def _record(self, node: Node, record: type[Record], path: str) -> Record:
        shapes, attributes = fields_of(record), attributes_of(record)
        if not isinstance(node.value, dict):
            self._contrast(node, path, "write its fields, one a line, indented")
            return record.model_construct()
        built = {}
        broken = []
        misspelled = []
        before = len(self.problems)
        for step, part in node.value.items():
            field = f"{path}.{step}" if path else step
            if step not in shapes:
                message = "unknown field" + suggestion(step, shapes)
                self.problems.append(Problem(part.origin, field, message))
                misspelled.append(nearest(step, shapes))
                continue
            value = self.build(part, shapes[step], field)
            if value is BROKEN:
                broken.append(attributes[step])
            else:
                built[attributes[step]] = value
        self._note_missing(node, record, path)
        for meant in filter(None, misspelled):
            self._forgive(before, path, meant)
        result = record.model_construct(**built)
        for attribute in broken:  # not even the default: nobody meant it
            result.__dict__.pop(attribute, None)
        return result

    def _note_missing(self, node: Node, record: type[Record], path: str) -> None:
        assert isinstance(node.value, dict)
        others = set(node.value) - set(fields_of(record))
        misspelled = {nearest(name, fields_of(record)) for name in others}
        absent = [name for name in required_of(record) if name not in node.value]
        missing = [name for name in absent if name not in misspelled]
        if len(missing) == 1:
            meaning = record.model_fields[attributes_of(record)[missing[0]]].description
            message = f"lacks '{missing[0]}'" + (f" ({meaning.rstrip('.')})" if meaning else "")
            self.problems.append(Problem(node.origin, path, message))
        elif missing:
            self.problems.append(Problem(node.origin, path, f"lacks {listed(missing)}"))
        for step, shape in fields_of(record).items():
            field = f"{path}.{step}" if path else step
            if step in node.value or step in absent:
                continue
            if shape.record is not None and not shape.optional:
                self._note_missing(Node({}, node.origin), shape.record, field)
            elif not shape.named:
                self.origins.setdefault(field, DEFAULT)

    def _forgive(self, since: int, path: str, meant: str) -> None:
        """Drop what a field seems to lack because its name is misspelled beside it."""
        field = f"{path}.{meant}" if path else meant
        kept = []
        for problem in self.problems[since:]:
            within = problem.field == field or problem.field.startswith((f"{field}.", f"{field}["))
            if not (within and problem.message.startswith("lacks ")):
                kept.append(problem)
        self.problems[since:] = kept

    def _members(self, node: Node, shape: Shape, path: str) -> Any:
        assert shape.items is not None
        if not isinstance(node.value, dict if shape.is_mapping else list):
            expected = "a mapping of names to" if shape.is_mapping else "a list of"
            self._contrast(node, path, f"write {expected} entries")
            return BROKEN
        parts = node.value if isinstance(node.value, dict) else dict(enumerate(node.value))
        inside = len(self.problems)
        built = {}
        for step, part in parts.items():
            field = f"{path}.{step}" if shape.is_mapping else f"{path}{nth(int(step))}"
            if shape.is_mapping and not self._is_name(step, part.origin, field):
                continue
            if shape.named and part.value is None:
                self.problems.append(Problem(part.origin, field, "nothing to remove"))
                continue
            before = len(self.problems)
            value = self.build(part, shape.items, field)
            if shape.named and self._is_misspelled(before, field, str(step), list(parts)):
                continue
            if value is not BROKEN:
                built[step] = value
        if shape.named:
            return built
        if len(self.problems) > inside:
            return BROKEN
        whole = built if shape.is_mapping else tuple(built.values())
        return self._checked(whole, node, shape, path)

    def _is_name(self, step: object, origin: Origin, field: str) -> bool:
        return self._checked(step, Node(str(step), origin), NAME_SHAPE, field) is not BROKEN

    def _is_misspelled(self, since: int, field: str, name: str, names: list[str | int]) -> bool:
        """Whether a new entry lacks fields and resembles another; the message then says so."""
        for place in range(since, len(self.problems)):
            problem = self.problems[place]
            if problem.field == field and problem.message.startswith("lacks "):
                nearest = suggestion(name, [str(other) for other in names if other != name])
                if nearest.startswith("; did you mean"):
                    message = f"unknown name{nearest} As a new one it {problem.message}"
                    self.problems[place] = Problem(problem.origin, field, message)
                    return True
        return False

    def _value(self, node: Node, shape: Shape, path: str) -> Any:
        raw = node.plain()
        if shape.location and isinstance(raw, str):
            file = node.origin.file
            raw = located(raw, file.parent if file is not None else Path.cwd())
        value = self._checked(raw, node, shape, path)
        if isinstance(value, Quantity) and not shape.dated and _is_dated(value):
            expected = "this number does not change over time; write one"
            self.problems.append(contrast(node.origin, path, "a series", expected))
            return BROKEN
        return value

    def _checked(self, raw: object, node: Node, shape: Shape, path: str) -> Any:
        try:
            return adapter(shape).validate_python(raw)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                steps = tuple(nth(s) if isinstance(s, int) else s for s in detail["loc"])
                found, expected = _in_words(detail)
                field = dotted((path, *steps))
                self.problems.append(contrast(node.at(steps).origin, field, found, expected))
            return BROKEN

    def _contrast(self, node: Node, path: str, expected: str) -> None:
        found = quoted(node.plain())
        self.problems.append(contrast(node.origin, path, found, expected))


def _is_dated(quantity: Quantity) -> bool:
    return quantity.is_series and not KINDS[quantity.kind].by_stage


def _in_words(detail: ErrorDetails) -> tuple[str, str]:
    """What was found and what would be right, from one of pydantic's errors."""
    limits = detail.get("ctx", {})
    found = quoted(detail["input"])
    match detail["type"]:
        case "hvsim":
            return limits["found"], limits["expected"]
        case "string_type":
            hint = " in quotes" if isinstance(detail["input"], bool | int | float) else ""
            return found, f"write text{hint}"
        case "int_type":
            hint = " without quotes" if isinstance(detail["input"], str) else ""
            return found, f"write a whole number{hint}"
        case "float_type":
            return found, "write a number"
        case "bool_type" | "bool_parsing":
            return found, "write true or false"
        case "tuple_type":
            return found, "write a list"
        case "literal_error":
            return found, f"must be {limits['expected']}"
        case "greater_than_equal":
            return found, f"must be at least {limits['ge']}"
        case "less_than_equal":
            return found, f"must be at most {limits['le']}"
        case "too_short":
            return f"{limits['actual_length']} entries", f"write at least {limits['min_length']}"
        case _:
            return found, "this has no meaning here"
