"""``hvsim threshold``: how strong a program must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from hvsim.cli.running import Mistake, load, mistakes, seed_option, share_option

if TYPE_CHECKING:
    from hvsim.execution.breaking_even import BreakEven


@click.command()
@click.argument("one", type=click.Path())
@click.argument("other", type=click.Path())
@click.option("--program", required=True, metavar="NAME", help="Program whose effects are varied.")
@click.option("--outcome", required=True, metavar="NAME", help="Outcome whose events count.")
@click.option(
    "--like",
    nargs=2,
    metavar="SCENARIO NAME",
    help="What strength 1 stands for: the effects of another program. [default: its own]",
)
@click.option(
    "--effects",
    type=click.Choice(["low", "central", "high"]),
    default="central",
    show_default=True,
    help="Which end of the intervals of all effects.",
)
@click.option(
    "--strengths",
    default="0,1,2,4",
    show_default=True,
    metavar="LIST",
    help="Strengths that are run; between them lines are straight.",
)
@click.option("--replicates", type=click.IntRange(1), default=1, show_default=True, metavar="N")
@seed_option
@share_option
def threshold(
    one: str,
    other: str,
    program: str,
    outcome: str,
    like: tuple[str, str] | None,
    effects: str,
    strengths: str,
    replicates: int,
    seed: int,
    scale: float,
) -> None:
    """Find how strong a program must be for ONE to prevent as much as OTHER.

    Strength is a factor on the log ratios of all its effects: 0 is none, 1 as stated. Both are run
    on the same families at each strength.

    \b
    hvsim threshold universal.yaml targeted.yaml --program welcome-baby --outcome ed-visit \\
        --like family-connects.yaml family-connects --scale 0.2
    """
    from hvsim.execution.breaking_even import break_even_strength
    from hvsim.scenario import with_effects

    with mistakes():
        tried = _rising(strengths)
        files = (one, other, *(like[:1] if like else ()))
        first, second, *third = (with_effects(s, effects) for s in load(files, ()))  # type: ignore[arg-type]  # the option takes no other
        model = None
        if like:
            model = third[0].programs.get(like[1])
            if model is None:
                raise Mistake(f"{like[0]} has no program '{like[1]}'")
        for scenario in (first, second):
            for kind, name, known in (
                ("program", program, scenario.programs),
                ("outcome", outcome, scenario.outcomes),
            ):
                if name not in known:
                    names = ", ".join(known)
                    raise Mistake(f"{scenario.name} has no {kind} '{name}'; it has {names}")
        found = break_even_strength(
            first,
            second,
            program=program,
            outcome=outcome,
            like=model,
            strengths=tried,
            seed=seed,
            scale=scale,
            replicates=replicates,
        )
    better = f"{first.name} does better than {second.name} by so many of '{outcome}'"
    click.echo("\n".join(_told(found, better)))


def _rising(text: str) -> list[float]:
    try:
        strengths = [float(part) for part in text.split(",")]
    except ValueError:
        strengths = []
    if len(strengths) < 2 or sorted(set(strengths)) != strengths or strengths[0] < 0:
        raise Mistake(f"--strengths: found '{text}'; write rising numbers such as 0,1,2")
    return strengths


def _told(found: BreakEven, better: str) -> Iterator[str]:
    yield f"strength  {better}, with standard error"
    for one in found.tried:
        yield f"{one.strength:8g}  {one.better:12,.0f}  {one.standard_error:10,.0f}"
    if found.strength is None:
        yield "One of them is better at every strength tried."
    else:
        error = (
            "" if found.standard_error is None else f", standard error {found.standard_error:.2g}"
        )
        yield f"Equal at a strength of {found.strength:.3g}{error}."
