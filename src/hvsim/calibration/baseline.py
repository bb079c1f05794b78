"""Solve a baseline: the numbers of a scenario fragment that meet published first-event targets.

The specification (``calibration/<place>/baseline.yaml``) holds targets, the reference population
and the fragment with its assumptions. Leaves marked ``solved`` are filled here, in this order:
coefficients from marginal risk ratios, monthly intensities from cumulative first reports, the
factor after a first report, the stages after a report, the screen's scale, emergency visits,
depression.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML
from scipy.optimize import root

from hvsim.calibration.frailty import (
    Mixture,
    first_event_hazard,
    lognormal,
    normal_grid,
    solve_increasing,
    weighted_auc,
)
from hvsim.population.families import Families
from hvsim.population.synthesis import reference_births
from hvsim.randomness import normal, purpose
from hvsim.scenario.kinds import BY_STAGE, CORRELATION, PROPORTION, REAL, SPREAD_SD, Kind
from hvsim.scenario.vocabulary import LEVELS

FloatArray = npt.NDArray[np.float64]
Tree: TypeAlias = dict[str, Any]
Intensities: TypeAlias = Callable[[Mapping[str, float]], tuple[FloatArray, FloatArray]]

_NODES = (9, 4, 4, 4)
"""Quadrature nodes for shared frailty, own frailties of harm and false reports, detection."""

INFANCY = 12
"""Months in which a first report is one of infancy."""


@dataclass(frozen=True)
class Solution:
    """A solved fragment and what it implies beyond its targets."""

    fragment: Tree
    figures: Tree


def solve(spec: Tree, families: int | None = None) -> Solution:
    """Fill the fragment of a specification.

    Parameters
    ----------
    spec
        As in ``calibration/la-county/baseline.yaml``.
    families
        Size of the reference population, if not that of the specification.

    Raises
    ------
    ValueError
        If a target is out of reach, or a leaf marked ``solved`` is left.
    """
    fragment = copy.deepcopy(spec["fragment"])
    targets, reference = spec["targets"], spec["reference"]
    shares = {
        attribute: {level: _number(PROPORTION, leaf) for level, leaf in levels.items()}
        for attribute, levels in fragment["population"]["margins"].items()
    }
    people = reference_births(
        shares,
        fragment["population"]["associations"],
        families or reference["families"],
        reference["year"],
        reference["seed"],
    )
    figures: Tree = {}
    reports = _solve_reports(fragment, targets, people, figures)
    _solve_screening(fragment, people, reference["seed"], reports, figures)
    _solve_ed_visits(fragment, targets, people)
    _solve_depression(fragment, targets["depression"], people, figures)
    left = list(_unsolved(fragment))
    if left:
        raise ValueError(f"nothing solves {', '.join(left)}")
    return Solution(fragment, figures)


def read_spec(path: Path) -> Tree:
    """Specification from its file."""
    spec: Tree = YAML(typ="safe").load(path.read_text("utf-8"))
    return spec


# --- reports ---


@dataclass(frozen=True)
class _Reports:
    """The solved intensities of reports, relative to their mean and by month."""

    mixture: Mixture
    monthly: FloatArray
    factor: float


def _solve_reports(fragment: Tree, targets: Tree, people: Families, figures: Tree) -> _Reports:
    chain = fragment["chains"]["child-protection"]
    harm = fragment["outcomes"][chain["true_events"]]
    false = fragment["outcomes"][chain["false_events"]]
    own = {k: _number(REAL, v) for k, v in false["log_hazard_ratios"].items() if k != "solved"}
    kinds = _Kinds(people, [*_named(targets["crude_ratios"]), *own])
    (z, own_true, own_false, seen), nodes = normal_grid(_NODES)
    base, spread = (
        _number(PROPORTION, chain["detected"]),
        _number(SPREAD_SD, chain["detection_spread"]),
    )
    detected = 1.0 / (1.0 + np.exp(-(math.log(base / (1.0 - base)) + spread * seen)))
    found = lognormal(_sds(harm), (z, own_true)) * detected
    unfounded = lognormal(_sds(false), (z, own_false))
    true_share = _number(PROPORTION, targets["true_share"])

    def by_kind(coefficients: Mapping[str, float]) -> tuple[FloatArray, FloatArray]:
        """Relative intensities. Shape (kinds of family, nodes)."""
        shared = kinds.exp(coefficients)
        true, rest = np.outer(shared, found), np.outer(shared * kinds.exp(own), unfounded)
        true *= true_share / (kinds.weights @ true @ nodes)
        rest *= (1.0 - true_share) / (kinds.weights @ rest @ nodes)
        return true, rest

    coefficients = _coefficients(kinds, by_kind, nodes, targets)
    true, rest = by_kind(coefficients)
    weights = np.outer(kinds.weights, nodes).ravel()
    mixture = Mixture(true.ravel(), rest.ravel(), weights).binned()
    monthly = _monthly(mixture, targets)
    factor = _after_first(mixture, monthly, targets)

    shared = kinds.exp(coefficients)
    level = true_share / (kinds.weights @ shared * (found @ nodes))
    level_false = (1.0 - true_share) / (
        kinds.weights @ (shared * kinds.exp(own)) * (unfounded @ nodes)
    )
    ages = [0, 1, *(int(age) for age in targets["later_ages"])]
    _put(harm, "per_month", {age: _rounded(monthly[age] * level) for age in ages})
    _put(false, "per_month", {age: _rounded(monthly[age] * level_false) for age in ages})
    for outcome in (harm, false):
        stated = {k: v for k, v in outcome["log_hazard_ratios"].items() if k != "solved"}
        outcome["log_hazard_ratios"] = _annotated(coefficients, targets["crude_ratios"]) | stated
    _put(chain, "after_first_report", _rounded(factor))
    reports = _Reports(mixture, monthly, factor)
    _solve_stages(chain["stages"], targets, reports, figures)

    risks = _risks(true + rest, kinds.weights, nodes, _first(targets))
    once, again = mixture.re_reported(monthly, 1.0, INFANCY, targets["re_report"]["within"])
    figures["reported before age in months"] = {
        age: mixture.reported(monthly[:age]) for age in (1, 12, 24, 36, 48, 60)
    }
    figures["crude ratio of a first-year report"] = {
        **{name: kinds.ratio(risks, r) for name, r in targets["crude_ratios"].items()},
        **_by_attribute(people, risks[kinds.member], ("payer", "race-ethnicity")),
    }
    by_five = _risks(true + rest, kinds.weights, nodes, _first(targets, 60))[kinds.member]
    young = float(by_five[people.has("age-under-20")].mean())
    figures["reported before 5, mother under 20"] = young
    figures["re-reported within 5 years by frailty alone"] = mixture.mean(again) / mixture.mean(
        once
    )
    every = Mixture(true, rest, np.outer(kinds.weights, nodes))
    once, again = every.re_reported(monthly, factor, INFANCY, int(targets["re_report"]["within"]))
    figures["re-reported within 5 years, by fifth of reported infants in order of"] = {
        "intensity": _fifths(mixture.total, *_weighted(mixture, monthly, factor, targets)),
        "expected intensity given attributes": _fifths(
            shared * kinds.exp(own), kinds.weights * (once @ nodes), kinds.weights * (again @ nodes)
        ),
    }
    return reports


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
    """Mean report intensity by month of age, as far ahead as re-reports of infants are counted."""
    first = {age: _number(PROPORTION, leaf) for age, leaf in targets["first_report"].items()}
    (infancy, last) = sorted(first)
    at_birth = first[infancy] * _number(PROPORTION, targets["in_birth_month"])
    month, year, all_years = (
        mixture.hazard(share) for share in (at_birth, first[infancy], first[last])
    )
    ages = np.arange(infancy, infancy + int(targets["re_report"]["within"]) + 1)
    steps = sorted(targets["later_ages"].items())
    later = np.array([[value for start, value in steps if start <= age][-1] for age in ages])
    later = later * (all_years - year) / later[: last - infancy].sum()
    return np.concatenate(([month], np.full(infancy - 1, (year - month) / (infancy - 1)), later))


def _after_first(mixture: Mixture, monthly: FloatArray, targets: Tree) -> float:
    """Factor that lets the published share of reported infants be reported again."""
    target = targets["re_report"]

    def share(log_factor: float) -> float:
        once, again = mixture.re_reported(
            monthly, math.exp(log_factor), INFANCY, int(target["within"])
        )
        return mixture.mean(again) / mixture.mean(once)

    return math.exp(solve_increasing(share, _number(PROPORTION, target), -3.0, 5.0))


def _weighted(
    mixture: Mixture, monthly: FloatArray, factor: float, targets: Tree
) -> tuple[FloatArray, FloatArray]:
    """Share of all families at each point reported in infancy, and reported again."""
    once, again = mixture.re_reported(monthly, factor, INFANCY, int(targets["re_report"]["within"]))
    return mixture.weights * once, mixture.weights * again


def _fifths(order_by: FloatArray, once: FloatArray, again: FloatArray) -> list[float]:
    """Share reported again in each fifth of those reported once."""
    order = np.argsort(order_by)
    once, again = once[order], again[order]
    middle = (np.cumsum(once) - once / 2.0) / once.sum()
    fifth = np.floor(middle * 5).astype(int)
    return [float(again[fifth == k].sum() / once[fifth == k].sum()) for k in range(5)]


def _solve_stages(stages: Tree, targets: Tree, reports: _Reports, figures: Tree) -> None:
    """Probability of substantiation and of a case from the shares of children before an age."""

    def chances(stage: str) -> FloatArray:
        leaf = stages[stage]
        return np.array([_number(PROPORTION, leaf[origin]) for origin in ("if_true", "if_false")])

    def share(marks: FloatArray, target: str) -> float:
        before = int(targets[target]["before"])
        true, false = float(marks[0]), float(marks[1])
        return reports.mixture.marked(reports.monthly, reports.factor, true, false, before)

    seen = chances("investigated")
    rarely = _number(PROPORTION, stages["substantiated"]["if_false"])
    upheld = solve_increasing(
        lambda p: share(seen * np.array([p, rarely]), "substantiated"),
        _number(PROPORTION, targets["substantiated"]),
        0.0,
        1.0,
    )
    _put(stages["substantiated"], "if_true", _rounded(upheld))
    victims = seen * chances("substantiated")
    away = chances("placed")
    opened = solve_increasing(
        lambda p: share(victims * p * away, "placed"),
        _number(PROPORTION, targets["placed"]),
        0.0,
        1.0,
    )
    for origin in ("if_true", "if_false"):
        _put(stages["case-opened"], origin, _rounded(opened))
    with_harm = _true_part(reports)
    origins = np.array([with_harm, 1.0 - with_harm])
    marks = {
        "investigated": seen,
        "substantiated": victims,
        "case opened": victims * opened,
        "placed": victims * opened * away,
    }
    figures["share of first reports that are"] = {k: float(origins @ m) for k, m in marks.items()}
    figures["share of children before 5"] = {
        stage: share(mark, "substantiated") for stage, mark in marks.items()
    }


def _true_part(reports: _Reports) -> float:
    """Share of infants' first reports that have harm behind them."""
    mixture = reports.mixture
    once, _ = mixture.re_reported(reports.monthly, 1.0, INFANCY, 1)
    return mixture.mean(once * mixture.true / mixture.total) / mixture.mean(once)


