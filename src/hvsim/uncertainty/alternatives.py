"""Scenarios under structures: each choice of alternatives laid over all that are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hvsim.scenario import Scenario, ScenarioError
from hvsim.scenario.assembling import refuse
from hvsim.scenario.errors import Origin, Problem, dotted, listed
from hvsim.scenario.layering import has_names, leaves, with_layers
from hvsim.scenario.resolved import content
from hvsim.uncertainty.structures import Choice, Structures


class Alternatives:
    """Scenarios that are compared, under any choice of structures.

    Parameters
    ----------
    scenarios
        As they are written.
    structures
        Axes; without them the scenarios stay as they are written.
    """

    def __init__(self, scenarios: Sequence[Scenario], structures: Structures | None) -> None:
        self.structures = structures
        self._written = list(scenarios)
        every = [one for scenario in scenarios for one in (scenario.before, scenario)]
        self._hash = {id(one): one.sha256() for one in every} if structures else {}
        # Scenarios often have the system before them in common.
        self._distinct = {self._hash[id(one)]: one for one in every} if structures else {}
        self._known: dict[Choice, tuple[list[Scenario], list[Problem]]] = {}

    def at(self, choice: Choice) -> list[Scenario]:
        """The scenarios under a choice; those without a change are the same objects.

        Raises
        ------
        ScenarioError
            If the choice breaks a rule of scenario files.
        """
        if self.structures is None or choice == self.structures.as_written:
            return self._written
        laid, problems = self._laid(choice)
        if problems:
            raise ScenarioError(problems)
        return laid

    def alone(self) -> list[Scenario]:
        """The scenarios as they are written, and under each alternative alone."""
        if self.structures is None:
            return self._written
        return [one for choice in self.structures.alone() for one in self.at(choice)]

    def check(self, choices: Iterable[Choice]) -> None:
        """Check that the structures fit the scenarios, one at a time and as draws mix them.

        Parameters
        ----------
        choices
            Choices of draws.

        Raises
        ------
        ScenarioError
            With every problem; of mixtures only where their alternatives alone have none.
        """
        if self.structures is None:
            return
        problems = list(self._strangers())
        for choice in self.structures.alone():
            problems += self._laid(choice)[1]
        if not problems:
            for choice in dict.fromkeys(choices):
                problems += self._laid(choice)[1]
        refuse(problems, Path())

    def _strangers(self) -> Iterator[Problem]:
        """Values that alternatives set and that none of the scenarios has."""
        assert self.structures is not None
        written = [content(one) for one in self._distinct.values()]
        for axis in self.structures.axes:
            for alternative in axis.alternatives:
                for path, node in leaves(alternative.layer):
                    if path and not any(has_names(one, path) for one in written):
                        where = f"axes.{axis.name}.alternatives.{alternative.name}"
                        message = f"none of the scenarios has '{dotted(path)}'"
                        yield Problem(node.origin, where, message)

    def _laid(self, choice: Choice) -> tuple[list[Scenario], list[Problem]]:
        """The scenarios under a choice, and what is wrong with them; made once."""
        if choice not in self._known:
            self._known[choice] = self._made(choice)
        return self._known[choice]

    def _made(self, choice: Choice) -> tuple[list[Scenario], list[Problem]]:
        assert self.structures is not None
        changed = [(axis, one) for axis, one in self.structures.chosen(choice) if one.sets]
        layers = [one.layer for _, one in changed]
        made = {name: with_layers(one, layers) for name, one in self._distinct.items()}
        origins = {one.origin.file: one.origin for _, one in changed}
        field = " with ".join(f"axes.{axis.name}.alternatives.{one.name}" for axis, one in changed)
        laid = []
        told: dict[tuple[Origin, str], list[str]] = {}
        for scenario in self._written:
            (result, found), (before, of_before) = (
                made[self._hash[id(one)]] for one in (scenario, scenario.before)
            )
            if scenario.before is not scenario:
                result = result.model_copy()
                result._before = before
                found = [*found, *of_before]
            laid.append(result)
            for problem in found:
                said = ": ".join(filter(None, (problem.field, problem.message)))
                inside = problem.origin.file in origins
                origin = problem.origin if inside else next(reversed(origins.values()))
                told.setdefault((origin, said), []).append(scenario.name)
        problems = [
            Problem(origin, field, f"in {listed(dict.fromkeys(names))}, {said}")
            for (origin, said), names in told.items()
        ]
        return laid, problems
