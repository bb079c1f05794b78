"""From the bytes of a YAML file to plain values that know their lines.

Only what a scenario needs of YAML 1.2: one document of mappings, lists and plain values. Nothing
is constructed or executed; tags, anchors, aliases and merge keys are refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from yaml.events import (
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from hvsim.scenario.addresses import is_folder, shown
from hvsim.scenario.errors import Origin, Problem, ScenarioError, dotted, nth, quoted
from hvsim.scenario.unreadable import explained

BYTES_LIMIT = 5_000_000
DEPTH_LIMIT = 30
NODES_LIMIT = 200_000
TEXTS_KEPT = 64

Scalar: TypeAlias = str | int | float | bool | None

_ITEM = re.compile(r"\[(\d{1,9})\]")
_AFTER_COMMA = re.compile(r"(\d+)(%|\s.*)?")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a scenario file and where it is written (its key, if it has one)."""

    value: Scalar | dict[str, Node] | list[Node]
    origin: Origin

    def plain(self) -> object:
        """The value without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, path: tuple[str, ...]) -> Node:
        """The node at a path, or its nearest ancestor that is written."""
        node = self
        for step in path:
            if isinstance(node.value, dict) and step in node.value:
                node = node.value[step]
            elif isinstance(node.value, list) and (found := _ITEM.fullmatch(step)):
                place = int(found[1]) - 1
                if not 0 <= place < len(node.value):
                    break
                node = node.value[place]
            else:
                break
        return node


def read_file(file: Path, layer: str) -> tuple[Node, tuple[Problem, ...]]:
    """Content of a scenario file, and what is wrong with it as YAML.

    Raises
    ------
    ScenarioError
        If the file cannot be read, or is no YAML at all.
    """
    origin = Origin(layer, file)
    if is_folder(file):
        message = f"a folder; name the files in it: {(Path(shown(file)) / '*.yaml').as_posix()}"
        raise ScenarioError([Problem(origin, "", message)])
    try:
        with file.open("rb") as stream:
            content = stream.read(BYTES_LIMIT + 1)
    except FileNotFoundError:
        raise ScenarioError([Problem(origin, "", "no such file")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise ScenarioError([Problem(origin, "", f"cannot be read: {reason}")]) from None
    if len(content) > BYTES_LIMIT:
        raise ScenarioError([Problem(origin, "", "larger than 5 MB; this is no scenario")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "not UTF-8 text; save the file with that encoding"
        raise ScenarioError([Problem(_on_line(origin, line), "", message)]) from None
    node, problems = read_text(text, origin)
    if node.value is None:
        raise ScenarioError([Problem(origin, "", "the file is empty")])
    if not isinstance(node.value, dict):
        message = "a scenario is a mapping of fields; begin with 'title: ...'"
        raise ScenarioError([Problem(node.origin, "", message)])
    return node, problems


@lru_cache(TEXTS_KEPT)
def read_text(text: str, origin: Origin) -> tuple[Node, tuple[Problem, ...]]:
    """YAML text as nodes whose lines count from 1 in `origin`'s file.

    Scenarios that are compared extend the same files: what was read last is kept.

    Raises
    ------
    ScenarioError
        If the text is no YAML.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(r" *\t[ \t]*[^\s#]", line):
            message = "a tab; YAML is indented with spaces"
            raise ScenarioError([Problem(_on_line(origin, number), "", message)])
    reader = _Reader(origin)
    try:
        node = reader.document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        number, hint = explained(error, text, reader.quote)
        message = f"not readable as YAML: {hint}"
        raise ScenarioError([Problem(_on_line(origin, number), "", message)]) from None
    except ScenarioError:
        raise
    except (yaml.YAMLError, UnicodeError):  # characters that YAML does not allow
        raise ScenarioError([Problem(origin, "", "not YAML text")]) from None
    return node, tuple(reader.problems)


def _line(mark: Any) -> int:
    """Number of a line, from 1; that a mark may be missing is true of YAML's writers only."""
    return int(mark.line) + 1


def _on_line(origin: Origin, number: int) -> Origin:
    return origin if origin.file is None else Origin(origin.layer, origin.file, number)


