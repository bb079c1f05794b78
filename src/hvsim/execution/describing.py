"""What a run folder needs to know of its scenarios."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from hvsim.evidence import load_evidence
from hvsim.execution.measuring import left_out, shared
from hvsim.months import format_month
from hvsim.population import RecordsReport
from hvsim.runs import (
    AlternativeNote,
    AxisNote,
    Effects,
    Labeled,
    Manifest,
    ParameterDraws,
    Program,
    ScenarioNote,
    StructuresNote,
    versions,
)
from hvsim.scenario import Scenario
from hvsim.scenario.schema import Door, Funding, Region
from hvsim.scenario.variants import EffectSet

if TYPE_CHECKING:
    from hvsim.uncertainty import Structures

EFFECT_SETS: tuple[EffectSet, ...] = ("central", "low", "high", "zero")
"""Effect sets in the order of their draws."""


def manifest(
    command: Literal["run", "compare"],
    scenarios: Sequence[Scenario],
    *,
    seeds: Sequence[int],
    scale: float,
    effects: Iterable[EffectSet],
    records: RecordsReport | None,
    parameter_draws: ParameterDraws | None = None,
    structures: Structures | None = None,
) -> Manifest:
    """Manifest of a run that is about to begin; the first scenario of a comparison is its baseline.

    Parameters
    ----------
    command
        What is being run.
    scenarios
        Scenarios that agree on place, time and population.
    seeds
        Seed of each replicate.
    scale
        Simulated share of families.
    effects
        Effect sets, each one of `EFFECT_SETS`.
    records
        What may be told about the birth file, if there is one.
    parameter_draws
        Draws of parameters, if there are any.
    structures
        Structural alternatives, if there are any.
    """
    first = scenarios[0]
    draws = sorted((EFFECT_SETS.index(name), name) for name in effects)
    uncertainty = [
        *(["effect sets"] if len(draws) > 1 else []),
        *(["parameters"] if parameter_draws is not None else []),
        *(["structures"] if structures is not None else []),
        "chance",
    ]
    return Manifest(
        status="running",
        command=command,
        place=first.place,
        start=format_month(first.start),
        end=format_month(first.end),
        follow_up_months=round(first.follow_up.value),
        also_at_months=_also_at(first) if command == "compare" else None,
        fiscal_year_starts=first.fiscal_year_starts,
        price_year=first.price_year,
        baseline=first.name if command == "compare" else None,
        scenarios=tuple(map(note, scenarios)),
        draws=tuple(Effects(draw=draw, effects=name) for draw, name in draws),
        parameter_draws=parameter_draws,
        structures=None if structures is None else _of_structures(structures),
        seed=seeds[0],
        seeds=tuple(seeds),
        scale=scale,
        uncertainty=tuple(uncertainty),
        measures=shared(scenarios),
        left_out=left_out(scenarios),
        versions=versions(),
        evidence_sha256=load_evidence().sha256,
        records=records,
    )


def _also_at(scenario: Scenario) -> int | None:
    """Earlier age at which outcomes are counted too, in months."""
    age = scenario.also_at
    return round(age.value) if age is not None and age.value < scenario.follow_up.value else None


def note(scenario: Scenario) -> ScenarioNote:
    """Names and labels of a scenario, with what only the system before its start has."""
    before = scenario.before
    programs = {**before.programs, **scenario.programs}
    return ScenarioNote(
        name=scenario.name,
        title=scenario.title,
        question=scenario.question,
        sha256=scenario.sha256(),
        programs=tuple(
            Program(name=name, label=programs[name].label, track=programs[name].track)
            for name in dict.fromkeys([*scenario.programs, *before.programs])
        ),
        doors=_labels({**scenario.doors, **before.doors}),
        streams=_labels({**scenario.funding, **before.funding}),
        regions=_labels(scenario.population.regions),
    )


def _of_structures(structures: Structures) -> StructuresNote:
    axes = []
    for axis in structures.axes:
        total = math.fsum(one.weight for one in axis.alternatives)
        alternatives = tuple(
            AlternativeNote(
                name=one.name,
                label=one.label,
                weight=one.weight / total,
                evidence=one.evidence,
                assumption=one.assumption,
                sets=dict(one.sets),
            )
            for one in axis.alternatives
        )
        axes.append(AxisNote(name=axis.name, label=axis.label, alternatives=alternatives))
    return StructuresNote(title=structures.title, axes=tuple(axes))


def _labels(named: Mapping[str, Door | Funding | Region]) -> tuple[Labeled, ...]:
    return tuple(
        Labeled(name=name, label=thing.label or name.replace("-", " "))
        for name, thing in named.items()
    )
