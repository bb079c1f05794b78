"""What the closed forms share: error rates, certain scenarios, counting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from agreement.agreeing import FastRun
from hvsim.population import Families
from hvsim.scenario import Scenario
from reference.hamlet import families, today

ALARM = 1e-4
Matrix = npt.NDArray[np.float64]

CERTAIN = (
    "warm_start.months=0",
    "doors.clinic=null",
    "doors.hospital.share_of_births=1",
    "doors.hospital.share_log_odds={}",
    "doors.hospital.consents=1",
    "doors.hospital.offers=[light]",
    "programs.nurses=null",
    "programs.parents=null",
    "providers.nurse-team=null",
    "providers.hill-parents=null",
    "providers.both-parents=null",
    "funding.grant=null",
    "funding.county={from: 1990-01, to: 2150-01, per_year: 200 M USD, pays_for: [light]}",
    "programs.light.gives_way_to=[]",
    "programs.light.accepts=1",
    "programs.light.visits_completed=1",
    "programs.light.leaves_per_month=0",
    "programs.light.fade_half_life=null",
    "programs.light.staff.turnover_per_year=0",
    "programs.light.levels=[{from_age: 0, until_age: 9, visits: 9, load: 1}]",
)
"""Every birth is met, screened and offered light visits; all accept, find a place and stay."""

NO_FRAILTY = tuple(
    f"outcomes.{name}.{field}"
    for name in today().outcomes
    for field in ("shared_frailty_sd=0", "own_frailty_sd=0", "log_hazard_ratios={}")
)


def within(count: float, law: object, looks: int = 1) -> bool:
    """Whether a count lies between the quantiles of its law."""
    low, high = law.ppf([ALARM / looks / 2, 1 - ALARM / looks / 2])  # type: ignore[attr-defined]  # of scipy or the engine, typed as an object
    return bool(low <= count <= high)


def normal_bound(looks: int = 1) -> float:
    return NormalDist().inv_cdf(1 - ALARM / looks / 2)


def newborns(scenario: Scenario, n: int, seed: int = 1) -> Families:
    """Families all born in the first month."""
    return families([scenario.start] * n, seed)


def run(*overrides: str, n: int = 5000, seed: int = 3) -> FastRun:
    scenario = today(*CERTAIN, *overrides)
    return FastRun(scenario, newborns(scenario, n), seed)


@lru_cache(maxsize=1)
def tallied(result: FastRun) -> Counter[tuple[str, int]]:
    return Counter((label.split("/")[0], month) for _, month, label in result.trace)


def count(result: FastRun, label: str, months: Iterable[int] | None = None) -> int:
    """Events of a kind, in all months or some."""
    if months is None:
        return sum(n for (what, _), n in tallied(result).items() if what == label)
    return sum(tallied(result)[label, month] for month in months)
