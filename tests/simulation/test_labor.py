"""Whom an agency that finds nobody wins people from."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from hvsim.simulation.labor import LaborPool
from hvsim.simulation.plan import make_plan
from hvsim.simulation.system import System
from reference.hamlet import everybody, system


class Team:
    """A team that notes that it lost somebody."""

    def __init__(self, has_anybody: bool = True) -> None:
        self.has_anybody, self.lost = has_anybody, 0

    def has_started_before(self, t: int) -> bool:
        return self.has_anybody

    def lose_first(self, t: int) -> None:
        self.lost += 1


def agency(pool: LaborPool | None, pay: float, team: Team) -> SimpleNamespace:
    return SimpleNamespace(pool=pool, pay=pay, team=team, key=np.uint64(1))


@pytest.mark.parametrize("available", [0, 1])
def test_an_empty_pool_takes_from_the_agency_that_pays_least(available: int) -> None:
    name = next(iter(system().labor))
    scenario = system(f"labor.{name}.poached_per_month=100%")
    model = System(make_plan(scenario, 1.0), everybody(scenario, 1), seed=1)
    pool = model.pools[name]
    pool.available = available
    teams = {
        "hiring": agency(pool, 50.0, Team()),
        "as well paid": agency(pool, 50.0, Team()),
        "elsewhere": agency(None, 10.0, Team()),
        "nobody there": agency(pool, 20.0, Team(has_anybody=False)),
        "less": agency(pool, 40.0, Team()),
        "least": agency(pool, 30.0, Team()),
        "least, too": agency(pool, 30.0, Team()),
    }
    model.providers = list(teams.values())  # type: ignore[arg-type]  # stand-ins for agencies
    assert pool.find(teams["hiring"], 0)  # type: ignore[arg-type]  # likewise
    lost = [name for name, agency in teams.items() if agency.team.lost]
    assert lost == ([] if available else ["least"])
    assert pool.available == 0
