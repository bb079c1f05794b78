"""Simulated against known: what a place's scenario gives beside what is published.

    python scenarios/known.py la-county --scale 0.2

Reads `known.csv` in the folder of the place: what is looked at, of whom (a program, a track or
'all'; a door; an outcome), at which age in months, and the evidence beside it. Prints a table for
its README. Counts are those of the ledger, averaged over the fiscal years reported; ages and stays
come from single events of families born in these years. Without `--set follow_up="18 years"` rows
of later ages are left out.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import click
import numpy as np
import numpy.typing as npt
import pandas as pd

import hvsim
from hvsim.scenario import Scenario
from hvsim.scenario.vocabulary import levels_of
from hvsim.simulation.ledger import (
    CAPACITY_MEASURES,
    DOOR_TRANSITIONS,
    PROGRAM_TRANSITIONS,
    WITHDRAWN,
)
from hvsim.simulation.plan import make_plan
from hvsim.simulation.run import make_ledger
from hvsim.simulation.system import System

EVENTS_PER_FAMILY = 200
"""Room for single events; real families have about fifty."""

Look: TypeAlias = "Callable[[Observed, str, int], float]"


class Observed:
    """One run, seen as those who publish figures see the world.

    Attributes
    ----------
    families
        Families born in the reported years, with their levels (a column each).
    events
        What happened to them: family, age in months, what (as `Plan.label` writes it), program.
    """

    def __init__(self, scenario: Scenario, seed: int, scale: float) -> None:
        population = hvsim.synthesize(scenario, seed, scale)
        plan = make_plan(scenario, scale)
        rows = EVENTS_PER_FAMILY * len(population)
        system = System(plan, population, seed=seed, trace_rows=rows)
        for _ in range(plan.months):
            system.step()
        used = int(system.tally.traced[0])
        if used > rows:
            raise SystemExit("no room for all events; raise EVENTS_PER_FAMILY")
        born = system.state.people["entry"] + plan.t0 + plan.birth_age
        trace = system.tally.trace[:used]
        trace = trace[born[trace[:, 0]] >= scenario.start]
        codes, position = np.unique(trace[:, 2], return_inverse=True)
        labels = np.array([plan.label(code) for code in codes.tolist()])
        self.events = pd.DataFrame(
            {
                "family": trace[:, 0],
                "age": plan.t0 + trace[:, 1] - born[trace[:, 0]],
                "what": pd.Categorical(labels[position]),
            }
        ).sort_values(["family", "age"], kind="stable")
        levels = np.zeros((len(born), len(levels_of(scenario))), np.bool_)
        np.put_along_axis(levels, system.state.levels.astype(np.int64), True, axis=1)
        recent = (born >= scenario.start) & (born <= scenario.end)
        self.families = pd.DataFrame(levels, columns=list(levels_of(scenario)))[recent]
        self.scenario = scenario
        self.ledger = make_ledger(system, 0, scale)
        self.months = scenario.end - scenario.start + 1
        self.years = self.months / 12
        system.close()

    def programs(self, of: str) -> npt.NDArray[np.int64]:
        """Positions of the programs of that name, of that track, or of all."""
        return np.array(
            [
                self.ledger.programs.index(name)
                for name, program in self.scenario.programs.items()
                if of in ("all", name, program.track)
            ]
        )

    def count(self, transition: str, of: str) -> float:
        """Transitions, or visits, a year."""
        step = PROGRAM_TRANSITIONS.index(transition)
        counts = self.ledger.funnel[:, self.programs(of), step, : self.months, 0]
        return float(counts.sum()) / self.years

    def capacity(self, measure: str, of: str) -> npt.NDArray[Any]:
        """Families or positions of all teams, month by month."""
        names = {self.ledger.programs[p] for p in self.programs(of)}
        teams = [self.ledger.programs[p] in names for p in self.ledger.provider_programs]
        counts = self.ledger.capacity[teams, CAPACITY_MEASURES.index(measure)]
        return np.asarray(counts.sum(axis=0)[: self.months])

    def dollars(self, of: str) -> float:
        """Dollars paid a year."""
        spent = self.ledger.spent[:, self.programs(of), :, : self.months]
        return float(spent.sum()) / 100 / self.years

    def served(self, of: str) -> float:
        """Families in service at some time in a year: those enrolled, and those carried over."""
        ends = self.capacity("enrolled", of)[11::12]  # at the end of each fiscal year
        return self.count("enrolled", of) + float(ends.mean())

    def at_door(self, door: str, transition: str) -> float:
        """Contacts, families screened or flagged at a door, a year."""
        step = DOOR_TRANSITIONS.index(transition)
        counts = self.ledger.door_funnel[self.ledger.doors.index(door), step, : self.months, 0]
        return float(counts.sum()) / self.years

    def births(self) -> float:
        """Births a year."""
        return float(self.ledger.births[: self.months, 0].sum()) / self.years

    def happened(self, what: str) -> pd.DataFrame:
        """Events of a name, as `Plan.label` writes it."""
        return self.events[self.events["what"] == what]

    def transitions(self, transition: str, of: str) -> pd.DataFrame:
        """Transitions into, or out of, programs."""
        wanted = {self.ledger.programs[p] for p in self.programs(of)}
        names = [str(name).split("/") for name in self.events["what"].cat.categories]
        chosen = ["/".join(n) for n in names if n[0] == transition and n[-1] in wanted]
        return self.events[self.events["what"].isin(chosen)]

    def ever_enrolled(self, of: str) -> npt.NDArray[Any]:
        """Families who enrolled."""
        enrolled = self.transitions("enrolled", of)["family"].unique()
        return np.intersect1d(enrolled, self.families.index.to_numpy())

    def stays(self, program: str) -> pd.Series[float]:
        """Months in first service of families who enrolled; who completes stays for good."""
        begun = self.transitions("enrolled", program).groupby("family")["age"].min()
        ways = ("dropped-out", *WITHDRAWN, "moved", "deceased")
        left = pd.concat([self.transitions(way, program) for way in ways])
        # Service begins in the month after enrollment and ends with the month of leaving.
        return (left.groupby("family")["age"].min().reindex(begun.index) - begun).fillna(np.inf)


def before(seen: Observed, what: str, age: int) -> float:
    """Share of children to whom it happened before an age."""
    first = seen.happened(what).drop_duplicates("family")
    return float((first["age"] < age).sum()) / len(seen.families)


def again(seen: Observed, what: str, age: int) -> float:
    """Share, of those to whom it happened before an age, to whom it happened again before 5."""
    happened = seen.happened(what)
    ages = happened[happened["age"] < 60].groupby("family")["age"]
    return float((ages.size()[ages.min() < age] > 1).mean())


def per_1000_years(seen: Observed, what: str, age: int) -> float:
    """Events per 1,000 child-years before an age."""
    happened = seen.happened(what)
    return float((happened["age"] < age).sum()) / len(seen.families) / (age / 12) * 1000


def _spells(seen: Observed, state: str, age: int) -> tuple[pd.Series[int], pd.Series[int]]:
    """Spells begun, and ended, before an age, by family; one in force at entry has no onset."""
    starts, ends = seen.happened(state), seen.happened(f"{state}-recovery")
    first = pd.concat([starts.assign(end=False), ends.assign(end=True)])
    first = first.sort_values(["family", "age"], kind="stable").drop_duplicates("family")
    begun = starts[starts["age"] < age].groupby("family").size()
    begun = begun.add(first[first["end"]].groupby("family").size(), fill_value=0)
    return begun, ends[ends["age"] < age].groupby("family").size()


def in_state(seen: Observed, state: str, age: int) -> float:
    """Share of families in a state at an age."""
    begun, ended = _spells(seen, state, age)
    return float((begun.sub(ended, fill_value=0) > 0).sum()) / len(seen.families)


def ever_in_state(seen: Observed, state: str, age: int) -> float:
    """Share of families in a state at some time before an age."""
    return float(len(_spells(seen, state, age)[0])) / len(seen.families)


def sent(seen: Observed, door: str, _: int) -> float:
    """Share of the families known to an agency's door whom it ever refers."""
    return _of_known(seen, door, seen.happened(f"contacted/{door}"))


