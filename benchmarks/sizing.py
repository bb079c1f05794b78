"""A shipped scenario at any size, and one run of it, phase by phase."""

from __future__ import annotations

import json
from pathlib import Path

from measuring import Seconds, now, since

from hvsim.months import format_month
from hvsim.population import Families, synthesize
from hvsim.scenario import Scenario, load_scenario
from hvsim.simulation.ledger import PROGRAM_TRANSITIONS, Ledger
from hvsim.simulation.plan import make_plan
from hvsim.simulation.run import make_ledger
from hvsim.simulation.system import System

SCENARIOS = Path(__file__).parents[1] / "scenarios"
FULL = "la-county/universal-targeted"
"""A scenario whose providers are full."""

SEED = 1


def sized(name: str, families: int, *overrides: str) -> tuple[Scenario, int]:
    """A scenario whose births make about `families` at scale 1/units, and the units.

    Visitors stay real and a family takes as many places as it stands for, so that providers are as
    full as in the county. A larger county than the real one has no more providers.
    """
    path = SCENARIOS / f"{name}.yaml"
    scenario = load_scenario(path, overrides)
    full = len(synthesize(scenario, SEED))
    units = max(1, round(full / families))
    factor = families * units / full
    points = {
        format_month(scenario.start if month is None else int(month)): round(value * factor)
        for month, value in scenario.population.births_per_year.points
    }
    births = f"population.births_per_year={json.dumps(points)}"
    return load_scenario(path, [*overrides, births]), units


class Timed:
    """One run, timed.

    Attributes
    ----------
    phases
        Time of each phase by name; families are made in the first, unless they are given.
    ledger
        What it counted.
    living
        Families, siblings among them.
    family_months
        Months that they lived.
    queued
        Providers at which families had to wait.
    """

    def __init__(
        self,
        scenario: Scenario,
        units: int,
        *,
        seed: int = SEED,
        threads: int = 1,
        families: Families | None = None,
    ) -> None:
        self.phases: dict[str, Seconds] = {}
        start = now()
        if families is None:
            families = synthesize(scenario, seed, 1 / units, threads=threads)
            self.phases["families"] = since(start)
        start = now()
        plan = make_plan(scenario, 1 / units)
        system = System(plan, families, seed=seed, threads=threads)
        self.phases["set-up and first stretch"] = since(start)
        start = now()
        for _ in range(plan.months):
            system.step()
        self.phases["months"] = since(start)
        start = now()
        self.ledger: Ledger = make_ledger(system, 0, 1 / units)
        self.phases["ledger"] = since(start)
        self.living = len(system.state.people)
        self.family_months = self.living * plan.last_age
        self.queued = sum(
            provider.queue.size > 0 or bool(system.capacity[provider.position, 3].any())
            for provider in system.providers
        )
        system.close()

    @property
    def took(self) -> Seconds:
        """Time of all phases together."""
        return Seconds(*map(sum, zip(*self.phases.values(), strict=True)))

    @property
    def ns(self) -> float:
        """Nanoseconds of processor time per family-month."""
        return self.took.processor / self.family_months * 1e9

    @property
    def visits_per_1000(self) -> float:
        """Visits made per 1,000 family-months, before `start` left out: how much service it was."""
        visits = self.ledger.funnel[:, :, PROGRAM_TRANSITIONS.index("visits-completed"), :, 0]
        return float(visits.sum()) * self.ledger.scale / self.family_months * 1000


def warm_up(scenario: Scenario, units: int) -> None:
    """Have everything compiled or loaded that a run needs."""
    Timed(scenario, units * 50)
