"""How strong a program must be for one scenario to do as well as another.

Both scenarios run on the same families with the same luck while the program's effects are varied,
all of them by one *strength*: a factor on log ratios. At 0 it does nothing, at 1 as much as stated,
or as the program that it is likened to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hvsim.execution.pairing import count_families
from hvsim.execution.refusal import refuse_incomparable
from hvsim.population import families_of
from hvsim.scenario import Scenario
from hvsim.scenario.schema import Program
from hvsim.scenario.variants import with_strength
from hvsim.simulation import simulate
from hvsim.simulation.plan import units_of

STRENGTHS: Final = (0.0, 1.0, 2.0, 4.0)
"""Strengths that are tried by default."""


@dataclass(frozen=True)
class Tried:
    """What one scenario does better than the other at some strength.

    Attributes
    ----------
    strength
        Factor on the log ratios.
    better
        Events fewer (of what is desirable: more) under the first scenario than under the second,
        average of replicates.
    standard_error
        Of `better`, by chance alone; families are paired.
    """

    strength: float
    better: float
    standard_error: float


@dataclass(frozen=True)
class BreakEven:
    """Strength at which two scenarios do equally well.

    Attributes
    ----------
    tried
        What was run, by rising strength.
    strength
        The least at which they are equal, on straight lines between what was run; none if one of
        them is better throughout.
    standard_error
        Of that strength, by chance alone: the error of the difference there over its slope.
    """

    tried: tuple[Tried, ...]
    strength: float | None
    standard_error: float | None


def break_even_strength(
    one: Scenario,
    other: Scenario,
    *,
    program: str,
    outcome: str,
    like: Program | None = None,
    strengths: Sequence[float] = STRENGTHS,
    seed: int = 1,
    scale: float = 1.0,
    replicates: int = 1,
    threads: int = 1,
) -> BreakEven:
    """How strong a program must be for one scenario to prevent as much as another.

    Parameters
    ----------
    one, other
        Scenarios that can be compared; the program is varied in both.
    program
        Name of the program.
    outcome
        Name of the outcome whose events count.
    like
        Program whose effects a strength of 1 stands for; the program's own if none.
    strengths
        Two or more to be tried, rising. A crossing between them is interpolated.
    seed, scale, replicates, threads
        As for `hvsim.execution.compare`.

    Raises
    ------
    IncomparableError
        If the scenarios differ in more than what systems do.
    ValueError
        If a scenario lacks the program or the outcome, or strengths do not rise.
    """
    refuse_incomparable(one, [other])
    for scenario in (one, other):
        if program not in scenario.programs or outcome not in scenario.outcomes:
            raise ValueError(
                f"'{scenario.name}' lacks program '{program}' or outcome '{outcome}'; programs: "
                f"{', '.join(scenario.programs)}; outcomes: {', '.join(scenario.outcomes)}"
            )
    found = np.zeros((2, replicates, len(strengths)))
    for replicate in range(replicates):
        families = families_of(one, seed + replicate, 1 / units_of(scale), threads=threads)
        for place, strength in enumerate(strengths):
            ledgers = [
                simulate(
                    with_strength(scenario, program, strength, like),
                    seed=seed + replicate,
                    scale=1 / units_of(scale),
                    threads=threads,
                    families=families,
                )
                for scenario in (one, other)
            ]
            counted = count_families(*ledgers)
            row = list(zip(counted["quantity"], counted["name"], strict=True))
            at = row.index(("events", outcome))
            found[:, replicate, place] = counted["difference"][at], counted["standard_error"][at]
    sign = -1 if one.outcomes[outcome].desirable else 1
    better = sign * found[0].mean(axis=0)
    errors = np.sqrt((found[1] ** 2).sum(axis=0)) / replicates
    tried = tuple(
        Tried(float(strength), float(gain), float(error))
        for strength, gain, error in zip(strengths, better, errors, strict=True)
    )
    return BreakEven(tried, *_crossing(tried))


def _crossing(tried: Sequence[Tried]) -> tuple[float | None, float | None]:
    """First strength at which nothing is better, and its error."""
    from hvsim.economics import break_even

    strengths, better, errors = np.array(
        [(one.strength, one.better, one.standard_error) for one in tried]
    ).T
    crossings = break_even(strengths, better)
    if not crossings.size:
        return None, None
    at = float(crossings[0])
    end = int(np.clip(np.searchsorted(strengths, at), 1, len(strengths) - 1))
    slope = (better[end] - better[end - 1]) / (strengths[end] - strengths[end - 1])
    error = float(np.interp(at, strengths, errors))
    return at, error / abs(float(slope)) if slope else None
