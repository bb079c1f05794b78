"""One writer to a run folder at a time.

The operating system holds the lock, on a file in the folder: however a writer ends, its lock ends
with it. The file is removed with the lock; one that a killed writer left says nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from hvsim.runs.reading import RunFolderError

LOCK: Final = ".lock"
"""The file; it is empty."""

if sys.platform == "win32":
    import msvcrt

    _HELD = PermissionError

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _release(path: Path, handle: int) -> None:
        os.close(handle)  # an open file cannot be removed
        with suppress(OSError):  # the next writer has it open already
            path.unlink()
else:
    import fcntl

    _HELD = BlockingIOError

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(path: Path, handle: int) -> None:
        path.unlink(missing_ok=True)  # while locked: who opens it later makes a file of its own
        os.close(handle)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Keep other writers from a folder, which is made if it is not there.

    Folders that were made and are empty at the end are removed again.

    Raises
    ------
    RunFolderError
        If somebody else writes to it.
    OSError
        If nobody can.
    """
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = _locked(folder)
        try:
            yield
        finally:
            _release(folder / LOCK, handle)
    finally:
        for empty in made:
            with suppress(OSError):  # something has come to be in it
                empty.rmdir()


def _locked(folder: Path) -> int:
    """Handle of the locked file."""
    path = folder / LOCK
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            if not isinstance(error, _HELD):
                raise
            raise RunFolderError(
                f"another hvsim is writing to {folder}; wait for it, or name another folder"
            ) from error
        if _is_at(path, handle):
            return handle
        os.close(handle)  # removed between opening and locking, with the lock of whoever held it


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
