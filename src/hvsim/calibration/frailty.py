"""Expectations over families of unequal risk, in closed form given the risk.

A family's report intensity in month a is ``u rho(a)``: `u` its relative intensity, of mean one,
and `rho` the mean intensity. Events are independent given `u`, so the share of families with a
first event before age a is ``1 - L(H(a))``, with H the sum of rho and ``L(s) = E[exp(-s u)]``.
Expectations are weighted sums over a grid: no simulation noise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

FloatArray = npt.NDArray[np.float64]


def normal_grid(counts: Sequence[int]) -> tuple[list[FloatArray], FloatArray]:
    """Gauss-Hermite quadrature of independent standard normals: flat coordinates and weights."""
    parts = [np.polynomial.hermite_e.hermegauss(count) for count in counts]
    coordinates = np.meshgrid(*(nodes for nodes, _ in parts), indexing="ij")
    weights = np.ones(1)
    for _, part in parts:
        weights = np.outer(weights, part / part.sum()).ravel()
    return [axis.ravel() for axis in coordinates], weights


def lognormal(sds: Sequence[float], normals: Sequence[FloatArray]) -> FloatArray:
    """Frailty of mean one from independent normals and its log standard deviations."""
    log = sum(sd * normal - sd**2 / 2.0 for sd, normal in zip(sds, normals, strict=True))
    return np.asarray(np.exp(log))


def first_event_hazard(relative: FloatArray, weights: FloatArray, share: float) -> float:
    """Cumulative hazard H at which a share of families has had a first event.

    Solves ``sum(weights exp(-H relative)) = 1 - share``.
    """

    def excess(hazard: float) -> float:
        return 1.0 - share - float(weights @ np.exp(-hazard * relative))

    # Unequal risk exhausts itself: H is at least that of equal families (Jensen).
    low = high = -math.log1p(-share) / float(weights @ relative)
    while excess(high) < 0.0:
        high *= 2.0
    return float(brentq(excess, low * (1.0 - 1e-12), high, rtol=1e-13))


@dataclass(frozen=True)
class Mixture:
    """Families of unequal report intensity.

    Attributes
    ----------
    true, false
        Relative intensity of reports with and without harm behind them; together of mean one.
    weights
        Share of families at each point; they sum to one.
    harm
        Relative intensity of harm itself: that of reports with harm if every episode were reported.
    """

    true: FloatArray
    false: FloatArray
    weights: FloatArray
    harm: FloatArray

    @property
    def total(self) -> FloatArray:
        """Relative intensity of all reports."""
        return self.true + self.false

    def binned(self, per_log_unit: int = 12) -> Mixture:
        """Nearly the same mixture with far fewer points: means within cells of a log grid."""
        rows, columns = (
            np.floor(np.log(part) * per_log_unit).astype(np.int64)
            for part in (self.true, self.false)
        )
        width = int(np.ptp(columns)) + 1
        _, cell = np.unique(rows * width + columns - columns.min(), return_inverse=True)
        weights = np.bincount(cell, self.weights).astype(np.float64)
        true, false, harm = (
            np.bincount(cell, self.weights * part) / weights
            for part in (self.true, self.false, self.harm)
        )
        return Mixture(true, false, weights, harm)

    def true_after(self, factor: float) -> FloatArray:
        """Relative intensity of reports with harm after the first report."""
        return np.minimum(factor * self.true, self.harm)

    def mean(self, values: FloatArray) -> float:
        """Expectation over families."""
        return float(self.weights @ values)

    def hazard(self, share: float) -> float:
        """Cumulative mean intensity at which a share has been reported."""
        return first_event_hazard(self.total, self.weights, share)

    def reported(self, monthly: FloatArray) -> float:
        """Share reported over the months given."""
        return self.mean(-np.expm1(-self.total * float(monthly.sum())))

    def re_reported(
        self, monthly: FloatArray, factor: float, first: int, within: int
    ) -> tuple[FloatArray, FloatArray]:
        """Probability of a first report before age `first`, and of one followed by another.

        Parameters
        ----------
        monthly
            Mean intensity by month of age.
        factor
            On reporting from the month after the first report.
        first, within
            Months in which the first report falls; months from it to the next.
        """
        ends = _cumulated(monthly)
        after = self.true_after(factor) + factor * self.false
        once, again = np.zeros_like(self.total), np.zeros_like(self.total)
        for age in range(first):
            now = np.exp(-self.total * ends[age]) - np.exp(-self.total * ends[age + 1])
            ahead = ends[age + 1 + within] - ends[age + 1]
            once += now
            again += now * -np.expm1(-after * ahead)
        return once, again

    def marked(self, monthly: FloatArray, factor: float, chances: FloatArray) -> float:
        """Share of children with a report that carries a mark, over the months of `chances`.

        Parameters
        ----------
        chances
            Probability that a report with, without harm behind it carries the mark, by month.
            Shape (2, months).
        """
        months = chances.shape[1]
        before, after = self._marks(monthly, factor, chances)
        ahead = np.concatenate((np.cumsum(after[::-1], axis=0)[::-1][1:], np.zeros_like(after[:1])))
        ends = _cumulated(monthly)
        free = np.exp(-self.total * ends[months])
        for age in range(months):
            # First reported in this month, without the mark in it or after it.
            now = np.exp(-before[age]) - np.exp(-self.total * monthly[age])
            free += np.exp(-self.total * ends[age] - ahead[age]) * now
        return 1.0 - self.mean(free)

    def marks(self, monthly: FloatArray, factor: float, chances: FloatArray) -> FloatArray:
        """Mean number of marked reports by month, repeats included (see `marked`)."""
        months = chances.shape[1]
        before, after = self._marks(monthly, factor, chances)
        never = np.exp(-np.outer(_cumulated(monthly)[:months], self.total))
        return np.asarray((never * before + (1.0 - never) * after) @ self.weights)

    def _marks(
        self, monthly: FloatArray, factor: float, chances: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Intensity of marked reports up to the first report's month, and after it.

        Shapes (months, points).
        """
        rates = (monthly[: chances.shape[1]] * chances)[:, :, None]
        before = rates[0] * self.true + rates[1] * self.false
        return before, rates[0] * self.true_after(factor) + rates[1] * factor * self.false


