"""What is legal in a scenario and yet probably not meant.

Each remark points at a value that a file wrote. None keeps a scenario from running.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from hvsim.months import format_month
from hvsim.scenario.checks.numbers import TOLERANCE
from hvsim.scenario.errors import DEFAULT, Problem, listed
from hvsim.scenario.findings import Finding
from hvsim.scenario.schema import Program, Scenario
from hvsim.scenario.vocabulary import margin_of


def remarks(scenario: Scenario) -> list[Problem]:
    """What a planner may want to look at, each with the line that it stands on."""
    rules = (
        late_counts,
        unlike_realized,
        crowded_doors,
        idle_organizations,
        unserved_regions,
        early_ends,
        odd_shares,
    )
    found = [finding for rule in rules for finding in rule(scenario)]
    return [remark.at(scenario.origins.get(".".join(remark.path), DEFAULT)) for remark in found]


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def late_counts(scenario: Scenario) -> Iterator[Finding]:
    """Statuses at an age that no child reaches within follow-up."""
    last = int(scenario.follow_up.value) - 1
    for name, outcome in scenario.outcomes.items():
        if outcome.at_age is not None and outcome.at_age > last:
            yield Finding(
                ("outcomes", name, "at_age"),
                f"children are followed through month {last}; nobody is counted at "
                f"{outcome.at_age}",
            )


def unlike_realized(scenario: Scenario) -> Iterator[Finding]:
    """Statuses whose share is not that of the level which says what was so."""
    for name, outcome in scenario.outcomes.items():
        if outcome.share is not None and outcome.realized is not None:
            stated, actual = outcome.share.value, margin_of(scenario, outcome.realized)
            if abs(stated - actual) > TOLERANCE:
                yield Finding(
                    ("outcomes", name, "share"),
                    f"{_percent(stated)}, but {_percent(actual)} of births are at "
                    f"'{outcome.realized}', which holds where no service changes it",
                )


def crowded_doors(scenario: Scenario) -> Iterator[Finding]:
    """Birth doors that together meet more births than there are."""
    doors = {name: door for name, door in scenario.doors.items() if door.kind == "birth"}
    sums = {
        month: math.fsum(door.share_of_births.at(month) for door in doors.values())
        for month in range(scenario.start, scenario.end + 1)
    }
    crowded = [month for month, total in sums.items() if total > 1 + TOLERANCE]
    if crowded:
        month = crowded[0]
        largest = max(doors, key=lambda name: doors[name].share_of_births.at(month))
        yield Finding(
            ("doors", largest, "share_of_births"),
            f"the birth doors' shares sum to {_percent(sums[month])} in {format_month(month)}; a "
            "birth has one hospital, so that the doors written last meet fewer than they say",
        )


def idle_organizations(scenario: Scenario) -> Iterator[Finding]:
    """Hubs that no door uses, labor pools in which nobody hires."""
    used = {door.hub for door in scenario.doors.values()}
    for name in [name for name in scenario.hubs if name not in used]:
        yield Finding(("hubs", name, "label"), f"no door names '{name}' as its hub")
    hiring = {provider.pool for provider in scenario.providers.values()}
    for name in [name for name in scenario.labor if name not in hiring]:
        yield Finding(("labor", name, "available"), f"no provider names '{name}' as its pool")


def _offered(scenario: Scenario) -> dict[str, Program]:
    named = {program for door in scenario.doors.values() for program in door.offers}
    return {
        name: program
        for name, program in scenario.programs.items()
        if name in named and program.offer_to.kind != "nobody"
    }


def unserved_regions(scenario: Scenario) -> Iterator[Finding]:
    """Regions whose families a program may take, but nobody there runs it."""
    regions = scenario.population.regions
    for name, program in _offered(scenario).items():
        teams = {n: team for n, team in scenario.providers.items() if team.program == name}
        served = {region for team in teams.values() for region in team.regions}
        unserved = [
            region for region in program.eligible.get("region", regions) if region not in served
        ]
        if unserved and teams:
            births = math.fsum(regions[region].share_of_births.value for region in unserved)
            yield Finding(
                ("providers", next(iter(teams)), "regions"),
                f"no provider of '{name}' serves {listed(unserved)}, with {_percent(births)} of "
                "births; families there cannot enroll",
            )


def early_ends(scenario: Scenario) -> Iterator[Finding]:
    """Programs whose last money ends before the last families can finish."""
    for name, program in _offered(scenario).items():
        paying = {n: stream for n, stream in scenario.funding.items() if name in stream.pays_for}
        longest = max(paying, key=lambda stream: paying[stream].to, default=None)
        if longest is None:
            continue
        oldest = program.levels[-1].until_age
        if program.levels_from == "enrollment":
            oldest += program.enroll_until_age
        followed = min(oldest, int(scenario.follow_up.value))
        needed = scenario.end + followed - 1
        if paying[longest].to < needed:
            yield Finding(
                ("funding", longest, "to"),
                f"nobody pays for '{name}' after {format_month(paying[longest].to)}, but families "
                f"with births in {format_month(scenario.end)} can be served to "
                f"{format_month(needed)}",
            )


def odd_shares(scenario: Scenario) -> Iterator[Finding]:
    """Providers' shares of a program that look like parts of a whole, and are not."""
    for name in scenario.programs:
        teams = {n: team for n, team in scenario.providers.items() if team.program == name}
        total = math.fsum(team.share.value for team in teams.values())
        if teams and abs(total - 1) > TOLERANCE:
            first = next(iter(teams))
            part = teams[first].share.value / total
            yield Finding(
                ("providers", first, "share"),
                f"the shares of '{name}' sum to {_percent(total)}; they are relative, so that "
                f"'{first}' gets {_percent(part)} of its money",
            )
