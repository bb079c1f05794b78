"""Rates of recurrent outcomes and states from means and shares of families."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.optimize import root

from hvsim.calibration.frailty import lognormal, normal_grid
from hvsim.calibration.leaves import Tree, linear, number, put, quantity, rounded, sds, step
from hvsim.population.families import Families
from hvsim.scenario.kinds import BY_STAGE, COUNT, PROPORTION

FloatArray = npt.NDArray[np.float64]

NODES = (15, 15)
"""Quadrature nodes for shared and own frailty."""


def solve_recurrent(outcome: Tree, target: Tree, people: Families, note: str) -> None:
    """Solve events per month whose mean over families and years at risk is the published rate."""
    shape = {int(age): float(value) for age, value in target["ages"].items()}
    monthly = number(COUNT, target["per_year"]) / 12.0
    level = monthly / float(np.exp(linear(people, outcome)).mean())
    months = range(min(shape), max(shape)) or shape  # the last step begins where the years end
    at_risk = [relative for age in months if (relative := step(shape, age)) > 0]
    level /= sum(at_risk) / len(at_risk)
    put(outcome, "per_month", {age: rounded(level * value) for age, value in shape.items()}, note)


def solve_state(outcome: Tree, target: Tree, people: Families, note: str) -> Tree:
    """Solve the share at entry and the level of onset, from shares in the state and ever in it."""
    (z, own), nodes = normal_grid(NODES)
    kinds, counts = np.unique(linear(people, outcome), return_counts=True)
    relative = np.outer(np.exp(kinds), lognormal(sds(outcome), (z, own))).ravel()
    weights = np.outer(counts / counts.sum(), nodes).ravel()
    shape = {int(age): float(value) for age, value in target["onset"].items()}
    exits = quantity(BY_STAGE, outcome["exit_per_month"])

    def course(entry: float, level: float, until: int) -> Iterator[tuple[int, float, float]]:
        """(age, share in the state, share ever in it) at the start of each month."""
        never = (1.0 - entry) ** relative
        state = 1.0 - never
        for age in range(min(shape), until + 1):
            yield age, float(weights @ state), float(weights @ (1.0 - never))
            onset = relative * level * step(shape, age)
            stays = math.exp(-exits.at(age))
            state = state * stays - (1.0 - state) * np.expm1(-onset)
            never = never * np.exp(-onset)

    wanted = [number(PROPORTION, target[key]) for key in ("in_state", "ever_by_then")]

    def misfit(logs: FloatArray) -> FloatArray:
        *_, (_, *found) = course(math.exp(logs[0]), math.exp(logs[1]), int(target["at_month"]))
        return np.asarray(np.array(found) / np.array(wanted) - 1.0)

    solution = root(misfit, np.log([wanted[0] / 2.0, wanted[0] / 12.0]))
    if not solution.success:
        raise ValueError(f"no onset meets the shares in the state: {solution.message}")
    entry, level = (math.exp(value) for value in solution.x)
    put(outcome, "present_at_entry", rounded(entry), note)
    put(outcome, "per_month", {age: rounded(level * value) for age, value in shape.items()}, note)
    shown = {min(shape), int(target["at_month"]), *range(0, 61, 12)}
    return {
        "share in the state at child age in months": {
            age: state for age, state, _ in course(entry, level, 60) if age in shown
        }
    }
