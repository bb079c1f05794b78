"""Rules of programs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from hvsim.scenario.checks.fields import is_written
from hvsim.scenario.checks.names import coefficient_fields, group_findings, list_findings, unknown
from hvsim.scenario.checks.numbers import whole
from hvsim.scenario.errors import nth
from hvsim.scenario.findings import Finding, found
from hvsim.scenario.schema import Effect, Outcome, Program, Scenario
from hvsim.scenario.vocabulary import TRAITS

COEFFICIENTS = dict.fromkeys(
    ("accepts_log_odds", "visits_completed_log_odds", "leaves_log_hazard"), TRAITS
)


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


def check_ages(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """A program begins and enrolls while it has families to serve."""
    path = ("programs", name)
    first, last = program.levels[0].from_age, program.levels[-1].until_age
    start = (*path, "levels", nth(0), "from_age")
    entry = -int(scenario.population.enters_before_birth.value)
    until = program.enroll_until_age
    if program.levels_from == "enrollment":
        if first != 0:
            yield found(start, str(first), "levels from enrollment begin at 0")
        if until < entry:
            expected = f"families enter at {entry} (enters_before_birth)"
            yield found((*path, "enroll_until_age"), str(until), expected)
    else:
        if first < entry:
            yield found(start, str(first), f"families enter at {entry} (enters_before_birth)")
        if not first <= until < last:
            expected = f"must be from {first} to {last - 1}"
            yield found((*path, "enroll_until_age"), str(until), expected)
    if program.enroll_from_age is not None and program.enroll_from_age > until:
        expected = f"must not exceed enroll_until_age ({until})"
        yield found((*path, "enroll_from_age"), str(program.enroll_from_age), expected)


def check_times(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Times that the monthly clock counts are whole."""
    path = ("programs", name)
    for field in ("wait_expires", "visitor_left_months", "hold_months"):
        yield from whole((*path, field), getattr(program, field))
    yield from whole((*path, "fade_step"), program.fade_step, least=1)
    if program.returns_after is not None:
        yield from whole((*path, "returns_after"), program.returns_after)


