"""Where hiring binds: positions that added money funds and that stay open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hvsim.runs.tables import fiscal_years
from hvsim.scenario import Scenario
from hvsim.simulation.ledger import CAPACITY_MEASURES, Ledger

OPEN: Final = 0.1
"""Share of the added positions from which a shortage is told."""


@dataclass(frozen=True)
class Shortage:
    """Where added money funds positions that stay open.

    Attributes
    ----------
    year
        Fiscal year.
    pool
        Labor pool, or the program where visitors come from no pool.
    label
        Its name in reports.
    funded, filled
        Positions over the baseline, averages of the year's months.
    """

    year: int
    pool: str
    label: str
    funded: float
    filled: float


def positions(ledger: Ledger) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions filled, and funded and not filled, by provider and month."""
    filled, vacant = (CAPACITY_MEASURES.index(name) for name in ("visitors", "vacancies"))
    return ledger.capacity[:, filled], ledger.capacity[:, vacant]


def shortages(
    ledger: Ledger, before: Ledger, scenario: Scenario, last_year: int
) -> tuple[Shortage, ...]:
    """Pools and years in which more than `OPEN` of the positions added stay open.

    Parameters
    ----------
    ledger, before
        Run of the scenario, and of the system that it is over.
    scenario
        Says where each provider hires.
    last_year
        Last fiscal year that is looked at.

    Returns
    -------
    The earliest first, and of a year the pool with most open positions. In the year in which
    money begins a part is the time that hiring takes.
    """
    years = fiscal_years(ledger)
    found = []
    for pool, label in _pools(scenario).items():
        filled = _of_pool(ledger, scenario, pool) - _of_pool(before, scenario, pool)
        for year in np.unique(years[years <= last_year]):
            added = filled[:, years == year].mean(axis=1)
            funded = float(added.sum())
            if added[1] > OPEN * funded and added[1] > 0:
                found.append(Shortage(int(year), pool, label, funded, float(added[0])))
    return tuple(sorted(found, key=lambda one: (one.year, one.filled - one.funded, one.pool)))


def _pools(scenario: Scenario) -> dict[str, str]:
    """Labor pools with their labels; a program whose visitors come from none is its own."""
    return {
        _pool(scenario, name): _label(scenario, _pool(scenario, name))
        for name in scenario.providers
    }


def _pool(scenario: Scenario, provider: str) -> str:
    own = scenario.providers[provider]
    return own.pool or own.program


def _label(scenario: Scenario, pool: str) -> str:
    named = scenario.labor.get(pool) or scenario.programs[pool]
    return named.label or pool.replace("-", " ")


def _of_pool(ledger: Ledger, scenario: Scenario, pool: str) -> npt.NDArray[np.float64]:
    """Positions filled and open of the providers that hire in a pool, by month."""
    own = [
        name in scenario.providers and _pool(scenario, name) == pool for name in ledger.providers
    ]
    return np.stack([kind[own].sum(axis=0) for kind in positions(ledger)]).astype(np.float64)
