"""What ``run`` and ``compare`` share: options, progress, the table at the end."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hvsim.economics import Prices
    from hvsim.runs import Run
    from hvsim.scenario import Scenario

_LABEL = 56
"""Characters of the longest label; a longer one is cut."""

Command = Callable[..., Any]


class Mistake(click.ClickException):
    """Something for the user to correct."""

    exit_code = 2


def _seed(context: click.Context, parameter: click.Parameter, seed: int) -> int:
    if not 0 <= seed < 2**63:
        raise click.BadParameter(f"{seed} is not from 0 to {2**63 - 1}")
    return seed


def _share(context: click.Context, parameter: click.Parameter, text: str) -> float:
    """A share, perhaps written as a percentage; which shares will do is the run's to say."""
    text = text.strip()
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = math.nan
    if not math.isfinite(share):
        raise click.BadParameter(f"'{text}' is no share; write 0.2 or 20%")
    return share


seed_option = click.option(
    "--seed",
    type=int,
    callback=_seed,
    metavar="N",
    default=1,
    show_default=True,
    help="Of all luck.",
)

share_option = click.option(
    "--scale",
    callback=_share,
    metavar="SHARE",
    default="1",
    show_default=True,
    help="Share of families to simulate, 1 divided by a whole number: 0.2 or 20%.",
)

valuing = click.option(
    "--prices",
    "prices_file",
    metavar="FILE",
    help="What dollars are made by. [default: prices.yaml beside the first scenario, else hvsim's]",
)


_OPTIONS = (
    click.option(
        "--out", type=click.Path(path_type=Path), help="Folder to write; by default in runs/."
    ),
    seed_option,
    share_option,
    click.option(
        "--replicates",
        type=click.IntRange(1),
        metavar="N",
        default=1,
        show_default=True,
        help="Repetitions with other families and other luck.",
    ),
    click.option(
        "--threads",
        type=click.IntRange(1),
        metavar="N",
        help="Results do not depend on it. [default: all]",
    ),
    click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="PATH=VALUE",
        help="Change one value of every scenario given; may be repeated.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace a complete run."),
    valuing,
)


def running(command: Command) -> Command:
    """Give a command the options of a run."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def mistakes() -> Iterator[None]:
    """Turn what the user can correct into a message."""
    try:
        yield
    except Exception as error:
        if isinstance(error, _correctable()):
            raise Mistake(str(error)) from error
        raise


def _correctable() -> tuple[type[Exception], ...]:
    """Errors that the user can correct. Their rooms are imported once something is wrong."""
    from hvsim.execution import IncomparableError, WorkerError
    from hvsim.runs import RunFolderError
    from hvsim.runs.evaluating import EvaluationError
    from hvsim.scenario import ScenarioError
    from hvsim.simulation import ScaleError
    from hvsim.uncertainty import DrawError, PosteriorError

    return (
        DrawError,
        EvaluationError,
        IncomparableError,
        PosteriorError,
        RunFolderError,
        ScaleError,
        ScenarioError,
        WorkerError,
    )


def load(files: tuple[str, ...], overrides: tuple[str, ...]) -> list[Scenario]:
    """Scenarios of the files; every problem of all of them at once."""
    from hvsim.scenario import ScenarioError, load_scenario

    scenarios, problems = [], []
    for file in files:
        try:
            scenarios.append(load_scenario(file, overrides))
        except ScenarioError as error:
            problems.append(str(error))
    if problems:
        raise Mistake("\n".join(problems))
    return scenarios


def load_prices(file: str | None) -> Prices | None:
    """Prices of a file that somebody named."""
    if file is None:
        return None
    from hvsim.economics import load_prices as load_file

    return load_file(file)


@contextmanager
def progress() -> Iterator[Callable[[int, int], None] | None]:
    """Progress on a terminal; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from hvsim.reporting.words import time_left

    began = time.monotonic()

    def tell(done: int, total: int) -> None:
        each = (time.monotonic() - began) / done
        rate = f"{1 / each:.1f} runs/s" if each < 1 else f"{each:.1f} s each"
        left = f", {time_left(each * (total - done))} left" if done < total else ""
        click.echo(f"\r\033[K{done} of {total} runs, {rate}{left}", nl=False, err=True)

    first = "Preparing hvsim for this machine (once, about a minute) ..."
    click.echo("Preparing families ..." if _is_compiled() else first, nl=False, err=True)
    try:
        yield tell
    finally:
        click.echo("\r\033[K", nl=False, err=True)


def _is_compiled() -> bool:
    """Whether there is machine code of these sources; numba makes the folder before it has any."""
    from hvsim.compiled import cache_folder

    return any(file.is_file() for file in cache_folder().rglob("*"))


def show(run: Run) -> None:
    """Print the table, and say where the others are."""
    from hvsim.reporting.figures import Figures
    from hvsim.reporting.table import in_brief

    if run.manifest.records is not None:
        click.echo("\n" + "\n".join(run.manifest.records.lines()))
    figures = Figures(run)
    for section in in_brief(figures):
        heads = ["", *(note.name for note in section.columns)]
        rows = [[("  " * line.indented) + line.label, *line.cells] for line in section.lines]
        widths = [max(map(len, column)) + 2 for column in zip(heads, *rows, strict=True)]
        widths[0] = min(widths[0], _LABEL)
        click.echo("\n" + click.style(section.title, bold=True))
        for label, *cells in [heads, *rows]:
            short = label if len(label) < _LABEL else f"{label[: _LABEL - 4]}..."
            cells = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
            click.echo(short.ljust(widths[0]) + "".join(cells))
    if left_out := figures.not_shared():
        click.echo(f"\n{left_out.strip()}")
    click.echo(f"\nTables: {run.folder}")
