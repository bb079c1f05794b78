"""Rules of the period, the families and the screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from hvsim.months import format_month
from hvsim.scenario.checks.names import coefficient_findings, unknown
from hvsim.scenario.checks.numbers import sum_findings, whole
from hvsim.scenario.errors import listed
from hvsim.scenario.findings import Finding, found
from hvsim.scenario.resolved import quantities
from hvsim.scenario.schema import Attribute, Scenario
from hvsim.scenario.vocabulary import (
    ATTRIBUTE_TRAITS,
    ATTRIBUTES,
    LEVELS,
    STATUS_TRAITS,
    TRAITS,
    levels_of,
)

OWN = ("population", "attributes")


def check_calendar(scenario: Scenario) -> Iterator[Finding]:
    """The period runs forward."""
    if scenario.end < scenario.start:
        start = format_month(scenario.start)
        yield found(
            ("end",), f"'{format_month(scenario.end)}'", f"must not lie before start ({start})"
        )


def check_follow_up(scenario: Scenario) -> Iterator[Finding]:
    """Follow-up lasts whole months, to either age."""
    yield from whole(("follow_up",), scenario.follow_up, least=1)
    if scenario.also_at is not None:
        yield from whole(("also_at",), scenario.also_at, least=1)


def check_warm_start(scenario: Scenario) -> Iterator[Finding]:
    """The warm start lasts whole months."""
    yield from whole(("warm_start", "months"), scenario.warm_start.months)


def check_entry(scenario: Scenario) -> Iterator[Finding]:
    """Families enter at a whole month of pregnancy."""
    path = ("population", "enters_before_birth")
    months = scenario.population.enters_before_birth
    yield from whole(path, months)
    if months.value > 9:
        yield found(path, f"{months.value:g}", "a pregnancy lasts 9 months")


def check_regions(scenario: Scenario) -> Iterator[Finding]:
    """Every birth has a region."""
    path = ("population", "regions")
    regions = scenario.population.regions
    if not regions:
        yield found(path, "none", "write at least one region")
        return
    yield from sum_findings(
        path, "share_of_births", {name: region.share_of_births for name, region in regions.items()}
    )


def check_margins(scenario: Scenario) -> Iterator[Finding]:
    """Margins cover all levels of their attributes, and no others."""
    for attribute, shares in scenario.population.margins.items():
        path = ("population", "margins", attribute)
        if attribute in scenario.population.attributes:
            place = f"population.attributes.{attribute}.levels"
            yield Finding(path, f"its shares stand in {place}; remove them here")
            continue
        if attribute not in ATTRIBUTES:
            yield unknown(path, "attribute", attribute, ATTRIBUTES)
            continue
        levels = ATTRIBUTES[attribute]
        strangers = [level for level in shares if level not in levels]
        for level in strangers:
            yield unknown((*path, level), f"level of {attribute}", level, levels)
        missing = [level for level in levels if level not in shares]
        if missing and not strangers:
            yield Finding(path, f"lacks {listed(missing)}")
        elif not strangers:
            yield from sum_findings(path, "its levels", shares)


def check_missing_margins(scenario: Scenario) -> Iterator[Finding]:
    """Coefficients and realized statuses need a level's share of births."""
    levels, margins = levels_of(scenario), scenario.population.margins
    named = [(path, path[-1]) for path, number in quantities(scenario) if number.kind == "real"]
    named += [
        (("outcomes", name, "realized"), outcome.realized)
        for name, outcome in scenario.outcomes.items()
        if outcome.realized is not None
    ]
    for path, level in named:
        attribute = levels.get(level)
        if attribute in ATTRIBUTES and attribute not in margins:
            expected = f"state its shares in population.margins.{attribute}"
            yield Finding(path, f"attribute '{attribute}' has no margin; {expected}")


def check_attribute_names(scenario: Scenario) -> Iterator[Finding]:
    """A name means one thing: an attribute, a level, a trait or where a family lives."""
    taken = {"region": "where a family lives"}
    taken |= dict.fromkeys((*TRAITS, *ATTRIBUTE_TRAITS, *STATUS_TRAITS), "a trait")
    taken |= dict.fromkeys(ATTRIBUTES, "an attribute of birth records")
    taken |= {level: f"a level of {attribute}" for level, attribute in LEVELS.items()}
    for path, name, what in _own_names(scenario):
        if name in taken:
            yield Finding(path, f"'{name}' is already {taken[name]}; choose another name")
        else:
            taken[name] = what


def _own_names(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for name, attribute in scenario.population.attributes.items():
        yield (*OWN, name), name, "an attribute"
        if hasattr(attribute, "otherwise"):
            yield (*OWN, name, "otherwise"), attribute.otherwise, f"a level of {name}"
        for level in getattr(attribute, "levels", {}):
            yield (*OWN, name, "levels", level), level, f"a level of {name}"


def check_attribute_shares(scenario: Scenario) -> Iterator[Finding]:
    """Levels beside `otherwise` leave it a share of births, be it none."""
    for name, attribute in scenario.population.attributes.items():
        path = (*OWN, name, "levels")
        total = _share_of_levels(attribute)
        if not attribute.levels:
            yield Finding(path, "found none; write at least one level beside 'otherwise'")
        if total > 1 + 1e-9:
            yield found(path, f"a sum of {total:.4g}", "shares must sum to at most 1")


def _share_of_levels(attribute: Attribute) -> float:
    return math.fsum(level.share.value for level in attribute.levels.values())


def check_attribute_coefficients(scenario: Scenario) -> Iterator[Finding]:
    """An attribute depends only on what is drawn before it."""
    earlier = list(LEVELS)
    for name, attribute in scenario.population.attributes.items():
        for level, row in attribute.levels.items():
            path = (*OWN, name, "levels", level, "log_odds")
            for finding in coefficient_findings(path, row.log_odds, earlier, ATTRIBUTE_TRAITS):
                message = f"{finding.message}; only attributes before '{name}' are drawn already"
                late = finding.path[-1] in levels_of(scenario)
                yield Finding(finding.path, message) if late else finding
        earlier += [attribute.otherwise, *attribute.levels]


def check_screened_outcome(scenario: Scenario) -> Iterator[Finding]:
    """The screen looks for recurrent events."""
    path, of = ("screening", "of"), scenario.screening.of
    if of not in scenario.outcomes:
        yield unknown(path, "outcome", of, scenario.outcomes)
    elif scenario.outcomes[of].kind != "recurrent":
        yield found(path, f"'{of}', of kind {scenario.outcomes[of].kind}", "must be recurrent")


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


RULES: Iterable[Callable[[Scenario], Iterator[Finding]]] = (
    check_calendar,
    check_follow_up,
    check_warm_start,
    check_entry,
    check_regions,
    check_margins,
    check_attribute_names,
    check_attribute_shares,
    check_attribute_coefficients,
    check_screened_outcome,
    check_risk_groups,
    check_screening_correlations,
)
