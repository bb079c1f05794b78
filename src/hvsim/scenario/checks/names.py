"""Who names whom in a scenario: every name that is used must exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hvsim.scenario.addresses import PACKAGED, TEMPLATES, is_file, located
from hvsim.scenario.errors import nth, suggestion
from hvsim.scenario.findings import Finding
from hvsim.scenario.schema import Chain, Scenario
from hvsim.scenario.values import Names
from hvsim.scenario.vocabulary import (
    FIRST_STAGE,
    NEVER_IN_ALLOCATION,
    attributes_of,
    levels_of,
)


def unknown(path: tuple[str, ...], what: str, name: str, known: Iterable[str]) -> Finding:
    """Finding that there is nothing of this name."""
    hint = suggestion(name, known)
    if is_file(located(f"{PACKAGED}{name}", TEMPLATES)):
        hint = f"; to have it, add {PACKAGED}{name} to 'extends'"
    return Finding(path, f"no {what} named '{name}'" + hint)


def list_findings(
    path: tuple[str, ...], what: str, names: Iterable[str], known: Iterable[str]
) -> Iterator[Finding]:
    """Names of a list that nothing bears."""
    known = list(known)
    for place, name in enumerate(names):
        if name not in known:
            yield unknown((*path, nth(place)), what, name, known)


def coefficient_findings(
    path: tuple[str, ...],
    coefficients: Mapping[str, object],
    levels: Iterable[str],
    traits: tuple[str, ...] = (),
) -> Iterator[Finding]:
    """Coefficients of what is neither one of the levels nor one of the traits."""
    known = (*traits, *levels)
    for name in coefficients:
        if name not in known:
            what = "attribute level or trait" if traits else "attribute level"
            yield unknown((*path, name), what, name, known)


def coefficient_fields(
    scenario: Scenario, path: tuple[str, ...], record: object, traits: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    """The same for several fields of a record, each with the traits that it may name."""
    levels = levels_of(scenario)
    for field, known in traits.items():
        yield from coefficient_findings((*path, field), getattr(record, field, {}), levels, known)


def group_findings(
    scenario: Scenario, path: tuple[str, ...], what: str, groups: Mapping[str, Names]
) -> Iterator[Finding]:
    """Who is let in: attributes and regions that exist, and never race or ethnicity."""
    known = {**attributes_of(scenario), "region": tuple(scenario.population.regions)}
    for attribute, levels in groups.items():
        field = (*path, attribute)
        if attribute in NEVER_IN_ALLOCATION:
            yield Finding(field, f"{what} may not depend on {attribute}")
        elif attribute not in known:
            allowed = [other for other in known if other not in NEVER_IN_ALLOCATION]
            yield unknown(field, "attribute", attribute, allowed)
        else:
            kind = "region" if attribute == "region" else f"level of {attribute}"
            yield from list_findings(field, kind, levels, known[attribute])


def stage_findings(path: tuple[str, ...], chain: Chain, stage: str) -> Iterator[Finding]:
    """A stage that a chain does not have."""
    stages = (FIRST_STAGE, *chain.stages)
    if stage not in stages:
        yield unknown(path, "stage of the chain", stage, stages)
