"""What draws hold: the reports that an agency receives, which fix harm and its detection together.

Reports say how many episodes are detected, and not how many there are: a rate of harm without a
range was solved with the share detected, and means nothing beside another share. So where a draw
changes detection, the rate of harm moves against the mean share detected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from scipy.special import expit, logit

from hvsim.scenario.schema import Chain, Scenario

Path: TypeAlias = tuple[str, ...]

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(40)


def held(scenario: Scenario, values: Mapping[Path, float]) -> dict[Path, float]:
    """What to multiply rates of harm by, to keep the mean rate of reports with harm behind them.

    The mean is over families, whose propensities to be detected are standard normal; log odds by
    attribute are relative to the mean family, and left out.

    Parameters
    ----------
    scenario
        As it is written.
    values
        What a draw says of its numbers, by path; a rate among them stays as drawn.
    """
    found = {}
    for name, chain in scenario.chains.items():
        path = rate_of(chain)
        detection = ("chains", name, "detected"), ("chains", name, "detection_spread")
        if path in values or not any(part in values for part in detection):
            continue
        written = chain.detected.value, chain.detection_spread.value
        drawn = (values.get(*each) for each in zip(detection, written, strict=True))
        found[path] = mean_detected(*written) / mean_detected(*drawn)
    return found


def rate_of(chain: Chain) -> Path:
    """Path of the rate of what a chain detects."""
    return ("outcomes", chain.true_events, "per_month")


def mean_detected(detected: float, spread: float) -> float:
    """Mean share detected over families: of a logistic normal, by Gauss-Hermite quadrature.

    Parameters
    ----------
    detected
        Share at the mean propensity.
    spread
        Log odds per standard deviation of the propensity.
    """
    return float(expit(logit(detected) + spread * _NODES) @ _WEIGHTS / _WEIGHTS.sum())
