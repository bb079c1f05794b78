"""Kinds of field that the schema is written in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    PrivateAttr,
    Strict,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

from hvsim.months import format_month, month_hint, parse_month
from hvsim.scenario.errors import Mistake, Origin, quoted, refusal
from hvsim.scenario.kinds import (
    BY_STAGE,
    BY_STAGE_SHARE,
    CORRELATION,
    COUNT,
    DURATION,
    MONEY,
    MONEY_PER_YEAR,
    POSITIVE_RATIO,
    PROPORTION,
    QALYS,
    RATIO,
    REAL,
    SPREAD_SD,
)
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.written import Written

T = TypeVar("T")

NAME = r"[a-z][a-z0-9-]*"
WHOLE_LIMIT = 1_000_000
FIRST_MONTH, LAST_MONTH = parse_month("1900-01"), parse_month("2199-12")


class Record(BaseModel):
    """Fields with meaning; merged field by field; unknown ones are errors."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        defer_build=True,  # loading builds records from values that it has checked one by one
    )


class Filed(Record):
    """What a file holds as a whole; it knows who wrote each of its values."""

    _origins: Mapping[str, Origin] = PrivateAttr(default_factory=dict)

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Where each value was written, by dotted path."""
        return self._origins


class Collection:
    """Marks a mapping whose names are merged one by one."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "x-named": True}  # ``jsonschema`` lets fragments remove names


COLLECTION = Collection()


def _read_name(raw: object) -> str:
    if not isinstance(raw, str) or not re.fullmatch(NAME, raw):
        expected = "names are lower-case letters, digits and hyphens, beginning with a letter"
        raise refusal([Mistake(quoted(raw), expected)])
    return raw


def _read_names(raw: object) -> object:
    if not isinstance(raw, list | tuple):
        example = f"[{raw}]" if isinstance(raw, str) else "[welcome-baby]"
        raise refusal([Mistake(quoted(raw), f"write a list, such as {example}")])
    repeated = {str(name) for name in raw if raw.count(name) > 1}
    if repeated:
        raise refusal([Mistake(f"{quoted(min(repeated))} twice", "name each once")])
    return raw


def _read_month(raw: object) -> object:
    if isinstance(raw, int) and not isinstance(raw, bool) and FIRST_MONTH <= raw <= LAST_MONTH:
        return raw  # a month number, from code
    try:
        month = parse_month(raw if isinstance(raw, str) else "")
    except ValueError:
        raise refusal([Mistake(quoted(raw), month_hint(raw))]) from None
    if not FIRST_MONTH <= month <= LAST_MONTH:
        span = f"from {format_month(FIRST_MONTH)} to {format_month(LAST_MONTH)}"
        raise refusal([Mistake(quoted(raw), f"must be {span}")])
    return month


def _of_human_size(number: int) -> int:
    if abs(number) > WHOLE_LIMIT:
        raise refusal([Mistake(quoted(number), f"must be at most {WHOLE_LIMIT} in size")])
    return number


def _read_pair(raw: object) -> object:
    if isinstance(raw, list | tuple) and [type(part) in (int, float) for part in raw] == [True] * 2:
        return raw
    raise refusal([Mistake(quoted(raw), "write two numbers, such as [0, 1]")])


Name: TypeAlias = Annotated[
    str, BeforeValidator(_read_name), WithJsonSchema({"type": "string", "pattern": f"^{NAME}$"})
]
Names: TypeAlias = Annotated[tuple[Name, ...], BeforeValidator(_read_names)]
Named: TypeAlias = Annotated[dict[Name, T], COLLECTION]

Month: TypeAlias = Annotated[
    int,
    BeforeValidator(_read_month),
    PlainSerializer(format_month),
    WithJsonSchema({"type": "string", "pattern": r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$"}),
]
Year: TypeAlias = Annotated[int, Strict(), Field(ge=1900, le=2199)]
Whole: TypeAlias = Annotated[int, Strict(), AfterValidator(_of_human_size)]
Pair: TypeAlias = Annotated[tuple[float, float], BeforeValidator(_read_pair)]


class MayChange:
    """Marks a number that may change over time: a dated series is read month by month."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "x-dated": True}


MAY_CHANGE = MayChange()
Dated: TypeAlias = Annotated[T, MAY_CHANGE]


class Location:
    """Marks a path, which is read relative to the file that wrote it."""


FilePath: TypeAlias = Annotated[Path, Location(), WithJsonSchema({"type": "string"})]

Proportion: TypeAlias = Annotated[Quantity, PROPORTION]
Correlation: TypeAlias = Annotated[Quantity, CORRELATION]
Ratio: TypeAlias = Annotated[Quantity, RATIO]
PositiveRatio: TypeAlias = Annotated[Quantity, POSITIVE_RATIO]
Real: TypeAlias = Annotated[Quantity, REAL]
SpreadSd: TypeAlias = Annotated[Quantity, SPREAD_SD]
Count: TypeAlias = Annotated[Quantity, COUNT]
Qalys: TypeAlias = Annotated[Quantity, QALYS]
Money: TypeAlias = Annotated[Quantity, MONEY]
MoneyPerYear: TypeAlias = Annotated[Quantity, MONEY_PER_YEAR]
Duration: TypeAlias = Annotated[Quantity, DURATION]
ByStage: TypeAlias = Annotated[Quantity, BY_STAGE]
ShareByAge: TypeAlias = Annotated[Quantity, BY_STAGE_SHARE]
Coefficients: TypeAlias = dict[Name, Real]


@dataclass(frozen=True, slots=True)
class OfferRule(Written):
    """Whom a program is offered to: ``everyone``, ``nobody`` or ``{screened: high}``."""

    JSON_SCHEMA: ClassVar = {
        "oneOf": [
            {"enum": ["everyone", "nobody"]},
            {
                "type": "object",
                "properties": {"screened": {"enum": ["high", "low"]}},
                "required": ["screened"],
                "additionalProperties": False,
            },
        ]
    }

    kind: Literal["everyone", "nobody", "screened"]
    level: Literal["high", "low"] | None = None

    @classmethod
    def read(cls, raw: object) -> OfferRule:
        """Rule from its written form."""
        if isinstance(raw, OfferRule):
            return raw
        if raw in ("everyone", "nobody"):
            return cls(raw)
        if raw in ({"screened": "high"}, {"screened": "low"}):
            return cls("screened", raw["screened"])
        found = quoted(raw)
        if isinstance(raw, dict) and list(raw) == ["screened"]:
            found = f"{{screened: {quoted(raw['screened'])}}}"
        expected = "write everyone, nobody, {screened: high} or {screened: low}"
        raise refusal([Mistake(found, expected)])

    def written(self) -> object:
        """The rule as a scenario file would write it."""
        return {"screened": self.level} if self.kind == "screened" else self.kind
