"""Year by year: a cliff is found where there is one, and only there."""

from __future__ import annotations

from collections.abc import Sequence

from hvsim.reporting import findings
from reporting.invented import TODAY, WIDE, figures

FIRST = 2025


def rows(service: Sequence[float], cut: Sequence[float] = ()) -> dict[int, dict[str, float]]:
    """Fiscal years with families in service and families cut off."""
    cuts = [*cut, *[0.0] * len(service)]
    return {
        FIRST + place: {"year_in_service": families, "year_withdrawn": cuts[place]}
        for place, families in enumerate(service)
    }


def found(*years: Sequence[float], cut: Sequence[float] = ()) -> str:
    notes = [TODAY, WIDE][: len(years)]
    whole = figures([TODAY, WIDE])
    whole.run.__dict__["capacity"] = whole.run.capacity.iloc[:0]  # no partial years
    told = {note.name: rows(own) for note, own in zip(notes, years, strict=True)}
    told[notes[-1].name] = rows(years[-1], cut)
    return findings.years(whole, told)[0]


def test_a_cliff_is_told_with_the_families_whom_it_cuts_off() -> None:
    assert found([500, 500, 510, 500], [500, 900, 1000, 400], cut=[0, 5, 250, 150]) == (
        "“Wide” falls from 1,000 families in service to 400 in 2027-28; "
        "400 are cut off within two years."
    )
    assert found([500, 100]) == (
        "“Today” falls from 500 families in service to 100 in 2025-26; nobody is cut off."
    )


def test_small_falls_are_no_cliff() -> None:
    assert found([500, 500], [500, 450], cut=[0, 30]) == (
        "Families in service fall by at most 10% in a year; "
        "“Wide” cuts off 30 in 2025-26, the most of any."
    )
    assert found([500, 500]) == (
        "Families in service never fall from one year to the next, and nobody is cut off."
    )


def test_after_the_last_births_and_in_partial_years_falls_are_no_finding() -> None:
    ends = [500.0, 500.0, 500.0, 500.0, 90.0]  # the last year comes after the last births
    assert found(ends).startswith("Families in service never fall")
    whole = figures([TODAY])
    assert whole.partial_years.keys() >= {2026}
    fall = findings.steepest(whole, rows([500, 100, 100]))
    assert fall is None
