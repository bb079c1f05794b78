"""The words that a scenario shares with the families: attributes and their levels.

Level names are unique over all attributes, so that a coefficient names a level alone
(``no-paternity: 1.2``). ``risk`` and ``willingness`` name standardized latent traits. A scenario
adds attributes of its own to those of birth records (``population.attributes``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hvsim.scenario.schema import Scenario

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "race-ethnicity": ("hispanic", "white", "asian-pacific-islander", "black", "other-race"),
    "payer": ("medicaid", "private-insurance", "other-payer"),
    "mother-age": ("age-under-20", "age-20-to-24", "age-25-to-34", "age-35-or-over"),
    "education": ("no-diploma", "high-school", "some-college", "bachelors-or-more"),
    "parity": ("first-birth", "second-or-third-birth", "fourth-or-later-birth"),
    "paternity": ("paternity-established", "no-paternity"),
    "prenatal-care": (
        "care-from-first-trimester",
        "care-from-second-trimester",
        "care-from-third-trimester",
        "no-prenatal-care",
    ),
    "birth-weight": ("normal-birth-weight", "low-birth-weight"),
    "gestation": ("term", "preterm"),
}

LEVELS: dict[str, str] = {
    level: attribute for attribute, levels in ATTRIBUTES.items() for level in levels
}
"""Attribute of each level."""

TRAITS: tuple[str, ...] = ("risk", "willingness")
"""Standardized latent traits that coefficients of the way through the system may name."""

STATUS_TRAITS: tuple[str, ...] = ("frailty", "willingness")
"""Traits that the chance of a status may name; ``frailty`` is the family's shared frailty."""

ATTRIBUTE_TRAITS: tuple[str, ...] = ("frailty",)
"""Traits that the chance of a level of a scenario's own attribute may name."""

FIRST_STAGE = "reported"
"""What doors, states and stages call the report itself among the stages of a chain."""

NEVER_IN_ALLOCATION: tuple[str, ...] = ("race-ethnicity",)
"""Attributes that neither eligibility nor priority may read."""


def attributes_of(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Levels of each attribute: those of birth records first, then the scenario's own.

    The first level of an own attribute is that of the families at none of the others.
    """
    own = scenario.population.attributes
    return ATTRIBUTES | {
        name: (attribute.otherwise, *attribute.levels) for name, attribute in own.items()
    }


def levels_of(scenario: Scenario) -> dict[str, str]:
    """Attribute of each level, in the order of `attributes_of`."""
    return {
        level: attribute
        for attribute, levels in attributes_of(scenario).items()
        for level in levels
    }


def margin_of(scenario: Scenario, level: str) -> float:
    """Share of births at a level.

    Raises
    ------
    KeyError
        If no attribute has the level, or its attribute has no margin.
    """
    population = scenario.population
    attribute = levels_of(scenario)[level]
    if attribute not in population.attributes:
        return population.margins[attribute][level].value
    shares = {
        name: row.share.value for name, row in population.attributes[attribute].levels.items()
    }
    return shares[level] if level in shares else 1 - math.fsum(shares.values())
