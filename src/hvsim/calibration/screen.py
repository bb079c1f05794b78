"""The screen: the scale of risk, and how well stated correlations find families."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from hvsim.calibration.frailty import lognormal, weighted_auc
from hvsim.calibration.leaves import Tree, linear, number, put, rounded, sds
from hvsim.calibration.reports import INFANCY
from hvsim.population.families import Families
from hvsim.randomness import normal, purpose
from hvsim.scenario.kinds import BY_STAGE, CORRELATION, PROPORTION, SPREAD_SD

FloatArray = npt.NDArray[np.float64]


def solve_screen(fragment: Tree, targets: Tree, people: Families, seed: int, note: str) -> Tree:
    """Solve mean and spread of the screened outcome's log multiplier; say what the screen does.

    The figures rest on the reference families' own draws, not on quadrature.
    """
    screening, chain = fragment["screening"], fragment["chains"][targets["chain"]]
    harm = fragment["outcomes"][screening["of"]]
    variance = sum(sd**2 for sd in sds(harm))
    attributes = linear(people, harm)
    mean = float(attributes.mean()) - variance / 2.0
    sd = math.sqrt(float(attributes.var()) + variance)
    put(screening, "risk_mean", rounded(mean), note)
    put(screening, "risk_sd", rounded(sd), note)

    names = (chain["true_events"], chain["false_events"])
    harm_m, false_m = (_multiplier(fragment, name, people, seed) for name in names)
    risk = (np.log(_multiplier(fragment, screening["of"], people, seed)) - mean) / sd
    score = _score(screening, risk, people)
    base, spread = (
        number(PROPORTION, chain["detected"]),
        number(SPREAD_SD, chain["detection_spread"]),
    )
    odds = base / (1.0 - base) * np.exp(spread * people.detection)
    high = score > np.quantile(score, 1.0 - number(PROPORTION, screening["flagged"]))
    figures: Tree = {}
    for months in (INFANCY, max(targets["first_report"])):
        harm_rate, false_rate = (_summed(fragment["outcomes"][name], months) for name in names)
        hazard = harm_m * harm_rate * odds / (1.0 + odds) + false_m * false_rate
        reported, harmed = -np.expm1(-hazard), -np.expm1(-harm_m * harm_rate)
        figures[f"before {months} months"] = {
            "reported, on the reference draws": float(reported.mean()),
            "harmed at least once, before any report": float(harmed.mean()),
            "AUC of the score for a report": weighted_auc(score, reported),
            "AUC of the score for harm": weighted_auc(score, harmed),
            "AUC of true risk for a report": weighted_auc(risk, reported),
            "AUC of attributes alone for a report": weighted_auc(attributes, reported),
            "share of reported families flagged": float(reported[high].sum() / reported.sum()),
            "risk of a report if flagged": float(reported[high].mean()),
            "risk of a report if not flagged": float(reported[~high].mean()),
        }
    medium, top = (float(cut) for cut in screening["risk_group_cuts"])
    figures["share of families by risk group"] = {
        "low": float((risk < medium).mean()),
        "medium": float(((risk >= medium) & (risk < top)).mean()),
        "high": float((risk >= top).mean()),
    }
    return figures


def _score(screening: Tree, risk: FloatArray, people: Families) -> FloatArray:
    with_risk, with_detection = (
        number(CORRELATION, screening[f"correlation_with_{what}"]) for what in ("risk", "detection")
    )
    rest = math.sqrt(1.0 - with_risk**2 - with_detection**2)
    return with_risk * risk + with_detection * people.detection + rest * people.screen_noise


def _multiplier(fragment: Tree, name: str, people: Families, seed: int) -> FloatArray:
    """Each family's multiplier of an outcome, with its own draws."""
    number_of_draw = np.uint64(purpose("frailty", name))
    draws = (normal(np.uint64(seed), key, number_of_draw, 0) for key in people.id)
    own = np.fromiter(draws, np.float64, len(people))
    outcome = fragment["outcomes"][name]
    return np.exp(linear(people, outcome)) * lognormal(sds(outcome), (people.frailty, own))


def _summed(outcome: Tree, months: int) -> float:
    hazard = BY_STAGE.read(outcome["per_month"])
    return sum(hazard.at(age) for age in range(months))
