"""Copies of a scenario: with other effects of programs, other money, or any other numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, TypeAlias, TypeVar, get_args

from hvsim.scenario.errors import Origin, nth
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Effect, Funding, Program, Scenario
from hvsim.scenario.shapes import attributes_of
from hvsim.scenario.values import Record

R = TypeVar("R", bound=Record)

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


def with_follow_up(scenario: Scenario, age: Quantity) -> Scenario:
    """The scenario with follow-up to another child age, which must fit it."""
    copy = scenario.model_copy(update={"follow_up": age})
    if scenario.before is not scenario:
        copy._before = with_follow_up(scenario.before, age)
    return copy


def with_strength(
    scenario: Scenario, program: str, strength: float, like: Program | None = None
) -> Scenario:
    """The scenario with the effects of one program stronger or weaker.

    Parameters
    ----------
    scenario
        Scenario with the program; one without it stays as it is.
    program
        Its name.
    strength
        Factor on log ratios: 0 for no effect, 1 for the stated one.
    like
        Program whose ratios are scaled instead of its own, outcome by outcome; outcomes that it
        does not affect, or that the scenario does not have, stay as they are.
    """
    if program not in scenario.programs:
        return scenario
    own = scenario.programs[program]
    stated = {
        outcome: effect
        for outcome, effect in (own if like is None else like).effects.items()
        if outcome in scenario.outcomes
    }
    effects = dict(own.effects) | {
        outcome: own.effects.get(outcome, effect).model_copy(
            update=dict.fromkeys(RATIOS)
            | {field: _stronger(ratio, strength) for field, ratio in ratios_of(effect).items()}
        )
        for outcome, effect in stated.items()
    }
    changed = own.model_copy(update={"effects": effects})
    copy = scenario.model_copy(update={"programs": {**scenario.programs, program: changed}})
    layer = Origin(f"strength: {strength:g}")
    copy._origins = dict(scenario.origins) | {
        f"programs.{program}.effects.{outcome}.{field}": layer
        for outcome, effect in stated.items()
        for field in ratios_of(effect)
    }
    if scenario.before is not scenario:
        copy._before = with_strength(scenario.before, program, strength, like)
    return copy


def _stronger(ratio: Quantity, strength: float) -> Quantity:
    points = tuple((index, float(value**strength)) for index, value in ratio.points)
    return replace(ratio, points=points, low=None, high=None, distribution=None)


def with_money(scenario: Scenario, factor: float) -> Scenario:
    """The scenario with its streams that scale (`Funding.scales`) times a factor, in whole dollars.

    Raises
    ------
    ValueError
        If no stream scales, or the factor is negative.
    """
    scaling = [name for name, stream in scenario.funding.items() if stream.scales]
    if not scaling or factor < 0:
        raise ValueError(f"{len(scaling)} streams that scale, and a factor of {factor:g}")
    funding = {
        name: _scaled(stream, factor) if stream.scales else stream
        for name, stream in scenario.funding.items()
    }
    copy = scenario.model_copy(update={"funding": funding})
    layer = Origin(f"money: {factor:.6g}")
    copy._origins = {
        **scenario.origins,
        **{f"funding.{name}.per_year": layer for name in scaling},
    }
    return copy


def _scaled(stream: Funding, factor: float) -> Funding:
    amount = stream.per_year
    points = tuple((month, float(round(dollars * factor))) for month, dollars in amount.points)
    scaled = replace(amount, points=points, low=None, high=None, distribution=None)
    return stream.model_copy(update={"per_year": scaled})


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


def with_numbers(
    scenario: Scenario,
    numbers: Mapping[tuple[str, ...], Quantity],
    before: Mapping[tuple[str, ...], Quantity],
) -> Scenario:
    """The scenario with other numbers at some paths; nothing is checked anew.

    Parameters
    ----------
    scenario
        Scenario that has numbers at these paths (`hvsim.scenario.resolved.quantities`).
    numbers
        Numbers of its own.
    before
        Numbers of the scenario in force before its start, if that is another one.
    """
    copy = placed(scenario, numbers)
    copy._origins = dict(scenario.origins)
    if scenario.before is not scenario:
        copy._before = with_numbers(scenario.before, before, {})
    return copy


def placed(record: R, numbers: Mapping[tuple[str, ...], Quantity]) -> R:
    """Any record with other numbers at some paths (`hvsim.scenario.resolved.quantities`)."""
    return _placed(record, _tree(numbers))


def _tree(numbers: Mapping[tuple[str, ...], Quantity]) -> dict[str, Any]:
    """Numbers by the steps of their paths."""
    root: dict[str, Any] = {}
    for path, number in numbers.items():
        branch = root
        for step in path[:-1]:
            branch = branch.setdefault(step, {})
        branch[path[-1]] = number
    return root


def _placed(record: R, tree: Mapping[str, Any]) -> R:
    attributes = attributes_of(type(record))
    update = {
        attributes[step]: _inside(getattr(record, attributes[step]), part)
        for step, part in tree.items()
    }
    return record.model_copy(update=update)


def _inside(value: Any, part: Any) -> Any:
    """What stands in the place of a value of a record, mapping or list."""
    if isinstance(part, Quantity):
        return part
    if isinstance(value, Record):
        return _placed(value, part)
    if isinstance(value, dict):
        return value | {step: _inside(value[step], inner) for step, inner in part.items()}
    return tuple(
        _inside(item, part[nth(place)]) if nth(place) in part else item
        for place, item in enumerate(value)
    )
