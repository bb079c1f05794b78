"""The evidence: one fact per row of ``data/facts.csv``, read once, never changed.

Standard library only: every command that quotes a fact pays for this import.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache, cached_property
from importlib.resources import files
from typing import Final

SUBJECTS: Final[Mapping[str, str]] = {
    "births": "how many births, and to whom",
    "risk": "what goes with a higher or lower chance of harm",
    "incidence": "how often outcomes occur, by age, place and group",
    "screening": "how well screens tell families apart",
    "models": "what each program is meant to be: whom it serves, staff, schedule, caseload",
    "services": "what is there: capacity, funding, families served and who they are",
    "funnel": "referral, acceptance, visits received, retention",
    "effects": "what trials and cohort studies found",
    "workforce": "visitors and supervisors: numbers, turnover, ratios",
    "costs": "what programs and outcomes cost",
    "utilities": "quality-of-life weights and losses",
    "prices": "price indices, discount rates, willingness to pay",
}
"""Every subject, in reading order, with what it holds."""

VERIFIED: Final[Mapping[str, str]] = {
    "search": "read on the source page",
    "recall": "from memory, to be rechecked",
    "derived": "computed by us from published figures",
    "assumption": "our assumption",
}
"""How a number is known, from the mark in the data to plain words."""

_DIRECTIONS: Final[Mapping[float | None, str]] = {
    1.0: "higher with the program or exposure (direction only)",
    0.0: "no detectable difference (direction only)",
    -1.0: "lower with the program or exposure (direction only)",
}

# Units that name a measure read better before the number: "odds ratio 1.32".
_MEASURE: Final = re.compile(r".*\b(ratio|effect|difference|AUC|score|utility|index)\b.*")

# Fractions of one, shown as percentages with what is left of their unit.
_PERCENT: Final[Mapping[str, str]] = {
    "proportion": "",
    "proportion per year": "per year",
    "relative change": "",
    "per year": "per year",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One published, remembered, derived or assumed number (or wording) and where it is from.

    Attributes
    ----------
    id
        Stable name, used by scenario files to say where a number is from.
    subject
        One of `SUBJECTS`.
    place, program, parameter, population
        What the fact is about. `place`, `program` and `population` may be empty.
    value
        The number; None where the source gives only a range or words.
    text
        The words of a fact whose unit is ``text``, else empty.
    unit
        Unit of `value`, `low` and `high`. Proportions run from 0 to 1; ``direction`` is
        -1, 0 or 1: lower, no detectable difference or higher with the program or exposure.
    low, high, interval
        Bounds, and what they are (a confidence interval, a range over studies, ...).
    year
        When it was observed, as the source tells it ("2019", "FY2021", "2006 births").
    price_year
        Year of the dollars; None where money plays no part or the note says it is not stated.
    n
        Sample size behind the fact.
    citation, url
        The source.
    verified
        How it is known, one of `VERIFIED`.
    note
        What to keep in mind before using it.
    """

    id: str
    subject: str
    place: str
    program: str
    parameter: str
    population: str
    value: float | None
    text: str
    unit: str
    low: float | None
    high: float | None
    interval: str
    year: str
    price_year: int | None
    n: int | None
    citation: str
    url: str
    verified: str
    note: str

    @property
    def context(self) -> str:
        """Program, place, year and population, as far as they are known."""
        return ", ".join(filter(None, (self.program, self.place, self.year, self.population)))

    @property
    def amount(self) -> str:
        """The value with unit, bounds and price year, or the words, ready to be read."""
        if self.unit == "text":
            return self.text
        if self.unit == "direction":
            return _DIRECTIONS[self.value]
        number, asides = self._number_and_bounds()
        unit = _PERCENT.get(self.unit, self.unit)
        pair = (unit, number) if _MEASURE.fullmatch(unit) else (number, unit)
        if self.price_year is not None:
            asides.append(f"{self.price_year} prices")
        return " ".join(filter(None, (*pair, f"({'; '.join(asides)})" if asides else "")))

    def describe(self) -> str:
        """One line: what, where and when, how much, how it is known."""
        known = VERIFIED[self.verified]
        return f"{self.id}: {self.parameter} ({self.context}): {self.amount}; {known}"

    def row(self) -> dict[str, str]:
        """The fact as a row of ``facts.csv``, keyed by `COLUMNS`."""
        row = {name: _plain(getattr(self, name)) for name in COLUMNS}
        return row | {"value": self.text} if self.unit == "text" else row

    def _number_and_bounds(self) -> tuple[str, list[str]]:
        """The number, and what belongs in parentheses after it."""
        low, high = self._show(self.low), self._show(self.high)
        if self.interval == "lower bound":
            return f"at least {low}", []
        if self.interval == "upper bound":
            return f"at most {high}", []
        bounds = f"{low} to {high}"
        if self.value is None:
            return bounds, [self.interval]
        return self._show(self.value), [f"{bounds}, {self.interval}"] if self.interval else []

    def _show(self, number: float | None) -> str:
        if number is None:
            return ""
        if self.unit not in _PERCENT:
            return f"{number:,.15g}"
        return f"{100 * number:{'+' if self.unit == 'relative change' else ''}.4g}%"


