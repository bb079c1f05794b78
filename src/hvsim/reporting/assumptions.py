"""What the scenarios assume, and what they take from sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from hvsim.evidence import VERIFIED, load_evidence
from hvsim.reporting.figures import Figures
from hvsim.reporting.words import span
from hvsim.scenario.kinds import PROPORTION
from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import Shape, shape_of

_SEPARATOR = "."


@dataclass(frozen=True)
class Stated:
    """An annotated value of the resolved scenarios.

    Attributes
    ----------
    field
        Where it stands, as ``--set`` takes it.
    value, range
        As a file may write it: shares in percent.
    scenarios
        Titles of the scenarios in which it has this value; empty if in all.
    assumption
        Why it is assumed; empty for a value taken from sources alone.
    evidence
        Ids of facts.
    """

    field: str
    value: str
    range: str
    scenarios: tuple[str, ...]
    assumption: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A fact that a scenario refers to."""

    id: str
    what: str
    how_known: str
    citation: str
    url: str


def stated(figures: Figures) -> list[Stated]:
    """Every value with an assumption or evidence, those that scenarios share once."""
    found: dict[tuple[str, str, str, str, tuple[str, ...]], list[str]] = {}
    for note in figures.manifest.scenarios:
        for path, entry in _annotated(figures.content(note.name), ()):
            low, high, share = entry.get("low"), entry.get("high"), _is_share(path)
            between = ""
            if low is not None:
                between = span(_written(low, share=share), _written(high, share=share))
            key = (
                _SEPARATOR.join(path),
                _written(entry["value"], share=share),
                between,
                str(entry.get("assumption", "")),
                tuple(entry.get("evidence", ())),
            )
            found.setdefault(key, []).append(note.title)
    everywhere = len(figures.manifest.scenarios)
    return [
        Stated(
            field=field,
            value=value,
            range=between,
            scenarios=() if len(titles) == everywhere else tuple(titles),
            assumption=assumption,
            evidence=evidence,
        )
        for (field, value, between, assumption, evidence), titles in found.items()
    ]


def sources(values: list[Stated]) -> list[Source]:
    """The facts behind the values, each once, by id."""
    facts = load_evidence()
    ids = sorted({id_ for value in values for id_ in value.evidence})
    return [
        Source(
            fact.id,
            f"{fact.parameter} ({fact.context}): {fact.amount}",
            VERIFIED[fact.verified],
            fact.citation,
            fact.url,
        )
        for fact in (facts[id_] for id_ in ids)
    ]


def _annotated(content: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Annotated values below a node, with their paths."""
    if isinstance(content, list):
        for place, part in enumerate(content, start=1):
            yield from _annotated(part, (*path, str(place)))
    elif isinstance(content, dict):
        if "value" in content and ("assumption" in content or "evidence" in content):
            yield path, content
            return
        for step, part in content.items():
            yield from _annotated(part, (*path, str(step)))


def _is_share(path: tuple[str, ...]) -> bool:
    """Whether the schema has a share of something there."""
    shape: Shape | None = shape_of(Scenario)
    for step in path:
        shape = None if shape is None else shape.inner(step)
    return shape is not None and _holds(shape.hint, PROPORTION)


def _holds(hint: Any, mark: object) -> bool:
    """Whether a type, or an alternative of it, has a mark."""
    if mark in getattr(hint, "__metadata__", ()):
        return True
    return any(_holds(part, mark) for part in get_args(hint) if get_args(part))


def _written(value: object, *, share: bool = False) -> str:
    """A scalar or a series, as a reader would note it."""
    if isinstance(value, dict):
        steps = (f"from {step}: {_written(part, share=share)}" for step, part in value.items())
        return "; ".join(steps)
    if share and isinstance(value, int | float):
        return f"{100 * value:.10g}%"
    return f"{value:,}" if isinstance(value, int) else str(value)
