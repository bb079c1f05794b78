"""Files that are either whole or not there, with the same bytes for the same content."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Temporary file that takes the place of `path` once it is on disk.

    Whoever interrupts the writer finds the old file, or none, never half of one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        yield temporary
        _sync(temporary)
        temporary.replace(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Temporary folder that becomes `path` once all of its files are on disk."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.mkdir(parents=True)
    yield temporary
    for file in sorted(temporary.iterdir()):
        _sync(file)
    _sync(temporary)
    temporary.replace(path)
    _sync(path.parent)


def whole_folders(parent: Path) -> list[Path]:
    """Folders that `whole_folder` finished in another; none if that one is not there."""
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if not path.name.startswith("."))


def discard_unfinished(parent: Path) -> None:
    """Remove what interrupted writers left in a folder that nobody else writes to."""
    for path in parent.glob(".*.tmp"):
        shutil.rmtree(path)


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole; lines end the same way everywhere."""
    with whole(path) as temporary:
        temporary.write_bytes(text.encode())


def write_table(path: Path, table: pa.Table) -> None:
    """Write a parquet file without anything in it that changes from one run to the next."""
    pq.write_table(table.replace_schema_metadata(None), path, compression="zstd")


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