# --- the screen ---


def _solve_screening(
    fragment: Tree, people: Families, seed: int, reports: _Reports, figures: Tree
) -> None:
    """Scale of the standardized risk, and how well the stated correlations find families."""
    screening, chain = fragment["screening"], fragment["chains"]["child-protection"]
    harm = fragment["outcomes"][screening["of"]]
    false = fragment["outcomes"][chain["false_events"]]
    sds = _sds(harm)
    linear = _linear(people, harm)
    variance = sum(sd**2 for sd in sds)
    mean, sd = float(linear.mean()) - variance / 2.0, math.sqrt(float(linear.var()) + variance)
    _put(screening, "risk_mean", _rounded(mean))
    _put(screening, "risk_sd", _rounded(sd))

    log_harm = np.log(lognormal(sds, (people.frailty, _own(people, seed, "harm")))) + linear
    log_false = _linear(people, false) + np.log(
        lognormal(_sds(false), (people.frailty, _own(people, seed, "false-report")))
    )
    risk = (log_harm - mean) / sd
    with_risk = _number(CORRELATION, screening["correlation_with_risk"])
    with_detection = _number(CORRELATION, screening["correlation_with_detection"])
    rest = math.sqrt(1.0 - with_risk**2 - with_detection**2)
    score = with_risk * risk + with_detection * people.detection + rest * people.screen_noise
    base = _number(PROPORTION, chain["detected"])
    spread = _number(SPREAD_SD, chain["detection_spread"])
    odds = base / (1.0 - base) * np.exp(spread * people.detection)
    ages = {1: INFANCY, 5: 60}
    for year, months in ages.items():
        harm_total = np.exp(log_harm) * _summed(harm, months)
        hazard = harm_total * odds / (1.0 + odds) + np.exp(log_false) * _summed(false, months)
        reported, harmed = -np.expm1(-hazard), -np.expm1(-harm_total)
        high = score > np.quantile(score, 1.0 - _number(PROPORTION, screening["flagged"]))
        figures[f"before age {year}"] = {
            "reported, on the reference draws": float(reported.mean()),
            "harmed at least once, before any report": float(harmed.mean()),
            "AUC of the score for a report": weighted_auc(score, reported),
            "AUC of the score for harm": weighted_auc(score, harmed),
            "AUC of true risk for a report": weighted_auc(risk, reported),
            "AUC of attributes alone for a report": weighted_auc(linear, reported),
            "share of reported families flagged": float(reported[high].sum() / reported.sum()),
            "risk of a report if flagged": float(reported[high].mean()),
            "risk of a report if not flagged": float(reported[~high].mean()),
        }
    low, high_cut = (float(cut) for cut in screening["risk_group_cuts"])
    figures["share of families by risk group"] = {
        "low": float((risk < low).mean()),
        "medium": float(((risk >= low) & (risk < high_cut)).mean()),
        "high": float((risk >= high_cut).mean()),
    }


