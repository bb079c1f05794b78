"""Who is at work and hired, by role and area, and which places there are, by language.

Read from the tables of a run and from its scenarios, which say where each provider hires, whose
families it serves and what its visitors speak.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from hvsim.runs.reading import Run

if TYPE_CHECKING:
    import pandas as pd

RUN: Final = ["scenario", "replicate", "draw", "year"]


def staff_by_year(run: Run) -> pd.DataFrame:
    """Visitors at work and hired, positions and places, by role, program and area.

    Returns
    -------
    The rows of ``capacity_by_year`` with a `role`, the labor pool in which the provider hires (its
    program, where visitors come from no pool), and an `area`, the regions whose families it
    serves, joined by ``+``.
    """
    table = run.capacity_by_year
    known = {name: _providers(run, name) for name in table["scenario"].unique()}
    stated = [
        known[scenario].get(provider, {})
        for scenario, provider in zip(table["scenario"], table["provider"], strict=True)
    ]
    return table.assign(
        role=[
            own.get("pool") or program
            for own, program in zip(stated, table["program"], strict=True)
        ],
        area=["+".join(own.get("regions", ())) for own in stated],
    )


def places_by_language(run: Run) -> pd.DataFrame:
    """Places with visitors who speak a language, by area.

    Returns
    -------
    One row per run, year, area and language: `places`, times the share of the provider's visitors
    who speak it, as its scenario states; a visitor may speak several. Providers that state nothing
    serve everybody, and stand under language ``any``.
    """
    staff = staff_by_year(run)
    known = {name: _providers(run, name) for name in staff["scenario"].unique()}
    spoken = [
        known[scenario].get(provider, {}).get("speaks") or {"any": 1.0}
        for scenario, provider in zip(staff["scenario"], staff["provider"], strict=True)
    ]
    rows = staff.loc[staff.index.repeat([len(languages) for languages in spoken])]
    rows = rows.assign(
        language=[language for languages in spoken for language in languages],
        places=rows["places"]
        * [_value(share) for languages in spoken for share in languages.values()],
    )
    keys = [*RUN, "area", "language"]
    found: pd.DataFrame = rows.groupby(keys)["places"].sum().reset_index()
    return found


TABLES: Final[Mapping[str, Callable[[Run], pd.DataFrame]]] = {
    "staff": staff_by_year,
    "languages": places_by_language,
}
"""Tables of a run folder that are made of others and of what scenarios say."""


def _providers(run: Run, scenario: str) -> dict[str, Any]:
    providers: dict[str, Any] = run.content(scenario).get("providers") or {}
    return providers


def _value(written: Any) -> float:
    """A number as written, without its source."""
    return float(written["value"] if isinstance(written, dict) else written)
