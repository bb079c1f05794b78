"""What ``run`` and ``compare`` share: options, progress, the table at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hvsim.runs import Run
    from hvsim.scenario import Scenario

_LABEL = 56
"""Characters of the longest label; a longer one is cut."""

Command = Callable[..., Any]


class Mistake(click.ClickException):
    """Something for the user to correct."""

    exit_code = 2


def _one_in(context: click.Context, parameter: click.Parameter, scale: float) -> float:
    if not 0 < scale <= 1 or abs(1 / scale - round(1 / scale)) > 1e-6:
        raise click.BadParameter("must be one over a whole number, such as 1, 0.5, 0.2 or 0.1")
    return scale


_OPTIONS = (
    click.option(
        "--out", type=click.Path(path_type=Path), help="Folder to write; by default in runs/."
    ),
    click.option(
        "--seed",
        type=click.IntRange(0, 2**63 - 1),
        default=1,
        show_default=True,
        help="Of all luck.",
    ),
    click.option(
        "--scale",
        type=float,
        default=1.0,
        show_default=True,
        callback=_one_in,
        help="Share of families to simulate.",
    ),
    click.option(
        "--replicates",
        type=click.IntRange(1),
        default=1,
        show_default=True,
        help="Repetitions with other families and other luck.",
    ),
    click.option(
        "--threads", type=click.IntRange(1), help="Results do not depend on it. [default: all]"
    ),
    click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="PATH=VALUE",
        help="Change one value of every scenario given; may be repeated.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace a complete run."),
)


def running(command: Command) -> Command:
    """Give a command the options of a run."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def mistakes() -> Iterator[None]:
    """Turn what the user can correct into a message."""
    from hvsim.execution import IncomparableError
    from hvsim.runs import RunFolderError
    from hvsim.scenario import ScenarioError
    from hvsim.simulation import ScaleError

    try:
        yield
    except (IncomparableError, RunFolderError, ScaleError, ScenarioError) as error:
        raise Mistake(str(error)) from error


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

    click.echo("preparing families and compiled code ...", nl=False, err=True)
    try:
        yield tell
    finally:
        click.echo("\r\033[K", nl=False, err=True)


def show(run: Run) -> None:
    """Build pictures and page, print the table, and say where the rest is."""
    from hvsim.reporting import report
    from hvsim.reporting.figures import Figures, side_by_side

    page = report(run.folder)
    for section in side_by_side(Figures(run)):
        heads = ["", *(note.name for note in section.columns)]
        rows = [[("  " * line.indented) + line.label, *line.cells] for line in section.lines]
        widths = [max(map(len, column)) + 2 for column in zip(heads, *rows, strict=True)]
        widths[0] = min(widths[0], _LABEL)
        click.echo("\n" + click.style(section.title, bold=True))
        for label, *cells in [heads, *rows]:
            short = label if len(label) < _LABEL else f"{label[: _LABEL - 4]}..."
            cells = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
            click.echo(short.ljust(widths[0]) + "".join(cells))
    click.echo(f"\nTables: {run.folder}\nReport: {page}")
