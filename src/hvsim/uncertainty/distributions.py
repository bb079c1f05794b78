"""From a number with bounds to its distribution, by the method of moments.

The bounds are taken for a 95% interval. Which family a kind of number has if its file names none
is the usual one of the field (Briggs, Claxton and Sculpher 2006, Oxford University Press, section
4.3): beta for proportions, lognormal for ratios, whose published value is the center on the
logarithmic scale, gamma for what is above zero, normal for what may be negative.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import numpy as np
from scipy.special import gammainc, ndtr

from hvsim.economics.evaluation.moments import Beta, Gamma, Lognormal, Normal
from hvsim.scenario.kinds import KINDS
from hvsim.scenario.quantities import Quantity

FAMILIES: Final = {
    "proportion": "beta",
    "share-by-age": "beta",
    "correlation": "normal",
    "ratio": "lognormal",
    "positive-ratio": "lognormal",
    "real": "normal",
    "spread-sd": "gamma",
    "count": "gamma",
    "qalys": "gamma",
    "money": "gamma",
    "money-per-year": "gamma",
    "duration": "gamma",
    "by-stage": "gamma",
}
"""Family of each kind of number (`hvsim.scenario.kinds`) whose file names none."""

FALLBACK: Final = "triangular"
"""Family of a number whose own has no distribution with these bounds: a share of exactly zero, a
ratio whose lower bound is zero, bounds too skewed to be computed."""


_EXTREMES: Final = (1e-12, 0.5, 1 - 1e-12)


class Distribution(Protocol):
    """Turns uniform numbers into values."""

    def value(self, u: float) -> float:
        """Quantile of a number strictly between 0 and 1."""


@dataclass(frozen=True)
class Uniform:
    """All values between the bounds alike."""

    low: float
    high: float

    def value(self, u: float) -> float:
        return self.low + u * (self.high - self.low)


@dataclass(frozen=True)
class Triangular:
    """From the lower bound to the upper, likeliest at the value."""

    low: float
    mode: float
    high: float

    def value(self, u: float) -> float:
        width = self.high - self.low
        below = (self.mode - self.low) / width
        if u < below:
            return self.low + math.sqrt(u * width * (self.mode - self.low))
        return self.high - math.sqrt((1 - u) * width * (self.high - self.mode))


@dataclass(frozen=True)
class Within:
    """A distribution cut to the limits of its kind, so that no draw is impossible.

    Attributes
    ----------
    whole
        The distribution before it is cut.
    low, high
        Limits, which may be infinite.
    """

    whole: Beta | Gamma | Lognormal | Normal
    low: float
    high: float

    def value(self, u: float) -> float:
        first, last = share_below(self.whole, self.low), share_below(self.whole, self.high)
        quantile = float(self.whole.quantile(first + u * (last - first)))
        return min(max(quantile, self.low), self.high)


def share_below(distribution: Beta | Gamma | Lognormal | Normal, limit: float) -> float:
    """Cumulative distribution function, at a limit of a kind."""
    if math.isinf(limit):
        return 0.0 if limit < 0 else 1.0
    if isinstance(distribution, Normal):
        return float(ndtr((limit - distribution.mean) / distribution.sd))
    if isinstance(distribution, Beta) or limit <= 0:  # limits of a share are those of a beta
        return 0.0 if limit <= 0 else 1.0
    if isinstance(distribution, Gamma):
        return float(gammainc(distribution.shape, limit / distribution.scale))
    return float(ndtr((math.log(limit) - distribution.mu) / distribution.sigma))


@cache
def distribution_of(number: Quantity) -> tuple[str, Distribution] | None:
    """Family and distribution of a number; none if its file gives it no range.

    Parameters
    ----------
    number
        A number of a scenario. A series has the distribution of its first value.
    """
    low, high = number.low, number.high
    if low is None or high is None or low == high:
        return None
    family = number.distribution or FAMILIES[number.kind]
    if family == "uniform":
        return family, Uniform(low, high)
    try:
        whole = _whole(family, number.value, low, high)
    except ValueError:  # the family has no member with these moments
        whole = None
    if whole is None:
        return FALLBACK, Triangular(low, number.value, high)
    kind = KINDS[number.kind]
    least = max(
        -math.inf if kind.minimum is None else kind.minimum,
        -math.inf if kind.above is None else kind.above,
    )
    found = Within(whole, least, math.inf if kind.maximum is None else kind.maximum)
    with np.errstate(over="ignore", invalid="ignore"):
        computable = all(math.isfinite(found.value(u)) for u in _EXTREMES)
    return (family, found) if computable else (FALLBACK, Triangular(low, number.value, high))


def _whole(
    family: str, value: float, low: float, high: float
) -> Beta | Gamma | Lognormal | Normal | None:
    match family:
        case "beta":
            return Beta.from_interval(value, low, high)
        case "gamma":
            return Gamma.from_interval(value, low, high)
        case "lognormal":
            return Lognormal.from_median(value, low, high)
        case "normal":
            return Normal.from_interval(value, low, high)
        case _:
            return None
