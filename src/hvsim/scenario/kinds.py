"""Kinds of number: how a field's quantity is read, checked and written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from hvsim.months import format_month, month_hint, parse_month
from hvsim.scenario.errors import Mistake, quoted, refusal, suggestion
from hvsim.scenario.quantities import Quantity, index_of

DISTRIBUTIONS = ("beta", "gamma", "lognormal", "normal", "uniform", "triangular")
ANNOTATIONS = ("value", "low", "high", "distribution", "evidence", "assumption", "note")
SERIES_LIMIT = 10_000

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
_MONEY = re.compile(r"([^A-Za-z\s]+)\s*(K|M|B|thousand|million|billion)?\s*USD")
_DURATION = re.compile(r"(\S+)\s+(month|months|year|years)")
_STAGE = re.compile(r"-?\d{1,5}")
_FACTORS = {None: 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_FACTORS |= {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}


def read_number(raw: object, expected: str) -> float:
    """A finite number, from YAML's own or from text."""
    if isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()):
        raw = float(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        number = float(raw)
    elif isinstance(raw, str) and re.fullmatch(r"[-+]?\d[\d_,.]*", raw.strip()):
        raise Mistake(quoted(raw), "write digits and a decimal point only" + _repaired(raw))
    else:
        raise Mistake(quoted(raw), expected)
    if not math.isfinite(number):
        raise Mistake(quoted(raw), "write a finite number")
    return number


def _repaired(text: str) -> str:
    """Hint at the number that is probably meant, if one is."""
    plain = re.sub(r",(?=\d{3}(\D|$))", "", text.replace("_", "")).replace(",", ".")
    return f", for example {plain}" if _NUMBER.fullmatch(plain) else ""


def _plain(raw: object, kind: Kind) -> float:
    if isinstance(raw, str) and raw.strip().endswith("%"):
        share = read_number(raw.strip()[:-1].rstrip(), kind.expected) / 100
        raise Mistake(quoted(raw), f"percentages are for shares; write {share:g}")
    return read_number(raw, kind.expected)


def _share(raw: object, kind: Kind) -> float:
    if isinstance(raw, str) and raw.strip().endswith("%"):
        digits = raw.strip()[:-1].rstrip()
        if not 0 <= read_number(digits, kind.expected) <= 100:
            raise Mistake(quoted(raw), "a share is from 0% to 100%")
        return float(Decimal(digits) / 100)  # exactly the float that 0.4 gives
    number = read_number(raw, kind.expected)
    if 1 < number <= 100:
        raise Mistake(quoted(raw), f"write {number:g}% or {number / 100:g}")
    return number


def _money(raw: object, kind: Kind) -> float:
    match = _MONEY.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        raise Mistake(quoted(raw), kind.expected)
    read_number(match[1], kind.expected)
    return float(Decimal(match[1]) * _FACTORS[match[2]])


def _duration(raw: object, kind: Kind) -> float:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    match = _DURATION.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        raise Mistake(quoted(raw), kind.expected)
    return read_number(match[1], kind.expected) * (12 if match[2].startswith("year") else 1)


@dataclass(frozen=True)
class Kind:
    """One kind of number: unit, limits, how its scalars are written.

    Used as the metadata of an annotated type, it makes pydantic read a `Quantity`.
    """

    name: str
    unit: str
    expected: str
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    scalar: Callable[[object, Kind], float] = _plain

    @property
    def by_stage(self) -> bool:
        """Whether a series is indexed by integers rather than by months."""
        return self.name in (BY_STAGE.name, BY_STAGE_SHARE.name)

    def read(self, raw: object) -> Quantity:
        """Quantity from a scalar, a series or the annotated form.

        Raises
        ------
        pydantic.ValidationError
            With every mistake in it.
        """
        if isinstance(raw, Quantity):
            if raw.kind != self.name:
                raise refusal([Mistake(f"a quantity of kind '{raw.kind}'", self.expected)])
            return raw
        mistakes: list[Mistake] = []
        if isinstance(raw, dict) and any(key in ANNOTATIONS for key in raw):
            quantity = self._annotated(raw, mistakes)
        else:
            quantity = Quantity(self._points(raw, mistakes), self.name, self.unit)
        if mistakes:
            raise refusal(mistakes)
        return quantity

    def _number(self, raw: object, mistakes: list[Mistake], at: tuple[str, ...] = ()) -> float:
        try:
            number = self.scalar(raw, self)
        except Mistake as mistake:
            mistakes.append(Mistake(mistake.found, mistake.expected, at))
            return math.nan
        if self.minimum is not None and number < self.minimum:
            mistakes.append(Mistake(quoted(raw), f"must be at least {self.minimum:g}", at))
        if self.maximum is not None and number > self.maximum:
            mistakes.append(Mistake(quoted(raw), f"must be at most {self.maximum:g}", at))
        if self.above is not None and number <= self.above:
            mistakes.append(Mistake(quoted(raw), f"must be above {self.above:g}", at))
        return number

    def _points(
        self, raw: object, mistakes: list[Mistake], at: tuple[str, ...] = ()
    ) -> tuple[tuple[int | None, float], ...]:
        if not isinstance(raw, dict):
            return ((None, self._number(raw, mistakes, at)),)
        if not 0 < len(raw) <= SERIES_LIMIT:
            size = "an empty mapping" if not raw else f"{len(raw)} points"
            mistakes.append(Mistake(size, self.expected, at))
            return ((None, math.nan),)
        points: list[tuple[int | None, float]] = []
        latest: int | None = None
        for key, scalar in raw.items():
            try:
                index = self._key(str(key))
                if latest is not None and index <= latest:
                    raise Mistake(quoted(key), "a series must increase")
                latest = index
            except Mistake as mistake:
                mistakes.append(Mistake(mistake.found, mistake.expected, (*at, key)))
                continue
            points.append((index, self._number(scalar, mistakes, (*at, key))))
        return tuple(points) or ((None, math.nan),)

    def _key(self, key: str) -> int:
        if self.by_stage:
            if not _STAGE.fullmatch(key):
                raise Mistake(quoted(key), "write whole months, such as {0: 0.02, 12: 0.01}")
            return int(key)
        try:
            return parse_month(key)
        except ValueError:
            hint = month_hint(key)
            if not key[:1].isdigit():
                hint += suggestion(key, ANNOTATIONS).replace("; known: ", "; or one of ")
            raise Mistake(quoted(key), hint) from None

    def _annotated(self, raw: dict[str, Any], mistakes: list[Mistake]) -> Quantity:
        for key in raw:
            if key not in ANNOTATIONS:
                hint = "unknown beside 'value'" + suggestion(key, ANNOTATIONS)
                mistakes.append(Mistake(quoted(key), hint, (key,)))
        if "value" not in raw:
            mistakes.append(Mistake("no 'value'", self.expected))
            return Quantity(((None, math.nan),), self.name, self.unit)
        points = self._points(raw["value"], mistakes, ("value",))
        low, high = (
            self._number(raw[bound], mistakes, (bound,)) if bound in raw else None
            for bound in ("low", "high")
        )
        if low is not None and low > points[0][1]:
            mistakes.append(Mistake(quoted(raw["low"]), "must not exceed the value", ("low",)))
        if high is not None and high < points[0][1]:
            mistakes.append(Mistake(quoted(raw["high"]), "must not be below the value", ("high",)))
        return Quantity(
            points,
            self.name,
            self.unit,
            low,
            high,
            self._distribution(raw, points[0][1], mistakes),
            _evidence(raw, mistakes),
            _text(raw, "assumption", mistakes),
            _text(raw, "note", mistakes),
        )

    def _distribution(
        self, raw: dict[str, Any], value: float, mistakes: list[Mistake]
    ) -> str | None:
        if "distribution" not in raw:
            return None
        name = raw["distribution"]
        problem = ""
        if name not in DISTRIBUTIONS:
            problem = f"must be one of {', '.join(DISTRIBUTIONS)}"
        elif "low" not in raw or "high" not in raw:
            problem = "needs 'low' and 'high'"
        elif name == "beta" and (self.minimum, self.maximum) != (0, 1):
            problem = "is for shares from 0 to 1"
        elif name in ("lognormal", "gamma") and value <= 0:
            problem = "needs a value above 0"
        if problem:
            mistakes.append(Mistake(quoted(name), problem, ("distribution",)))
            return None
        return str(name)

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(self.written),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"x-kind": self.name}  # ``jsonschema`` puts the definition in its place

    def written(self, quantity: Quantity) -> object:
        """The quantity as a scenario file would write it."""
        value: object = self._scalar_written(quantity.value)
        if quantity.is_series:
            name = str if self.by_stage else format_month
            value = {name(index_of(p)): self._scalar_written(p[1]) for p in quantity.points}
        full = {
            "value": value,
            "low": None if quantity.low is None else self._scalar_written(quantity.low),
            "high": None if quantity.high is None else self._scalar_written(quantity.high),
            "distribution": quantity.distribution,
            "evidence": list(quantity.evidence) or None,
            "assumption": quantity.assumption,
            "note": quantity.note,
        }
        stated = {key: part for key, part in full.items() if part is not None}
        return value if len(stated) == 1 else stated

    def _scalar_written(self, number: float) -> object:
        plain = int(number) if number.is_integer() and abs(number) < 1e15 else number
        if self.scalar is _money:
            return f"{plain} USD"
        return f"{plain} months" if self.scalar is _duration else plain


