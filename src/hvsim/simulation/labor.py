"""Labor pools, as Mesa agents, and the order in which providers compete for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from hvsim.months import month_of_fiscal_year
from hvsim.randomness import purpose, uniform
from hvsim.scenario.schema import Pool

if TYPE_CHECKING:
    from hvsim.simulation.providers import Provider
    from hvsim.simulation.system import System

MONTHS_PER_SERIAL = 65_536
"""Numbers of the draws of one pending hire, one a month."""


class LaborPool(mesa.Agent):
    """People of one occupation who are open to a position."""

    model: System

    def __init__(self, model: System, name: str, terms: Pool) -> None:
        super().__init__(model)
        self.name = name
        self.available = int(terms.available.value)
        self._entrants = terms.entrants_per_year
        self._returns = terms.returns.value
        self._poached = terms.poached_per_month.value
        self._returns_draw = purpose("returns", name)
        self._poached_draw = purpose("poached", name)

    def receive(self) -> None:
        """Take in who joins the occupation, and who left a position this month and stays in it."""
        model = self.model
        month = model.plan.t0 + model.t
        position = month_of_fiscal_year(month, model.plan.scenario.fiscal_year_starts)
        yearly = int(self._entrants.at(month))
        self.available += yearly * (position + 1) // 12 - yearly * position // 12
        for provider in model.providers:
            if provider.pool is self:
                self.available += sum(
                    uniform(model.seed, provider.key, self._returns_draw, serial) < self._returns
                    for serial in provider.team.gone
                )

    def find(self, hiring: Provider, serial: int) -> bool:
        """Find a person for a pending hire, if need be in a team that pays less."""
        if self.available > 0:
            self.available -= 1
            return True
        model = self.model
        k = MONTHS_PER_SERIAL * serial + model.plan.t0 + model.t
        if uniform(model.seed, hiring.key, self._poached_draw, k) >= self._poached:
            return False
        cheaper = [
            provider
            for provider in model.providers
            if provider.pool is self
            and provider.pay < hiring.pay
            and provider.team.has_started_before(model.t)
        ]
        if not cheaper:
            return False
        min(cheaper, key=lambda provider: provider.pay).team.lose_first(model.t)
        return True


def by_pay(providers: list[Provider]) -> list[Provider]:
    """Providers in the order in which they hire: where most is paid first."""
    return sorted(providers, key=lambda provider: -provider.pay)
