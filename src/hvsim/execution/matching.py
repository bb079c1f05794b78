"""Scenarios brought to the same money, or to the same hires: the factor on what scales in them.

Scaled are the amounts of the streams whose `scales` is true. What a strategy then pays out is not
in proportion: positions are whole, and people must be found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from hvsim.execution.hiring import Shortage, positions, shortages
from hvsim.months import fiscal_year
from hvsim.population import families_of
from hvsim.runs.tables import fiscal_years
from hvsim.scenario import Problem, Scenario, ScenarioError
from hvsim.scenario.errors import Origin
from hvsim.scenario.variants import with_money
from hvsim.simulation import simulate
from hvsim.simulation.ledger import Ledger
from hvsim.simulation.plan import units_of

if TYPE_CHECKING:
    from hvsim.economics import Prices

Measured: TypeAlias = Literal["spending", "visitors"]
"""What is made equal: dollars paid out over the baseline, discounted, to the fiscal year of the
last births; or visitors at work over the baseline, on average until then."""

TOLERANCE: Final = 0.005
"""Share of what is wanted by which it may be missed."""

HIGHEST_FACTOR: Final = 64.0
"""Beyond this more money is not tried."""

STALLED: Final = 0.02
"""If doubling the money brings less than this share of what is wanted, people are what is short."""

MOST_RUNS: Final = 14
"""Runs after which the nearest factor is taken: positions are whole."""


@dataclass(frozen=True)
class Reached:
    """What a scenario does with some money, over the baseline.

    Attributes
    ----------
    spending, unspent
        Dollars paid out, and received and not paid out, discounted.
    visitors
        At work, on average.
    shortages
        Where positions added stay open, the earliest year first.
    """

    spending: float
    unspent: float
    visitors: float
    shortages: tuple[Shortage, ...]


@dataclass(frozen=True)
class Matched:
    """A scenario with as much money as brings it to what is wanted, or as near as there is.

    Attributes
    ----------
    scenario
        The scenario with that money.
    factor
        On the amounts of the streams that scale.
    wanted
        What was to be reached.
    as_planned, reached
        The same measure at factor 1 and at the factor found.
    most
        The most that any money tried brought.
    at
        All that is known at the factor found.
    runs
        Runs that the search took.
    """

    scenario: Scenario
    factor: float
    wanted: float
    as_planned: float
    reached: float
    most: float
    at: Reached
    runs: int

    @property
    def is_reached(self) -> bool:
        """Whether what was wanted is reached within `TOLERANCE`."""
        return abs(self.reached - self.wanted) <= TOLERANCE * self.wanted

    @property
    def hiring_binds(self) -> bool:
        """Whether more money would not reach it: people are short."""
        return self.most < self.wanted * (1 - TOLERANCE) and bool(self.at.shortages)


class Search:
    """Runs of scenarios against one baseline, under central effects, on the same families.

    Parameters
    ----------
    baseline
        The system that all is over.
    prices
        Whose index and discounting make dollars comparable.
    measured
        What is made equal.
    seed, scale, threads
        As for `hvsim.execution.compare`. One replicate: money and staff hardly hang on luck.
    """

    def __init__(
        self,
        baseline: Scenario,
        prices: Prices,
        *,
        measured: Measured = "spending",
        seed: int = 1,
        scale: float = 1.0,
        threads: int = 1,
    ) -> None:
        self.measured = measured
        self.prices = prices
        self.seed = seed
        self.scale = 1 / units_of(scale)
        self.threads = threads
        self._known: dict[str, Reached] = {}
        self._families = families_of(baseline, seed, self.scale, threads=threads)
        self._before = self._run(baseline)
        self._price_year = baseline.price_year
        self._last = fiscal_year(baseline.end, baseline.fiscal_year_starts)

    def as_planned(self, scenario: Scenario) -> float:
        """What the scenario reaches with the money that it states."""
        return self._measure(self._planned(scenario))

    def match(self, scenario: Scenario, wanted: float) -> Matched:
        """Find the factor at which a scenario reaches what is wanted.

        The factor is doubled until it brings enough or brings no more; then the gap is closed
        by regula falsi, no step nearer to an end than a tenth of the gap.

        Parameters
        ----------
        scenario
            With streams that scale.
        wanted
            Discounted dollars, or visitors, over the baseline.

        Raises
        ------
        ScenarioError
            If nothing in the scenario scales.
        ValueError
            If `wanted` is not above zero.
        """
        if wanted <= 0:
            raise ValueError(f"{wanted:g} wanted; it must be above zero")
        refuse_without_scaling(scenario)
        tried = {1.0: self._planned(scenario)}

        def reached(factor: float) -> float:
            tried[factor] = self._reached(with_money(scenario, factor))
            return self._measure(tried[factor])

        planned = self._measure(tried[1.0])
        low, high = (0.0, 1.0) if planned >= wanted else self._more(reached, planned, wanted)
        found = {factor: self._measure(one) for factor, one in tried.items()}
        while high - low > TOLERANCE * high / 10 and len(tried) < MOST_RUNS:
            if any(abs(one - wanted) <= TOLERANCE * wanted for one in found.values()):
                break
            below = found.get(low, 0.0)
            share = (wanted - below) / (found[high] - below)
            middle = low + (high - low) * min(max(share, 0.1), 0.9)
            found[middle] = reached(middle)
            low, high = (low, middle) if found[middle] >= wanted else (middle, high)
        factor = _nearest(found, wanted)
        return Matched(
            scenario=with_money(scenario, factor),
            factor=factor,
            wanted=wanted,
            as_planned=planned,
            reached=found[factor],
            most=max(found.values()),
            at=tried[factor],
            runs=len(tried),
        )

    def _more(
        self, reached: Callable[[float], float], planned: float, wanted: float
    ) -> tuple[float, float]:
        """Factors that bring less and more than is wanted; the same twice if none brings more."""
        low, found = 1.0, planned
        while low < HIGHEST_FACTOR:
            high, before = 2 * low, found
            found = reached(high)
            if found >= wanted:
                return low, high
            low = high
            if found - before < STALLED * wanted:
                break
        return low, low

    def _run(self, scenario: Scenario) -> Ledger:
        return simulate(
            scenario,
            seed=self.seed,
            scale=self.scale,
            threads=self.threads,
            families=self._families,
        )

    def _planned(self, scenario: Scenario) -> Reached:
        """What the scenario reaches as it is, run once however often it is asked for."""
        content = scenario.sha256()
        if content not in self._known:
            self._known[content] = self._reached(scenario)
        return self._known[content]

    def _reached(self, scenario: Scenario) -> Reached:
        ledger = self._run(scenario)
        return Reached(
            spending=self._spending(ledger),
            unspent=self._unspent(ledger),
            visitors=self._visitors(ledger),
            shortages=shortages(ledger, self._before, scenario, self._last),
        )

    def _measure(self, reached: Reached) -> float:
        return reached.spending if self.measured == "spending" else reached.visitors

    def _spending(self, ledger: Ledger) -> float:
        """Dollars paid out over the baseline, discounted."""
        spent = _paid(ledger) - _paid(self._before)
        return self._worth(spent / 100, ledger)

    def _unspent(self, ledger: Ledger) -> float:
        """Dollars received over the baseline and not paid out, discounted."""
        left = [one.received.sum(axis=0) - _paid(one) for one in (ledger, self._before)]
        return self._worth((left[0] - left[1]) / 100, ledger)

    def _worth(self, dollars: npt.NDArray[np.float64], ledger: Ledger) -> float:
        from hvsim.economics import present_value

        years = fiscal_years(ledger)
        by_year = {
            int(year): float(dollars[years == year].sum())
            for year in np.unique(years[years <= self._last])
        }
        return present_value(by_year, int(years[0]), self._price_year, self.prices)

    def _visitors(self, ledger: Ledger) -> float:
        """Visitors over the baseline, on average of the months to the last births' year."""
        until = fiscal_years(ledger) <= self._last
        more = [positions(one)[0].sum(axis=0)[until].mean() for one in (ledger, self._before)]
        return float(more[0] - more[1])


def refuse_without_scaling(scenario: Scenario) -> None:
    """Check that something in a scenario scales.

    Raises
    ------
    ScenarioError
        If nothing does.
    """
    if any(stream.scales for stream in scenario.funding.values()):
        return
    message = (
        "no stream of this scenario scales; write 'scales: true' at those whose amounts may change"
    )
    origin = Origin(scenario.source.name, scenario.source)
    raise ScenarioError([Problem(origin, "funding", message)])


def _paid(ledger: Ledger) -> npt.NDArray[np.int64]:
    """Cents by month."""
    paid: npt.NDArray[np.int64] = ledger.spent.sum(axis=(0, 1, 2))
    return paid


def _nearest(found: Mapping[float, float], wanted: float) -> float:
    """Factor that comes nearest; of those that come short alike, the one of least money."""
    most = max(found.values())
    if most < wanted * (1 - TOLERANCE):
        return min(at for at, reached in found.items() if reached >= most - STALLED * wanted)
    return min(found, key=lambda at: (abs(found[at] - wanted), at))
