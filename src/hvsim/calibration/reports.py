"""Reports to an agency: first reports, what raises them, what follows them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import root

from hvsim.calibration.frailty import (
    Mixture,
    Reports,
    first_event_hazard,
    lognormal,
    normal_grid,
    solve_increasing,
)
from hvsim.calibration.leaves import Tree, number, put, rounded, sds, step
from hvsim.calibration.stages import reached
from hvsim.population.families import Families
from hvsim.scenario.kinds import PROPORTION, REAL, SPREAD_SD
from hvsim.scenario.vocabulary import LEVELS

FloatArray = npt.NDArray[np.float64]
Intensities: TypeAlias = Callable[[Mapping[str, float]], tuple[FloatArray, FloatArray]]

NODES = (9, 4, 4, 4)
"""Quadrature nodes for shared frailty, own frailties of true and false reports, detection."""

INFANCY = 12
"""Months in which a first report is one of infancy."""


class _Kinds:
    """Families by the levels that matter: which kinds there are, and the share of each."""

    def __init__(self, people: Families, levels: Iterable[str]) -> None:
        self.levels = list(dict.fromkeys(levels))
        has = np.column_stack([people.has(level) for level in self.levels])
        code = has @ (1 << np.arange(len(self.levels)))
        _, first, self.member, counts = np.unique(
            code, return_index=True, return_inverse=True, return_counts=True
        )
        self.has = has[first]
        self.weights: FloatArray = counts / counts.sum()

    def exp(self, coefficients: Mapping[str, float]) -> FloatArray:
        """Product of hazard ratios of each kind."""
        log = np.zeros(len(self.weights))
        for level, value in coefficients.items():
            log += value * self.has[:, self.levels.index(level)]
        return np.exp(log)

    def ratio(self, risks: FloatArray, ratio: Mapping[str, Any]) -> float:
        """Ratio of the mean risk at some levels to that at others."""

        def risk(levels: Sequence[str]) -> float:
            columns = [self.levels.index(level) for level in levels]
            weights = self.weights * self.has[:, columns].any(axis=1)
            return float(weights @ risks / weights.sum())

        return risk(ratio["levels"]) / risk(ratio["versus"])


@dataclass(frozen=True)
class _Solved:
    """Coefficients of the shared levels, and what they make of each kind of family."""

    kinds: _Kinds
    coefficients: dict[str, float]
    true: FloatArray
    false: FloatArray
    nodes: FloatArray
    detected: FloatArray

    def risks(self, share: float) -> FloatArray:
        """Each kind's probability of a report when a share of all families has one."""
        return _risks(self.true + self.false, self.kinds.weights, self.nodes, share)

    @property
    def mixture(self) -> Mixture:
        """All kinds of family and nodes of frailty."""
        weights = np.outer(self.kinds.weights, self.nodes)
        harm = self.true / self.detected
        return Mixture(self.true.ravel(), self.false.ravel(), weights.ravel(), harm.ravel())


