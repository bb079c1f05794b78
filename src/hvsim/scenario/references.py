"""Who names whom in a scenario: every name that is used must exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from hvsim.scenario.errors import nth, suggestion
from hvsim.scenario.findings import Finding
from hvsim.scenario.resolved import quantities
from hvsim.scenario.schema import Chain, Door, Funding, Outcome, Program, Provider, Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES, LEVELS, NEVER_IN_ALLOCATION, TRAITS

FIRST_STAGE = "reported"
RESERVED = (FIRST_STAGE, "reported-without-harm")


def unknown(path: tuple[str, ...], what: str, name: str, known: Iterable[str]) -> Finding:
    """Finding that there is nothing of this name."""
    return Finding(path, f"no {what} named '{name}'" + suggestion(name, known))


def _list_findings(
    path: tuple[str, ...], what: str, names: Iterable[str], known: Iterable[str]
) -> Iterator[Finding]:
    """Names of a list that nothing bears."""
    known = list(known)
    for place, name in enumerate(names):
        if name not in known:
            yield unknown((*path, nth(place)), what, name, known)


def _coefficient_findings(
    path: tuple[str, ...], coefficients: Mapping[str, object], traits: tuple[str, ...]
) -> Iterator[Finding]:
    known = (*traits, *LEVELS)
    for name in coefficients:
        if name not in known:
            what = "attribute level or trait" if traits else "attribute level"
            yield unknown((*path, name), what, name, known)


def check_evidence(scenario: Scenario) -> Iterator[Finding]:
    """Evidence that numbers refer to exists."""
    cited = [(path, id_) for path, number in quantities(scenario) for id_ in number.evidence]
    if not cited:
        return
    from hvsim.evidence import load_evidence  # only scenarios with references need the library

    facts = load_evidence()
    for path, id_ in cited:
        if id_ not in facts:
            yield unknown((*path, "evidence"), "evidence", id_, facts)


def check_screened_outcome(scenario: Scenario) -> Iterator[Finding]:
    """The screen looks for an outcome."""
    if scenario.screening.of not in scenario.outcomes:
        yield unknown(("screening", "of"), "outcome", scenario.screening.of, scenario.outcomes)


def check_distinct(scenario: Scenario) -> Iterator[Finding]:
    """Outcomes, chains and stages share one table of results, so that their names differ."""
    taken = dict.fromkeys(RESERVED, "reserved")
    for name, outcome in scenario.outcomes.items():
        if getattr(outcome, "kind", "") == "state":
            taken[f"{name}-recovery"] = f"the recovery from '{name}'"
    everything: list[tuple[tuple[str, ...], str]]
    everything = [(("outcomes", name), "an outcome") for name in scenario.outcomes]
    everything += [(("chains", name), "a chain") for name in scenario.chains]
    everything += [
        (("chains", name, "stages", stage), f"a stage of '{name}'")
        for name, chain in scenario.chains.items()
        for stage in getattr(chain, "stages", {})
    ]
    for path, what in everything:
        name = path[-1]
        if name in taken:
            yield Finding(path, f"'{name}' is already {taken[name]}; choose another name")
        else:
            taken[name] = what


def check_outcome_coefficients(
    scenario: Scenario, name: str, outcome: Outcome
) -> Iterator[Finding]:
    """Outcomes depend on recorded attributes."""
    path = ("outcomes", name, "log_hazard_ratios")
    yield from _coefficient_findings(path, outcome.log_hazard_ratios, ())


def check_chain_events(scenario: Scenario, name: str, chain: Chain) -> Iterator[Finding]:
    """A chain begins with two different recurrent outcomes."""
    for field in ("true_events", "false_events"):
        path, outcome = ("chains", name, field), getattr(chain, field)
        if outcome not in scenario.outcomes:
            yield unknown(path, "outcome", outcome, scenario.outcomes)
        elif getattr(scenario.outcomes[outcome], "kind", "recurrent") != "recurrent":
            yield Finding(path, f"'{outcome}' is a state; only recurrent events are reported")
        for other in list(scenario.chains)[: list(scenario.chains).index(name)]:
            if outcome in (scenario.chains[other].true_events, scenario.chains[other].false_events):
                yield Finding(path, f"'{outcome}' already belongs to chain '{other}'")
    if chain.true_events == chain.false_events:
        yield Finding(("chains", name, "false_events"), "must differ from true_events")


def check_stages(scenario: Scenario, name: str, chain: Chain) -> Iterator[Finding]:
    """A stage follows a report or an earlier stage."""
    earlier = [FIRST_STAGE]
    for stage_name, stage in chain.stages.items():
        follows = getattr(stage, "follows", FIRST_STAGE)
        if follows not in earlier:
            path = ("chains", name, "stages", stage_name, "follows")
            yield unknown(path, "earlier stage", follows, earlier)
        earlier.append(stage_name)


def check_door_offers(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Doors offer programs that exist."""
    path = ("doors", name, "offers")
    yield from _list_findings(path, "program", door.offers, scenario.programs)


