"""The words that a scenario shares with the families: attributes and their levels.

Level names are unique over all attributes, so that a coefficient names a level alone
(``no-paternity: 1.2``). ``risk`` and ``willingness`` name standardized latent traits.
"""

from __future__ import annotations

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

NEVER_IN_ALLOCATION: tuple[str, ...] = ("race-ethnicity",)
"""Attributes that neither eligibility nor priority may read."""
