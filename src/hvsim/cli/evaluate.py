"""``hvsim evaluate``: the economic evaluation of a finished run with draws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hvsim.cli.running import Mistake, load_prices, mistakes

if TYPE_CHECKING:
    from hvsim.runs.evaluating import Evaluation

_NAME = 36
"""Characters of the longest name of a strategy; a longer one is cut."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--prices",
    "prices_file",
    metavar="FILE",
    help="Prices and discount rates; nothing is run. [default: those of the run]",
)
@click.option(
    "--effect",
    default="",
    metavar="MEASURE",
    help="prevented:OUTCOME or the like; qalys; or dollars for what is saved. [default: harm]",
)
@click.option(
    "--perspective",
    default="",
    metavar="NAME",
    help="programs, public or society. [default: programs; for dollars society]",
)
@click.option(
    "--wtp",
    default="",
    metavar="LOW:HIGH:STEP",
    help="Willingness to pay for a unit of the effect, USD. [default: to beyond the frontier]",
)
@click.option(
    "--at",
    type=float,
    metavar="USD",
    help="The one for single numbers. [default: about where the first step becomes worth it]",
)
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="NAME=PATTERN,...",
    help="Parameters of which knowing is valued together; may be repeated. "
    "[default: by what they are about]",
)
@click.option(
    "--inflation",
    metavar="RATE",
    help="Per year, in years that the price index does not reach. [default: its average]",
)
def evaluate(
    folder: Path,
    prices_file: str | None,
    effect: str,
    perspective: str,
    wtp: str,
    at: float | None,
    groups: tuple[str, ...],
    inflation: str | None,
) -> None:
    """Economic evaluation of the run in DIR, which needs draws of parameters (compare --draws).

    Writes tables to DIR/evaluation, and pictures and page anew. Nothing is simulated.

    \b
    hvsim evaluate runs/idea
    hvsim evaluate runs/idea --perspective public --wtp 0:200000:5000 --at 50000
    hvsim evaluate runs/idea --effect qalys --at 100000
    hvsim evaluate runs/idea --effect dollars --group "wages=programs.*.staff.*"
    """
    from hvsim.reporting.reporting import report
    from hvsim.runs import read_run
    from hvsim.runs.evaluating import Question, grid, store
    from hvsim.runs.evaluating import evaluate as evaluate_run

    with mistakes():
        run, prices = read_run(folder), load_prices(prices_file)
        question = Question(
            effect=effect,
            perspective=perspective,
            wtp=grid(wtp) if wtp else (),
            at=at,
            groups=dict(map(_group, groups)),
            inflation=None if inflation is None else _rate(inflation),
        )
        found = evaluate_run(run, question, prices)
        tables = store(run, found)
        page = report(folder)
    _show(found)
    click.echo(f"\nTables: {tables}\nReport: {page}")


def _group(text: str) -> tuple[str, tuple[str, ...]]:
    name, _, patterns = text.partition("=")
    found = tuple(part.strip() for part in patterns.split(",") if part.strip())
    if not name.strip() or not found:
        raise Mistake(
            f"--group '{text}': write NAME=PATTERN, for example 'wages=programs.*.staff.*'"
        )
    return name.strip(), found


def _rate(text: str) -> float:
    """A rate per year, perhaps written as a percentage."""
    try:
        rate = float(text.strip().removesuffix("%")) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        rate = float("nan")
    if not -1 < rate < 1:
        raise Mistake(f"--inflation '{text}': write a rate per year, for example 2.5%")
    return rate


def _show(found: Evaluation) -> None:
    """Print the strategies by cost, and what it would be worth to know more."""
    from hvsim.reporting.words import count, dollars, percent, price, span
    from hvsim.runs.evaluating import DOLLARS

    settled, table = found.settled, found.strategies
    click.echo(click.style(f"\n{settled.effect_label}; {settled.perspective_label}", bold=True))
    saved = settled.effect == DOLLARS
    heads = ("", "cost", "effect", "USD for one more", "status", "best in draws")
    curve = found.curves
    best = curve[curve["wtp"] == settled.at].set_index("strategy")["acceptability"]
    said = dollars if saved else lambda value: count(value, 1)
    rows = [
        (
            str(row["strategy"])[:_NAME],
            f"{dollars(row['cost'])} ({span(dollars(row['cost_low']), dollars(row['cost_high']))})",
            f"{said(row['effect'])} ({span(said(row['effect_low']), said(row['effect_high']))})",
            price(row["icer"]) if row["icer"] == row["icer"] else "",
            str(row["status"]),
            percent(100 * best[row["strategy"]]),
        )
        for _, row in table.iterrows()
    ]
    widths = [max(map(len, column)) + 2 for column in zip(heads, *rows, strict=True)]
    for first, *cells in [heads, *rows]:
        padded = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        click.echo(first.ljust(widths[0]) + "".join(padded))
    click.echo(
        f"By cost; {percent(100 * settled.level)} of {settled.draws} draws in parentheses. ND: on "
        "the frontier; ED, D: dominated by a mixture, by another.\n"
        f"Best in draws: at {price(settled.at)} per {settled.effect_one}."
    )
