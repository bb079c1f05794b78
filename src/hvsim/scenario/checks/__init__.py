"""What must be true of a scenario beyond each field's own kind.

Each rule looks at the scenario, or at one item of a collection, and yields what it finds wrong.
A rule that needs a field which could not be built is passed over: that field is reported already.
The modules are those of ``hvsim.scenario.schema``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from hvsim.scenario.checks import agencies, doors, families, outcomes, programs, records, sources
from hvsim.scenario.errors import listed
from hvsim.scenario.findings import Finding
from hvsim.scenario.schema import Scenario
from hvsim.scenario.vocabulary import attributes_of

Rule: TypeAlias = Callable[[Scenario], Iterator[Finding]]
ItemRule: TypeAlias = Callable[[Scenario, str, Any], Iterator[Finding]]

OF_SCENARIO: Iterable[Rule] = (
    *families.RULES,
    *records.RULES,
    sources.check_evidence,
    *outcomes.RULES,
)

OF_ITEMS: Mapping[str, Iterable[ItemRule]] = {
    "outcomes": outcomes.OF_OUTCOMES,
    "chains": outcomes.OF_CHAINS,
    "doors": doors.OF_DOORS,
    "hubs": doors.OF_HUBS,
    "programs": programs.RULES,
    "providers": agencies.OF_PROVIDERS,
    "funding": agencies.OF_FUNDING,
}


def check(scenario: Scenario, complete: bool) -> Iterator[Finding]:
    """Everything that the rules find wrong.

    Parameters
    ----------
    scenario
        Scenario, which may lack fields that could not be built.
    complete
        Whether it lacks none.
    """
    for rule in OF_SCENARIO:
        yield from _guarded(rule(scenario), complete)
    for collection, rules in OF_ITEMS.items():
        for name, item in getattr(scenario, collection, {}).items():
            for item_rule in rules:
                yield from _guarded(item_rule(scenario, name, item), complete)
    if complete:  # margins that could not be built are not missing
        yield from families.check_missing_margins(scenario)


def check_before(scenario: Scenario, before: Scenario) -> Iterator[Finding]:
    """What keeps the scenario in force before the start from preceding this one."""
    path = ("warm_start", "under")
    now, then = set(scenario.population.regions), set(before.population.regions)
    if now != then:
        yield Finding(
            path, f"its regions differ from this scenario's: {listed(sorted(now ^ then))}"
        )
    own, earlier = attributes_of(scenario), attributes_of(before)
    differ = [name for name in own | earlier if own.get(name) != earlier.get(name)]
    if differ:
        yield Finding(
            path,
            f"its attributes or their levels differ from this scenario's: {listed(differ)}; state "
            "them in the file that it names",
        )
    for name, door in scenario.doors.items():
        known = before.doors.get(name, door)
        if door.kind != known.kind and {door.kind, known.kind} & {"agency", "program"}:
            yield Finding(
                ("doors", name, "kind"),
                f"'{door.kind}', but '{known.kind}' in the scenario of warm_start.under; doors "
                "that refer are met in another way: give one of them another name",
            )


def _guarded(findings: Iterator[Finding], complete: bool) -> Iterator[Finding]:
    try:
        yield from findings
    except AttributeError:
        if complete:
            raise
