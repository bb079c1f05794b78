"""The three kinds of field, as merging, building, overrides and writing see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import TypeAdapter

from hvsim.scenario.values import Collection, Location, MayChange, Record


@dataclass(frozen=True)
class Shape:
    """What a field may hold.

    Attributes
    ----------
    hint
        Its type with all metadata.
    record
        The class, if it is a record.
    items
        Shape of the members of a mapping or list, if it is one.
    named
        Whether such a mapping is a named collection, merged by name.
    optional
        Whether ``null`` is a value of its own.
    dated
        Whether it is a number that may be a dated series.
    location
        Whether it is a path, relative to the file that wrote it.
    """

    hint: Any = field(repr=False)
    record: type[Record] | None = None
    items: Shape | None = None
    named: bool = False
    optional: bool = False
    dated: bool = False
    location: bool = False

    @property
    def merges(self) -> bool:
        """Whether a later file changes it in parts; otherwise it is a value, replaced whole."""
        return self.record is not None or self.named

    @property
    def is_mapping(self) -> bool:
        """Whether its members have names."""
        return _bare(self.hint) is dict

    def inner(self, step: str) -> Shape | None:
        """Shape of a field or member; none if there is no such."""
        if self.record is not None:
            return fields_of(self.record).get(step)
        return self.items


@cache
def fields_of(record: type[Record]) -> dict[str, Shape]:
    """Shapes of a record's fields, by the name a file uses."""
    return {
        field.alias or name: _shape(_annotated(field.annotation, field.metadata))
        for name, field in record.model_fields.items()
    }


@cache
def attributes_of(record: type[Record]) -> dict[str, str]:
    """Python's name of each field, by the name a file uses."""
    return {field.alias or name: name for name, field in record.model_fields.items()}


@cache
def required_of(record: type[Record]) -> tuple[str, ...]:
    """Fields that a record must have, by the name a file uses."""
    return tuple(
        field.alias or name for name, field in record.model_fields.items() if field.is_required()
    )


@cache
def shape_of(record: type[Record]) -> Shape:
    """Shape of a record itself."""
    return Shape(record, record=record)


_adapters: dict[int, tuple[Shape, TypeAdapter[Any]]] = {}


def adapter(shape: Shape) -> TypeAdapter[Any]:
    """Pydantic's reader of a value of this shape, built once."""
    known = _adapters.get(id(shape))
    if known is None:
        known = _adapters[id(shape)] = (shape, TypeAdapter(shape.hint))
    return known[1]


def _annotated(annotation: Any, metadata: list[Any]) -> Any:
    return Annotated[annotation, *metadata] if metadata else annotation


def _bare(hint: Any) -> Any:
    """Type without metadata and without ``None``: the class, or a generic's origin."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return _bare(next(part for part in get_args(hint) if part is not type(None)))
    return get_origin(hint) or hint


def _shape(hint: Any) -> Shape:
    named = optional = dated = location = False
    inner = hint
    while get_origin(inner) in (Annotated, Union, UnionType):
        if get_origin(inner) is Annotated:
            inner, *metadata = get_args(inner)
            named |= any(isinstance(mark, Collection) for mark in metadata)
            dated |= any(isinstance(mark, MayChange) for mark in metadata)
            location |= any(isinstance(mark, Location) for mark in metadata)
        else:
            optional = True
            inner = next(part for part in get_args(inner) if part is not type(None))
    if isinstance(inner, type) and issubclass(inner, Record):
        return Shape(hint, record=inner, optional=optional)
    items = None
    if get_origin(inner) is dict:
        items = _shape(get_args(inner)[1])
    elif get_origin(inner) is tuple and get_args(inner)[-1] is Ellipsis:
        item = _shape(get_args(inner)[0])
        items = item if item.record is not None else None
    return Shape(hint, items=items, named=named, optional=optional, dated=dated, location=location)