COLUMNS: Final = tuple(field.name for field in fields(Fact) if field.name != "text")
"""Columns of ``facts.csv``; ``value`` holds the words where the unit is ``text``."""


class UnknownFactError(KeyError):
    """No fact has this id."""

    def __init__(self, fact_id: str, nearest: str | None) -> None:
        hint = f"; did you mean '{nearest}'?" if nearest else ""
        super().__init__(f"no fact has the id '{fact_id}'{hint}")

    def __str__(self) -> str:
        # KeyError shows the repr of its argument; this one is a sentence.
        return str(self.args[0])


class Evidence(Mapping[str, Fact]):
    """All facts by id, in the order of the file, with a search over their words.

    Parameters
    ----------
    facts
        The facts; ids must differ.
    sha256
        Hash of the file they were read from, for the manifest of a run.
    """

    def __init__(self, facts: Iterable[Fact], sha256: str = "") -> None:
        self._facts = {fact.id: fact for fact in facts}
        self.sha256 = sha256

    def __getitem__(self, fact_id: str) -> Fact:
        try:
            return self._facts[fact_id]
        except KeyError:
            near = difflib.get_close_matches(fact_id.upper(), self._facts, n=1)
            raise UnknownFactError(fact_id, near[0] if near else None) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def __contains__(self, fact_id: object) -> bool:
        return fact_id in self._facts

    def search(self, text: str) -> list[Fact]:
        """Facts that hold every word of `text`, best first.

        A word matches the beginning of a word of the fact; words of one or two letters ("ED")
        match whole words only. Hits in id and parameter rank before hits in program, place
        and population, and these before hits in the fact's wording and note.

        Parameters
        ----------
        text
            Words in any order; case and punctuation do not matter. No words, no facts.
        """
        words = _words(text)
        if not words:
            return []
        ranked = []
        for fact, tiers in zip(self._facts.values(), self._tiers, strict=True):
            hits = [_first_tier(word, tiers) for word in words]
            if None not in hits:
                ranked.append((sum(tier for tier in hits if tier is not None), fact))
        ranked.sort(key=lambda pair: pair[0])
        return [fact for _, fact in ranked]

    def suggest(self, text: str) -> list[str]:
        """Words of the evidence very near to those words of `text` that no fact holds.

        Numbers and ids have no near ones: another number is another fact.
        """
        known = sorted({word for tiers in self._tiers for tier in tiers for word in tier})
        known = [word for word in known if word.isalpha()]
        unknown = (word for word in _words(text) if word.isalpha() and not self.search(word))
        return [
            near for word in unknown for near in difflib.get_close_matches(word, known, cutoff=0.8)
        ]

    @cached_property
    def _tiers(self) -> list[tuple[list[str], ...]]:
        """Per fact its words, most telling fields first."""
        return [
            (
                _words(f"{fact.id} {fact.parameter}"),
                _words(f"{fact.program} {fact.place} {fact.population}"),
                _words(f"{fact.text} {fact.note}"),
            )
            for fact in self._facts.values()
        ]


@cache
def load_evidence() -> Evidence:
    """Return the facts that travel inside the package; read at the first call only."""
    data = (files("hvsim.evidence") / "data" / "facts.csv").read_bytes()
    rows = csv.DictReader(io.StringIO(data.decode("utf-8")))
    return Evidence(map(_fact, rows), hashlib.sha256(data).hexdigest())


def _fact(row: Mapping[str, str]) -> Fact:
    is_text = row["unit"] == "text"
    return Fact(
        id=row["id"],
        subject=row["subject"],
        place=row["place"],
        program=row["program"],
        parameter=row["parameter"],
        population=row["population"],
        value=None if is_text else _float(row["value"]),
        text=row["value"] if is_text else "",
        unit=row["unit"],
        low=_float(row["low"]),
        high=_float(row["high"]),
        interval=row["interval"],
        year=row["year"],
        price_year=_int(row["price_year"]),
        n=_int(row["n"]),
        citation=row["citation"],
        url=row["url"],
        verified=row["verified"],
        note=row["note"],
    )


def _float(text: str) -> float | None:
    return float(text) if text else None


def _int(text: str) -> int | None:
    return int(text) if text else None


def _plain(cell: str | float | None) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else f"{cell:.15g}"


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _first_tier(word: str, tiers: tuple[list[str], ...]) -> int | None:
    """Index of the first tier that holds `word`, None if none does."""
    for index, tier in enumerate(tiers):
        if word in tier or (len(word) > 2 and any(held.startswith(word) for held in tier)):
            return index
    return None
