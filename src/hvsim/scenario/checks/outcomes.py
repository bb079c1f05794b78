"""Rules of outcomes and chains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hvsim.scenario.checks.fields import Use, is_written, kind_findings, says_something
from hvsim.scenario.checks.names import (
    coefficient_fields,
    stage_findings,
    unknown,
)
from hvsim.scenario.findings import Finding, found
from hvsim.scenario.schema import Chain, Outcome, Scenario
from hvsim.scenario.vocabulary import FIRST_STAGE, STATUS_TRAITS, levels_of

RESERVED = (FIRST_STAGE, "reported-without-harm")

WORDS = {
    "recurrent": "a recurrent outcome",
    "state": "a state",
    "status": "a status",
    "ending": "an ending",
}
HAS_RATE = ("recurrent", "state", "ending")
USES = {
    "per_month": Use(("recurrent", "ending"), ("state",), twin="share"),
    "trend": Use((), HAS_RATE),
    "shared_frailty_sd": Use((), HAS_RATE),
    "own_frailty_sd": Use((), HAS_RATE),
    "log_hazard_ratios": Use((), HAS_RATE, twin="share_log_odds"),
    "exit_per_month": Use(("state",)),
    "present_at_entry": Use((), ("state",)),
    "begins_with": Use((), ("state",)),
    "at_age": Use(("status",)),
    "dose_age": Use((), ("status",)),
    "share": Use(("status",), twin="per_month"),
    "share_log_odds": Use((), ("status",), twin="log_hazard_ratios"),
    "realized": Use((), ("status",)),
    "ends": Use(("ending",)),
    "amount": Use((), ("recurrent",)),
    "sibling_after": Use((), ("recurrent",)),
}
OF_ONSET = ("per_month", "trend", "shared_frailty_sd", "own_frailty_sd", "log_hazard_ratios")


def check_distinct(scenario: Scenario) -> Iterator[Finding]:
    """Outcomes, amounts, chains and stages share one table of results, so that names differ."""
    taken = dict.fromkeys(RESERVED, "reserved")
    for name, outcome in scenario.outcomes.items():
        if getattr(outcome, "kind", "") == "state":
            taken[f"{name}-recovery"] = f"the recovery from '{name}'"
    for path, name, what in _result_names(scenario):
        if name in taken:
            yield Finding(path, f"'{name}' is already {taken[name]}; choose another name")
        else:
            taken[name] = what


def _result_names(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for name in scenario.outcomes:
        yield ("outcomes", name), name, "an outcome"
    for name, outcome in scenario.outcomes.items():
        amount = outcome.__dict__.get("amount")
        if amount is not None and hasattr(amount, "name"):
            yield ("outcomes", name, "amount", "name"), amount.name, f"an amount of '{name}'"
    for name in scenario.chains:
        yield ("chains", name), name, "a chain"
    for name, chain in scenario.chains.items():
        for stage in getattr(chain, "stages", {}):
            yield ("chains", name, "stages", stage), stage, f"a stage of '{name}'"


def check_kind(scenario: Scenario, name: str, outcome: Outcome) -> Iterator[Finding]:
    """Each kind of outcome has its own fields."""
    yield from kind_findings(("outcomes", name), outcome, outcome.kind, USES, WORDS)


def check_onset(scenario: Scenario, name: str, outcome: Outcome) -> Iterator[Finding]:
    """Spells of a state begin at a rate of their own or with a stage of a chain."""
    path = ("outcomes", name)
    if outcome.kind != "state":
        return
    begins = outcome.begins_with
    if begins is None:
        if not is_written(outcome, "per_month"):
            yield Finding((*path, "per_month"), "a state needs it, or begins_with")
        if not is_written(outcome, "present_at_entry"):
            yield Finding((*path, "present_at_entry"), "a state needs it")
        return
    for field in OF_ONSET:
        if says_something(outcome, field):
            message = "begins_with says when its spells begin; leave out one of the two"
            yield Finding((*path, field), message)
    if outcome.present_at_entry is not None and outcome.present_at_entry.value > 0:
        message = "begins_with says when its spells begin, which is after entry; leave it out"
        yield Finding((*path, "present_at_entry"), message)
    if begins.chain not in scenario.chains:
        yield unknown((*path, "begins_with", "chain"), "chain", begins.chain, scenario.chains)
    else:
        chain = scenario.chains[begins.chain]
        yield from stage_findings((*path, "begins_with", "stage"), chain, begins.stage)


def check_status(scenario: Scenario, name: str, outcome: Outcome) -> Iterator[Finding]:
    """A status is counted while the family lives, and counts service received by then."""
    path = ("outcomes", name)
    entry = -int(scenario.population.enters_before_birth.value)
    at_age, dose_age = outcome.at_age, outcome.dose_age
    for field, age in (("at_age", at_age), ("dose_age", dose_age)):
        if age is not None and age < entry:
            expected = f"families enter at {entry} (enters_before_birth)"
            yield found((*path, field), str(age), expected)
    if at_age is not None and dose_age is not None and dose_age > at_age:
        yield found((*path, "dose_age"), str(dose_age), f"must not lie after at_age ({at_age})")
    if outcome.realized is not None and outcome.realized not in levels_of(scenario):
        known = levels_of(scenario)
        yield unknown((*path, "realized"), "attribute level", outcome.realized, known)


def check_amount(scenario: Scenario, name: str, outcome: Outcome) -> Iterator[Finding]:
    """An event brings at least one of what it brings."""
    if outcome.amount is not None and outcome.amount.mean.value < 1:
        path = ("outcomes", name, "amount", "mean")
        yield found(path, f"{outcome.amount.mean.value:g}", "must be at least 1")


def check_sibling(scenario: Scenario, name: str, outcome: Outcome) -> Iterator[Finding]:
    """A sibling enters after the event that brings it."""
    least = int(scenario.population.enters_before_birth.value) + 1
    if outcome.sibling_after is not None and outcome.sibling_after < least:
        expected = f"must be at least {least} (enters_before_birth and a month)"
        yield found(("outcomes", name, "sibling_after"), str(outcome.sibling_after), expected)
    bringing = [other for other, o in scenario.outcomes.items() if o.sibling_after is not None]
    if name in bringing[1:]:
        message = f"'{bringing[0]}' brings siblings already; a family has one at most"
        yield Finding(("outcomes", name, "sibling_after"), message)


def check_outcome_coefficients(
    scenario: Scenario, name: str, outcome: Outcome
) -> Iterator[Finding]:
    """Outcomes depend on attributes, a status also on traits."""
    traits = {"log_hazard_ratios": (), "share_log_odds": STATUS_TRAITS}
    yield from coefficient_fields(scenario, ("outcomes", name), outcome, traits)


def check_chain_events(scenario: Scenario, name: str, chain: Chain) -> Iterator[Finding]:
    """A chain begins with two different recurrent outcomes, whose events only it counts."""
    for field in ("true_events", "false_events"):
        path, outcome = ("chains", name, field), getattr(chain, field)
        if outcome not in scenario.outcomes:
            yield unknown(path, "outcome", outcome, scenario.outcomes)
        else:
            yield from _event_findings(path, outcome, scenario.outcomes[outcome])
        for other in list(scenario.chains)[: list(scenario.chains).index(name)]:
            if outcome in (scenario.chains[other].true_events, scenario.chains[other].false_events):
                yield Finding(path, f"'{outcome}' already belongs to chain '{other}'")
    if chain.true_events == chain.false_events:
        yield Finding(("chains", name, "false_events"), "must differ from true_events")


def _event_findings(path: tuple[str, ...], name: str, outcome: Outcome) -> Iterator[Finding]:
    kind = getattr(outcome, "kind", "recurrent")
    if kind != "recurrent":
        yield Finding(path, f"'{name}' is {WORDS[kind]}; only recurrent events are reported")
        return
    for field in ("amount", "sibling_after"):
        if says_something(outcome, field):
            yield Finding(path, f"'{name}' has '{field}'; events of a chain cannot have it")


def check_stages(scenario: Scenario, name: str, chain: Chain) -> Iterator[Finding]:
    """A stage follows a report or an earlier stage."""
    earlier = [FIRST_STAGE]
    for stage_name, stage in chain.stages.items():
        follows = getattr(stage, "follows", FIRST_STAGE)
        if follows not in earlier:
            path = ("chains", name, "stages", stage_name, "follows")
            yield unknown(path, "earlier stage", follows, earlier)
        earlier.append(stage_name)


def check_detection(scenario: Scenario, name: str, chain: Chain) -> Iterator[Finding]:
    """Detection depends on attributes."""
    traits: dict[str, tuple[str, ...]] = {"detected_log_odds": ()}
    yield from coefficient_fields(scenario, ("chains", name), chain, traits)


RULES: tuple[Callable[[Scenario], Iterator[Finding]], ...] = (check_distinct,)

OF_OUTCOMES: tuple[Callable[[Scenario, str, Any], Iterator[Finding]], ...] = (
    check_kind,
    check_onset,
    check_status,
    check_amount,
    check_sibling,
    check_outcome_coefficients,
)

OF_CHAINS: tuple[Callable[[Scenario, str, Any], Iterator[Finding]], ...] = (
    check_chain_events,
    check_stages,
    check_detection,
)