def _own(people: Families, seed: int, outcome: str) -> FloatArray:
    number = np.uint64(purpose("frailty", outcome))
    draws = (normal(np.uint64(seed), key, number, 0) for key in people.id)
    return np.fromiter(draws, np.float64, len(people))


def _summed(outcome: Tree, months: int) -> float:
    hazard = BY_STAGE.read(outcome["per_month"])
    return sum(hazard.at(age) for age in range(months))


# --- emergency visits and depression ---


def _solve_ed_visits(fragment: Tree, targets: Tree, people: Families) -> None:
    """Visits per month whose mean over families under five is the published rate."""
    outcome = fragment["outcomes"]["ed-visit"]
    shape = {int(age): float(value) for age, value in targets["ed_ages"].items()}
    monthly = float(targets["ed_visits"]["value"]) / 12.0
    level = monthly / float(np.exp(_linear(people, outcome)).mean())
    level /= sum(shape.values()) / len(shape)
    _put(outcome, "per_month", {age: _rounded(level * value) for age, value in shape.items()})


def _solve_depression(fragment: Tree, target: Tree, people: Families, figures: Tree) -> None:
    """Share in the state at entry and onset, from the share in it and ever in it after birth."""
    outcome = fragment["outcomes"]["maternal-depression"]
    (z, own), nodes = normal_grid((15, 15))
    linear, counts = np.unique(_linear(people, outcome), return_counts=True)
    relative = np.outer(np.exp(linear), lognormal(_sds(outcome), (z, own))).ravel()
    weights = np.outer(counts / counts.sum(), nodes).ravel()
    shape = {int(age): float(value) for age, value in target["onset"].items()}
    leave = -math.expm1(-_number(BY_STAGE, outcome["exit_per_month"]))

    def course(entry: float, level: float, until: int) -> Iterator[tuple[int, float, float]]:
        """(age, share in the state, share ever in it) at the start of each month."""
        never = (1.0 - entry) ** relative
        state = 1.0 - never
        for age in range(int(target["enters"]), until + 1):
            yield age, float(weights @ state), float(weights @ (1.0 - never))
            onset = level * [value for start, value in shape.items() if start <= age][-1]
            state = state * (1.0 - leave) + (1.0 - state) * -np.expm1(-relative * onset)
            never = never * np.exp(-relative * onset)

    wanted = [_number(PROPORTION, target[key]) for key in ("in_state", "ever_by_then")]

    def misfit(logs: FloatArray) -> list[float]:
        *_, (_, state, ever) = course(math.exp(logs[0]), math.exp(logs[1]), int(target["at_month"]))
        return [state / wanted[0] - 1.0, ever / wanted[1] - 1.0]

    solution = root(misfit, np.log([0.06, 0.01]))
    if not solution.success:
        raise ValueError(f"no onset meets the shares of depression: {solution.message}")
    entry, level = (math.exp(value) for value in solution.x)
    _put(outcome, "present_at_entry", _rounded(entry))
    _put(outcome, "per_month", {age: _rounded(level * value) for age, value in shape.items()})
    figures["mothers depressed at child age in months"] = {
        age: state for age, state, _ in course(entry, level, 60) if age % 12 == 0 or age in (-5, 4)
    }


