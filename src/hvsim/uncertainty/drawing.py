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
from hvsim.scenario.errors import DEFAULT, Problem, dotted
from hvsim.scenario.layering import AXIS
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.resolved import quantities
from hvsim.scenario.schema import Scenario
from hvsim.scenario.variants import with_numbers
from hvsim.uncertainty.alternatives import Alternatives
from hvsim.uncertainty.holding import held
from hvsim.uncertainty.leaves import (
    Leaf,
    Path,
    dirichlet_of,
    divisions_of,
    leaves_of,
    times,
    with_value,
)
from hvsim.uncertainty.posterior import Posterior
from hvsim.uncertainty.structures import Choice, Structures

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
        What was drawn, by path, of the scenario itself; of each axis of structures (`AXIS` and its
        name) the place of the alternative, from 0.
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
        Joint draws of some numbers, which replace their own distributions; of some structures too,
        if it names them.
    structures
        Axes of which every draw picks one alternative.
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        seed: int,
        posterior: Posterior | None = None,
        structures: Structures | None = None,
    ) -> None:
        self._seed = seed
        self._posterior = posterior
        self._alternatives = Alternatives(scenarios, structures)
        self._known: dict[str, _Numbers] = {}
        self._together: dict[Choice, list[_Together]] = {}

    def alone(self, number: int) -> list[Drawn]:
        """The scenarios with one alternative, and with no number drawn.

        Parameters
        ----------
        number
            Place of the choice among those that change one axis (`Structures.alone`).
        """
        structures = self._alternatives.structures
        assert structures is not None
        choice = structures.alone()[number]
        return [Drawn(one, _axes(structures, choice)) for one in self._alternatives.at(choice)]

    def draw(self, number: int) -> list[Drawn]:
        """The scenarios at a draw, `FIRST_DRAW` or later.

        Raises
        ------
        DrawError
            If numbers break a rule of scenario files however often they are drawn.
        """
        given = {} if self._posterior is None else self._posterior.values(number - FIRST_DRAW)
        structures = self._alternatives.structures
        choice = () if structures is None else choice_of(structures, self._seed, number, given)
        together = self._numbers(choice)
        luck = _Luck(self._seed, number)
        distinct = {id(one): one for each in together for one in (each.own, each.before)}
        drawn = {which: _consistent(one, luck, given) for which, one in distinct.items()}
        picked = {} if structures is None else _axes(structures, choice)
        found = []
        for each in together:
            values = drawn[id(each.own)]
            numbers, earlier = each.own.at(values), each.before.at(drawn[id(each.before)])
            found.append(Drawn(with_numbers(each.scenario, numbers, earlier), picked | values))
        return found

    def _numbers(self, choice: Choice) -> list[_Together]:
        """Scenarios under a choice with their numbers, made once."""
        if choice not in self._together:
            self._together[choice] = [
                _Together(scenario, *(self._of(one) for one in (scenario, scenario.before)))
                for scenario in self._alternatives.at(choice)
            ]
        return self._together[choice]

    def _of(self, scenario: Scenario) -> _Numbers:
        """Numbers of a scenario; several often have the system before them in common."""
        name = scenario.sha256()
        if name not in self._known:
            self._known[name] = _Numbers(scenario)
        return self._known[name]


def refuse_undrawable(scenarios: Sequence[Scenario]) -> None:
    """Check that the numbers of scenarios, as they are written, have distributions.

    Raises
    ------
    DrawError
        If shares of a whole have none.
    """
    for scenario in scenarios:
        for one in (scenario, scenario.before):
            _Numbers(one)


def choice_of(structures: Structures, seed: int, number: int, given: Mapping[str, float]) -> Choice:
    """Alternatives of a draw: where a posterior names an axis its own, else by weight.

    Parameters
    ----------
    structures
        The axes.
    seed, number
        Seed of the luck of parameters, number of the draw.
    given
        Values of the posterior in this draw.
    """
    by_weight = structures.drawn(seed, number)
    return tuple(
        int(given.get(f"{AXIS}{axis.name}", place))
        for axis, place in zip(structures.axes, by_weight, strict=True)
    )


def _axes(structures: Structures, choice: Choice) -> dict[Path, float]:
    """A choice as draws are stored: place of the alternative, by axis."""
    return {
        (f"{AXIS}{axis.name}",): float(place)
        for axis, place in zip(structures.axes, choice, strict=True)
    }


def luck(seed: int, path: Path, draw: int, attempt: int = 0) -> float:
    """Uniform number of a parameter, strictly between 0 and 1, in one draw."""
    what = purpose("parameter", str(attempt))
    return float(uniform(seed, np.uint64(key("parameter", dotted(path))), what, draw))


class _Luck:
    """Uniform numbers of one draw, and the values that they gave."""

    def __init__(self, seed: int, draw: int) -> None:
        self.draw = draw
        self._seed = seed
        self._values: dict[tuple[Path, Quantity], float] = {}

    def uniform(self, path: Path, attempt: int = 0) -> float:
        return luck(self._seed, path, self.draw, attempt)

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


@dataclass(frozen=True)
class _Together:
    """A scenario, its numbers and those of the system before its start."""

    scenario: Scenario
    own: _Numbers
    before: _Numbers


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
                try:
                    self.divisions.append((group, dirichlet_of(together)))
                except ValueError as error:
                    whole = dotted(group[0][:-1])
                    origin = scenario.origins.get(whole, DEFAULT)
                    raise DrawError(str(Problem(origin, whole, str(error)))) from error

    def at(self, values: Mapping[Path, float]) -> dict[Path, Quantity]:
        """Numbers at these values, and what moves with them."""
        drawn = {path: with_value(self.all[path], value) for path, value in values.items()}
        moved = held(self.scenario, values)
        return drawn | {path: times(self.all[path], factor) for path, factor in moved.items()}


def _within(path: Path, finding: Path) -> bool:
    return path[: len(finding)] == finding
