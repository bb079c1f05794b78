"""The chapters of the page: which pictures and tables stand where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hvsim.reporting.benefits import lower
from hvsim.reporting.bounds import Bounds, draw_bounds
from hvsim.reporting.equity import divided, draw_equity
from hvsim.reporting.figures import Figures
from hvsim.reporting.money import draw_money, spending
from hvsim.reporting.outcomes import draw_outcomes
from hvsim.reporting.payers import costs_per_benefit, valued, views
from hvsim.reporting.service import draw_service
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.sure import Sure
from hvsim.reporting.sure_pictures import draw_details, draw_sure
from hvsim.reporting.sure_tables import (
    budgets_table,
    components_table,
    returns_table,
    strategies_table,
)
from hvsim.reporting.table import Section, sections
from hvsim.reporting.two_ages import not_simulated, two_ages
from hvsim.reporting.way import draw_way
from hvsim.reporting.words import listed
from hvsim.reporting.workforce import workforce
from hvsim.reporting.years import draw_years

Captioned = tuple[str, Table, int]
"""A table with its caption and how many columns name its rows."""


@dataclass(frozen=True)
class Fold:
    """What is closed until a reader opens it."""

    title: str
    pictures: Sequence[Picture] = ()
    sections: Sequence[Section] = ()
    tables: Sequence[Captioned] = ()


@dataclass(frozen=True)
class Chapter:
    """A part of the page under a heading.

    Attributes
    ----------
    id
        By which links find it.
    notes
        Paragraphs before the rest.
    """

    id: str
    title: str
    notes: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    tables: Sequence[Captioned] = ()
    folds: Sequence[Fold] = ()


def chapters(figures: Figures, folder: Path, sure: Sure | None = None) -> list[Chapter]:
    """Draw the pictures into a folder, and say where they stand.

    Parameters
    ----------
    figures
        Those of the run.
    folder
        Where pictures go.
    sure
        The evaluation of a run with draws, if there is one.
    """
    found = [
        _reach(figures, folder),
        _outcomes(figures, folder),
        _money(figures, folder),
        _equity(figures, folder),
        *([] if sure is None else [_sure(sure, folder)]),
    ]
    return [own for own in found if own.pictures or own.tables or own.folds]


def _reach(figures: Figures, folder: Path) -> Chapter:
    first, *tracks = draw_way(figures, folder)
    service = draw_service(figures, folder)
    folds = [
        Fold("The way through each kind of program", tracks),
        Fold("Places, families and visitors of each program, month by month", service),
    ]
    return Chapter(
        "reach",
        "Whom it reaches, and who waits",
        pictures=[first, *draw_years(figures, folder)],
        folds=[
            Fold("All numbers of reach, waiting and visits", sections=_sections(figures, "reach")),
            *(fold for fold in folds if fold.pictures),
            *(Fold(own[0], tables=[own]) for own in workforce(figures)),
        ],
    )


def _outcomes(figures: Figures, folder: Path) -> Chapter:
    pictures = draw_outcomes(figures, folder)
    first, *others = figures.groups.values() or [[]]
    title = "What is prevented at two ages, and only postponed"
    tables: list[Captioned] = []
    if (aged := two_ages(figures, first)) is not None:
        tables.append((title, aged, 2))
    folds = [
        Fold("All outcomes in numbers", sections=_sections(figures, "benefits", "events")),
        Fold("Chance only", sections=_sections(figures, "chance")),
    ]
    if (aged := two_ages(figures, [measure for group in others for measure in group])) is not None:
        other = f"{title}: other outcomes"
        folds.append(Fold(other, tables=[(other, aged, 2)]))
    return Chapter(
        "outcomes",
        "What is prevented and gained" if figures.others else "What happens to families",
        notes=[note for note in [not_simulated(figures)] if note],
        pictures=pictures,
        tables=tables,
        folds=[fold for fold in folds if fold.sections or fold.tables],
    )


def _money(figures: Figures, folder: Path) -> Chapter:
    tables: list[Captioned] = []
    folds: list[Fold] = []
    notes: list[str] = []
    if valued(figures):
        assert figures.manifest.valued is not None
        first, *others = views(figures)
        tables = [(first.title, first.table, 2)]
        folds = [Fold(view.title, tables=[(view.title, view.table, 2)]) for view in others]
        notes = [
            "“Saves in cash” leaves money in a budget; “capacity freed” is what is left of the "
            "average cost of what is prevented: rooms and staff that others can use. Net cost sets "
            "what programs cost more against what is saved in cash and gained otherwise; below "
            "zero it saves. The two views are never added.",
            *figures.manifest.valued.remarks,
        ]
        per_benefit = costs_per_benefit(figures)
        if per_benefit is not None:
            title = "What programs cost more for each event prevented or gained"
            folds.append(Fold(title, tables=[(title, per_benefit, 1)]))
    elif figures.manifest.not_valued:
        notes = [f"Savings are not shown: {figures.manifest.not_valued}"]
    spent = spending(figures)
    if spent.rows:
        title = "Spent on programs by year and payer, undiscounted"
        folds.append(Fold(title, tables=[(title, spent, 2)]))
    folds.append(Fold("All numbers of money", sections=_sections(figures, "money")))
    return Chapter(
        "money",
        "Money by year and payer",
        notes=notes,
        pictures=draw_money(figures, folder),
        tables=tables,
        folds=folds,
    )


def _equity(figures: Figures, folder: Path) -> Chapter:
    parts = divided(figures)
    tables: list[Captioned] = [
        (f"Who gets places, by {part.heading.lower()}", part.places, 1) for part in parts
    ]
    folds = [
        Fold(
            f"What is prevented, by {part.heading.lower()}",
            tables=[
                (f"What is prevented, by {part.heading.lower()}", part.benefits, 2),
                (f"Every outcome, by {part.heading.lower()}", part.outcomes, 2),
            ],
        )
        for part in parts
        if part.benefits is not None and part.outcomes is not None
    ]
    flagged = [
        (f"Who is flagged without need, by {part.heading.lower()}", part.screen, 2)
        for part in parts
        if part.screen is not None
    ]
    bounds = draw_bounds(figures, folder)
    folds += [
        Fold(
            f"If it is otherwise: {lower(own.heading)}",
            tables=[
                (f"Under each answer, by {heading.lower()}: {lower(own.heading)}", table, 2)
                for heading, table in own.tables.items()
            ],
        )
        for own in bounds
    ]
    if flagged:
        folds.append(Fold("Who is flagged without need", tables=flagged))
    headings = listed([part.heading.lower() for part in parts])
    notes = [
        f"By {headings}. Groups with the most need stand first. A family can take more than one "
        "place. A small group is one of which so "
        "few families were simulated that its numbers move much by chance. Chance in a group is "
        "that of everybody, widened for its size: an approximation. Reports are caused where "
        "visitors see and report what others would not have; for each harm prevented there are so "
        "many of them at the assumed level of hidden harm, which no data fix."
    ]
    return Chapter(
        "equity",
        "Who gets places, and who has the need",
        notes=[*notes, *_bounded(bounds)] if parts else [],
        pictures=[*draw_equity(figures, folder), *(own.picture for own in bounds)],
        tables=tables,
        folds=folds,
    )


def _bounded(bounds: Sequence[Bounds]) -> list[str]:
    """What alternatives of structures mean for whoever decides; nothing without them."""
    if not bounds:
        return []
    found = " ".join(f"“{own.heading}”: {lower(own.finding)}" for own in bounds)
    return [
        "Some questions no data answer, and the answer decides how much harm there is in which "
        "group. Each answer was run by itself, all else as in the scenarios. They are bounds, and "
        "none of them is the result: what holds under each can be relied on; the rest is a "
        f"judgment that the numbers cannot make. {found}"
    ]


def _sure(sure: Sure, folder: Path) -> Chapter:
    settled = sure.evaluation.settled
    title = "Cost-effectiveness of the strategies"
    found: list[tuple[str, Table | None, int]] = [
        ("Who gains how much for what is spent, by payer", returns_table(sure), 3),
        ("What changes in public budgets, year by year", budgets_table(sure), 3),
        ("How much of the spread is chance", components_table(sure), 2),
    ]
    folds = [
        Fold(caption, tables=[(caption, table, names)])
        for caption, table, names in found
        if table is not None
    ]
    return Chapter(
        "sure",
        "How sure are we, and is it worth it",
        notes=[
            f"{settled.parameters} numbers whose files state a range were drawn together "
            f"{settled.draws} times, and every strategy was run under each draw, on the same "
            f"families with the same luck. Costs are {settled.perspective_label}, by "
            f"“{settled.prices_title}”; the effect is {lower(settled.effect_label)}. "
            f"{sure.worth_of_one}",
            *_left_out(settled.left_out),
            *settled.remarks,
        ],
        pictures=draw_sure(sure, folder),
        tables=[(title, strategies_table(sure), 1)],
        folds=[
            Fold("Costs and effects in every draw, net benefit, loss", draw_details(sure, folder)),
            *folds,
        ],
    )


def _left_out(parameters: Sequence[str]) -> list[str]:
    """That some parameters were not drawn in every draw; nothing if all were."""
    if not parameters:
        return []
    return [
        f"{len(parameters)} of the numbers are not part of every draw, as not every structure has "
        "them: what moves the answer, and what is worth knowing, is told without them."
    ]


def _sections(figures: Figures, *names: str) -> list[Section]:
    found = sections(figures)
    return [found[name] for name in names if name in found]
