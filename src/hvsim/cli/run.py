"""``hvsim run``: one scenario."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from hvsim.cli.running import load, load_prices, mistakes, progress, running, show


@click.command()
@click.argument("scenario", type=click.Path())
@running
def run(
    scenario: str,
    out: Path | None,
    seed: int,
    scale: float,
    replicates: int,
    threads: int | None,
    overrides: tuple[str, ...],
    overwrite: bool,
    prices_file: str | None,
) -> None:
    """Run one scenario under its central effects: tables, and the main ones in brief.

    \b
    hvsim run scenarios/la-county/today.yaml --scale 0.2
    hvsim run today.yaml --set screening.flagged=25% --out runs/flag-more
    """
    from hvsim.execution import run_scenario

    with mistakes():
        (loaded,) = load((scenario,), overrides)
        prices = load_prices(prices_file)
        with progress() as tell:
            result = run_scenario(
                loaded,
                out or Path("runs") / loaded.name,
                seed=seed,
                scale=scale,
                replicates=replicates,
                threads=threads,
                overwrite=overwrite,
                progress=tell,
                prices=prices,
            )
    show(result)
    click.echo(f"Pictures and page: hvsim report {shlex.quote(str(result.folder))}")
