"""Rules of providers and of the streams that pay them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hvsim.months import format_month
from hvsim.scenario.checks.names import group_findings, list_findings, unknown
from hvsim.scenario.checks.numbers import sum_findings, whole
from hvsim.scenario.errors import listed
from hvsim.scenario.findings import Finding, found
from hvsim.scenario.schema import Funding, Provider, Scenario
from hvsim.scenario.vocabulary import NEVER_IN_ALLOCATION, attributes_of, levels_of


def check_share(scenario: Scenario, name: str, provider: Provider) -> Iterator[Finding]:
    """A provider has a part of the money."""
    if provider.share.value <= 0:
        yield found(("providers", name, "share"), "0", "must be above 0; or remove the provider")


def check_speaks(scenario: Scenario, name: str, provider: Provider) -> Iterator[Finding]:
    """What visitors speak covers one attribute, and never race or ethnicity."""
    path, known = ("providers", name, "speaks"), levels_of(scenario)
    strangers = [level for level in provider.speaks if level not in known]
    for level in strangers:
        yield unknown((*path, level), "attribute level", level, known)
    attributes = list(dict.fromkeys(known[level] for level in provider.speaks if level in known))
    if len(attributes) > 1:
        yield found(path, f"levels of {listed(attributes)}", "name levels of one attribute")
    elif set(attributes) & set(NEVER_IN_ALLOCATION):
        yield Finding(path, f"who visits may not depend on {attributes[0]}")
    elif attributes and not strangers:
        levels = attributes_of(scenario)[attributes[0]]
        missing = [level for level in levels if level not in provider.speaks]
        if missing:
            yield Finding(path, f"lacks {listed(missing)} of {attributes[0]}")


def check_program(scenario: Scenario, name: str, provider: Provider) -> Iterator[Finding]:
    """Providers run programs that exist, and hire in pools that exist."""
    path = ("providers", name)
    if provider.program not in scenario.programs:
        yield unknown((*path, "program"), "program", provider.program, scenario.programs)
    if provider.pool is not None and provider.pool not in scenario.labor:
        yield unknown((*path, "pool"), "labor pool", provider.pool, scenario.labor)


def check_provider_regions(scenario: Scenario, name: str, provider: Provider) -> Iterator[Finding]:
    """Providers serve regions that exist."""
    path = ("providers", name, "regions")
    yield from list_findings(path, "region", provider.regions, scenario.population.regions)
    if not provider.regions:
        yield Finding(path, "found none; write at least one region")


def check_period(scenario: Scenario, name: str, stream: Funding) -> Iterator[Finding]:
    """A stream runs forward."""
    if stream.to < stream.from_:
        expected = f"must not lie before from ({format_month(stream.from_)})"
        yield found(("funding", name, "to"), f"'{format_month(stream.to)}'", expected)


def check_intake(scenario: Scenario, name: str, stream: Funding) -> Iterator[Finding]:
    """Intake closes while the stream runs."""
    path, months = ("funding", name, "intake_closes"), stream.intake_closes
    yield from whole(path, months)
    length = stream.to - stream.from_ + 1
    if 0 < length < months.value:
        yield found(path, f"{months.value:g}", f"the stream runs for {length} months only")


def check_split(scenario: Scenario, name: str, stream: Funding) -> Iterator[Finding]:
    """A division covers the programs paid, and all the money."""
    path = ("funding", name, "split")
    if not stream.split:
        return
    strangers = [program for program in stream.split if program not in stream.pays_for]
    for program in strangers:
        yield unknown((*path, program), "program of pays_for", program, stream.pays_for)
    missing = [program for program in stream.pays_for if program not in stream.split]
    if missing and not strangers:
        yield Finding(path, f"lacks {listed(missing)} of pays_for")
    elif not strangers:
        yield from sum_findings(path, "its shares", stream.split)


def check_claims(scenario: Scenario, name: str, stream: Funding) -> Iterator[Finding]:
    """A stream pays for something, and some part of it."""
    path = ("funding", name)
    if not stream.pays:
        yield Finding((*path, "pays"), "found none; write at least one, or remove the stream")
    repeated = [entry for entry in dict.fromkeys(stream.pays) if stream.pays.count(entry) > 1]
    for entry in repeated:
        yield found((*path, "pays"), f"'{entry}' twice", "name each once")
    if stream.match.value <= 0:
        yield found((*path, "match"), "0", "must be above 0; or remove the stream")


def check_families(scenario: Scenario, name: str, stream: Funding) -> Iterator[Finding]:
    """Places are for families of attributes and regions that exist, whatever their race."""
    yield from group_findings(scenario, ("funding", name, "families"), "places", stream.families)


def check_pays_for(scenario: Scenario, name: str, stream: Funding) -> Iterator[Finding]:
    """Streams pay for programs that exist."""
    path = ("funding", name, "pays_for")
    yield from list_findings(path, "program", stream.pays_for, scenario.programs)
    if not stream.pays_for:
        yield Finding(path, "found none; write at least one program")


OF_PROVIDERS: tuple[Callable[[Scenario, str, Any], Iterator[Finding]], ...] = (
    check_share,
    check_speaks,
    check_program,
    check_provider_regions,
)

OF_FUNDING: tuple[Callable[[Scenario, str, Any], Iterator[Finding]], ...] = (
    check_period,
    check_intake,
    check_split,
    check_claims,
    check_families,
    check_pays_for,
)