def solve_reports(
    fragment: Tree, targets: Tree, people: Families, note: str
) -> tuple[Reports, Tree]:
    """Solve coefficients, monthly rates and the factor after a first report."""
    chain = fragment["chains"][targets["chain"]]
    harm = fragment["outcomes"][chain["true_events"]]
    false = fragment["outcomes"][chain["false_events"]]
    stated_harm, stated_false = (_stated(outcome) for outcome in (harm, false))
    kinds = _Kinds(people, [*_named(targets["crude_ratios"]), *stated_harm, *stated_false])
    (z, own_true, own_false, seen), nodes = normal_grid(NODES)
    base = number(PROPORTION, chain["detected"])
    logit = math.log(base / (1.0 - base)) + number(SPREAD_SD, chain["detection_spread"]) * seen
    detected = 1.0 / (1.0 + np.exp(-logit))
    found = lognormal(sds(harm), (z, own_true)) * detected
    unfounded = lognormal(sds(false), (z, own_false))
    true_share = number(PROPORTION, targets["true_share"])

    def levels(coefficients: Mapping[str, float]) -> tuple[float, float]:
        """Factors that give reports with and without harm their shares of a mean of one."""
        shared = kinds.exp(coefficients)
        mean_true = float(kinds.weights @ (shared * kinds.exp(stated_harm)) * (found @ nodes))
        mean_false = float(kinds.weights @ (shared * kinds.exp(stated_false)) * (unfounded @ nodes))
        return true_share / mean_true, (1.0 - true_share) / mean_false

    def by_kind(coefficients: Mapping[str, float]) -> tuple[FloatArray, FloatArray]:
        """Relative intensities. Shape (kinds of family, nodes)."""
        shared, (level, level_false) = kinds.exp(coefficients), levels(coefficients)
        return (
            np.outer(shared * kinds.exp(stated_harm) * level, found),
            np.outer(shared * kinds.exp(stated_false) * level_false, unfounded),
        )

    coefficients = _coefficients(kinds, by_kind, nodes, targets)
    solved = _Solved(kinds, coefficients, *by_kind(coefficients), nodes, detected)
    mixture = solved.mixture.binned()
    reports = _grown_up(mixture, _monthly(mixture, targets), chain["stages"], targets)

    ages = [0, 1, *targets["later_ages"], *targets["grown_up"]["ages"]]
    for outcome, level in zip((harm, false), levels(coefficients), strict=True):
        values = {age: rounded(reports.monthly[age] * level) for age in ages}
        put(outcome, "per_month", values, note)
        stated = {k: v for k, v in outcome["log_hazard_ratios"].items() if k != "solved"}
        outcome["log_hazard_ratios"] = _annotated(coefficients, targets["crude_ratios"]) | stated
    put(chain, "after_first_report", rounded(reports.factor), note)
    return reports, _implied(solved, reports, targets, people)


def _stated(outcome: Tree) -> dict[str, float]:
    """Log hazard ratios of an outcome that are no solution."""
    by_level = outcome["log_hazard_ratios"]
    return {level: number(REAL, leaf) for level, leaf in by_level.items() if level != "solved"}


def _implied(solved: _Solved, reports: Reports, targets: Tree, people: Families) -> Tree:
    """What the solution says beyond its targets."""
    kinds, mixture = solved.kinds, reports.mixture
    within, last = int(targets["re_report"]["within"]), max(targets["first_report"])
    early, late = (solved.risks(_first(targets, age)) for age in (INFANCY, last))
    once, again = mixture.re_reported(reports.monthly, 1.0, INFANCY, within)
    weights = np.outer(kinds.weights, solved.nodes)
    every = Mixture(solved.true, solved.false, weights, solved.true / solved.detected)
    once_by_kind, again_by_kind = (
        kinds.weights * (part @ solved.nodes)
        for part in every.re_reported(reports.monthly, reports.factor, INFANCY, within)
    )
    expected = (solved.true + solved.false) @ solved.nodes
    return {
        "reported before age in months": {
            age: mixture.reported(reports.monthly[:age])
            for age in (1, *range(INFANCY, last + 1, 12))
        },
        "marginal ratio of a first-year report": {
            name: kinds.ratio(early, ratio) for name, ratio in targets["crude_ratios"].items()
        },
        "risk of a first-year report": _by_level(people, early[kinds.member]),
        f"risk of a report before {last} months": _by_level(people, late[kinds.member]),
        "reported again, by frailty alone": mixture.mean(again) / mixture.mean(once),
        "reported again, by fifth of those reported in infancy, in order of": {
            "intensity": _fifths(mixture.total, *reports.repeated(INFANCY, within)),
            "intensity expected from attributes": _fifths(expected, once_by_kind, again_by_kind),
        },
    }


def _risks(relative: FloatArray, kinds: FloatArray, nodes: FloatArray, share: float) -> FloatArray:
    """Each kind's probability of a report when a share of all families has one."""
    hazard = first_event_hazard(relative.ravel(), np.outer(kinds, nodes).ravel(), share)
    return np.asarray(1.0 - np.exp(-hazard * relative) @ nodes)


