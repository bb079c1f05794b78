"""Tables of all fields, from the schema; run as a program, it writes them into the docs."""

from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from hvsim.scenario.kinds import KINDS, PROPORTION, Kind
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import Shape, attributes_of, fields_of, required_of
from hvsim.scenario.values import OfferRule, Record

DOCS = Path(__file__).parents[2] / "docs" / "scenario-fields.md"
BEGIN = "<!-- from here on written by tests/scenario/field_tables.py -->\n"


def tables() -> str:
    """One table per record, in the order in which a scenario names them."""
    records: list[tuple[type[Record], str]] = [(Scenario, "")]
    sections = []
    for record, path in records:  # grows while it is read
        rows = []
        for name, shape in fields_of(record).items():
            field = record.model_fields[attributes_of(record)[name]]
            without = "required" if name in required_of(record) else default(field)
            rows.append(f"| `{name}` | {kind(shape)} | {without} | {field.description or ''} |")
            inner = shape if shape.record else shape.items
            if inner is not None and inner.record is not None:
                step = name if shape.record else f"{name}.NAME" if shape.named else f"{name}[]"
                records.append((inner.record, f"{path}.{step}".lstrip(".")))
        summary = (record.__doc__ or "").strip().split("\n")[0]
        title = f"### `{path}`" if path else "### The file"
        head = "| Field | Written as | Left out | Meaning |\n|---|---|---|---|"
        sections.append("\n".join([title, summary, "", head, *rows]))
    return "\n\n".join(sections) + "\n"


def default(field: FieldInfo) -> str:
    """What holds for a field that is left out, as a file would write it."""
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Quantity):
        percent = value.kind == PROPORTION.name
        value = f"{100 * value.value:g}%" if percent else KINDS[value.kind].written(value)
    if isinstance(value, bool):
        value = str(value).lower()
    if isinstance(value, tuple):
        value = ", ".join(value)
    return f"`{value}`" if isinstance(value, str | int | float) and value != "" else ""


def kind(shape: Shape) -> str:
    """How a field is written, in a word or two."""
    if shape.record is not None:
        return "record"
    if shape.named and shape.items is not None:
        return f"collection of {plural(kind(shape.items))}"
    if shape.is_mapping and shape.items is not None:
        return f"mapping to {plural(kind(shape.items))}"
    if shape.items is not None:
        return f"list of {plural(kind(shape.items))}"
    return scalar(shape.hint) + (", may be dated" if shape.dated else "")


def plural(word: str) -> str:
    first, _, rest = word.partition(" ")
    return f"{first}s {rest}" if first in ("mapping", "list") else f"{word}s"


def scalar(hint: Any) -> str:
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    parts = get_args(hint)
    for part in parts:
        if isinstance(part, Kind):
            return part.name.replace("-", " ")
    if get_origin(hint) is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if get_origin(hint) is tuple and get_origin(parts[0]) is Literal:
        return f"list of {scalar(parts[0])}"
    if hint is OfferRule:
        return "offer rule"
    text = str(hint)
    words = {
        "_read_month": "month",
        "_read_names": "list of names",
        "_read_name": "name",
        "_read_pair": "two numbers",
        "_read_cell": "text or whole number",
        "CodeTable": "codes",
        "Path": "file",
        "bool": "`true` or `false`",
        "int": "whole number",
        "str": "text",
    }
    return next(word for mark, word in words.items() if mark in text)


if __name__ == "__main__":
    text = DOCS.read_text(encoding="utf-8")
    DOCS.write_text(text[: text.index(BEGIN) + len(BEGIN)] + "\n" + tables(), encoding="utf-8")
