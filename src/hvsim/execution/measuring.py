"""Outcome measures: what is counted, how reports name it, and what scenarios have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hvsim.runs import LeftOut, Measure
from hvsim.runs.manifest import MeasureKind
from hvsim.scenario import Scenario
from hvsim.scenario.schema import Outcome

_REPORTS: Final[Mapping[str, MeasureKind]] = {
    "reported": "report",
    "reported-without-harm": "no-harm-report",
}
"""What agencies are told, under the names of the ledger."""


def measures(scenario: Scenario) -> tuple[Measure, ...]:
    """Outcome measures of a scenario, in the order and under the names of the ledger."""
    return (*_of_outcomes(scenario), *_of_chains(scenario))


def shared(scenarios: Sequence[Scenario]) -> tuple[Measure, ...]:
    """Measures that all scenarios have, as the first names them."""
    first, *others = scenarios
    names = [{measure.name for measure in measures(other)} for other in others]
    return tuple(
        measure for measure in measures(first) if all(measure.name in own for own in names)
    )


def left_out(scenarios: Sequence[Scenario]) -> tuple[LeftOut, ...]:
    """Outcomes that only some of the scenarios have."""
    labels = {name: outcome.label for own in scenarios for name, outcome in own.outcomes.items()}
    found = []
    for name, label in labels.items():
        having = tuple(own.name for own in scenarios if name in own.outcomes)
        if len(having) < len(scenarios):
            found.append(LeftOut(name=name, label=label, scenarios=having))
    return tuple(found)


def _of_outcomes(scenario: Scenario) -> Iterator[Measure]:
    for name, outcome in scenario.outcomes.items():
        group = _group(scenario, name, outcome)
        yield Measure(
            name=name,
            label=outcome.label,
            unit=outcome.unit,
            kind=_kind(scenario, name, outcome),
            desirable=outcome.desirable,
            group=group,
        )
        if outcome.kind == "state":
            yield Measure(
                name=f"{name}-recovery",
                label=f"{outcome.label}: recovery",
                unit="recoveries",
                kind="recovery",
                group=group,
            )
        if outcome.amount is not None:
            amount = outcome.amount
            yield Measure(
                name=amount.name,
                label=amount.label,
                unit=amount.unit,
                kind="amount",
                desirable=outcome.desirable,
                group=group,
            )


def _kind(scenario: Scenario, name: str, outcome: Outcome) -> MeasureKind:
    if outcome.kind == "ending":
        return "death" if outcome.ends == "life" else "move"
    if outcome.kind != "recurrent":
        return outcome.kind
    if any(name == chain.true_events for chain in scenario.chains.values()):
        return "harm"
    if any(name == chain.false_events for chain in scenario.chains.values()):
        return "no-harm-report"
    return "event"


def _group(scenario: Scenario, name: str, outcome: Outcome) -> str:
    """The outcome's own heading, or that of the chain to which it belongs."""
    begins = "" if outcome.begins_with is None else outcome.begins_with.chain
    for key, chain in scenario.chains.items():
        if name in (chain.true_events, chain.false_events) or key == begins:
            return outcome.group or chain.group or chain.label
    return outcome.group


def _of_chains(scenario: Scenario) -> Iterator[Measure]:
    chains = list(scenario.chains.values())
    if chains:  # reports of several chains are counted together
        agencies = " or ".join(chain.label for chain in chains)
        group = chains[0].group or chains[0].label
        for name, kind in _REPORTS.items():
            label = f"{agencies}: {name.replace('-', ' ')}"
            yield Measure(name=name, label=label, unit="reports", kind=kind, group=group)
    for chain in chains:
        for name, stage in chain.stages.items():
            yield Measure(
                name=name,
                label=stage.label,
                unit=stage.unit,
                kind="stage",
                group=chain.group or chain.label,
            )
