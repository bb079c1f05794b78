"""Who is hired and at work, where places are and in which languages, and who is cut off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from hvsim.reporting.figures import Figures
from hvsim.reporting.style import Table
from hvsim.reporting.words import count, listed
from hvsim.runs import ScenarioNote
from hvsim.simulation.ledger import WITHDRAWN

if TYPE_CHECKING:
    import pandas as pd

Named = tuple[str, Table, int]
"""A table with its caption and how many columns name its rows."""

_WANTS: Final = {"withdrawn-no-visitor": "A visitor", "withdrawn-no-money": "Money"}
_SMALL: Final = 10
"""Numbers of people below which a tenth is told: averages over months and replicates."""


def workforce(figures: Figures) -> list[Named]:
    """Tables by fiscal year, as far as there is something in them."""
    run = figures.run
    first = figures.manifest.draws[0].draw
    staff, spoken = (own[own["draw"] == first] for own in map(run.table, ("staff", "languages")))
    funnel = run.funnel
    left = funnel[
        (funnel["draw"] == first)
        & (funnel["dimension"] == "all")
        & funnel["transition"].isin(WITHDRAWN)
    ]
    programs = figures.programs
    roles, areas = _pools(figures) | programs, _areas(figures, staff)
    pools = "Where visitors come from no common labor pool they stand under their program."
    found = [
        _table(
            figures,
            "Visitors hired, by program and fiscal year",
            {"Program": "program"},
            staff,
            "hires",
            programs,
        ),
        _table(
            figures,
            "Visitors hired, by where they are hired and fiscal year",
            {"Hired as": "role"},
            staff,
            "hires",
            roles,
            pools,
        ),
        _table(
            figures,
            "Visitors hired, by area and fiscal year",
            {"Area": "area"},
            staff,
            "hires",
            areas,
            "Areas that a team serves together stand together.",
        ),
        _table(
            figures,
            "Visitors at work, by where they are hired and fiscal year",
            {"Hired as": "role"},
            staff,
            "visitors",
            roles,
            f"On average over the months of the year. {pools}",
        ),
        _table(
            figures,
            "Families cut off, by program, reason and fiscal year",
            {"Program": "program", "For want of": "transition"},
            left,
            "families",
            programs | _WANTS,
            "A visitor: positions with money stood vacant, or their visitors were still in "
            "training. Money: no position was paid for the family any longer.",
        ),
        _displaced(figures),
        _table(
            figures,
            "Places by area, language and fiscal year",
            {"Area": "area", "Language": "language"},
            spoken,
            "places",
            areas | _languages(spoken),
            "Places with a visitor who speaks the language, on average over the months of the "
            "year; a visitor may speak several, so that languages do not add up. Areas that a "
            "team serves together stand together.",
        ),
    ]
    return [own for own in found if own[1].rows]


def _table(
    figures: Figures,
    caption: str,
    keys: Mapping[str, str],
    frame: pd.DataFrame,
    value: str,
    labels: Mapping[str, str],
    note: str = "",
) -> Named:
    """Sums by scenario, some keys and fiscal year, averaged over replicates."""
    held = [int(year) for year in frame["year"].unique()]
    years = range(min(held, default=0), max(held, default=-1) + 1)
    by = ["scenario", *keys.values(), "year"]
    sums: dict[Any, float] = frame.groupby(by)[value].sum().to_dict()
    rows = [
        (
            scenario.title,
            *(labels.get(name, name) for name in names),
            *(_people(sums.get((scenario.name, *names, year), 0.0), figures) for year in years),
        )
        for scenario in figures.visiting
        for names in _names(sums, scenario)
    ]
    heads = ("Scenario", *keys, *figures.year_labels(years))
    remarks = " ".join(filter(None, (note, figures.partial_note())))
    return caption, Table(heads, tuple(rows), remarks), 1 + len(keys)


def _names(sums: Mapping[Any, float], scenario: ScenarioNote) -> list[Sequence[str]]:
    """Keys of a scenario under which there is anybody in any year."""
    held = (names for (of, *names, _), total in sums.items() if of == scenario.name and total)
    return [list(names) for names in dict.fromkeys(map(tuple, held))]


def _people(total: float, figures: Figures) -> str:
    average = total / len(figures.manifest.seeds)
    return count(average, int(0 < average < _SMALL and not average.is_integer()))


def _displaced(figures: Figures) -> Named:
    """Families who have a place under one of scenario and baseline alone."""
    rows = []
    for note in figures.strategies:
        programs = {program.name: program.label for program in note.programs}
        for of, label in {"": "Any program", **programs}.items():
            suffix = f":{of}" if of else ""
            gained, lost = (
                figures.value(note.name, f"{what}_service{suffix}") for what in ("gained", "lost")
            )
            if gained or lost:
                rows.append((note.title, label, count(gained), count(lost)))
    heads = ("Scenario", "Program", "Gain a place", "Lose a place (displaced)")
    remark = (
        "Each family once, against what it had under the baseline. Who loses a place in one "
        "program may gain one in another."
    )
    return (
        "Families who gain and who lose a place, by program",
        Table(heads, tuple(rows), remark),
        2,
    )


def _languages(spoken: pd.DataFrame) -> dict[str, str]:
    """Languages as words."""
    words = {name: str(name).replace("-", " ").capitalize() for name in spoken["language"].unique()}
    return words | {"any": "Not stated: serve everybody"}


def _pools(figures: Figures) -> dict[str, str]:
    """Labels of labor pools."""
    return {
        name: pool.get("label") or name
        for note in figures.visiting
        for name, pool in (figures.content(note.name).get("labor") or {}).items()
    }


def _areas(figures: Figures, frame: pd.DataFrame) -> dict[str, str]:
    """Labels of areas, those of several regions joined."""
    regions = {own.name: own.label for note in figures.visiting for own in note.regions}
    return {
        area: listed([regions.get(name) or name for name in str(area).split("+")])
        for area in frame["area"].unique()
    }
