"""The words in which a scenario says how a birth file is read."""

from __future__ import annotations

from typing import Final

from hvsim.scenario.schema import RecordColumn, Scenario
from hvsim.scenario.vocabulary import attributes_of

ID, MOTHER, REGION = "id", "mother", "region"
BIRTH_DATE, BIRTH_YEAR, BIRTH_MONTH = "birth-date", "birth-year", "birth-month"
KEYS: Final = (ID, MOTHER)
DATES: Final = (BIRTH_DATE, BIRTH_YEAR, BIRTH_MONTH)

DRAW, REFUSE, LEAVE_OUT, OWN = "draw", "refuse", "leave-out", "own"
"""Rules for what is missing or unknown; `OWN`: a family without mother is its own."""

RULE_WORDS: Final = (DRAW, REFUSE, LEAVE_OUT)
"""Those that a scenario may name for an attribute, beside its levels."""


def words_of(scenario: Scenario, name: str) -> tuple[str, ...]:
    """Our words for what a column may say: levels, regions, none for ids and dates."""
    if name == REGION:
        return tuple(scenario.population.regions)
    return attributes_of(scenario).get(name, ())


def rule_if_missing(name: str, column: RecordColumn) -> str:
    """Rule for missing values, the usual one where none is stated."""
    if column.if_missing is not None:
        return column.if_missing
    if name == MOTHER:
        return OWN
    return REFUSE if name in (ID, REGION, *DATES) else DRAW