# --- trees of annotated numbers ---


def _number(kind: Kind, leaf: Any) -> float:
    """Value of a leaf as a scenario file writes it; targets may hold further keys."""
    return kind.read(leaf["value"] if isinstance(leaf, dict) else leaf).value


def _put(record: Tree, field: str, value: object) -> None:
    """Write a solved value in place of its mark."""
    leaf = record[field]
    if not leaf.get("solved"):
        raise ValueError(f"'{field}' is not marked as solved")
    record[field] = {"value": value, **{k: v for k, v in leaf.items() if k != "solved"}}
    record[field].setdefault("note", "solved by calibration/la-county/baseline.py")


def _annotated(coefficients: Mapping[str, float], ratios: Tree) -> Tree:
    """Coefficients with the sources of the ratios that they reproduce."""
    leaves = {}
    for ratio in ratios.values():
        source = {key: ratio[key] for key in ("evidence", "assumption") if key in ratio}
        note = f"solved for a marginal ratio of first-year reports of {ratio['value']:g}"
        for level in ratio["levels"]:
            leaves[level] = {"value": coefficients[level], **source, "note": note}
    return leaves


def _unsolved(tree: Tree, path: str = "") -> Iterator[str]:
    for key, value in tree.items():
        if key == "solved":
            yield path
        elif isinstance(value, dict):
            yield from _unsolved(value, f"{path}.{key}" if path else key)


def _rounded(value: float) -> float:
    """Four significant digits: more would claim what no target supports."""
    return float(f"{value:.4g}")


def _sds(outcome: Tree) -> tuple[float, float]:
    return (
        _number(SPREAD_SD, outcome["shared_frailty_sd"]),
        _number(SPREAD_SD, outcome["own_frailty_sd"]),
    )


def _linear(people: Families, outcome: Tree) -> FloatArray:
    """Sum of each family's coefficients."""
    log = np.zeros(len(people))
    for level, leaf in outcome["log_hazard_ratios"].items():
        log += _number(REAL, leaf) * people.has(level)
    return log


def _first(targets: Tree, age: int = INFANCY) -> float:
    """Share of children reported before an age."""
    return _number(PROPORTION, targets["first_report"][age])


def _named(ratios: Tree) -> list[str]:
    return [level for ratio in ratios.values() for level in (*ratio["levels"], *ratio["versus"])]


def _by_attribute(
    people: Families, risks: FloatArray, attributes: Sequence[str]
) -> dict[str, float]:
    """Mean risk at each level over that of everyone."""
    return {
        f"{level} over all": float(risks[people.has(level)].mean() / risks.mean())
        for level, attribute in LEVELS.items()
        if attribute in attributes
    }
