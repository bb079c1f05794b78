"""Birth files as text: a header, then one birth a line, cells separated by commas."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from hvsim.population.records.cells import Cells, IntArray, Texts, gathered, positions
from hvsim.population.records.problems import Complaints

AT_ONCE = 5_000
"""Records that are held as text at a time."""

LONGEST_LINE = 1_000_000
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
TITLES = 20
"""Lines in which a header is looked for that does not stand on the first."""


def read_delimited(
    file: Path, gzipped: bool, wanted: Sequence[str], complaints: Complaints
) -> Cells:
    """The wanted columns of a text file.

    Raises
    ------
    ScenarioError
        If it is no such file, or a row has too many or too few cells.
    """
    with gzip.open(file) if gzipped else file.open("rb") as stream:
        lines = _Lines(cast(BinaryIO, stream), complaints)
        try:
            return _read(lines, wanted, complaints)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            message = "the compressed data end too early or are damaged; copy the file again"
            raise complaints.fail(message) from None


class _Lines:
    """Lines as text.

    Attributes
    ----------
    texts
        The lines that are still to come.
    number
        That of the line given last, from 1.
    """

    def __init__(self, stream: BinaryIO, complaints: Complaints) -> None:
        self.complaints = complaints
        self.number = 0
        self.texts = self._texts(stream)

    def _texts(self, stream: BinaryIO) -> Iterator[str]:
        while line := stream.readline(LONGEST_LINE):
            self.number += 1
            if len(line) == LONGEST_LINE:
                message = "a line of more than 1 MB; this is no CSV"
                raise self.complaints.fail(message, self.number)
            if self.number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            try:
                yield line.decode()
            except UnicodeDecodeError:
                message = "not UTF-8 text; save the file as 'CSV UTF-8'"
                raise self.complaints.fail(message, self.number) from None


def _cells(line: str, lines: _Lines) -> list[str]:
    """Cells of the record that begins with this line; quoted ones may reach into further lines."""
    begins = lines.number
    try:
        return next(csv.reader(chain((line,), lines.texts), strict=True))
    except csv.Error:
        message = 'a quote that is not closed, or text after one; inside quotes write "" for "'
        raise lines.complaints.fail(message, begins) from None


def _read(lines: _Lines, wanted: Sequence[str], complaints: Complaints) -> Cells:
    header = _cells(next(lines.texts), lines)
    found = positions(header, wanted, complaints)
    if complaints.kinds:
        raise _without_header(header, lines, wanted, complaints)
    pick = itemgetter(*found, found[0])  # one more, so that it is a tuple of one column too
    texts = [Texts() for _ in wanted]
    parts: list[list[IntArray]] = [[] for _ in wanted]
    places: list[IntArray] = []
    rows = _rows(lines, len(header), max(found), pick, complaints)
    while chunk := list(islice(rows, AT_ONCE)):
        numbers, *columns = zip(*chunk, strict=True)
        places.append(np.array(numbers, dtype=np.int32))
        for column, known, part in zip(columns, texts, parts, strict=False):
            part.append(known.numbers(column))
    if not places:
        complaints.add("empty", "no births below the header")
    complaints.raise_if_any()
    return Cells(gathered(wanted, texts, parts), np.concatenate(places).astype(np.int64))


def _rows(
    lines: _Lines,
    width: int,
    last: int,
    pick: Callable[[list[str]], tuple[str, ...]],
    complaints: Complaints,
) -> Iterator[tuple[Any, ...]]:
    """Line on which a record begins, and its wanted cells; empty lines are no records.

    Cells after the `last` that is wanted are counted but, for speed, not always told apart.
    """
    for line in lines.texts:
        begins = lines.number
        if '"' in line:
            cells = _cells(line, lines)
            count = len(cells)
        else:
            cells = line.rstrip("\r\n").split(",", last + 1)
            count = line.count(",") + 1
        if count == width:
            yield begins, *pick(cells)
        elif cells != [""]:
            found = "1 cell" if count == 1 else f"{count} cells"
            message = f"found {found}; the header has {width}"
            if count > width:
                message += "; texts with commas need quotes, decimals a point"
            complaints.add("cells", message, begins)


def _without_header(
    header: list[str], lines: _Lines, wanted: Sequence[str], complaints: Complaints
) -> Exception:
    """What is probably wrong where the wanted columns are not in the first line."""
    names = {name.strip() for name in wanted}
    if not header:
        return Complaints(complaints.file).fail("the file begins with an empty line; delete it", 1)
    for mark, what in SEPARATORS.items():
        if len(header) <= 2 and names & {cell.strip() for cell in header[0].split(mark)}:
            message = f"columns are separated by {what}; save the file with commas"
            return Complaints(complaints.file).fail(message, 1)
    for line in islice(lines.texts, TITLES):
        if names <= {cell.strip() for cell in _cells(line, lines)}:
            message = f"the header stands on line {lines.number}; delete what is above it"
            return Complaints(complaints.file).fail(message, 1)
    return complaints.error()