def _text(raw: dict[str, Any], key: str, mistakes: list[Mistake]) -> str | None:
    text = raw.get(key)
    if key in raw and not (isinstance(text, str) and text.strip()):
        mistakes.append(Mistake(quoted(text), "write a sentence", (key,)))
        return None
    return text


def _evidence(raw: dict[str, Any], mistakes: list[Mistake]) -> tuple[str, ...]:
    if "evidence" not in raw:
        return ()
    ids = raw["evidence"]
    if isinstance(ids, str):
        ids = [ids]
    if not isinstance(ids, list | tuple) or not ids or not all(isinstance(i, str) for i in ids):
        mistakes.append(Mistake(quoted(raw["evidence"]), "write one ID or a list", ("evidence",)))
        return ()
    return tuple(ids)


PROPORTION = Kind("proportion", "share", "write a share such as 40% or 0.4", 0, 1, scalar=_share)
CORRELATION = Kind("correlation", "correlation", "write a number from -1 to 1", -1, 1)
RATIO = Kind("ratio", "factor", "write a factor such as 0.8", 0)
POSITIVE_RATIO = Kind("positive-ratio", "factor", "write a factor such as 0.8", above=0)
REAL = Kind("real", "number", "write a number such as -0.4")
SPREAD_SD = Kind("spread-sd", "standard deviation", "write a standard deviation such as 0.5", 0)
COUNT = Kind("count", "count", "write a number such as 12", 0)
QALYS = Kind("qalys", "QALYs", "write quality-adjusted life-years such as 0.23", 0)
MONEY = Kind(
    "money",
    "USD",
    "write an amount with its currency, such as 700 USD or 45 M USD",
    0,
    scalar=_money,
)
MONEY_PER_YEAR = Kind(
    "money-per-year",
    "USD per year",
    "write the amount of one year with its currency, such as 45 M USD",
    0,
    scalar=_money,
)
DURATION = Kind(
    "duration", "months", "write a time such as 5 years or 60 months", 0, scalar=_duration
)
BY_STAGE = Kind(
    "by-stage", "per month", "write a number, or steps by month such as {0: 0.02, 12: 0.01}", 0
)
BY_STAGE_SHARE = Kind(
    "share-by-age",
    "share",
    "write a share such as 40%, or steps by age in months such as {0: 20%, 12: 10%}",
    0,
    1,
    scalar=_share,
)
KINDS = {
    kind.name: kind
    for kind in (
        PROPORTION,
        CORRELATION,
        RATIO,
        POSITIVE_RATIO,
        REAL,
        SPREAD_SD,
        COUNT,
        QALYS,
        MONEY,
        MONEY_PER_YEAR,
        DURATION,
        BY_STAGE,
        BY_STAGE_SHARE,
    )
}
