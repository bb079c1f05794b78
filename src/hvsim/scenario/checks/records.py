"""The way in which a scenario reads a birth file, before that is opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from hvsim.scenario.checks.names import unknown
from hvsim.scenario.codes import MISSING
from hvsim.scenario.findings import Finding, found
from hvsim.scenario.records import (
    BIRTH_DATE,
    DATES,
    ID,
    KEYS,
    LEAVE_OUT,
    MOTHER,
    REFUSE,
    REGION,
    RULE_WORDS,
    words_of,
)
from hvsim.scenario.schema import Records, Scenario
from hvsim.scenario.vocabulary import attributes_of

PATH = ("population", "records", "columns")
_FORMAT = re.compile(r"(?=.*YYYY)(?=.*MM)(YYYY|MM|DD|[-/. ])+")


def check_columns(scenario: Scenario, records: Records) -> Iterator[Finding]:
    """Columns are for what a family has."""
    known = (*KEYS, *DATES, REGION, *attributes_of(scenario))
    for name in records.columns:
        if name not in known:
            yield unknown((*PATH, name), "attribute, date or id", name, known)


def check_necessary(scenario: Scenario, records: Records) -> Iterator[Finding]:
    """Every birth has a month and a region."""
    if records.layout is not None:
        return  # nobody knows it, nor what it would have told
    named = records.columns
    dated, parts = BIRTH_DATE in named, [part in named for part in DATES[1:]]
    if dated and any(parts):
        message = "write birth-date, or birth-year and birth-month, not all"
        yield Finding((*PATH, BIRTH_DATE), message)
    elif not dated and not all(parts):
        yield Finding(PATH, "lacks 'birth-date', or 'birth-year' and 'birth-month'")
    if REGION not in named:
        first = next(iter(scenario.population.regions), "NAME")
        yield Finding(PATH, f"lacks 'region'; for all births in one write {{always: {first}}}")


def check_sources(scenario: Scenario, records: Records) -> Iterator[Finding]:
    """A value comes from a column, or is always the same."""
    for name, column in records.columns.items():
        path = (*PATH, name)
        if (column.column is None) == (column.always is None):
            yield Finding(path, "write either 'column' or 'always'")
        elif column.always is not None and name in (ID, MOTHER, BIRTH_DATE):
            yield Finding((*path, "always"), "differs between births; name a column")
        elif column.always is not None and name not in DATES:
            yield from _word_findings(scenario, name, (*path, "always"), column.always)
        if name == BIRTH_DATE and not _FORMAT.fullmatch(column.format):
            yield found((*path, "format"), f"'{column.format}'", "write one such as MM/DD/YYYY")


def check_words(scenario: Scenario, records: Records) -> Iterator[Finding]:
    """Codes and rules lead to what exists."""
    for name, column in records.columns.items():
        for code, word in column.codes.entries:
            if word != MISSING:
                yield from _word_findings(scenario, name, (*PATH, name, "codes", code), word)
        words = words_of(scenario, name)
        rules = (
            (REFUSE, LEAVE_OUT, *words) if name == REGION or not words else (*RULE_WORDS, *words)
        )
        for field in ("if_missing", "if_unknown"):
            rule = getattr(column, field)
            if rule is not None and rule not in rules:
                yield unknown((*PATH, name, field), "rule or level", rule, rules)


def _word_findings(
    scenario: Scenario, name: str, path: tuple[str, ...], word: str
) -> Iterator[Finding]:
    """A word that is no region, or no level of the attribute."""
    words = words_of(scenario, name)
    if word not in words:
        yield unknown(path, "region" if name == REGION else f"level of {name}", word, words)


def _of(
    check: Callable[[Scenario, Records], Iterator[Finding]],
) -> Callable[[Scenario], Iterator[Finding]]:
    """The check for scenarios that have records."""

    def checked(scenario: Scenario) -> Iterator[Finding]:
        records = scenario.population.records
        if records is not None:
            yield from check(scenario, records)

    return checked


RULES: tuple[Callable[[Scenario], Iterator[Finding]], ...] = tuple(
    map(_of, (check_columns, check_necessary, check_sources, check_words))
)
