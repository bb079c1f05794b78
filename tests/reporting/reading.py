"""A page as a reader without a browser gets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_WITHOUT_END = ("meta", "img", "br", "link", "input")


@dataclass
class Cells:
    """A table: its caption and the text of each row's cells."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)


class Page(HTMLParser):
    """Text, attributes, tables and headings of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tables: list[Cells] = []
        self.headings: list[tuple[int, str]] = []
        self._open: list[str] = []
        self.feed(html)
        assert not self._open, f"left open: {self._open}"

    def handle_data(self, data: str) -> None:
        if "script" in self._open or "style" in self._open:
            return
        self.text.append(data)
        inside = self._open[-1] if self._open else ""
        if inside == "caption":
            self.tables[-1].caption += data
        elif "table" in self._open and {"td", "th"} & set(self._open) and self.tables[-1].rows:
            self.tables[-1].rows[-1][-1] += data
        elif inside in ("h1", "h2", "h3"):
            self.headings.append((int(inside[1]), data))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in _WITHOUT_END:
            return
        self._open.append(tag)
        if tag == "table":
            self.tables.append(Cells())
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in ("td", "th"):
            self.tables[-1].rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> ends nothing"

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())

    def table(self, caption: str) -> list[list[str]]:
        """Rows of the table of that caption, its heads first, blanks as one."""
        (found,) = (table for table in self.tables if " ".join(table.caption.split()) == caption)
        return [[" ".join(cell.split()) for cell in row] for row in found.rows]
