"""What must be true of a scenario beyond each field's own kind.

Each rule looks at the scenario, or at one item of a collection, and yields what it finds wrong.
A rule that needs a field which could not be built is passed over: that field is reported already.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from hvsim.months import format_month
from hvsim.scenario import references
from hvsim.scenario.errors import listed, nth
from hvsim.scenario.findings import Finding, found
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema import Door, Funding, Outcome, Program, Provider, Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES

TOLERANCE = 0.005

Rule: TypeAlias = Callable[[Scenario], Iterator[Finding]]
ItemRule: TypeAlias = Callable[[Scenario, str, Any], Iterator[Finding]]


def check(scenario: Scenario, complete: bool) -> Iterator[Finding]:
    """Everything that the rules find wrong.

    Parameters
    ----------
    scenario
        Scenario, which may lack fields that could not be built.
    complete
        Whether it lacks none.
    """
    for rule in (*OF_SCENARIO, *references.OF_SCENARIO):
        yield from _guarded(rule(scenario), complete)
    for collection, rules in OF_ITEMS.items():
        for name, item in getattr(scenario, collection, {}).items():
            for item_rule in (*rules, *references.OF_ITEMS.get(collection, ())):
                yield from _guarded(item_rule(scenario, name, item), complete)


def check_before(scenario: Scenario, before: Scenario) -> Iterator[Finding]:
    """What keeps the scenario in force before the start from preceding this one."""
    now, then = set(scenario.population.regions), set(before.population.regions)
    if now != then:
        names = listed(sorted(now ^ then))
        yield Finding(("warm_start", "under"), f"its regions differ from this scenario's: {names}")


def _guarded(findings: Iterator[Finding], complete: bool) -> Iterator[Finding]:
    try:
        yield from findings
    except AttributeError:
        if complete:
            raise


def _sum_findings(
    path: tuple[str, ...], what: str, shares: Mapping[str, Quantity]
) -> Iterator[Finding]:
    """Shares that do not sum to 1."""
    total = math.fsum(share.value for share in shares.values())
    if abs(total - 1) > TOLERANCE:
        yield found(path, f"a sum of {total:.4g}", f"{what} must sum to 1")


def _whole(path: tuple[str, ...], quantity: Quantity, least: int = 0) -> Iterator[Finding]:
    if not quantity.value.is_integer() or quantity.value < least:
        yield found(path, f"{quantity.value:g}", f"write whole months, at least {least}")


def check_calendar(scenario: Scenario) -> Iterator[Finding]:
    """The period runs forward."""
    if scenario.end < scenario.start:
        start = format_month(scenario.start)
        yield found(
            ("end",), f"'{format_month(scenario.end)}'", f"must not lie before start ({start})"
        )


def check_follow_up(scenario: Scenario) -> Iterator[Finding]:
    """Follow-up lasts whole months."""
    yield from _whole(("follow_up",), scenario.follow_up, least=1)


def check_warm_start(scenario: Scenario) -> Iterator[Finding]:
    """The warm start lasts whole months."""
    yield from _whole(("warm_start", "months"), scenario.warm_start.months)


def check_entry(scenario: Scenario) -> Iterator[Finding]:
    """Families enter at a whole month of pregnancy."""
    path = ("population", "enters_before_birth")
    months = scenario.population.enters_before_birth
    yield from _whole(path, months)
    if months.value > 9:
        yield found(path, f"{months.value:g}", "a pregnancy lasts 9 months")


def check_regions(scenario: Scenario) -> Iterator[Finding]:
    """Every birth has a region."""
    path = ("population", "regions")
    regions = scenario.population.regions
    if not regions:
        yield found(path, "none", "write at least one region")
        return
    yield from _sum_findings(
        path, "share_of_births", {name: region.share_of_births for name, region in regions.items()}
    )


def check_margins(scenario: Scenario) -> Iterator[Finding]:
    """Margins cover all levels of their attributes, and no others."""
    for attribute, shares in scenario.population.margins.items():
        path = ("population", "margins", attribute)
        if attribute not in ATTRIBUTES:
            yield references.unknown(path, "attribute", attribute, ATTRIBUTES)
            continue
        levels = ATTRIBUTES[attribute]
        strangers = [level for level in shares if level not in levels]
        for level in strangers:
            yield references.unknown((*path, level), f"level of {attribute}", level, levels)
        missing = [level for level in levels if level not in shares]
        if missing and not strangers:
            yield Finding(path, f"lacks {listed(missing)}")
        elif not strangers:
            yield from _sum_findings(path, "its levels", shares)


def check_risk_groups(scenario: Scenario) -> Iterator[Finding]:
    """The risk groups are in order."""
    screen = scenario.screening
    low, high = screen.risk_group_cuts
    if low >= high:
        yield found(("screening", "risk_group_cuts"), f"[{low:g}, {high:g}]", "must increase")


def check_screening_correlations(scenario: Scenario) -> Iterator[Finding]:
    """The score's two correlations can hold together."""
    screen = scenario.screening
    risk, detection = screen.correlation_with_risk.value, screen.correlation_with_detection.value
    if risk**2 + detection**2 > 1:
        yield Finding(
            ("screening", "correlation_with_risk"),
            f"{risk:g} and correlation_with_detection {detection:g} exclude each other; their "
            "squares must sum to at most 1",
        )


