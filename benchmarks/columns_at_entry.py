"""What families of columns.py bring along: multipliers, chances, what will be so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from hvsim.chances import attenuated_logit
from hvsim.population import Families
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Outcome

Floats = npt.NDArray[np.float64]


def log_multiplier(outcome: Outcome, families: Families, rng: np.random.Generator) -> Floats:
    """Logarithm of each family's multiplier of a hazard."""
    shared, own = outcome.shared_frailty_sd.value, outcome.own_frailty_sd.value
    log = shared * families.frailty - 0.5 * (shared**2 + own**2)
    if own > 0:
        log += own * rng.standard_normal(len(families))
    by_level = {level: b.value for level, b in outcome.log_hazard_ratios.items()}
    for column, levels in enumerate(families.attributes.values()):
        if any(level in by_level for level in levels):
            ratios = np.array([by_level.get(level, 0.0) for level in levels])
            log += ratios[families.levels[:, column]]
    return log


def lean(by: Mapping[str, Quantity], families: Families, margin: Mapping[str, float]) -> Floats:
    """How far the log odds of each family depart from the average."""
    total = np.zeros(len(families))
    for name, b in by.items():
        if name == "frailty":
            total += b.value * families.frailty
        else:
            total += b.value * (families.has(name) - margin[name])
    return total


def will_be_so(
    outcome: Outcome, families: Families, margin: Mapping[str, float], rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Whether a status will hold; without services what was realized is so."""
    if outcome.realized is not None:
        return families.has(outcome.realized)
    assert outcome.share is not None
    variance = sum(
        b.value**2 * (1 if name == "frailty" else margin[name] * (1 - margin[name]))
        for name, b in outcome.share_log_odds.items()
    )
    leaning = lean(outcome.share_log_odds, families, margin)
    p = 1 / (1 + np.exp(-attenuated_logit(outcome.share.value, variance) - leaning))
    return np.asarray(rng.random(len(families)) < p)