def connected(seen: Observed, door: str, _: int) -> float:
    """Share of the families known to an agency's door who enroll by it."""
    names = [str(name) for name in seen.events["what"].cat.categories]
    through = [name for name in names if name.startswith(f"enrolled/{door}/")]
    return _of_known(seen, door, seen.events[seen.events["what"].isin(through)])


def _of_known(seen: Observed, door: str, events: pd.DataFrame) -> float:
    """Share of the families known to an agency's door who have such an event."""
    known = seen.happened(str(seen.scenario.doors[door].after))["family"].unique()
    return len(np.intersect1d(known, events["family"].unique())) / len(known)


def with_event(what: str) -> Look:
    """Share of families enrolled to whom it happened before, or within a year of, enrolling."""

    def look(seen: Observed, of: str, _: int) -> float:
        begun = seen.transitions("enrolled", of).groupby("family")["age"].min()
        first = seen.happened(what).groupby("family")["age"].min().reindex(begun.index)
        return float((first <= begun + 12).mean())

    return look


def share_of_enrolled(seen: Observed, of: str, _: int) -> float:
    """Share of families enrolled at a level: PROGRAM/LEVEL."""
    program, level = of.split("/")
    return float(seen.families.loc[seen.ever_enrolled(program), level].mean())


LOOKS: dict[str, Look] = {
    "births": lambda seen, of, _: seen.births(),
    "met": lambda seen, of, _: seen.at_door(of, "contacted") / seen.births(),
    "flagged": lambda seen, of, _: seen.at_door(of, "flagged") / seen.at_door(of, "screened"),
    "enrolled": lambda seen, of, _: seen.count("enrolled", of),
    "served": lambda seen, of, _: seen.served(of),
    "in service": lambda seen, of, _: float(seen.capacity("enrolled", of).mean()),
    "waiting": lambda seen, of, _: float(seen.capacity("waiting", of).mean()),
    "places filled": lambda seen, of, _: float(
        seen.capacity("enrolled", of).mean() / seen.capacity("places", of).mean()
    ),
    "visits": lambda seen, of, _: seen.count("visits-completed", of),
    "visits per family enrolled": lambda seen, of, _: (
        seen.count("visits-completed", of) / seen.count("enrolled", of)
    ),
    "visits per family served": lambda seen, of, _: (
        seen.count("visits-completed", of) / seen.served(of)
    ),
    "visits made of scheduled": lambda seen, of, _: (
        seen.count("visits-completed", of) / seen.count("visits-scheduled", of)
    ),
    "served per visitor": lambda seen, of, _: float(
        seen.served(of) / seen.capacity("visitors", of).mean()
    ),
    "visits per visitor": lambda seen, of, _: float(
        seen.count("visits-completed", of) / seen.capacity("visitors", of).mean()
    ),
    "visitors": lambda seen, of, _: float(seen.capacity("visitors", of).mean()),
    "families per visitor": lambda seen, of, _: float(
        seen.capacity("enrolled", of).mean() / seen.capacity("visitors", of).mean()
    ),
    "enrolled of offered": lambda seen, of, _: (
        seen.count("enrolled", of) / seen.count("offered", of)
    ),
    "M USD": lambda seen, of, _: seen.dollars(of) / 1e6,
    "money per family enrolled": lambda seen, of, _: seen.dollars(of) / seen.count("enrolled", of),
    "money per family served": lambda seen, of, _: seen.dollars(of) / seen.served(of),
    "money per family-year": lambda seen, of, _: float(
        seen.dollars(of) / seen.capacity("enrolled", of).mean()
    ),
    "mean stay": lambda seen, of, _: float(
        seen.capacity("enrolled", of).mean() / seen.count("enrolled", of) * 12
    ),
    "stays beyond": lambda seen, of, months: float((seen.stays(of) > months).mean()),
    "share of enrolled": share_of_enrolled,
    "investigated, of enrolled": with_event("investigated"),
    "case opened, of enrolled": with_event("case-opened"),
    "sent": sent,
    "connected": connected,
    "before": before,
    "again": again,
    "per 1,000 child-years": per_1000_years,
    "in state": in_state,
    "ever in state": ever_in_state,
}
"""What `known.csv` may look at."""