def _coefficients(
    kinds: _Kinds, by_kind: Intensities, nodes: FloatArray, targets: Tree
) -> dict[str, float]:
    """Log hazard ratios whose marginal ratios of first-year reports are the published ones."""
    ratios = targets["crude_ratios"]
    wanted = np.log([ratio["value"] for ratio in ratios.values()])

    def named(values: FloatArray) -> dict[str, float]:
        pairs = zip(ratios.values(), values, strict=True)
        return {level: float(value) for ratio, value in pairs for level in ratio["levels"]}

    def misfit(values: FloatArray) -> FloatArray:
        true, rest = by_kind(named(values))
        risks = _risks(true + rest, kinds.weights, nodes, _first(targets))
        found = [kinds.ratio(risks, ratio) for ratio in ratios.values()]
        return np.asarray(np.log(found) - wanted)

    solution = root(misfit, wanted, method="hybr", options={"xtol": 1e-7})
    if not solution.success:
        raise ValueError(f"no coefficients meet the crude ratios: {solution.message}")
    return {level: round(value, 4) for level, value in named(solution.x).items()}


def _monthly(mixture: Mixture, targets: Tree) -> FloatArray:
    """Mean report intensity by month of age, up to the last age with a share of first reports."""
    first = {age: number(PROPORTION, leaf) for age, leaf in targets["first_report"].items()}
    (infancy, last) = sorted(first)
    at_birth = first[infancy] * number(PROPORTION, targets["in_birth_month"])
    month, year, all_years = (
        mixture.hazard(share) for share in (at_birth, first[infancy], first[last])
    )
    later = _steps(targets["later_ages"], infancy, last)
    later = later * (all_years - year) / later.sum()
    return np.concatenate(([month], np.full(infancy - 1, (year - month) / (infancy - 1)), later))


def _grown_up(mixture: Mixture, early: FloatArray, stages: Tree, targets: Tree) -> Reports:
    """Level of later reports at which the published share reaches a stage before adulthood.

    Those within a few years of infancy count among re-reports too, so that the factor after a
    first report is found anew for each level.
    """
    target = targets["grown_up"]
    adult = int(target["before"])
    chances = reached(stages, target["stage"], adult)
    shape = _steps(target["ages"], len(early), adult)

    def at(log_level: float) -> Reports:
        monthly = np.concatenate((early, math.exp(log_level) * early[-1] * shape))
        return Reports(mixture, monthly, _after_first(mixture, monthly, targets))

    def share(log_level: float) -> float:
        return at(log_level).marked(chances)

    return at(solve_increasing(share, number(PROPORTION, target), -2.0, 2.0))


def _steps(series: Mapping[int, float], first: int, end: int) -> FloatArray:
    """Value of a series by age."""
    return np.array([step(series, age) for age in range(first, end)])


def _after_first(mixture: Mixture, monthly: FloatArray, targets: Tree) -> float:
    """Factor that lets the published share of reported infants be reported again."""
    target = targets["re_report"]

    def share(log_factor: float) -> float:
        once, again = mixture.re_reported(
            monthly, math.exp(log_factor), INFANCY, int(target["within"])
        )
        return mixture.mean(again) / mixture.mean(once)

    return math.exp(solve_increasing(share, number(PROPORTION, target), -3.0, 5.0))


def _fifths(order_by: FloatArray, once: FloatArray, again: FloatArray) -> list[float]:
    """Share reported again in each fifth of those reported once."""
    order = np.argsort(order_by)
    once, again = once[order], again[order]
    middle = (np.cumsum(once) - once / 2.0) / once.sum()
    fifth = np.floor(middle * 5).astype(int)
    return [float(again[fifth == k].sum() / once[fifth == k].sum()) for k in range(5)]


def _annotated(coefficients: Mapping[str, float], ratios: Tree) -> Tree:
    """Coefficients with the sources of the ratios that they reproduce."""
    leaves = {}
    for ratio in ratios.values():
        source = {key: ratio[key] for key in ("evidence", "assumption") if key in ratio}
        note = f"solved for a marginal ratio of first-year reports of {ratio['value']:g}"
        for level in ratio["levels"]:
            leaves[level] = {"value": coefficients[level], **source, "note": note}
    return leaves


def _first(targets: Tree, age: int = INFANCY) -> float:
    """Share of children reported before an age."""
    return number(PROPORTION, targets["first_report"][age])


def _named(ratios: Tree) -> list[str]:
    return [level for ratio in ratios.values() for level in (*ratio["levels"], *ratio["versus"])]


def _by_level(people: Families, risks: FloatArray) -> dict[str, float]:
    """Mean risk of the families at each level."""
    return {level: float(risks[people.has(level)].mean()) for level in LEVELS}
