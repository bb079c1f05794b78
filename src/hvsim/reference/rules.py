"""The rules as formulas: values in, value out (``docs/model.md``, sections 4 to 7)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import NormalDist

from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Level
from hvsim.scenario.vocabulary import TRAITS

Coefficients = Mapping[str, Quantity]
Held = Mapping[str, float]

LATENT = (*TRAITS, "frailty")
"""Standard normal traits that coefficients may name beside levels."""

LOGISTIC_NORMAL = (16 * math.sqrt(3) / (15 * math.pi)) ** 2
"""``g`` of the logistic-normal approximation."""


# --- risk and score ------------------------------------------------------------------------------


def log_multiplier(
    log_hazard_ratios: Iterable[float],
    shared_sd: float,
    shared: float,
    own_sd: float,
    own: float,
) -> float:
    """Log of a family's multiplier on one outcome; each frailty has mean one.

    Parameters
    ----------
    log_hazard_ratios
        Those of the levels that the family has.
    shared_sd, own_sd
        Log standard deviations of the shared and the outcome's own frailty.
    shared, own
        The family's standard normal draws of both.
    """
    frailty = shared_sd * shared - shared_sd**2 / 2 + own_sd * own - own_sd**2 / 2
    return sum(log_hazard_ratios) + frailty


def willingness(correlation: float, shared: float, noise: float) -> float:
    """Standard normal trait with the stated correlation with the shared frailty."""
    return correlation * shared + math.sqrt(1 - correlation**2) * noise


def score(
    with_risk: float, risk: float, with_detection: float, detection: float, noise: float
) -> float:
    """Score of the screen, from the standardized risk and the propensity to be detected."""
    unexplained = math.sqrt(1 - with_risk**2 - with_detection**2)
    return with_risk * risk + with_detection * detection + unexplained * noise


def threshold(flagged: float) -> float:
    """Score above which the stated share of the reference population lies."""
    if flagged in (0.0, 1.0):
        return math.inf if flagged == 0 else -math.inf
    return NormalDist().inv_cdf(1 - flagged)


# --- chances and hazards -------------------------------------------------------------------------


def logit(p: float) -> float:
    """Log odds of a probability other than zero and one."""
    return math.log(p / (1 - p))


def expit(x: float) -> float:
    """Probability with log odds `x`."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def shift(p: float, log_odds: float) -> float:
    """Probability `p` moved by some log odds; zero and one stay as they are."""
    return p if p in (0.0, 1.0) else expit(logit(p) + log_odds)


def lean(
    coefficients: Coefficients, held: Mapping[str, float], margins: Mapping[str, float]
) -> float:
    """How far a family departs from the average one: sum of ``b_j (x_j - pi_j)``.

    Parameters
    ----------
    coefficients
        By trait or level.
    held
        The family's traits by name, and 1 for each level that it has.
    margins
        Share of families at each level.
    """
    return sum(
        b.value * (held.get(name, 0.0) - (0.0 if name in LATENT else margins[name]))
        for name, b in coefficients.items()
    )


def variance(coefficients: Coefficients, margins: Mapping[str, float]) -> float:
    """Variance of `lean` over families, their traits and levels taken as independent."""
    return sum(
        b.value**2 * (1.0 if name in LATENT else margins[name] * (1 - margins[name]))
        for name, b in coefficients.items()
    )


def chance(
    share: float,
    log_odds: Coefficients,
    held: Held,
    margins: Mapping[str, float],
    odds_ratio: float = 1.0,
) -> float:
    """A family's chance, such that the average over families stays close to `share`.

    Parameters
    ----------
    share
        The average.
    log_odds
        By trait or level.
    held
        The family's traits by name, and 1 for each level that it has.
    margins
        Share of families at each level.
    odds_ratio
        What else moves the odds.
    """
    if share in (0.0, 1.0):
        return share
    steepness = math.sqrt(1 + LOGISTIC_NORMAL * variance(log_odds, margins))
    lean_ = lean(log_odds, held, margins) + math.log(odds_ratio)
    return expit(steepness * logit(share) + lean_)


def probability(hazard: float) -> float:
    """Probability of an event within a month of constant hazard."""
    return 1 - math.exp(-hazard)


