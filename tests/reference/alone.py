"""One family that lives by itself: its luck is given, its months are phases 7 and 8 alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
from mesa import Model

from hvsim.population import Families
from hvsim.reference.families import Case, Family, State
from hvsim.reference.luck import Luck
from hvsim.reference.outcomes import Arising, LifeCourse
from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.vocabulary import attributes_of
from reference.hamlet import HERE, families, today

START = today().start
NEVER = 1e9
Draws = Mapping[str, list[float]]


@cache
def lives(*overrides: str) -> Scenario:
    """The hamlet with every kind of outcome."""
    return load_scenario(HERE / "lives.yaml", overrides)


class GivenLuck(Luck):
    """Draws by purpose, from k = 0 on; whatever is not given never happens.

    Parameters
    ----------
    draws
        By purpose, as in ``docs/model.md``.
    """

    def __init__(self, draws: Draws) -> None:
        super().__init__(seed=1)
        self.draws = draws

    def _given(self, kind: str, name: str, k: int, otherwise: float) -> float:
        given = self.draws.get(f"{kind}/{name}", [])
        return given[k] if k < len(given) else otherwise

    def uniform(self, key: np.uint64, kind: str, name: str, k: int = 0) -> float:
        return self._given(kind, name, k, 1 - 1e-12)

    def exponential(self, key: np.uint64, kind: str, name: str, k: int = 0) -> float:
        return self._given(kind, name, k, NEVER)

    def normal(self, key: np.uint64, kind: str, name: str, k: int = 0) -> float:
        return self._given(kind, name, k, 0.0)


def one(scenario: Scenario, birth_month: int = START, **levels: str) -> Families:
    """A family of the hill at the first level of each attribute but those given, without traits."""
    attributes = attributes_of(scenario)
    chosen = [
        names.index(levels.get(attribute.replace("-", "_"), names[0]))
        for attribute, names in attributes.items()
    ]
    zero = np.zeros(1)
    return replace(
        families([birth_month]),
        region=np.zeros(1, np.int16),
        levels=np.array([chosen], dtype=np.int8),
        attributes=attributes,
        frailty=zero,
        detection=zero,
        willingness_noise=zero,
        screen_noise=zero,
    )


class Alone:
    """A family, and months that pass for it.

    Parameters
    ----------
    scenario
        The scenario.
    draws
        The family's luck.
    columns
        The family, if not the usual one.
    """

    def __init__(self, scenario: Scenario, draws: Draws, columns: Families | None = None) -> None:
        luck = GivenLuck(draws)
        columns = one(scenario) if columns is None else columns
        margins = {"medicaid": 0.5, "homeless": 0.05}
        self.scenario = scenario
        self.family = Family(Model(), columns, 0, scenario, luck)
        self.course = LifeCourse(scenario, scenario.programs, margins, luck)
        self.course.enter(self.family)
        self.month = self.family.first_month

    def live(self, age: int) -> Arising:
        """Live to the end of the month in which the child is of this age; what it gave rise to."""
        arising = Arising()
        while self.month <= self.family.birth_month + age and self.family.lives(self.month):
            arising = self.course.live(self.family, self.month)
            self.course.end(self.family, self.month)
            self.month += 1
        return arising

    def serve(self, program: str, since: int, completed: int, scheduled: int) -> Case:
        """Put the family in service from an age on, with so many visits made."""
        terms = self.scenario.programs[program]
        case = Case(self.family, program, terms, "hospital", State.ENROLLED)
        case.begin = self.family.birth_month + since
        case.service.completed, case.service.scheduled = completed, scheduled
        self.family.cases[terms.track] = case
        return case

    def way(self) -> list[tuple[int, str]]:
        """Age and label of everything that happened."""
        return [(self.family.age(month), label) for month, label in self.family.history]
