"""What the fields of a scenario are, in the words of the schema."""

from __future__ import annotations

from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import attributes_of, shape_of


def meaning(path: str) -> str:
    """Description of the field that a dotted path leads to or through last; empty if to none."""
    shape, said = shape_of(Scenario), ""
    for step in path.split("."):
        name, bracket, _ = step.partition("[")
        inner = shape.inner(name)
        if inner is not None and shape.record is not None:
            said = shape.record.model_fields[attributes_of(shape.record)[name]].description or ""
        if inner is not None and bracket:
            inner = inner.items
        if inner is None:
            return ""
        shape = inner
    return said