def given(u: float, p: float, *, so: bool) -> float:
    """A uniform draw as it must have been, had what has probability `p` come out as it did.

    Parameters
    ----------
    u
        Uniform draw.
    p
        Probability, as it was.
    so
        How it came out: so, if the draw lay below `p`.
    """
    return u * p if so else p + u * (1 - p)


def amount(draw: float, mean: float) -> int:
    """Number that an event brings: geometric from 1, with the stated mean.

    Parameters
    ----------
    draw
        Unit exponential draw.
    mean
        Mean, at least 1.
    """
    return 1 if mean == 1 else 1 + math.floor(draw / -math.log(1 - 1 / mean))


def present(share: float, multiplier: float) -> float:
    """Probability that a state is present at entry: the share, had the family multiplier one."""
    return 1 - math.pow(1 - share, multiplier)


# --- money and staff -----------------------------------------------------------------------------


def cents(usd: float) -> int:
    """Whole cents of an amount."""
    return round(100 * usd)


def installment(per_year: int, position: int) -> int:
    """Cents paid in the month at `position` (0 to 11) of a fiscal year; twelve make the year."""
    return per_year * (position + 1) // 12 - per_year * position // 12


def handed_out(received: int, split: float, part: float) -> int:
    """Cents of a stream's month for one provider of one of its programs."""
    return math.floor(received * split * part)


def stay(tenure: float, turnover_per_year: float) -> float:
    """Months that a visitor stays, at least one.

    Parameters
    ----------
    tenure
        Unit exponential draw.
    turnover_per_year
        Share of visitors who leave in a year.
    """
    if turnover_per_year in (0.0, 1.0):
        return math.inf if turnover_per_year == 0 else 1
    hazard = -math.log(1 - turnover_per_year) / 12
    return 1 + math.floor(tenure / hazard)


def training_month(started: int, every: int) -> int:
    """First month from `started` on in which a training cohort begins.

    Parameters
    ----------
    started
        First month of employment.
    every
        Months between cohorts, counted from January.
    """
    return next(month for month in range(started, started + 12) if month % 12 % every == 0)


def carries(caseload: int, ramp_months: int, months: int) -> int:
    """Load units that a visitor carries in the given month since training (from 1)."""
    if months < 1:
        return 0
    if ramp_months == 0:
        return caseload
    return caseload * min(ramp_months, months) // ramp_months


def can_serve(visitor: Callable[[str], float], speaks: Mapping[str, Quantity], held: Held) -> bool:
    """Whether a visitor can serve a family.

    Parameters
    ----------
    visitor
        The visitor's draw for a level.
    speaks
        For levels of one attribute the share of visitors who can serve families at it.
    held
        The family's traits and levels; at a level that `speaks` leaves out anybody can serve it.
    """
    return all(visitor(level) < share.value for level, share in speaks.items() if level in held)


# --- service -------------------------------------------------------------------------------------


def load(levels: Sequence[Level], age: int) -> int:
    """Load units of a family at a child's age: the heaviest level not yet over."""
    return max((level.load for level in levels if level.until_age > age), default=0)


def visits_due(levels: Sequence[Level], age: int) -> int:
    """Visits scheduled in the month of a child's age, spread evenly over the level."""
    for level in levels:
        if level.from_age <= age < level.until_age:
            months, month = level.until_age - level.from_age, age - level.from_age
            return (month + 1) * level.visits // months - month * level.visits // months
    return 0


# --- dose and effect -----------------------------------------------------------------------------


def dose(completed: int, scheduled: int, shape: float) -> float:
    """Share of the visits received, at most all, shaped; zero if none was scheduled."""
    return math.pow(min(1.0, completed / scheduled), shape) if scheduled else 0.0


def fade(months: int, step: int, half_life: float | None) -> float:
    """What is left of an effect some months after service ended, falling in steps."""
    if half_life is None:
        return 1.0
    return math.pow(2, -(months // step * step) / half_life)


def full_dose(hazard_ratio: float, mean_dose: float) -> float:
    """Log hazard ratio at full dose, from the published one and the trial's mean dose."""
    return math.log(hazard_ratio) / mean_dose


def strongest(log_ratios: Iterable[float]) -> float:
    """The one farthest from zero, the first of equals; zero if there is none."""
    return max(log_ratios, key=abs, default=0.0)
