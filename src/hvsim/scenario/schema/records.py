"""The user's own birth file: where it is, and how to read it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema

from hvsim.scenario.codes import CodeTable
from hvsim.scenario.values import FilePath, Name, Named, Record, Whole


def _read_cell(raw: object) -> object:
    return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


Cell: TypeAlias = Annotated[
    str, BeforeValidator(_read_cell), WithJsonSchema({"type": ["string", "integer"]})
]
"""A value as it might stand in the file: a text or a whole number."""


class RecordColumn(Record):
    """One thing that the file says of each birth, and how to read it."""

    column: str | None = Field(
        default=None, description="Name of the file's column; blanks around it do not matter."
    )
    always: Cell | None = Field(
        default=None, description="What holds for all records, where the file has no such column."
    )
    codes: CodeTable = Field(
        default=CodeTable(),
        description="Their code or range (`1`, `20-24`, `<37`, `35+`) to our level or region, or "
        "to `missing`. What it leaves out is read as our own name.",
    )
    format: str = Field(
        default="YYYY-MM-DD",
        description="For birth-date: how it is written, from YYYY, MM, DD.",
    )
    if_missing: Name | None = Field(
        default=None,
        description="What becomes of an empty cell or a code for missing: `draw`, `refuse`, "
        "`leave-out` or one of our levels. Without it attributes are drawn, a family without "
        "mother is its own, all else is refused.",
    )
    if_unknown: Name = Field(
        default="refuse", description="The same for a code that nobody has explained."
    )


class Records(Record):
    """The user's own birth file, in place of synthetic families."""

    file: FilePath = Field(description="CSV (UTF-8, also gzipped) or Parquet; one birth a record.")
    layout: Name | None = Field(
        default=None,
        description="Packaged layout whose columns and codes are laid under those stated here.",
    )
    use: Literal["as-dated", "every-year"] = Field(
        default="as-dated",
        description="Births in the months in which they were; or the same births in every year.",
    )
    outside: Literal["refuse", "leave-out"] = Field(
        default="refuse", description="For as-dated: births outside the months that the run needs."
    )
    smallest_count: Whole = Field(
        default=11,
        ge=1,
        description="Numbers of families of the file below this are not reported; assumption: 11.",
    )
    columns: Named[RecordColumn] = Field(
        default_factory=dict,
        description="For id, mother, region, birth-year and birth-month or birth-date, and each "
        "attribute: where it stands.",
    )
