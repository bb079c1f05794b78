"""``hvsim compare``: scenarios on the same families."""

from __future__ import annotations

from pathlib import Path

import click

from hvsim.cli.running import Mistake, load, load_prices, mistakes, progress, running, show


@click.command()
@click.argument("baseline", metavar="BASELINE", type=click.Path())
@click.argument("scenarios", metavar="SCENARIO...", type=click.Path(), nargs=-1)
@running
def compare(
    baseline: str,
    scenarios: tuple[str, ...],
    out: Path | None,
    seed: int,
    scale: float,
    replicates: int,
    threads: int | None,
    overrides: tuple[str, ...],
    overwrite: bool,
    prices_file: str | None,
) -> None:
    """Run scenarios on the same families, and compare them with BASELINE: tables, pictures, page.

    Each is run under low, central, high and zero effects of the programs.

    \b
    hvsim compare today.yaml universal.yaml targeted.yaml --scale 0.2
    """
    if not scenarios:
        raise Mistake(f"name at least one scenario to compare with {baseline}")
    from hvsim.execution import compare as compare_scenarios
    from hvsim.reporting.reporting import report

    with mistakes():
        first, *others = load((baseline, *scenarios), overrides)
        prices = load_prices(prices_file)
        with progress() as tell:
            result = compare_scenarios(
                first,
                others,
                out or Path("runs") / f"compare-{first.name}",
                seed=seed,
                scale=scale,
                replicates=replicates,
                threads=threads,
                overwrite=overwrite,
                progress=tell,
                prices=prices,
            )
    page = report(result.folder)
    show(result)
    click.echo(f"Report: {page}")
