"""Copies of a scenario under other assumptions about what programs do."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias, get_args

from hvsim.scenario.errors import Origin
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Effect, Program, Scenario

EffectSet: TypeAlias = Literal["zero", "low", "central", "high"]

RATIOS = ("hazard_ratio", "odds_ratio", "exit_hazard_ratio")
"""Fields of an effect that say how strong it is."""


def with_effects(scenario: Scenario, which: EffectSet) -> Scenario:
    """The scenario under one set of program effects; surveillance stays as it is.

    Parameters
    ----------
    scenario
        Scenario with effects and their bounds.
    which
        ``zero``: no effect. ``central``: the values. ``low``: each bound less favorable to
        families (of a desirable outcome: less of it). ``high``: each more favorable one. Where a
        bound is not stated, the value.
    """
    if which not in get_args(EffectSet):
        raise ValueError(f"unknown effect set '{which}'; known: {', '.join(get_args(EffectSet))}")
    if which == "central":
        return scenario.model_copy()
    programs = {
        name: _program(scenario, program, which) for name, program in scenario.programs.items()
    }
    copy = scenario.model_copy(update={"programs": programs})
    layer = Origin(f"effects: {which}")
    copy._origins = dict(scenario.origins) | {
        f"programs.{name}.effects.{outcome}.{field}": layer
        for name, program in programs.items()
        for outcome, effect in program.effects.items()
        for field in ratios_of(effect)
    }
    if scenario.before is not scenario:
        copy._before = with_effects(scenario.before, which)
    return copy


def _program(scenario: Scenario, program: Program, which: EffectSet) -> Program:
    effects = {
        outcome: _effect(effect, scenario.outcomes[outcome].desirable, which)
        for outcome, effect in program.effects.items()
    }
    return program.model_copy(update={"effects": effects})


def _effect(effect: Effect, desirable: bool, which: EffectSet) -> Effect:
    update = {}
    for field, ratio in ratios_of(effect).items():
        # Less of a harm is favorable, and so is a sooner end of it; of what is desirable, more.
        ends = field == "exit_hazard_ratio"
        bounds = (ratio.low, ratio.high) if ends != desirable else (ratio.high, ratio.low)
        update[field] = _ratio(ratio, which, *bounds)
    return effect.model_copy(update=update)


def ratios_of(effect: Effect) -> dict[str, Quantity]:
    """The published ratios that an effect states, by field."""
    stated = {field: getattr(effect, field) for field in RATIOS}
    return {field: ratio for field, ratio in stated.items() if ratio is not None}


def _ratio(
    central: Quantity, which: EffectSet, unfavorable: float | None, favorable: float | None
) -> Quantity:
    chosen = {"zero": 1.0, "low": unfavorable, "high": favorable}[which]
    if chosen is None:
        return central
    return replace(central, points=((None, chosen),), low=None, high=None, distribution=None)
