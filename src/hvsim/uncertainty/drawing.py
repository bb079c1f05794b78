"""Draws of a scenario's numbers.

Every value is a quantile of one keyed uniform number, named by the path and the number of the
draw: another parameter, scenario or order of processing changes no other's draw, and strategies
that are compared have the same luck with every parameter that they share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hvsim.economics.evaluation.moments import Dirichlet
from hvsim.randomness import key, purpose, uniform
from hvsim.scenario.checks import check
from hvsim.scenario.errors import dotted
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.resolved import quantities
from hvsim.scenario.schema import Scenario
from hvsim.scenario.variants import with_numbers
from hvsim.uncertainty.leaves import (
    Leaf,
    Path,
    dirichlet_of,
    divisions_of,
    leaves_of,
    with_value,
)
from hvsim.uncertainty.posterior import Posterior

FIRST_DRAW: Final = 4
"""Number of the first draw of parameters; those before it are the sets of effects."""

ATTEMPTS: Final = 100
"""Draws of numbers that do not go together, before the scenario is refused."""


class DrawError(ValueError):
    """Numbers that cannot be drawn, or that do not go together."""


@dataclass(frozen=True)
class Drawn:
    """A scenario at one draw.

    Attributes
    ----------
    scenario
        With the drawn numbers, before its start as well.
    values
        What was drawn, by path, of the scenario itself.
    """

    scenario: Scenario
    values: Mapping[Path, float]


class Drawing:
    """Draws of scenarios that are run together.

    Parameters
    ----------
    scenarios
        The scenarios.
    seed
        Seed of the luck of parameters.
    posterior
        Joint draws of some numbers, which replace their own distributions.
    """

    def __init__(
        self, scenarios: Sequence[Scenario], seed: int, posterior: Posterior | None = None
    ) -> None:
        self._seed = seed
        self._posterior = posterior
        known: dict[str, _Numbers] = {}  # scenarios often have the system before them in common
        self._together = [
            tuple(
                known.setdefault(one.sha256(), _Numbers(one)) for one in (scenario, scenario.before)
            )
            for scenario in scenarios
        ]
        self._scenarios = list(scenarios)

    def draw(self, number: int) -> list[Drawn]:
        """The scenarios at a draw, `FIRST_DRAW` or later.

        Raises
        ------
        DrawError
            If numbers break a rule of scenario files however often they are drawn.
        """
        given = {} if self._posterior is None else self._posterior.values(number - FIRST_DRAW)
        luck = _Luck(self._seed, number)
        distinct = {id(one): one for pair in self._together for one in pair}
        drawn = {which: _consistent(one, luck, given) for which, one in distinct.items()}
        found = []
        for scenario, (own, before) in zip(self._scenarios, self._together, strict=True):
            numbers, earlier = own.at(drawn[id(own)]), before.at(drawn[id(before)])
            found.append(Drawn(with_numbers(scenario, numbers, earlier), drawn[id(own)]))
        return found


class _Luck:
    """Uniform numbers of one draw, and the values that they gave."""

    def __init__(self, seed: int, draw: int) -> None:
        self.draw = draw
        self._seed = seed
        self._values: dict[tuple[Path, Quantity], float] = {}

    def uniform(self, path: Path, attempt: int = 0) -> float:
        what = purpose("parameter", str(attempt))
        return float(
            uniform(self._seed, np.uint64(key("parameter", dotted(path))), what, self.draw)
        )

    def value(self, leaf: Leaf) -> float:
        """First value of a number, computed once for all scenarios that say the same."""
        same = (leaf.path, leaf.number)
        if same not in self._values:
            self._values[same] = leaf.value(self.uniform(leaf.path))
        return self._values[same]


def _consistent(numbers: _Numbers, luck: _Luck, given: Mapping[str, float]) -> dict[Path, float]:
    """Values that break no rule between numbers: those that do are drawn again.

    What is thereby drawn from is the joint distribution, given that the rules hold.
    """
    values = {path: luck.value(leaf) for path, leaf in numbers.leaves.items()}
    for group, distribution in numbers.divisions:
        u = np.array([luck.uniform(path) for path in group])
        values |= dict(zip(group, distribution.quantile(u).tolist(), strict=True))
    known = {numbers.named[name]: value for name, value in given.items() if name in numbers.named}
    values |= known
    for attempt in range(1, ATTEMPTS + 1):
        scenario = with_numbers(numbers.scenario, numbers.at(values), {})
        broken = list(check(scenario, complete=True))
        if not broken:
            return values
        again = {
            path: leaf.value(luck.uniform(path, attempt))
            for path, leaf in numbers.leaves.items()
            if path not in known and any(_within(path, finding.path) for finding in broken)
        }
        if not again:
            break
        values |= again
    finding = broken[0]
    raise DrawError(
        f"{numbers.scenario.name}: {dotted(finding.path)}: in draw {luck.draw}, "
        f"{finding.message}; narrow the range of what is drawn there"
    )


class _Numbers:
    """The numbers of a scenario: all, and those with distributions of their own."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.all: dict[Path, Quantity] = dict(quantities(scenario))
        self.named = {dotted(path): path for path in self.all}
        self.leaves: dict[Path, Leaf] = {leaf.path: leaf for leaf in leaves_of(scenario)}
        self.divisions: list[tuple[tuple[Path, ...], Dirichlet]] = []
        for group in divisions_of(scenario):
            if all(path in self.leaves for path in group):
                together = [self.leaves.pop(path).number for path in group]
                self.divisions.append((group, dirichlet_of(together)))

    def at(self, values: Mapping[Path, float]) -> dict[Path, Quantity]:
        """Numbers at these values."""
        return {path: with_value(self.all[path], value) for path, value in values.items()}


def _within(path: Path, finding: Path) -> bool:
    return path[: len(finding)] == finding
