"""Which fields go with which kind of record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hvsim.scenario.findings import Finding
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.values import Record


@dataclass(frozen=True)
class Use:
    """Kinds that need a field, kinds that may have it, and what the others have in its place."""

    needed_by: tuple[str, ...] = ()
    open_to: tuple[str, ...] = ()
    twin: str | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds that know the field."""
        return (*self.needed_by, *self.open_to)


def is_written(record: Record, field: str) -> bool:
    """Whether a file wrote something; a value that could not be built was written."""
    if field not in record.__dict__:
        return True
    return field in record.model_fields_set and record.__dict__[field] not in (None, {})


def says_something(record: Record, field: str) -> bool:
    """Whether a field says something else than if a file left it out."""
    default = type(record).model_fields[field].get_default(call_default_factory=True)
    value = record.__dict__.get(field, default)
    if isinstance(value, Quantity) and isinstance(default, Quantity):
        return value.points != default.points
    return bool(value != default)


def kind_findings(
    path: tuple[str, ...],
    record: Record,
    kind: str,
    uses: Mapping[str, Use],
    words: Mapping[str, str],
) -> Iterator[Finding]:
    """Fields that this kind of record lacks, and fields that make no sense with it.

    Parameters
    ----------
    path, record, kind
        The record, where it stands, and its kind.
    uses
        Use of each field that not all kinds have.
    words
        Each kind with its article.
    """
    for field, use in uses.items():
        if kind in use.needed_by and not is_written(record, field):
            yield Finding((*path, field), f"{words[kind]} needs it")
        elif kind not in use.kinds and says_something(record, field):
            *others, last = (words[owner] for owner in words if owner in use.kinds)
            owners = f"{', '.join(others)} or {last}" if others else last
            message = f"only {owners} has it; this is {words[kind]}"
            if use.twin is not None and kind in uses[use.twin].kinds:
                message += f", which has '{use.twin}'"
            yield Finding((*path, field), message)