class _Reader:
    """Builds nodes from parser events and collects what is refused on the way."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.problems: list[Problem] = []
        self.count = 0
        self.quote: tuple[int, int] | None = None

    def document(self, events: Iterator[Event]) -> Node:
        root = Node(None, _on_line(self.origin, 1))
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if event.tags or event.version not in (None, (1, 2)):
                    self._refuse(event, (), "YAML directives ('%...') have no place in a scenario")
                if documents > 1:
                    self._fail(event, "a second document ('---'); a scenario is one")
            elif isinstance(event, NodeEvent):
                root = self._node(event, events, (), self._origin(event))
        return root

    def _node(
        self, event: Event, events: Iterator[Event], path: tuple[str, ...], origin: Origin
    ) -> Node:
        self.count += 1
        if self.count > NODES_LIMIT or len(path) > DEPTH_LIMIT:
            self._fail(event, "too large or too deeply nested; this is no scenario")
        if isinstance(event, MappingStartEvent | SequenceStartEvent | ScalarEvent):
            if event.anchor is not None:
                self._refuse(event, path, "anchors ('&...') have no place here; use 'extends'")
            if event.tag is not None:
                self._refuse(event, path, "tags ('!...') have no place here; quote such a text")
        if isinstance(event, MappingStartEvent):
            return Node(self._mapping(events, path), origin)
        if isinstance(event, SequenceStartEvent):
            return Node(self._list(events, path), origin)
        if isinstance(event, ScalarEvent):
            return Node(self._scalar(event, path), origin)
        self._refuse(event, path, "aliases ('*...') have no place here; write it out")
        return Node(None, origin)

    def _mapping(self, events: Iterator[Event], path: tuple[str, ...]) -> dict[str, Node]:
        mapping: dict[str, Node] = {}
        for event in events:
            if isinstance(event, CollectionEndEvent):
                break
            key = self._key(event, events, path)
            inner = (*path, key)
            node = self._node(next(events), events, inner, self._origin(event))
            after = _AFTER_COMMA.fullmatch(key) if node.value is None else None
            if mapping and after and isinstance(event, ScalarEvent):
                last = next(reversed(mapping))
                if isinstance(mapping[last].value, int | float | str):
                    mapping[last] = self._without_comma(event, mapping[last], (*path, last), after)
                    continue
            if key in mapping:
                first = mapping[key].origin.line
                self._refuse(event, inner, f"written twice; first on line {first}")
            elif key:
                mapping[key] = node
        return mapping

    def _without_comma(
        self, event: ScalarEvent, node: Node, path: tuple[str, ...], after: re.Match[str]
    ) -> Node:
        """The number that a comma cut in two, as ``{value: 8,000}`` does; said once."""
        field = dotted(path)
        digits, unit = after[1], after[2] or ""
        said = f"found {node.value},{digits}{unit}"
        if self.problems and self.problems[-1].field == field:  # the second comma of a number
            said = self.problems.pop().message.partition(";")[0] + f",{digits}{unit}"
        thousands = len(digits) == 3
        text = f"{node.value}{'' if thousands else '.'}{digits}{unit}"
        advice = "without comma" if thousands else "with a point"
        self._refuse(event, path, f"{said}; write {text}, {advice}")
        return Node(self._plain(event, text, path), node.origin)

    def _key(self, event: Event, events: Iterator[Event], path: tuple[str, ...]) -> str:
        """Text of a key, however it looks; empty if it is refused."""
        if not isinstance(event, ScalarEvent):
            self._refuse(event, path, "a list, mapping or alias in place of a name")
            self._node(event, events, path, self._origin(event))
        elif event.anchor is not None or event.tag is not None:
            self._refuse(event, path, "a name with a tag or an anchor")
        elif event.value == "<<" and event.implicit[0]:
            self._refuse(event, path, "merge keys ('<<') have no place here; use 'extends'")
        elif not event.value:
            self._refuse(event, path, "a value without a name before ':'")
        else:
            return str(event.value)
        return ""

    def _list(self, events: Iterator[Event], path: tuple[str, ...]) -> list[Node]:
        items: list[Node] = []
        for event in events:
            if isinstance(event, CollectionEndEvent):
                break
            inner = (*path, nth(len(items)))
            items.append(self._node(event, events, inner, self._origin(event)))
        return items

    def _scalar(self, event: ScalarEvent, path: tuple[str, ...]) -> Scalar:
        text: str = event.value
        first, last = _line(event.start_mark), _line(event.end_mark)
        if event.style in ("'", '"') and last > first:
            self.quote = (first, last)
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            self._refuse(event, path, "half of a character pair; write the character itself")
            return ""
        return self._plain(event, text, path) if event.implicit[0] else text

    def _plain(self, event: ScalarEvent, text: str, path: tuple[str, ...]) -> Scalar:
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _NOT_FINITE.fullmatch(text) or (
            _FLOAT.fullmatch(text) and not math.isfinite(float(text))
        ):
            self._refuse(event, path, f"found {quoted(text)}; write a finite number")
            return 0
        return float(text) if _FLOAT.fullmatch(text) else text

    def _origin(self, event: Event) -> Origin:
        return _on_line(self.origin, _line(event.start_mark))

    def _refuse(self, event: Event, path: tuple[str, ...], message: str) -> None:
        self.problems.append(Problem(self._origin(event), dotted(path), message))

    def _fail(self, event: Event, message: str) -> None:
        raise ScenarioError([*self.problems, Problem(self._origin(event), "", message)])
