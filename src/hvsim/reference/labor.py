"""Labor pools, one Mesa agent each: the regional markets in which providers hire."""

from __future__ import annotations

import numpy as np
from mesa import Agent, Model

from hvsim.reference import rules
from hvsim.reference.luck import Luck
from hvsim.scenario import schema

SERIALS = 65_536
"""What a serial counts for in the numbers that key poaching, above every month number."""


class LaborPool(Agent):
    """People of one occupation who are open to a position.

    Parameters
    ----------
    model
        The model that the agent lives in.
    name, terms
        The pool, and what the scenario says of it.
    luck
        The draws of the run.
    """

    def __init__(self, model: Model, name: str, terms: schema.Pool, luck: Luck) -> None:
        super().__init__(model)
        self.name = name
        self.terms = terms
        self.luck = luck
        self.people = int(terms.available.value)

    def receive_entrants(self, month: int, position: int) -> None:
        """Welcome those who join in a month at `position` of the fiscal year."""
        self.people += rules.installment(int(self.terms.entrants_per_year.at(month)), position)

    def take_back(self, provider: np.uint64, serial: int) -> None:
        """See whether a visitor who left a provider stays in the occupation."""
        returns = self.luck.uniform(provider, "returns", self.name, serial)
        self.people += returns < self.terms.returns.value

    def lets_poach(self, provider: np.uint64, serial: int, month: int) -> bool:
        """Whether a provider that finds nobody for a position tries to win somebody else's."""
        k = SERIALS * serial + month
        tries = self.luck.uniform(provider, "poached", self.name, k)
        return tries < self.terms.poached_per_month.value
