"""``hvsim compare``: scenarios on the same families."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hvsim.cli.running import Mistake, load, load_prices, mistakes, progress, running, show

if TYPE_CHECKING:
    from hvsim.runs import Run


@click.command()
@click.argument("baseline", metavar="BASELINE", type=click.Path())
@click.argument("scenarios", metavar="SCENARIO...", type=click.Path(), nargs=-1)
@running
@click.option(
    "--draws",
    type=click.IntRange(1),
    metavar="N",
    help="Also run under N draws of everything whose files state a range.",
)
@click.option(
    "--posterior",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Joint draws of some parameters (columns parameter, draw, value), instead of ranges.",
)
@click.option(
    "--structures",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also run each alternative of a file of structures; draws pick one of each axis.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Processes that run the draws; results do not depend on it. [default: one a processor]",
)
@click.option("--cluster", metavar="ADDRESS", help="Dask scheduler whose workers run the draws.")
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
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
    draws: int | None,
    posterior: Path | None,
    structures: Path | None,
    workers: int | None,
    cluster: str | None,
    resume: bool,
) -> None:
    """Run scenarios on the same families, and compare them with BASELINE: tables, pictures, page.

    Each is run under low, central, high and zero effects of the programs.

    \b
    hvsim compare today.yaml universal.yaml targeted.yaml --scale 0.2
    hvsim compare today.yaml universal.yaml --scale 0.1 --draws 200 --resume
    hvsim compare today.yaml universal.yaml --structures structures.yaml
    """
    if not scenarios:
        raise Mistake(f"name at least one scenario to compare with {baseline}")
    if draws is None and posterior is not None:
        raise Mistake("--posterior is for draws of parameters; say how many with --draws")
    for option, given in {"--workers": workers, "--cluster": cluster}.items():
        if draws is None and structures is None and given is not None:
            raise Mistake(f"{option} is for draws and structures; ask with --draws or --structures")
    from hvsim.execution import Draws
    from hvsim.execution import compare as compare_scenarios
    from hvsim.execution.running import processors
    from hvsim.reporting.reporting import report

    asked = None
    if draws is not None or structures is not None:
        asked = Draws(draws or 0, posterior, structures, workers or processors(), cluster)

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
                draws=asked,
                overwrite=overwrite,
                resume=resume,
                progress=tell,
                prices=prices,
            )
        if asked:
            _evaluate_first(result)
        page = report(result.folder)
    show(result)
    click.echo(f"Report: {page}")


def _evaluate_first(run: Run) -> None:
    """Evaluate a run unless somebody has, who may have asked something else."""
    from hvsim.runs.evaluating import evaluate_anew, read_evaluation, store

    if read_evaluation(run) is None and (found := evaluate_anew(run)) is not None:
        store(run, found)
