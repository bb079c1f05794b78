"""Draws and structures in a run folder: parts that are whole or not there, joined at the end.

A part holds one draw of one replicate, all scenarios in it, as the bytes of its tables: whoever ran
it need not see the folder. A structure (one alternative, no number drawn) is a draw as well, in a
folder of its own. Rows stand in the order of draw, replicate and scenario, and within
these in that of the ledger, so that parts are joined one after another, whatever the memory.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from hvsim.runs.files import discard_unfinished, whole, whole_folder, whole_folders
from hvsim.runs.tables import KEYS

STRUCTURES: Final = "structures.yaml"
"""The file of structures, in the run folder."""

POSTERIOR: Final = "posterior"
"""Folder of the file of joint draws, in the run folder."""

Kind: TypeAlias = Literal["draws", "structures"]
"""Folder of the tables: of draws, or of alternatives one at a time."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_PARTS: Final = "parts"
_ROWS: Final = 1 << 20
"""Rows of a row group, at least: what is held in memory at a time."""

_RUN: Final = ("draw", "replicate", "scenario")
DRAW_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        name: (*_RUN, *(key for key in KEYS[name] if key not in _RUN))
        for name in ("funnel", "outcomes", "costs", "capacity_by_year", "families")
    },
    "summary": (*_RUN, "measure"),
    "parameters": ("draw", "scenario", "parameter"),
}
"""Columns that identify a row of each table of draws."""

Part = Mapping[str, bytes]
"""Tables of one draw of one replicate, each as a Parquet file."""


def encoded(table: pa.Table) -> bytes:
    """A table as a Parquet file, with nothing in it that changes from one run to the next."""
    buffer = io.BytesIO()
    with _writer(buffer, table.schema) as writer:
        writer.write_table(table.replace_schema_metadata(None))
    return buffer.getvalue()


def _writer(where: io.BytesIO | Path, schema: pa.Schema) -> pq.ParquetWriter:
    # Without the stored schema a column is read as what it holds, texts, not as it was held.
    return pq.ParquetWriter(where, schema.remove_metadata(), compression="zstd", store_schema=False)


class DrawsFolder:
    """The draws of a run folder, or its structures, while they are being written.

    Parameters
    ----------
    folder
        The run folder.
    kind
        Which of both.
    """

    def __init__(self, folder: Path, kind: Kind) -> None:
        self.folder = folder / kind
        self._parts = self.folder / _PARTS

    def done(self) -> set[tuple[int, int]]:
        """Replicate and draw of every part that is there whole."""
        names = (path.name.split(".") for path in whole_folders(self._parts))
        return {(int(replicate), int(draw)) for replicate, draw in names}

    def add(self, replicate: int, draw: int, part: Part) -> None:
        """Write one part, all or none of it."""
        with whole_folder(self._parts / f"{replicate}.{draw}") as temporary:
            for name, content in part.items():
                (temporary / f"{name}.parquet").write_bytes(content)

    def join(self) -> None:
        """Join the parts; they stay until the run is complete."""
        order = sorted(self.done(), key=lambda part: part[::-1])
        for name in DRAW_KEYS:
            found = (self._parts / f"{r}.{d}" / f"{name}.parquet" for r, d in order)
            with whole(self.folder / f"{name}.parquet") as path:
                _join(path, (file for file in found if file.exists()))

    def discard_unfinished(self) -> None:
        """Remove what an interrupted session left of a part."""
        discard_unfinished(self._parts)

    def clear(self) -> None:
        """Remove the parts."""
        shutil.rmtree(self._parts, ignore_errors=True)


def _join(path: Path, files: Iterator[Path]) -> None:
    writer: pq.ParquetWriter | None = None
    try:
        for table in _groups(files):
            writer = writer or _writer(path, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _groups(files: Iterator[Path]) -> Iterator[pa.Table]:
    """Tables of many rows each, of the rows of many small ones."""
    held: list[pa.Table] = []
    for file in files:
        held.append(pq.read_table(file))
        if sum(map(len, held)) >= _ROWS:
            yield pa.concat_tables(held)
            held = []
    if held:
        yield pa.concat_tables(held)