@dataclass(frozen=True)
class Reports:
    """Unequal intensities, their mean by month of age, the factor after a first report."""

    mixture: Mixture
    monthly: FloatArray
    factor: float

    def marked(self, chances: FloatArray) -> float:
        """Share of children with a report that carries a mark (`Mixture.marked`)."""
        return self.mixture.marked(self.monthly, self.factor, chances)

    def marks(self, chances: FloatArray) -> FloatArray:
        """Mean number of marked reports by month, repeats included."""
        return self.mixture.marks(self.monthly, self.factor, chances)

    def repeated(self, first: int, within: int) -> tuple[FloatArray, FloatArray]:
        """Share of all families reported before age `first`, and again, at each point."""
        once, again = self.mixture.re_reported(self.monthly, self.factor, first, within)
        return self.mixture.weights * once, self.mixture.weights * again

    def of_first(self, chances: FloatArray) -> float:
        """Share of the first reports over the months of `chances` that carry a mark."""
        mixture, months = self.mixture, chances.shape[1]
        never = np.exp(-np.outer(_cumulated(self.monthly)[: months + 1], mixture.total))
        first = (never[:-1] - never[1:]) * mixture.weights
        true = mixture.true / mixture.total
        marked = (first @ true) @ chances[0] + (first @ (1.0 - true)) @ chances[1]
        return float(marked / first.sum())


def _cumulated(monthly: FloatArray) -> FloatArray:
    return np.concatenate(([0.0], np.cumsum(monthly)))


def solve_increasing(
    function: Callable[[float], float], target: float, low: float, high: float
) -> float:
    """Point between `low` and `high` where an increasing function reaches its target.

    Raises
    ------
    ValueError
        If it does not reach it there.
    """
    if not function(low) <= target <= function(high):
        raise ValueError(
            f"{target:g} is out of reach: {function(low):g} to {function(high):g} is possible"
        )
    return float(brentq(lambda x: function(x) - target, low, high, xtol=1e-10))


def weighted_auc(score: FloatArray, chance: FloatArray) -> float:
    """Probability that a family with the event scores above one without (ties count half).

    Parameters
    ----------
    score
        Score of each family.
    chance
        Each family's probability of the event.
    """
    order = np.argsort(score)
    cases, others = chance[order], 1.0 - chance[order]
    below = np.cumsum(others) - others / 2.0
    return float(cases @ below / (cases.sum() * others.sum()))
