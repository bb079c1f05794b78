"""``hvsim report``: pictures and page of a finished run."""

from __future__ import annotations

from pathlib import Path

import click

from hvsim.cli.running import load_prices, mistakes


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--prices",
    "prices_file",
    metavar="FILE",
    help="Make its dollars anew by these prices; nothing is run. [default: as they are]",
)
def report(folder: Path, prices_file: str | None) -> None:
    """Draw the pictures and write the page of a finished run in DIR."""
    from hvsim.reporting.reporting import report as draw

    with mistakes():
        if (prices := load_prices(prices_file)) is not None:
            from hvsim.runs.revaluing import revalue

            revalue(folder, prices)
        page = draw(folder)
    pictures = sorted((folder / "plots").glob("*.svg"))
    click.echo(f"{len(pictures)} pictures in {folder / 'plots'}")
    click.echo(f"The readable report is {page}")
