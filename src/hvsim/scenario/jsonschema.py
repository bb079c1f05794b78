"""JSON Schemas of what planners write, for editors and for checks elsewhere.

They know each field's form. What fields must be to one another only ``hvsim check`` knows.
"""

from __future__ import annotations

from typing import Any

from hvsim.scenario.kinds import DISTRIBUTIONS, KINDS, Kind
from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import Shape, fields_of, shape_of
from hvsim.scenario.values import Filed

DIALECT = "https://json-schema.org/draft/2020-12/schema"
AMOUNT = {"type": "string", "pattern": r"^\d+(\.\d*)?\s*([KMB]|thousand|million|billion)?\s*USD$"}
PERCENT = {"type": "string", "pattern": r"^\d+(\.\d*)?\s*%$"}
TIME = {"type": "string", "pattern": r"^\d+(\.\d*)?\s+(months?|years?)$"}


def complete_schema() -> dict[str, Any]:
    """JSON Schema of a complete scenario, which extends nothing."""
    return _schema(Scenario, "A complete hvsim scenario")


def fragment_schema(
    filed: type[Filed] = Scenario, title: str = "An hvsim scenario or a part of one"
) -> dict[str, Any]:
    """JSON Schema of a part of a scenario: nothing is required, names can be removed.

    Parameters
    ----------
    filed
        Another kind of file, if it is not of scenarios.
    title
        What such a file is.
    """
    schema = _schema(filed, title)
    merging = _merging_records(shape_of(filed), set())
    for name, definition in ((filed.__name__, schema), *schema["$defs"].items()):
        if name in merging:
            definition.pop("required", None)
            for field in definition["properties"].values():
                if field.pop("x-named", False):
                    members = field["patternProperties"]
                    for pattern, member in members.items():
                        members[pattern] = {"anyOf": [member, {"type": "null"}]}
    schema["properties"]["extends"] = {
        "description": "Files that this one changes: a path, 'hvsim:NAME' or a list of them.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    }
    return schema


def _schema(filed: type[Filed], title: str) -> dict[str, Any]:
    schema: dict[str, Any] = _tidied(filed.model_json_schema(by_alias=True))
    for name, kind in KINDS.items():
        schema["$defs"][name] = _quantity(kind, series=kind.by_stage)
        schema["$defs"][f"dated-{name}"] = _quantity(kind, series=True)
    return {"$schema": DIALECT, "title": title} | schema


def _merging_records(shape: Shape, known: set[str]) -> set[str]:
    """Names of the record classes that merge field by field."""
    if shape.record is not None and shape.record.__name__ not in known:
        known.add(shape.record.__name__)
        for inner in fields_of(shape.record).values():
            _merging_records(inner, known)
    elif shape.named and shape.items is not None:
        _merging_records(shape.items, known)
    return known


def _tidied(part: Any) -> Any:
    """The same without generated titles, and with references to the kinds of number."""
    if isinstance(part, list):
        return [_tidied(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _tidied(entry)
        for key, entry in part.items()
        if not (key == "title" and isinstance(entry, str))
    }
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    if "x-kind" in kept:
        prefix = "dated-" if kept.pop("x-dated", False) else ""
        kept["$ref"] = f"#/$defs/{prefix}{kept.pop('x-kind')}"
    return kept


def _quantity(kind: Kind, series: bool) -> dict[str, Any]:
    scalar = _scalar(kind)
    index = r"^-?\d{1,5}$" if kind.by_stage else r"^\d{4}-(0[1-9]|1[0-2])$"
    steps = {
        "type": "object",
        "minProperties": 1,
        "patternProperties": {index: scalar},
        "additionalProperties": False,
    }
    values = [scalar, steps] if series else [scalar]
    text = {"type": "string", "minLength": 1}
    annotated = {
        "type": "object",
        "required": ["value"],
        "properties": {
            "value": {"anyOf": values},
            "low": scalar,
            "high": scalar,
            "distribution": {"enum": list(DISTRIBUTIONS)},
            "evidence": {"anyOf": [text, {"type": "array", "items": text, "minItems": 1}]},
            "assumption": text,
            "note": text,
        },
        "additionalProperties": False,
    }
    return {"description": f"Unit: {kind.unit}.", "anyOf": [*values, annotated]}


def _scalar(kind: Kind) -> dict[str, Any]:
    limits = {"minimum": kind.minimum, "maximum": kind.maximum, "exclusiveMinimum": kind.above}
    number = {"type": "number"} | {key: limit for key, limit in limits.items() if limit is not None}
    match kind.name:
        case "money" | "money-per-year":
            return AMOUNT
        case "proportion" | "share-by-age":
            return {"anyOf": [number, PERCENT]}
        case "duration":
            return {"anyOf": [number | {"type": "integer"}, TIME]}
        case _:
            return number