def check_door_coefficients(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Doors' coefficients name levels and traits."""
    for field in ("share_log_odds", "consents_log_odds"):
        path = ("doors", name, field)
        yield from _coefficient_findings(path, getattr(door, field, {}), TRAITS)


def check_contact_levels(scenario: Scenario, name: str, door: Door) -> Iterator[Finding]:
    """Contact ages name levels of prenatal care."""
    levels = ATTRIBUTES["prenatal-care"]
    for level in door.contact_age:
        if level not in levels:
            path = ("doors", name, "contact_age", level)
            yield unknown(path, "level of prenatal-care", level, levels)


def check_eligible(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Eligibility reads attributes and regions that exist, and never race or ethnicity."""
    regions = tuple(scenario.population.regions)
    known = {**ATTRIBUTES, "region": regions}
    for attribute, levels in program.eligible.items():
        path = ("programs", name, "eligible", attribute)
        if attribute in NEVER_IN_ALLOCATION:
            yield Finding(path, f"eligibility may not depend on {attribute}")
        elif attribute not in known:
            allowed = [other for other in known if other not in NEVER_IN_ALLOCATION]
            yield unknown(path, "attribute", attribute, allowed)
        else:
            what = "region" if attribute == "region" else f"level of {attribute}"
            yield from _list_findings(path, what, levels, known[attribute])


def check_program_coefficients(
    scenario: Scenario, name: str, program: Program
) -> Iterator[Finding]:
    """Programs' coefficients name levels and traits."""
    for field in ("accepts_log_odds", "visits_completed_log_odds", "leaves_log_hazard"):
        path = ("programs", name, field)
        yield from _coefficient_findings(path, getattr(program, field, {}), TRAITS)


def check_tracks(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Programs give way to tracks of other programs."""
    path = ("programs", name, "gives_way_to")
    tracks = {other.track for other in scenario.programs.values() if hasattr(other, "track")}
    yield from _list_findings(path, "track", program.gives_way_to, sorted(tracks))
    if program.track in program.gives_way_to:
        yield Finding(path, f"'{program.track}' is its own track")


def check_program_outcomes(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Effects are on outcomes."""
    for outcome in program.effects:
        if outcome not in scenario.outcomes:
            path = ("programs", name, "effects", outcome)
            yield unknown(path, "outcome", outcome, scenario.outcomes)


def check_program_chains(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Surveillance is within chains."""
    for chain in program.surveillance:
        if chain not in scenario.chains:
            path = ("programs", name, "surveillance", chain)
            yield unknown(path, "chain", chain, scenario.chains)


def _is_left_out(scenario: Scenario, name: str, program: Program, named: set[str]) -> bool:
    """Whether a program that is offered is not named; unknown names may be it, misspelled."""
    return (
        program.offer_to.kind != "nobody"
        and name not in named
        and named <= scenario.programs.keys()
    )


def check_offered(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Families can come to a program."""
    offered = {offer for door in scenario.doors.values() for offer in door.offers}
    if _is_left_out(scenario, name, program, offered):
        message = "no door offers it; name it in a door's 'offers', or set offer_to: nobody"
        yield Finding(("programs", name), message)


def check_paid(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """A program has money."""
    paid = {paid for stream in scenario.funding.values() for paid in stream.pays_for}
    if _is_left_out(scenario, name, program, paid):
        message = "no funding pays for it; name it in a stream's 'pays_for'"
        yield Finding(("programs", name), message)


def check_provided(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """A program has somebody who runs it."""
    provided = {provider.program for provider in scenario.providers.values()}
    if _is_left_out(scenario, name, program, provided):
        yield Finding(("programs", name), "no provider runs it; add one under 'providers'")


def check_provider_program(scenario: Scenario, name: str, provider: Provider) -> Iterator[Finding]:
    """Providers run programs that exist."""
    if provider.program not in scenario.programs:
        path = ("providers", name, "program")
        yield unknown(path, "program", provider.program, scenario.programs)


def check_provider_regions(scenario: Scenario, name: str, provider: Provider) -> Iterator[Finding]:
    """Providers serve regions that exist."""
    path = ("providers", name, "regions")
    yield from _list_findings(path, "region", provider.regions, scenario.population.regions)
    if not provider.regions:
        yield Finding(path, "found none; write at least one region")


def check_pays_for(scenario: Scenario, name: str, stream: Funding) -> Iterator[Finding]:
    """Streams pay for programs that exist."""
    path = ("funding", name, "pays_for")
    yield from _list_findings(path, "program", stream.pays_for, scenario.programs)
    if not stream.pays_for:
        yield Finding(path, "found none; write at least one program")


OF_SCENARIO: tuple[Callable[[Scenario], Iterator[Finding]], ...] = (
    check_evidence,
    check_screened_outcome,
    check_distinct,
)

OF_ITEMS: Mapping[str, tuple[Callable[[Scenario, str, Any], Iterator[Finding]], ...]] = {
    "outcomes": (check_outcome_coefficients,),
    "chains": (check_chain_events, check_stages),
    "doors": (check_door_offers, check_door_coefficients, check_contact_levels),
    "programs": (
        check_eligible,
        check_program_coefficients,
        check_tracks,
        check_program_outcomes,
        check_program_chains,
        check_offered,
        check_paid,
        check_provided,
    ),
    "providers": (check_provider_program, check_provider_regions),
    "funding": (check_pays_for,),
}
