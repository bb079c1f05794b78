"""A run of two scenarios that is small enough to be valued by hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from hvsim.economics import Prices, Tables, load_prices

SMALL = Path(__file__).parent / "small.yaml"


@cache
def small(*overrides: str) -> Prices:
    """Round prices, with overrides."""
    return load_prices(SMALL, overrides)


def costs(*rows: tuple[str, int, str, str, str, str, float]) -> pd.DataFrame:
    """Table of costs of one draw: scenario, year, payer, stream, category, program, dollars."""
    columns = ["scenario", "year", "payer", "stream", "category", "program", "dollars"]
    return pd.DataFrame(rows, columns=columns).assign(replicate=0, draw=0)


def outcomes(*rows: tuple[str, int, str, str, float]) -> pd.DataFrame:
    """Table of outcomes of everybody: scenario, year, outcome, measure, value."""
    frame = pd.DataFrame(rows, columns=["scenario", "year", "outcome", "measure", "value"])
    return frame.assign(replicate=0, draw=0, dimension="all", group="all")


def funnel(*rows: tuple[str, int, str, str, int]) -> pd.DataFrame:
    """Table of the funnel of everybody: scenario, year, program, transition, families."""
    frame = pd.DataFrame(rows, columns=["scenario", "year", "program", "transition", "families"])
    return frame.assign(replicate=0, draw=0, dimension="all", group="all", door="")


def capacity(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """Monthly table of capacity: scenario, month, program, families in service."""
    frame = pd.DataFrame(rows, columns=["scenario", "month", "program", "enrolled"])
    return frame.assign(replicate=0, provider="team")


def run(
    spent: pd.DataFrame,
    events: pd.DataFrame,
    way: pd.DataFrame | None = None,
    service: pd.DataFrame | None = None,
    baseline: str | None = "today",
    counted: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Tables:
    """Fiscal years from July 2024, births to June 2026, in prices of 2020."""
    return Tables(
        funnel=funnel() if way is None else way,
        outcomes=events,
        costs=spent,
        capacity=capacity() if service is None else service,
        counted=counted,
        baseline=baseline,
        first_year=2025,
        last_births=2026,
        fiscal_year_starts=7,
        price_year=2020,
    )


WORKED = run(
    costs(
        ("today", 2025, "county", "general", "salaries", "visits", 100_000.00),
        ("today", 2025, "county", "general", "unspent", "", 20_000.00),
        ("today", 2026, "county", "general", "salaries", "visits", 100_000.00),
        ("today", 2027, "county", "general", "salaries", "visits", 100_000.00),
        ("more", 2025, "county", "general", "salaries", "visits", 100_000.00),
        ("more", 2025, "matched", "grant", "salaries", "visits", 50_000.10),
        ("more", 2026, "county", "general", "salaries", "visits", 100_000.00),
        ("more", 2026, "matched", "grant", "hires", "visits", 10_300.00),
        ("more", 2027, "county", "general", "salaries", "visits", 100_000.00),
        ("more", 2027, "matched", "grant", "salaries", "visits", 70_000.00),
    ),
    outcomes(
        ("today", 2025, "investigated", "events", 40),
        ("today", 2026, "investigated", "events", 40),
        ("today", 2030, "investigated", "events", 40),
        ("more", 2025, "investigated", "events", 40),
        ("more", 2026, "investigated", "events", 30),
        ("today", 2026, "investigated", "children", 35),
        ("today", 2026, "fostered", "person_months", 90),
        ("more", 2026, "fostered", "person_months", 60),
        ("today", 2026, "substantiated", "events", 14),
        ("today", 2026, "substantiated", "children", 10),
        ("more", 2026, "substantiated", "events", 9),
        ("more", 2026, "substantiated", "children", 8),
        ("today", 2026, "born-early", "events", 3),
    ),
    funnel(("today", 2025, "", "screened", 10), ("more", 2025, "visits", "screened", 30)),
)
"""Two scenarios, today's the baseline."""
