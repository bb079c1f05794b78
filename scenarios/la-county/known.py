"""Simulated against known: what today's scenario gives beside what is published.

    python scenarios/la-county/known.py --scale 0.2

Prints the table of the README beside this file. Counts are those of the ledger, averaged over the
five fiscal years reported; ages and stays come from single events of families born in these years.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TypeAlias

import click
import numpy as np
import numpy.typing as npt
import pandas as pd

import hvsim
from hvsim.scenario import Scenario
from hvsim.simulation.ledger import CAPACITY_MEASURES, DOOR_TRANSITIONS, PROGRAM_TRANSITIONS, Ledger
from hvsim.simulation.plan import make_plan
from hvsim.simulation.run import make_ledger
from hvsim.simulation.system import System

EVENTS_PER_FAMILY = 150
"""Room for single events; real families have about twenty-five."""

LIGHT, INTENSIVE = "welcome-baby", "healthy-families-america"
Row: TypeAlias = tuple[str, str, str]


def run(scenario: Scenario, seed: int, scale: float) -> tuple[Ledger, pd.DataFrame]:
    """Ledger, and the events of families born in the reported years: family, age, what."""
    families = hvsim.synthesize(scenario, seed, scale)
    plan = make_plan(scenario, scale)
    system = System(plan, families, seed=seed, trace_rows=EVENTS_PER_FAMILY * len(families))
    for _ in range(plan.months):
        system.step()
    used = int(system.tally.traced[0])
    rows = system.tally.trace[:used]
    if used > len(system.tally.trace):
        raise SystemExit("no room for all events; raise EVENTS_PER_FAMILY")
    born = families.birth_month[rows[:, 0]]
    recent = born >= scenario.start
    codes, position = np.unique(rows[recent, 2], return_inverse=True)
    events = pd.DataFrame(
        {
            "family": rows[recent, 0],
            "age": plan.t0 + rows[recent, 1] - born[recent],
            "what": np.array([plan.label(code) for code in codes.tolist()])[position],
        }
    )
    ledger = make_ledger(system, 0, scale)
    system.close()
    return ledger, events.sort_values(["family", "age"], kind="stable")


class Service:
    """What a program did, in an average fiscal year of those reported."""

    def __init__(self, scenario: Scenario, ledger: Ledger, program: str) -> None:
        self.ledger = ledger
        self.months = scenario.end - scenario.start + 1
        self.years = self.months / 12
        self.program = ledger.programs.index(program)
        self.teams = [p == self.program for p in ledger.provider_programs]

    def count(self, transition: str, group: tuple[str, str] = ("all", "all")) -> float:
        """Transitions, or visits, a year."""
        step, column = PROGRAM_TRANSITIONS.index(transition), self.ledger.groups.index(group)
        counts = self.ledger.funnel[:, self.program, step, : self.months, column]
        return float(counts.sum()) / self.years

    def capacity(self, measure: str) -> npt.NDArray[Any]:
        """Families or positions of all teams, month by month."""
        teams = self.ledger.capacity[self.teams, CAPACITY_MEASURES.index(measure)]
        return np.asarray(teams.sum(axis=0)[: self.months])

    @property
    def served(self) -> float:
        """Families in service at some time in a year: those enrolled, and those carried over."""
        ends = self.capacity("enrolled")[11::12]  # at the end of each fiscal year
        return self.count("enrolled") + float(ends.mean())

    @property
    def dollars(self) -> float:
        """Dollars paid a year."""
        return float(self.ledger.spent[:, self.program, :, : self.months].sum()) / 100 / self.years


def service_rows(scenario: Scenario, ledger: Ledger, events: pd.DataFrame) -> list[Row]:
    """Reach, visits, staff and money."""
    light, intensive = (Service(scenario, ledger, program) for program in (LIGHT, INTENSIVE))
    births = ledger.births[: light.months, 0].sum() / light.years
    met = ledger.door_funnel[ledger.doors.index("birth-hospital"), 0, :, 0].sum()
    _, screened, flagged = (
        ledger.door_funnel[:, step, :, 0].sum() for step in range(len(DOOR_TRANSITIONS))
    )
    enrolled = light.count("enrolled")
    payer = light.count("enrolled", ("payer", "medicaid")) / enrolled
    hispanic = light.count("enrolled", ("race_ethnicity", "hispanic")) / enrolled
    visits = light.count("visits-completed")
    by_door = events[events["what"].str.fullmatch(f"enrolled/birth-hospital/{LIGHT}")]
    at_birth = len(by_door) / ledger.scale / light.years
    offered = intensive.count("offered")
    caseload = intensive.capacity("enrolled").mean() / intensive.capacity("visitors").mean()
    per_visitor = enrolled / light.capacity("visitors").mean()
    rows = [
        ("births a year", "", f"{births:,.0f}"),
        ("met at partner hospitals, of births", "POP409", f"{met / births / light.years:.1%}"),
        ("flagged, of families screened", "PF019", f"{flagged / screened:.1%}"),
        ("Welcome Baby: families enrolled a year", "SY585", f"{enrolled:,.0f}"),
        ("- of births", "SY585", f"{enrolled / births:.1%}"),
        ("- in service at some time in a year", "SY585", f"{light.served:,.0f}"),
        ("- visits a year", "SY584", f"{visits:,.0f}"),
        ("- visits per family enrolled", "SY587", f"{visits / enrolled:.2f}"),
        ("- visits per family in service in a year", "SY587", f"{visits / light.served:.2f}"),
        (
            "- the same, the hospital contact counted as a visit",
            "SY587",
            f"{(visits + at_birth) / light.served:.2f}",
        ),
        ("- visitors", "SY573", f"{light.capacity('visitors').mean():.0f}"),
        ("- families enrolled per visitor a year", "SY589", f"{per_visitor:.0f}"),
        ("- publicly insured, of families enrolled", "SY564", f"{payer:.1%}"),
        ("- Hispanic, of families enrolled", "SY567", f"{hispanic:.1%}"),
        ("- spent per family enrolled, 2023 USD", "PC006", f"{light.dollars / enrolled:,.0f}"),
        ("Healthy Families America: offered a year", "", f"{offered:,.0f}"),
        ("- accepted, of offered", "", f"{intensive.count('waitlisted') / offered:.1%}"),
        ("- enrolled, of offered", "POP413", f"{intensive.count('enrolled') / offered:.1%}"),
        ("- enrolled a year", "", f"{intensive.count('enrolled'):,.0f}"),
        ("- families in service per visitor", "SY608", f"{caseload:.1f}"),
        (
            "- visits made, of scheduled",
            "PF029",
            f"{intensive.count('visits-completed') / intensive.count('visits-scheduled'):.1%}",
        ),
        (
            "- spent per family-year in service, 2023 USD",
            "PC019",
            f"{intensive.dollars / intensive.capacity('enrolled').mean():,.0f}",
        ),
    ]
    stays = stays_of(events, INTENSIVE)
    for months, fact in ((6, "SY611"), (12, "SY612"), (24, "SY613")):
        kept = (stays > months).mean()
        rows.append((f"- still in service after {months} months", fact, f"{kept:.1%}"))
    mean = light.capacity("enrolled").mean() / enrolled * 12
    rows.append(("Welcome Baby: mean stay, months", "SY591", f"{mean:.1f}"))
    return rows


def stays_of(events: pd.DataFrame, program: str) -> pd.Series[float]:
    """Months in service of each family enrolled; a family that completes stays for good."""
    what = events["what"].str.split("/")
    mine = events[what.str[-1] == program].assign(step=what.str[0])
    age = mine.pivot_table(index="family", columns="step", values="age", aggfunc="first")
    age = age[age["enrolled"].notna()]
    left = age[["dropped-out", "withdrawn"]].min(axis=1)
    # Service begins in the month after enrollment and ends with the month of leaving.
    return (left - age["enrolled"]).fillna(np.inf)


def outcome_rows(ledger: Ledger, events: pd.DataFrame) -> list[Row]:
    """Reports, emergency visits, depression, by age."""
    families = round(float(ledger.births[:, 0].sum()) * ledger.scale)
    reports = events[events["what"] == "reported"].groupby("family")["age"]
    infants = reports.min() < 12
    again = (reports.size()[infants] > 1).mean()
    victims, placed = (
        events["family"][events["what"] == stage].nunique() for stage in ("substantiated", "placed")
    )
    visits = (events["what"] == "ed-visit").sum() / families / 5 * 1000
    now, ever = depressed(events, 4)
    return [
        ("Reported before 1 year", "POP101", f"{infants.sum() / families:.1%}"),
        ("Reported before 5 years", "POP097", f"{len(infants) / families:.1%}"),
        ("Reported again before 5 years, of infants reported", "POP103", f"{again:.1%}"),
        ("Substantiated before 5 years", "POP100", f"{victims / families:.1%}"),
        ("Placed before 5 years", "", f"{placed / families:.1%}"),
        ("Emergency visits per 1,000 child-years under 5", "POP231", f"{visits:.0f}"),
        ("Depressed four months after birth", "POP242", f"{now / families:.1%}"),
        ("Depressed at some time until then", "POP238", f"{ever / families:.1%}"),
    ]


def depressed(events: pd.DataFrame, age: int) -> tuple[int, int]:
    """Families depressed at an age, and at some time until then (at entry, for instance)."""
    spells = events[events["what"].str.startswith("maternal-depression")]
    recovery = spells["what"].str.endswith("-recovery")
    first = spells.drop_duplicates("family")
    at_entry = first["family"][first["what"].str.endswith("-recovery")]
    before = spells["age"] < age
    onsets = spells[before & ~recovery].groupby("family").size()
    ends = spells[before & recovery].groupby("family").size()
    begun = onsets.add(at_entry.value_counts(), fill_value=0)
    return int((begun.sub(ends, fill_value=0) > 0).sum()), len(begun)


def main() -> None:
    """Run today's scenario and print the table."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    scenario = hvsim.load_scenario(Path(__file__).with_name("today.yaml"))
    ledger, events = run(scenario, asked.seed, asked.scale)
    evidence = hvsim.load_evidence()
    for label, fact, simulated in [
        *service_rows(scenario, ledger, events),
        *outcome_rows(ledger, events),
    ]:
        known = f"{evidence[fact].amount} ({fact})" if fact else ""
        click.echo(f"{label:55} {simulated:>9}   {known}")


if __name__ == "__main__":
    main()
