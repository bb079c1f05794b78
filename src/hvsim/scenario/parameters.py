"""Every number of a file in one table: unit, range, source and how it is known."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hvsim.scenario.errors import dotted
from hvsim.scenario.kinds import KINDS
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.resolved import written_quantities

if TYPE_CHECKING:
    from hvsim.evidence import Fact
    from hvsim.scenario.values import Filed

COLUMNS = (
    "parameter",
    "value",
    "unit",
    "low",
    "high",
    "distribution",
    "drawn from",
    "how known",
    "evidence",
    "sources",
    "assumption",
    "note",
    "written in",
)
NO_SOURCE = "no source stated"


def parameters_csv(filed: Filed, drawn: Mapping[tuple[str, ...], str] | None = None) -> str:
    """Table of all numbers that files or overrides wrote, in the order of the file.

    Parameters
    ----------
    filed
        A loaded scenario, or prices.
    drawn
        Of every number, by path, the family that runs draw it from, or why they do not; without it
        the table says nothing of that.

    Returns
    -------
    str
        CSV with the columns `COLUMNS`; series as ``2023-07: 0.4; 2025-07: 0.95``.
    """
    from hvsim.evidence import VERIFIED, load_evidence  # plain checks do without

    facts = load_evidence()
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for path, number in written_quantities(filed):
        field = dotted(path)
        cited = [facts[id_] for id_ in number.evidence]
        known = [VERIFIED[fact.verified] for fact in cited]
        known += [VERIFIED["assumption"]] if number.assumption else []
        table.writerow(
            [
                field,
                *_written(number),
                number.distribution or "",
                "" if drawn is None else drawn[path],
                "; ".join(dict.fromkeys(known)) or NO_SOURCE,
                " ".join(number.evidence),
                "; ".join(dict.fromkeys(map(_source, cited))),
                number.assumption or "",
                number.note or "",
                filed.origins[field].layer,
            ]
        )
    return text.getvalue()


def _written(number: Quantity) -> tuple[str, str, str, str]:
    """Value, unit and bounds."""
    kind = KINDS[number.kind]
    value = kind.written(Quantity(number.points, number.kind, number.unit))
    if isinstance(value, dict):
        value = "; ".join(f"{index}: {_number(part)}" for index, part in value.items())
    low, high = ("" if bound is None else f"{bound:.10g}" for bound in (number.low, number.high))
    return _number(value), number.unit, low, high


def _number(value: object) -> str:
    """A number alone, without the unit that has a column of its own."""
    return str(value).removesuffix(" USD").removesuffix(" months")


def _source(fact: Fact) -> str:
    return f"{fact.citation} {fact.url}".strip()
