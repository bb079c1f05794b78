"""``hvsim new``: a commented scenario to begin from."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from hvsim.cli.errors import exit_with
from hvsim.scenario.addresses import TEMPLATES

STARTER = TEMPLATES / "starter"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a commented starter scenario into a new folder DIR."""
    try:
        write_starter(folder)
    except FileExistsError:
        exit_with(f"{folder} exists already and is not empty; name a new folder")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a folder name"
        exit_with(f"{folder} cannot be written: {reason}")
    click.echo(f"Wrote {', '.join(sorted(file.name for file in folder.iterdir()))} into {folder}.")
    click.echo(f"Next: read {folder / 'README.md'}, then: hvsim check {folder / 'today.yaml'}")


def write_starter(folder: Path) -> None:
    """Write the starter into a folder that is new or empty: all of it or nothing.

    Raises
    ------
    FileExistsError
        If the folder holds anything, or is a file.
    """
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise FileExistsError(folder)
    parent = folder.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".hvsim-", dir=parent) as staging:
        complete = Path(staging) / "starter"
        shutil.copytree(STARTER, complete, copy_function=shutil.copyfile)
        if folder.exists():
            folder.rmdir()  # empty; not every system renames onto a folder
        complete.rename(folder)
