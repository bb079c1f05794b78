"""How scenario files name one another, and how messages name them."""

from __future__ import annotations

import os
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
"""Folder of the packaged fragments."""

PACKAGED = "hvsim:"
"""Before the name of a packaged fragment."""


def located(address: str, folder: Path) -> Path:
    """File that a scenario in `folder` means by `address`: a path or ``hvsim:NAME``."""
    if address.startswith(PACKAGED):
        return TEMPLATES / f"{address.removeprefix(PACKAGED)}.yaml"
    return Path(os.path.abspath(folder / address))


def is_file(file: Path) -> bool:
    """Whether there is such a file; never an exception, however strange its name."""
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False


def is_folder(file: Path) -> bool:
    """Whether there is such a folder; never an exception, however strange its name."""
    try:
        return file.is_dir()
    except (OSError, ValueError):
        return False


def shown(file: Path) -> str:
    """Name of a file in messages: seen from the working folder, if that is shorter."""
    if TEMPLATES in file.parents:
        return PACKAGED + file.relative_to(TEMPLATES).with_suffix("").as_posix()
    try:
        return min(Path(os.path.relpath(file)).as_posix(), str(file), key=len)
    except (ValueError, OSError):  # another drive, or a working folder that is gone
        return str(file)


def address_from(file: Path, folder: Path) -> str:
    """Name of a file that is the same on every machine: seen from `folder`."""
    if TEMPLATES in file.parents:
        return PACKAGED + file.relative_to(TEMPLATES).with_suffix("").as_posix()
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # another drive
        return file.name
