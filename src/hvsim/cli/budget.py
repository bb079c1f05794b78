"""``hvsim budget``: scenarios at the same money."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hvsim.cli.running import Mistake, load, load_prices, mistakes, seed_option, share_option

if TYPE_CHECKING:
    from hvsim.execution.matching import Matched, Measured

_SHORTAGES = 6
"""Shortages told of each scenario."""


@click.command()
@click.argument("baseline", metavar="BASELINE", type=click.Path())
@click.argument("scenarios", metavar="SCENARIO...", type=click.Path(), nargs=-1)
@click.option(
    "--amount",
    metavar="USD",
    help="Dollars to be paid out over BASELINE, such as '200 M USD'; by default the least that any "
    "of the scenarios pays out as planned.",
)
@click.option(
    "--visitors",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="Instead: visitors at work over BASELINE, on average.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="equal-money",
    show_default=True,
    help="Folder for the scenarios that are found.",
)
@seed_option
@share_option
@click.option("--prices", "prices_file", metavar="FILE", help="As for hvsim compare.")
def budget(
    baseline: str,
    scenarios: tuple[str, ...],
    amount: str | None,
    visitors: float | None,
    out: Path,
    seed: int,
    scale: float,
    prices_file: str | None,
) -> None:
    """Find the money with which scenarios pay out the same over BASELINE.

    Dollars are discounted, to the end of the fiscal year of the last births. What is scaled are the
    streams whose 'scales' is true. Each scenario is written with that money into the folder OUT, to
    be compared beside the one as planned.

    \b
    hvsim budget today.yaml universal.yaml targeted.yaml --amount "150 M USD" --scale 0.2
    hvsim compare today.yaml universal.yaml equal-money/universal-at-equal-money.yaml
    """
    if not scenarios:
        raise Mistake(f"name at least one scenario to bring to the same money over {baseline}")
    if amount is not None and visitors is not None:
        raise Mistake("--amount and --visitors: name one of the two")
    wanted = None if amount is None else _dollars(amount)
    _require_folder(out)
    from hvsim.execution.matching import Search, refuse_without_scaling
    from hvsim.execution.pricing import settled_prices
    from hvsim.execution.refusal import refuse_incomparable

    with mistakes():
        first, *others = load((baseline, *scenarios), ())
        refuse_incomparable(first, others)
        for scenario in others:
            refuse_without_scaling(scenario)
        prices, why_not = settled_prices([first, *others], load_prices(prices_file))
        if prices is None:
            raise Mistake(why_not)
        measured: Measured = "spending" if visitors is None else "visitors"
        search = Search(first, prices, measured=measured, seed=seed, scale=scale)
        if wanted is None:
            wanted = visitors or min(map(search.as_planned, others))
        if wanted <= 0:
            raise Mistake(
                "a scenario pays out no more than the baseline as planned; state --amount"
            )
        out.mkdir(parents=True, exist_ok=True)
        for scenario in others:
            found = search.match(scenario, wanted)
            file = _write(found, out, measured)
            click.echo("\n".join(_told(found, measured, file)))


def _dollars(text: str) -> float:
    from pydantic import ValidationError

    from hvsim.scenario.kinds import MONEY

    try:
        dollars = MONEY.read(text).value
    except ValidationError as error:
        raise Mistake(f"--amount: found '{text}'; {MONEY.expected}") from error
    if dollars <= 0:
        raise Mistake(f"--amount: found '{text}'; write an amount above zero")
    return dollars


def _require_folder(out: Path) -> None:
    """Check that a folder can be written, before the long search for what goes there."""
    nearest = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise Mistake(f"--out: {nearest} is a file; name a folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise Mistake(f"--out: {nearest} cannot be written; name another folder")


def _write(found: Matched, out: Path, measured: str) -> Path:
    from hvsim.execution.variant_files import money_yaml
    from hvsim.runs.files import write_text

    reached = _amount(found.reached, measured)
    reason = f"policy: amounts times {found.factor:.4g}, so that {reached} over the baseline"
    words = "at equal money" if measured == "spending" else "with equal hires"
    file = out / f"{found.scenario.name}-{words.replace(' ', '-')}.yaml"
    write_text(file, money_yaml(found.scenario, out, words, reason))
    return file


def _amount(value: float, measured: str) -> str:
    if measured == "spending":
        return f"{value / 1e6:,.1f} M USD are paid out"
    return f"{value:,.1f} visitors are at work"


def _told(found: Matched, measured: str, file: Path) -> Iterator[str]:
    """What was found, in a few lines."""
    yield click.style(f"\n{found.scenario.title}", bold=True)
    yield f"  as planned  {_amount(found.as_planned, measured)} over the baseline"
    yield f"  wanted      {_amount(found.wanted, measured)}"
    yield f"  found       {_amount(found.reached, measured)}: {found.factor:.4g} times its money"
    at = found.at
    spent, unspent = (f"{dollars / 1e6:,.1f} M USD" for dollars in (at.spending, at.unspent))
    yield f"              {spent} paid out, {unspent} not, {at.visitors:,.1f} visitors"
    if found.hiring_binds:
        yield "  Hiring binds before that is reached: more money finds no more people."
    elif not found.is_reached:
        yield "  Nearest there is: positions are whole."
    for one in at.shortages[:_SHORTAGES]:
        yield f"  {one.year}: {one.label}: {one.filled:,.1f} filled of {one.funded:,.1f} added"
    yield f"  written to  {file}"
