"""Birth files as text: a header, then one birth a line, cells separated by commas."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from hvsim.population.records.cells import Cells, IntArray, Texts, gathered, positions
from hvsim.population.records.problems import Complaints

AT_ONCE = 20_000
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
        reader = csv.reader(_lines(cast(BinaryIO, stream), complaints), strict=True)
        try:
            return _read(reader, wanted, complaints)
        except csv.Error:
            message = 'a quote that is not closed, or text after one; inside quotes write "" for "'
            raise complaints.fail(message, reader.line_num + 1) from None
        except (EOFError, zlib.error, gzip.BadGzipFile):
            message = "the compressed data end too early or are damaged; copy the file again"
            raise complaints.fail(message) from None


def _lines(stream: BinaryIO, complaints: Complaints) -> Iterator[str]:
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise complaints.fail("a line of more than 1 MB; this is no CSV", number)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            yield line.decode()
        except UnicodeDecodeError:
            message = "not UTF-8 text; save the file as 'CSV UTF-8'"
            raise complaints.fail(message, number) from None


def _read(reader: _Reader, wanted: Sequence[str], complaints: Complaints) -> Cells:
    header = next(reader, [])
    found = positions(header, wanted, complaints)
    if complaints.kinds:
        raise _without_header(header, reader, wanted, complaints)
    pick = itemgetter(*found, found[0])  # one more, so that it is a tuple of one column too
    texts = [Texts() for _ in wanted]
    parts: list[list[IntArray]] = [[] for _ in wanted]
    places: list[IntArray] = []
    rows = _rows(reader, len(header), complaints)
    while chunk := list(islice(rows, AT_ONCE)):
        lines, cells = zip(*chunk, strict=True)
        places.append(np.array(lines, dtype=np.int32))
        for column, known, part in zip(zip(*map(pick, cells), strict=True), texts, parts, strict=False):
            part.append(known.numbers(column))
    if not places:
        complaints.add("empty", "no births below the header")
    complaints.raise_if_any()
    return Cells(gathered(wanted, texts, parts), np.concatenate(places).astype(np.int64))


def _rows(reader: _Reader, width: int, complaints: Complaints) -> Iterator[tuple[int, list[str]]]:
    """Records with the lines on which they begin; empty lines are no records."""
    line = reader.line_num + 1
    for row in reader:
        if len(row) == width:
            yield line, row
        elif row:
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            message = f"found {cells}; the header has {width}"
            if len(row) > width:
                message += "; texts with commas need quotes, decimals a point"
            complaints.add("cells", message, line)
        line = reader.line_num + 1


def _without_header(
    header: list[str], reader: _Reader, wanted: Sequence[str], complaints: Complaints
) -> Exception:
    """What is probably wrong where the wanted columns are not in the first line."""
    names = {name.strip() for name in wanted}
    if not header:
        return Complaints(complaints.file).fail("the file begins with an empty line; delete it", 1)
    for mark, what in SEPARATORS.items():
        if len(header) <= 2 and names & {cell.strip() for cell in header[0].split(mark)}:
            message = f"columns are separated by {what}; save the file with commas"
            return Complaints(complaints.file).fail(message, 1)
    for row in islice(reader, TITLES):
        if names <= {cell.strip() for cell in row}:
            message = f"the header stands on line {reader.line_num}; delete what is above it"
            return Complaints(complaints.file).fail(message, 1)
    return complaints.error()


_Reader = type(csv.reader([]))