def shown(value: float) -> str:
    """A number as in the README: shares in percent, counts whole."""
    if value < 0.01:
        return f"{value:.2%}"
    if value <= 1:
        return f"{value:.1%}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def main() -> None:
    """Run a place's scenario and print the table."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("place", help="folder beside this file, such as la-county")
    parser.add_argument("--scenario", default="today")
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", dest="changes")
    asked = parser.parse_args()
    folder = Path(__file__).parent / asked.place
    scenario = hvsim.load_scenario(folder / f"{asked.scenario}.yaml", asked.changes)
    table = pd.read_csv(folder / "known.csv", dtype=str, keep_default_na=False)
    seen = Observed(scenario, asked.seed, asked.scale)
    evidence = hvsim.load_evidence()
    click.echo("| | simulated | known | |\n|---|---|---|---|")
    for label, look, of, at, source, note in table.to_numpy(dtype=str).tolist():
        age = int(at or 0)
        if look == "before" and age > scenario.follow_up.value:
            continue
        value = shown(LOOKS[look](seen, of, age))
        fact = evidence[source] if source else None
        known = "" if fact is None else shown(fact.value) if fact.value is not None else fact.amount
        click.echo(f"| {label} | {value} | {known} | {source}{note} |")


if __name__ == "__main__":
    main()
