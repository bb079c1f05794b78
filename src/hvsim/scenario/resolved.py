"""A scenario written out in full, each value with the layer that it comes from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from hvsim.scenario.addresses import address_from
from hvsim.scenario.errors import DEFAULT, Origin, dotted, nth
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.shapes import Shape, attributes_of, fields_of, shape_of
from hvsim.scenario.values import Filed, Record

if TYPE_CHECKING:
    from hvsim.scenario.schema import Scenario

_PLAIN = re.compile(
    r"[A-Za-z]([A-Za-z0-9_./;'() -]*[A-Za-z0-9_./;')])?|\d{4}-\d{2}|\d[\d.e+-]* (USD|months)"
)
_PLAIN_KEY = re.compile(r"-?[A-Za-z0-9][A-Za-z0-9-]*")
_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def content(scenario: Scenario) -> dict[str, Any]:
    """The whole scenario as plain mappings, lists and values, as a file would write it.

    Paths are seen from the scenario's own folder, so that the content is the same everywhere.
    """
    written: dict[str, Any] = scenario.model_dump(mode="json", by_alias=True)
    under = scenario.warm_start.under
    if under is not None:
        written["warm_start"]["under"] = address_from(under, scenario.source.parent)
    records = scenario.population.records
    if records is not None:
        file = address_from(records.file, scenario.source.parent)
        written["population"]["records"]["file"] = file
    return written


def in_one_folder(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """YAML of complete scenarios and of the systems before their start, by name of the file.

    In one folder they suffice: each scenario names its earlier system there. An earlier system that
    has the name of something else, such as of itself with overrides, gets another.
    """
    held = {scenario.name: _pathless(scenario) for scenario in scenarios}
    texts: dict[str, str] = {}
    for scenario in scenarios:
        before, written = scenario.before, content(scenario)
        if before is not scenario:
            own = _pathless(before)
            name = next(name for name in _names(before.name) if held.setdefault(name, own) == own)
            written["warm_start"]["under"] = f"{name}.yaml"
            alone = content(before)
            alone["warm_start"]["under"] = None
            texts.setdefault(name, _yaml(before, alone))
        texts[scenario.name] = _yaml(scenario, written)
    return texts


def _names(name: str) -> Iterator[str]:
    yield name
    yield f"{name}-before"
    yield from (f"{name}-before-{number}" for number in count(2))


def content_hash(scenario: Scenario) -> str:
    """SHA-256 of the content, and of that of the scenario before `start` if it differs."""
    texts = {_pathless(scenario): None, _pathless(scenario.before): None}
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _pathless(scenario: Scenario) -> str:
    written = content(scenario)
    del written["warm_start"]["under"]
    return json.dumps(written)


def resolved_yaml(scenario: Scenario) -> str:
    """YAML of the complete scenario; a comment at each value names the layer that wrote it."""
    return _yaml(scenario, content(scenario))


def _yaml(scenario: Scenario, written: Mapping[str, Any]) -> str:
    return written_out(written, shape_of(type(scenario)), scenario.origins)


def written_out(written: Mapping[str, Any], shape: Shape, origins: Mapping[str, Origin]) -> str:
    """YAML of a record's complete content, with the layer that wrote each value beside it."""
    return "\n".join(_lines(written, shape, "", origins)) + "\n"


def _lines(
    written: Mapping[str, Any], shape: Shape, path: str, origins: Mapping[str, Origin]
) -> Iterator[str]:
    indent = "  " * (path.count(".") + 1 if path else 0)
    for step, part in written.items():
        field = f"{path}.{step}" if path else step
        inner = shape.inner(step)
        if inner is not None and inner.merges and part:
            yield f"{indent}{step}:"
            yield from _lines(part, inner, field, origins)
        else:
            origin = origins.get(field)
            comment = f"  # {origin.layer}" if origin is not None else ""
            yield f"{indent}{step}: {flow(part)}{comment}"


def flow(value: object) -> str:
    """A value on one line, as YAML 1.2 reads it back."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _key(key: str) -> str:
    """A name, month, whole number or somebody else's code as a key on one line."""
    return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def quantities(record: Record) -> Iterator[tuple[tuple[str, ...], Quantity]]:
    """Every number of a record with its path; parts that could not be built are passed over."""
    for step, attribute in attributes_of(type(record)).items():
        if step in fields_of(type(record)) and attribute in record.__dict__:
            yield from _quantities(record.__dict__[attribute], (step,))


def written_quantities(filed: Filed) -> Iterator[tuple[tuple[str, ...], Quantity]]:
    """Every number that a file or an override wrote, with its path; no defaults."""
    for path, number in quantities(filed):
        if filed.origins.get(dotted(path)) != DEFAULT:
            yield path, number


def _quantities(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Quantity]]:
    if isinstance(value, Quantity):
        yield path, value
    elif isinstance(value, Record):
        for inner, quantity in quantities(value):
            yield (*path, *inner), quantity
    elif isinstance(value, dict):
        for step, part in value.items():
            yield from _quantities(part, (*path, str(step)))
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from _quantities(part, (*path, nth(place)))
