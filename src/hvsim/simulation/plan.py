"""The frame of a run: its clock, and the organizations that its two policies know.

Before the first reported month the policy (doors, offers, providers' shares, funding) is that of
the scenario named by ``warm_start.under``; from then on it is the scenario's own. Everything else
is the scenario's own throughout (``docs/model.md``, section 2).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from hvsim.scenario.schema import Door, Funding, Hub, Pool, Program, Provider, Scenario
from hvsim.simulation.ledger import DOOR_TRANSITIONS, PROGRAM_TRANSITIONS

T = TypeVar("T")


def _union(own: Mapping[str, T], earlier: Mapping[str, T]) -> dict[str, T]:
    """Everything known, own terms first, in the earlier order followed by what is new.

    New names stand last, so that they change nothing before the first reported month.
    """
    return {**earlier, **own}


@dataclass(frozen=True)
class Measures:
    """Outcome measures: names, units and which belongs to what."""

    names: tuple[str, ...]
    units: tuple[str, ...]

    def __getitem__(self, name: str) -> int:
        return self.names.index(name)


@dataclass(frozen=True)
class Plan:
    """Names, axes and clock of a run. Months count from the first simulated one, `t0`."""

    scenario: Scenario
    t0: int
    months: int
    first: int
    birth_age: int
    last_age: int
    cohorts: int
    units: int
    doors: dict[str, Door]
    hubs: dict[str, Hub]
    programs: dict[str, Program]
    labor: dict[str, Pool]
    providers: dict[str, Provider]
    streams: dict[str, Funding]
    tracks: tuple[str, ...]
    measures: Measures

    @property
    def rated(self) -> list[str]:
        """Outcomes with a rate: all but statuses."""
        return [name for name, o in self.scenario.outcomes.items() if o.kind != "status"]

    @functools.cached_property
    def policies(self) -> tuple[Scenario, Scenario]:
        """Scenario in force before the first reported month, and from it on."""
        return self.scenario.before, self.scenario

    def policy(self, t: int) -> int:
        """0 before the first reported month, 1 from it on."""
        return int(t >= self.first)

    def label(self, code: int) -> str:
        """Name of an event in the trace."""
        if code < len(self.measures.names):
            return self.measures.names[code]
        code -= len(self.measures.names)
        doors, programs = tuple(self.doors), tuple(self.programs)
        if code < len(doors) * len(DOOR_TRANSITIONS):
            door, transition = divmod(code, len(DOOR_TRANSITIONS))
            return f"{DOOR_TRANSITIONS[transition]}/{doors[door]}"
        code -= len(doors) * len(DOOR_TRANSITIONS)
        pair, transition = divmod(code, len(PROGRAM_TRANSITIONS))
        door, program = divmod(pair, len(programs))
        return f"{PROGRAM_TRANSITIONS[transition]}/{doors[door]}/{programs[program]}"


def _measures(scenario: Scenario) -> Measures:
    units: dict[str, str] = {}
    for name, outcome in scenario.outcomes.items():
        units[name] = outcome.unit
        if outcome.kind == "state":
            units[f"{name}-recovery"] = "recoveries"
        if outcome.amount is not None:
            units[outcome.amount.name] = outcome.amount.unit
    for chain in scenario.chains.values():  # reports of several chains are counted together
        units |= {"reported": "reports", "reported-without-harm": "reports"}
        units |= {name: stage.unit for name, stage in chain.stages.items()}
    return Measures(tuple(units), tuple(units.values()))


class ScaleError(ValueError):
    """A scale at which a run cannot be trusted, or cannot be made."""


def units_of(scale: float) -> int:
    """Families that one simulated family stands for.

    Raises
    ------
    ScaleError
        If the scale is not one over a whole number.
    """
    units = round(1.0 / scale) if scale > 0.0 else 0
    if units < 1 or abs(units * scale - 1.0) > 1e-3:
        raise ScaleError(
            f"--scale {scale:g}: must be 1 divided by a whole number, such as 1, 0.5, 0.2 or 0.1"
        )
    return units


def make_plan(scenario: Scenario, scale: float) -> Plan:
    """Frame of a run of `scenario` in which each family stands for 1/`scale`."""
    before = scenario.before
    birth_age = int(scenario.population.enters_before_birth.value)
    last_age = birth_age + int(scenario.follow_up.value)
    warm = int(scenario.warm_start.months.value)
    t0 = scenario.start - warm
    programs = _union(scenario.programs, before.programs)
    streams = _union(scenario.funding, before.funding)
    return Plan(
        scenario=scenario,
        t0=t0,
        months=scenario.end + int(scenario.follow_up.value) - t0,
        first=warm,
        birth_age=birth_age,
        last_age=last_age,
        cohorts=max(0, scenario.end - t0 - birth_age + 1),
        units=units_of(scale),
        doors=_union(scenario.doors, before.doors),
        hubs=_union(scenario.hubs, before.hubs),
        programs=programs,
        labor=_union(scenario.labor, before.labor),
        providers=_union(scenario.providers, before.providers),
        streams=dict(sorted(streams.items(), key=lambda item: item[1].order)),
        tracks=tuple(dict.fromkeys(program.track for program in programs.values())),
        measures=_measures(scenario),
    )
