from collections.abc import Callable
from typing import Any

import pytest

from hvsim.months import parse_month
from hvsim.scenario.schema import Population, Scenario, WarmStart

MARGINS: dict[str, dict[str, float]] = {
    "race-ethnicity": {
        "hispanic": 0.5,
        "white": 0.2,
        "asian-pacific-islander": 0.15,
        "black": 0.1,
        "other-race": 0.05,
    },
    "payer": {"medicaid": 0.5, "private-insurance": 0.42, "other-payer": 0.08},
    "mother-age": {
        "age-under-20": 0.05,
        "age-20-to-24": 0.15,
        "age-25-to-34": 0.55,
        "age-35-or-over": 0.25,
    },
    "education": {
        "no-diploma": 0.15,
        "high-school": 0.25,
        "some-college": 0.25,
        "bachelors-or-more": 0.35,
    },
    "parity": {"first-birth": 0.4, "second-or-third-birth": 0.5, "fourth-or-later-birth": 0.1},
    "paternity": {"paternity-established": 0.92, "no-paternity": 0.08},
    "prenatal-care": {
        "care-from-first-trimester": 0.85,
        "care-from-second-trimester": 0.1,
        "care-from-third-trimester": 0.04,
        "no-prenatal-care": 0.01,
    },
    "birth-weight": {"normal-birth-weight": 0.93, "low-birth-weight": 0.07},
    "gestation": {"term": 0.91, "preterm": 0.09},
}


@pytest.fixture
def place() -> Callable[..., Scenario]:
    """Build a scenario with nothing but what families are made of."""

    def build(
        births: Any = 12_000,
        regions: dict[str, float] | None = None,
        start: str = "2023-07",
        end: str = "2024-06",
        warm: int = 12,
        attributes: dict[str, Any] | None = None,
        **margins: dict[str, float],
    ) -> Scenario:
        regions = regions or {"north": 0.3, "south": 0.7}
        population = Population.model_validate(
            {
                "births_per_year": births,
                "enters_before_birth": 5,
                "associations": "us-births-2022",
                "regions": {name: {"share_of_births": share} for name, share in regions.items()},
                "margins": MARGINS | {key.replace("_", "-"): v for key, v in margins.items()},
                "attributes": attributes or {},
            }
        )
        return Scenario.model_construct(
            population=population,
            start=parse_month(start),
            end=parse_month(end),
            warm_start=WarmStart.model_validate({"months": warm}),
        )

    return build
