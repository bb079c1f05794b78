"""What a run counts: the only thing that a simulation returns.

All counts are integers (families, events, visits, cents); nothing is priced or discounted here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

DOOR_TRANSITIONS = ("contacted", "screened", "flagged", "referred", "reached", "false-positive")
"""Transitions counted by door alone; the last is a part of the flagged."""

PROGRAM_TRANSITIONS = (
    "eligible",
    "offered",
    "declined",
    "waitlisted",
    "enrolled",
    "gave-up",
    "expired",
    "aged-out",
    "transferred",
    "completed",
    "withdrawn-no-visitor",
    "withdrawn-no-money",
    "dropped-out",
    "deceased",
    "moved",
    "visits-scheduled",
    "visits-completed",
)
"""Transitions counted by door of the offer and program; the last two count visits."""

WITHDRAWN = ("withdrawn-no-visitor", "withdrawn-no-money")
"""Transitions of families cut off: positions with money lack visitors, or positions money."""

SPENDING = ("salaries", "hires", "supervision")
"""Categories of spending."""

STOCKS = ("places", "enrolled", "on_hold", "waiting", "visitors", "vacancies")
"""What each provider has at the end of a month, in families and positions."""

CAPACITY_MEASURES = (*STOCKS, "hires")
"""Columns of each provider and month: `STOCKS`, and the visitors hired in the month."""

PERSON_MONTHS, EVENTS, CHILDREN = 0, 1, 2
OUTCOME_COUNTS = ("person_months", "events", "children")
"""What is counted of each outcome measure; children are families with a first event."""


@dataclass(frozen=True)
class FamilyRecord:
    """What happened to each family from the first reported month on, for paired comparisons.

    Attributes
    ----------
    id
        Family keys, in the order of the population.
    events
        Shape (families, measures): events by outcome measure, capped at 65,535.
    enrolled
        Shape (families, programs): whether the family enrolled in the program.
    contacted
        Whether any door was met.
    """

    id: npt.NDArray[np.uint64]
    events: npt.NDArray[np.uint16]
    enrolled: npt.NDArray[np.bool_]
    contacted: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ledger:
    """Counts of one run, by month from the first reported month.

    Counts of families are in real units: at scale 1/n each simulated family counts n.

    Attributes
    ----------
    scenario
        Name of the scenario.
    seed, scale, draw
        What identifies the run: seed, simulated share of families, number of the parameter draw.
    first_month
        Month number of the first column of every array.
    fiscal_year_starts
        First month of the fiscal year, 1 to 12.
    groups
        (dimension, group) of each position on the group axis; the first is ('all', 'all').
    doors, programs, providers, streams
        Names on the respective axes.
    provider_programs
        For each provider its position in `programs`.
    measures, measure_units
        Names and units of the outcome measures.
    births
        Shape (months, groups).
    door_funnel
        Shape (doors, DOOR_TRANSITIONS, months, groups).
    funnel
        Shape (doors, programs, PROGRAM_TRANSITIONS, months, groups).
    outcomes
        Shape (measures, OUTCOME_COUNTS, months, groups).
    capacity
        Shape (providers, CAPACITY_MEASURES, months).
    received, lapsed
        Cents received by and lapsed from each stream. Shape (streams, months).
    spent
        Cents paid. Shape (streams, programs, SPENDING, months).
    families
        The record of each family.
    """

    scenario: str
    seed: int
    scale: float
    draw: int
    first_month: int
    fiscal_year_starts: int
    groups: tuple[tuple[str, str], ...]
    doors: tuple[str, ...]
    programs: tuple[str, ...]
    providers: tuple[str, ...]
    provider_programs: tuple[int, ...]
    streams: tuple[str, ...]
    stream_payers: tuple[str, ...]
    measures: tuple[str, ...]
    measure_units: tuple[str, ...]
    births: IntArray
    door_funnel: IntArray
    funnel: IntArray
    outcomes: IntArray
    capacity: IntArray
    received: IntArray
    lapsed: IntArray
    spent: IntArray
    families: FamilyRecord

    @property
    def months(self) -> int:
        """Number of reported months."""
        return int(self.births.shape[0])
