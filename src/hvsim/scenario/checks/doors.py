"""Rules of doors and hubs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hvsim.scenario.checks.fields import Use, kind_findings
from hvsim.scenario.checks.names import (
    coefficient_fields,
    list_findings,
    stage_findings,
    unknown,
)
from hvsim.scenario.checks.numbers import whole
from hvsim.scenario.findings import Finding, found
from hvsim.scenario.schema import Door, Hub, Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES, TRAITS

WORDS = {
    "birth": "a birth door",
    "prenatal": "a prenatal door",
    "community": "a community door",
    "agency": "an agency door",
    "program": "a program door",
}
BY_SHARE = ("birth", "prenatal", "community")
BY_REFERRAL = ("agency", "program")
USES = {
    "share_of_births": Use(BY_SHARE, twin="refers"),
    "share_log_odds": Use((), BY_SHARE, twin="refers_log_odds"),
    "contact_age": Use(("prenatal",)),
    "contacts_per_month": Use(("community",)),
    "chain": Use(("agency",)),
    "after": Use(BY_REFERRAL),
    "after_visits": Use((), ("program",)),
    "refers": Use(BY_REFERRAL, twin="share_of_births"),
    "refers_log_odds": Use((), BY_REFERRAL, twin="share_log_odds"),
    "closure": Use((), ("agency",)),
}
COEFFICIENTS = dict.fromkeys(("share_log_odds", "refers_log_odds", "consents_log_odds"), TRAITS)


def check_kind(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Each kind of door has its own fields."""
    yield from kind_findings(("doors", name), door, door.kind, USES, WORDS)


def check_contact(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Prenatal contact is before birth."""
    path = ("doors", name, "contact_age")
    first = -int(scenario.population.enters_before_birth.value)
    if door.kind != "prenatal":
        return
    for level, age in door.contact_age.items():
        if not first <= age <= -1:
            expected = f"before birth is from {first} (enters_before_birth) to -1"
            yield found((*path, level), str(age), expected)


def check_occasion(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Referrals follow a stage of a chain, or visits of a program."""
    path = ("doors", name)
    if door.kind == "agency" and door.chain is not None:
        if door.chain not in scenario.chains:
            yield unknown((*path, "chain"), "chain", door.chain, scenario.chains)
        elif door.after is not None:
            chain = scenario.chains[door.chain]
            yield from stage_findings((*path, "after"), chain, door.after)
    if door.kind == "program":
        if door.after is not None and door.after not in scenario.programs:
            yield unknown((*path, "after"), "program", door.after, scenario.programs)
        if door.after_visits < 1:
            yield found((*path, "after_visits"), str(door.after_visits), "must be at least 1")


def check_closure(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """A closure is the end of a state."""
    if door.closure is None:
        return
    path, of = ("doors", name, "closure", "of"), door.closure.of
    states = [
        other
        for other, outcome in scenario.outcomes.items()
        if getattr(outcome, "kind", "state") == "state"
    ]
    if of in scenario.outcomes and of not in states:
        yield Finding(path, f"'{of}' is no state; only a state ends")
    elif of not in states:
        yield unknown(path, "state", of, states)


def check_hub(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Doors refer to hubs that exist."""
    if door.hub is not None and door.hub not in scenario.hubs:
        yield unknown(("doors", name, "hub"), "hub", door.hub, scenario.hubs)


def check_offers(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Doors offer programs that exist."""
    path = ("doors", name, "offers")
    yield from list_findings(path, "program", door.offers, scenario.programs)


def check_coefficients(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Doors' coefficients name levels and traits."""
    yield from coefficient_fields(scenario, ("doors", name), door, COEFFICIENTS)


def check_contact_levels(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Contact ages name levels of prenatal care."""
    levels = ATTRIBUTES["prenatal-care"]
    for level in door.contact_age:
        if level not in levels:
            path = ("doors", name, "contact_age", level)
            yield unknown(path, "level of prenatal-care", level, levels)


def check_calls(scenario: Scenario, name: str, hub: Hub) -> Iterator[Finding]:
    """A hub calls families, whole months after their referral."""
    path = ("hubs", name)
    yield from whole((*path, "months"), hub.months)
    if all(families < 1 for _, families in hub.families_per_month.points):
        first = f"{hub.families_per_month.value:g}"
        expected = "a hub must be able to call a family a month; or remove it"
        yield found((*path, "families_per_month"), first, expected)


def check_reaches(scenario: Scenario, name: str, hub: Hub) -> Iterator[Finding]:
    """Hubs' coefficients name levels and traits."""
    yield from coefficient_fields(scenario, ("hubs", name), hub, {"reaches_log_odds": TRAITS})


OF_DOORS: tuple[Callable[[Scenario, str, Any], Iterator[Finding]], ...] = (
    check_kind,
    check_contact,
    check_occasion,
    check_closure,
    check_hub,
    check_offers,
    check_coefficients,
    check_contact_levels,
)

OF_HUBS: tuple[Callable[[Scenario, str, Any], Iterator[Finding]], ...] = (
    check_calls,
    check_reaches,
)
