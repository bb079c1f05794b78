"""``hvsim report``: pictures and page of a finished run."""

from __future__ import annotations

from pathlib import Path

import click

from hvsim.cli.running import mistakes


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def report(folder: Path) -> None:
    """Draw the pictures and write the page of a finished run in DIR."""
    from hvsim.reporting.reporting import report as draw

    with mistakes():
        page = draw(folder)
    pictures = sorted((folder / "plots").glob("*.png"))
    click.echo(f"{len(pictures)} pictures in {folder / 'plots'}")
    click.echo(f"The readable report is {page}")