def check_kind(scenario: Scenario, name: str, outcome: Outcome) -> Iterator[Finding]:
    """Only a state has spells."""
    for field in ("exit_per_month", "present_at_entry"):
        stated = getattr(outcome, field) is not None
        if outcome.kind == "state" and not stated:
            yield Finding(("outcomes", name, field), "a state needs it")
        if outcome.kind == "recurrent" and stated:
            yield Finding(("outcomes", name, field), "only a state has it; this is recurrent")


def check_contact(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Prenatal doors, and only they, say when they meet whom."""
    path = ("doors", name, "contact_age")
    if door.kind == "birth":
        if door.contact_age:
            yield Finding(path, "only a prenatal door has it; this one meets families at birth")
        return
    if not door.contact_age:
        yield Finding(path, "a prenatal door needs it")
    first = -int(scenario.population.enters_before_birth.value)
    for level, age in door.contact_age.items():
        if not first <= age <= -1:
            expected = f"before birth is from {first} (enters_before_birth) to -1"
            yield found((*path, level), str(age), expected)


def check_levels(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """The schedule has neither gaps nor overlaps."""
    reached: int | None = None
    for place, level in enumerate(program.levels):
        path = ("programs", name, "levels", nth(place))
        if reached is not None and level.from_age != reached:
            expected = f"must begin where the level before ends ({reached})"
            yield found((*path, "from_age"), str(level.from_age), expected)
        if level.until_age <= level.from_age:
            expected = f"must lie after from_age ({level.from_age})"
            yield found((*path, "until_age"), str(level.until_age), expected)
        if level.load > program.caseload:
            expected = f"must not exceed the caseload ({program.caseload})"
            yield found((*path, "load"), str(level.load), expected)
        reached = level.until_age


def check_program_ages(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """A program begins and enrolls while it has families to serve."""
    first, last = program.levels[0].from_age, program.levels[-1].until_age
    entry = -int(scenario.population.enters_before_birth.value)
    if first < entry:
        start = ("programs", name, "levels", nth(0), "from_age")
        yield found(start, str(first), f"families enter at {entry} (enters_before_birth)")
    if not first <= program.enroll_until_age < last:
        path = ("programs", name, "enroll_until_age")
        yield found(path, str(program.enroll_until_age), f"must be from {first} to {last - 1}")


def check_program_times(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Times that the monthly clock counts are whole."""
    for field in ("wait_expires", "visitor_left_months", "hold_months"):
        yield from _whole(("programs", name, field), getattr(program, field))
    yield from _whole(("programs", name, "fade_step"), program.fade_step, least=1)


def check_divisors(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Money is divided by the cost of a position, time since exit by the half-life."""
    path = ("programs", name)
    if round(100 * program.staff.cost_per_visitor.value / 12) < 1:
        yield Finding((*path, "staff", "cost_per_visitor"), "must be at least a cent a month")
    if program.fade_half_life is not None and program.fade_half_life.value <= 0:
        yield Finding((*path, "fade_half_life"), "must be above 0; leave it out for no fading")


def check_effects(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Effects were found at some dose; only a state can be left sooner."""
    for outcome, effect in program.effects.items():
        path = ("programs", name, "effects", outcome)
        if min(effect.mean_dose.value, effect.mean_dose.low or math.inf) <= 0:
            yield found((*path, "mean_dose"), "0", "an effect was found at a dose above 0")
        kind = scenario.outcomes[outcome].kind if outcome in scenario.outcomes else "state"
        if effect.exit_hazard_ratio is not None and kind != "state":
            yield Finding((*path, "exit_hazard_ratio"), f"'{outcome}' is no state to recover from")


def check_share(scenario: Scenario, name: str, provider: Provider) -> Iterator[Finding]:
    """A provider has a part of the money."""
    if provider.share.value <= 0:
        yield found(("providers", name, "share"), "0", "must be above 0; or remove the provider")


def check_period(scenario: Scenario, name: str, stream: Funding) -> Iterator[Finding]:
    """A stream runs forward."""
    if stream.to < stream.from_:
        expected = f"must not lie before from ({format_month(stream.from_)})"
        yield found(("funding", name, "to"), f"'{format_month(stream.to)}'", expected)


def check_split(scenario: Scenario, name: str, stream: Funding) -> Iterator[Finding]:
    """A division covers the programs paid, and all the money."""
    path = ("funding", name, "split")
    if not stream.split:
        return
    strangers = [program for program in stream.split if program not in stream.pays_for]
    for program in strangers:
        yield references.unknown((*path, program), "program of pays_for", program, stream.pays_for)
    missing = [program for program in stream.pays_for if program not in stream.split]
    if missing and not strangers:
        yield Finding(path, f"lacks {listed(missing)} of pays_for")
    elif not strangers:
        yield from _sum_findings(path, "its shares", stream.split)


OF_SCENARIO: Iterable[Rule] = (
    check_calendar,
    check_follow_up,
    check_warm_start,
    check_entry,
    check_regions,
    check_margins,
    check_risk_groups,
    check_screening_correlations,
)

OF_ITEMS: Mapping[str, Iterable[ItemRule]] = {
    "outcomes": (check_kind,),
    "chains": (),
    "doors": (check_contact,),
    "programs": (
        check_levels,
        check_program_ages,
        check_program_times,
        check_divisors,
        check_effects,
    ),
    "providers": (check_share,),
    "funding": (check_period, check_split),
}
