"""Copies of a scenario under other assumptions about what programs do."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias, get_args

from hvsim.scenario.errors import Origin
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Effect, Program, Scenario

EffectSet: TypeAlias = Literal["zero", "low", "central", "high"]


def with_effects(scenario: Scenario, which: EffectSet) -> Scenario:
    """The scenario under one set of program effects; surveillance stays as it is.

    Parameters
    ----------
    scenario
        Scenario with effects and their bounds.
    which
        ``zero``: no effect. ``central``: the values. ``low``: each bound less favorable to
        families. ``high``: each more favorable one. Where a bound is not stated, the value.
    """
    if which not in get_args(EffectSet):
        raise ValueError(f"unknown effect set '{which}'; known: {', '.join(get_args(EffectSet))}")
    if which == "central":
        return scenario.model_copy()
    programs = {name: _program(program, which) for name, program in scenario.programs.items()}
    copy = scenario.model_copy(update={"programs": programs})
    layer = Origin(f"effects: {which}")
    copy._origins = dict(scenario.origins) | {
        f"programs.{name}.effects.{outcome}.{field}": layer
        for name, program in programs.items()
        for outcome, effect in program.effects.items()
        for field in ("hazard_ratio", "exit_hazard_ratio")
        if getattr(effect, field) is not None
    }
    if scenario.before is not scenario:
        copy._before = with_effects(scenario.before, which)
    return copy


def _program(program: Program, which: EffectSet) -> Program:
    effects = {outcome: _effect(effect, which) for outcome, effect in program.effects.items()}
    return program.model_copy(update={"effects": effects})


def _effect(effect: Effect, which: EffectSet) -> Effect:
    onset, recovery = effect.hazard_ratio, effect.exit_hazard_ratio
    # A lower hazard of onset is good for families; so is a higher one of recovery.
    unfavorable, favorable = (onset.high, onset.low)
    update = {"hazard_ratio": _ratio(onset, which, unfavorable, favorable)}
    if recovery is not None:
        unfavorable, favorable = (recovery.low, recovery.high)
        update["exit_hazard_ratio"] = _ratio(recovery, which, unfavorable, favorable)
    return effect.model_copy(update=update)


def _ratio(
    central: Quantity, which: EffectSet, unfavorable: float | None, favorable: float | None
) -> Quantity:
    chosen = {"zero": 1.0, "low": unfavorable, "high": favorable}[which]
    if chosen is None:
        return central
    return replace(central, points=((None, chosen),), low=None, high=None, distribution=None)