def check_divisors(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Money is divided by the cost of a position, time since exit by the half-life."""
    path = ("programs", name)
    if round(100 * program.staff.cost_per_visitor.value / 12) < 1:
        yield Finding((*path, "staff", "cost_per_visitor"), "must be at least a cent a month")
    if program.fade_half_life is not None and program.fade_half_life.value <= 0:
        yield Finding((*path, "fade_half_life"), "must be above 0; leave it out for no fading")


def check_staff(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Supervisors have a number and a price; training has its months of the year."""
    path, staff = ("programs", name, "staff"), program.staff
    pair = ("visitors_per_supervisor", "cost_per_supervisor")
    for field, other in (pair, pair[::-1]):
        if is_written(staff, field) and not is_written(staff, other):
            yield Finding((*path, field), f"also needs '{other}'")
    every = staff.training_every.value
    if not every.is_integer() or not 1 <= every <= 12:
        yield found((*path, "training_every"), f"{every:g}", "write whole months, from 1 to 12")
    visitors = staff.visitors_per_supervisor
    if visitors is not None and visitors.value < 1:
        expected = "must be at least 1; leave it out for no supervisors"
        yield found((*path, "visitors_per_supervisor"), f"{visitors.value:g}", expected)


def check_effects(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Effects were found at some dose, on what the outcome's kind has."""
    for outcome, effect in program.effects.items():
        path = ("programs", name, "effects", outcome)
        if hasattr(effect, "mean_dose"):
            dose = effect.mean_dose
            if min(dose.value, dose.low or math.inf) <= 0:
                yield found((*path, "mean_dose"), "0", "an effect was found at a dose above 0")
        if outcome in scenario.outcomes:
            affected = scenario.outcomes[outcome]
            if hasattr(affected, "kind"):
                yield from _effect_findings(path, outcome, affected, effect)


def _effect_findings(
    path: tuple[str, ...], name: str, outcome: Outcome, effect: Effect
) -> Iterator[Finding]:
    """Ratios that the outcome has no use for, and those that it needs."""
    hazard, odds, leaving = (
        is_written(effect, field) for field in ("hazard_ratio", "odds_ratio", "exit_hazard_ratio")
    )
    begun_by_chain = getattr(outcome, "begins_with", None) is not None
    if leaving and outcome.kind != "state":
        yield Finding((*path, "exit_hazard_ratio"), f"'{name}' is no state to recover from")
    if outcome.kind == "status":
        if hazard:
            yield Finding((*path, "hazard_ratio"), f"'{name}' is a status; write odds_ratio")
        elif not odds:
            yield Finding(path, f"lacks 'odds_ratio'; '{name}' is a status")
        return
    if odds:
        kind = "hazard_ratio" if not begun_by_chain else "exit_hazard_ratio"
        yield Finding((*path, "odds_ratio"), f"'{name}' is no status; write {kind}")
    if begun_by_chain:
        if hazard:
            message = f"a stage of a chain begins '{name}', on which programs have no effect; "
            yield Finding((*path, "hazard_ratio"), f"{message}write exit_hazard_ratio")
        elif not (leaving or odds):
            yield Finding(path, f"lacks 'exit_hazard_ratio'; a stage of a chain begins '{name}'")
    elif not (hazard or odds or leaving):
        either = " or 'exit_hazard_ratio'" if outcome.kind == "state" else ""
        yield Finding(path, f"lacks 'hazard_ratio'{either}")


def check_eligible(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Eligibility reads attributes and regions that exist, and never race or ethnicity."""
    path = ("programs", name, "eligible")
    yield from group_findings(scenario, path, "eligibility", program.eligible)


def check_coefficients(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Programs' coefficients name levels and traits."""
    yield from coefficient_fields(scenario, ("programs", name), program, COEFFICIENTS)


def check_tracks(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Programs give way to tracks of other programs."""
    path = ("programs", name, "gives_way_to")
    tracks = {other.track for other in scenario.programs.values() if hasattr(other, "track")}
    yield from list_findings(path, "track", program.gives_way_to, sorted(tracks))
    if program.track in program.gives_way_to:
        yield Finding(path, f"'{program.track}' is its own track")


def check_affected(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """Effects are on outcomes, surveillance is within chains."""
    for outcome in program.effects:
        if outcome not in scenario.outcomes:
            path = ("programs", name, "effects", outcome)
            yield unknown(path, "outcome", outcome, scenario.outcomes)
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


def check_salaries(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """The streams of a program can together pay a salary in full."""
    streams = {s: stream for s, stream in scenario.funding.items() if name in stream.pays_for}
    paying = [s for s, stream in streams.items() if "salaries" in stream.pays]
    covered = math.fsum(streams[s].match.value for s in paying)
    if streams and covered < 1 - 1e-9:
        stream, field = (paying[0], "match") if paying else (next(iter(streams)), "pays")
        yield Finding(
            ("funding", stream, field),
            f"the streams that pay salaries of '{name}' cover {100 * covered:.4g}% of them in all, "
            "so that nobody can be paid; it must come to 100%",
        )


def check_provided(scenario: Scenario, name: str, program: Program) -> Iterator[Finding]:
    """A program has somebody who runs it."""
    provided = {provider.program for provider in scenario.providers.values()}
    if _is_left_out(scenario, name, program, provided):
        yield Finding(("programs", name), "no provider runs it; add one under 'providers'")


RULES: tuple[Callable[[Scenario, str, Any], Iterator[Finding]], ...] = (
    check_levels,
    check_ages,
    check_times,
    check_divisors,
    check_staff,
    check_effects,
    check_eligible,
    check_coefficients,
    check_tracks,
    check_affected,
    check_offered,
    check_paid,
    check_salaries,
    check_provided,
)
