"""Stages after a report: their probabilities, by origin of the report and age of the child."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from hvsim.calibration.frailty import Reports, solve_increasing
from hvsim.calibration.leaves import Tree, number, put, rounded
from hvsim.scenario.kinds import BY_STAGE_SHARE, PROPORTION

FloatArray = npt.NDArray[np.float64]
Leaf: TypeAlias = tuple[str, str]
Steps: TypeAlias = dict[int, float]

AGES = (0, 12, 48, 96, 144, 192)
"""Ages in months at which statistics of child protection divide children: under 1, 1 to 3, 4 to 7,
8 to 11, 12 to 15, 16 and older."""

ORIGINS = ("if_true", "if_false")
"""A report has harm behind it, or has not."""


def reached(
    stages: Tree, stage: str, months: int, found: Mapping[Leaf, Steps] | None = None
) -> FloatArray:
    """Chance that a report reaches a stage, given the values of leaves not yet written.

    Shape (origins, months of age).
    """
    if stage not in stages:
        return np.ones((len(ORIGINS), months))
    own = []
    for origin in ORIGINS:
        steps = (found or {}).get((stage, origin))
        leaf = stages[stage][origin] if steps is None else steps
        chance = BY_STAGE_SHARE.read(leaf)
        own.append([chance.at(age) for age in range(months)])
    return np.asarray(reached(stages, stages[stage]["follows"], months, found) * np.array(own))


def solve_stages(stages: Tree, targets: Sequence[Tree], reports: Reports, note: str) -> Tree:
    """Solve, target by target, the level of the steps by age that its leaves share.

    A target is a share of children who reach a stage before an age, or of infants' first reports
    that do. Relative sizes of the steps are the target's.
    """
    found: dict[Leaf, Steps] = {}
    for target in targets:
        shape = {int(age): float(value) for age, value in target["ages"].items()}
        leaves: list[Leaf] = [(stage, origin) for stage, origin in target["solves"]]

        most = 1.0 / max(shape.values())
        share = partial(_share, target, stages, reports, found, leaves, shape)
        level = solve_increasing(share, number(PROPORTION, target), 0.0, most)
        found = _with(found, leaves, shape, level)
    for (stage, origin), steps in found.items():
        values = {age: rounded(value) for age, value in steps.items()}
        put(stages[stage], origin, values[0] if len(values) == 1 else values, note)
    return _implied(stages, targets, reports)


def _share(
    target: Tree,
    stages: Tree,
    reports: Reports,
    found: Mapping[Leaf, Steps],
    leaves: Iterable[Leaf],
    shape: Steps,
    level: float,
) -> float:
    """Share of a target, were its leaves' steps at a level."""
    infants = "first_reports_before" in target
    months = int(target["first_reports_before" if infants else "before"])
    chances = reached(stages, target["stage"], months, _with(found, leaves, shape, level))
    return reports.of_first(chances) if infants else reports.marked(chances)


def _with(
    found: Mapping[Leaf, Steps], leaves: Iterable[Leaf], shape: Steps, level: float
) -> dict[Leaf, Steps]:
    """What has been found, and some leaves' steps at a level beside it."""
    steps = {age: level * value for age, value in shape.items()}
    return {**found, **{leaf: found.get(leaf, {}) | steps for leaf in leaves}}


def _implied(stages: Tree, targets: Sequence[Tree], reports: Reports) -> Tree:
    """What the stages come to, beyond their targets."""
    ages = sorted({int(target["before"]) for target in targets if "before" in target})
    last = ages[-1]
    chances = {stage: reached(stages, stage, last) for stage in stages}
    years = [*(age for age in AGES if age < last), last]
    return {
        "share of infants' first reports that are": {
            stage: reports.of_first(chance[:, : years[1]]) for stage, chance in chances.items()
        },
        **{
            f"share of children before {age} months": {
                stage: reports.marked(chance[:, :age]) for stage, chance in chances.items()
            }
            for age in (years[1], *ages)
        },
        "per 1,000 children and year, from age in months": {
            stage: {
                first: 12000.0 * float(reports.marks(chance)[first:end].mean())
                for first, end in pairwise(years)
            }
            for stage, chance in chances.items()
        },
    }
