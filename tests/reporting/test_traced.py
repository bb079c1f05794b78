"""Every number in every table of the page, recomputed from the files of the run folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial

from execution.harbor_run import harbor
from reporting import tracing as own
from reporting import tracing_groups as groups
from reporting.folder import Folder
from reporting.reading import Cells, Page

Check = Callable[[own.Rows], own.Expected]
CHECKLISTS = ("Reporting checklist CHEERS 2022", "Impact inventory: what is counted in dollars")
"""Sentences about the run, of which test_sure tests what they say."""
MAIN = "harm"
"""Outcome of the headline."""


@cache
def folder() -> Folder:
    return Folder(harbor().folder)


@cache
def labels() -> Mapping[str, str]:
    """Payers by their labels."""
    payers = {payer.label: name for name, payer in harbor().prices.payers.items()}
    return {"All of them": "", **payers}


def squeezed(text: str) -> str:
    return " ".join(text.split())


def check_for(caption: str, heads: list[str]) -> Check | None:
    """What recomputes a table, told by its caption or its heads; none if nothing does."""
    run = folder()
    by_caption: dict[str, Check] = {
        "Whom it reaches": partial(own.reach_or_money, run, heads),
        "What it costs": partial(own.reach_or_money, run, heads),
        "What it prevents": partial(own.prevented, run, heads),
        "What it prevents and gains": partial(own.prevented, run, heads),
        "Chance only": partial(own.by_chance, run, heads),
        "Families who gain and who lose a place, by program": partial(own.displaced, run, heads),
        "Places by area, language and fiscal year": partial(own.languages, run, heads),
        "Spent on programs by year and payer, undiscounted": partial(
            own.payers_by_year, run, heads
        ),
        "What programs cost more for each event prevented or gained": partial(
            own.per_unit, run, heads
        ),
        "What moves the result in the headline": partial(groups.drivers, run, main=MAIN),
    }
    views = harbor().prices.views
    for view, title in (("fiscal", views.fiscal.label), ("lifetime", views.lifetime.label)):
        by_caption[title] = partial(groups.payers, run, view, heads, labels=labels())
    staffing = {
        "Visitors hired, by program and fiscal year": ("staff", "hires", ("program",)),
        "Visitors hired, by where they are hired and fiscal year": ("staff", "hires", ("role",)),
        "Visitors hired, by area and fiscal year": ("staff", "hires", ("area",)),
        "Visitors at work, by where they are hired and fiscal year": (
            "staff",
            "visitors",
            ("role",),
        ),
        "Families cut off, by program, reason and fiscal year": (
            "funnel",
            "families",
            ("program", "transition"),
        ),
    }
    if caption in staffing:
        return lambda rows: own.staffing(run, heads, rows, *staffing[caption])
    by_start: dict[str, Check] = {
        "Who gets places, by ": partial(groups.places, run, caption, heads),
        "What is prevented, by ": partial(groups.benefits, run, caption, heads),
        "Every outcome, by ": partial(groups.every_outcome, run, caption, heads),
        "What is prevented at two ages, and only postponed": partial(own.two_ages, run, heads),
        "Under each answer, by ": partial(groups.under_each_answer, run, caption, heads),
        "Who is flagged without need, by ": partial(groups.screen, run, caption, heads),
    }
    by_heads: dict[tuple[str, ...], Check] = {
        ("Strategy", "Families enrolled"): lambda rows: groups.first_screen(
            run, rows, labels(), MAIN
        ),
        ("Scenario", "Fiscal year", "In service"): partial(own.years, run, heads),
        ("Scenario", "Fiscal year", "Places"): partial(own.capacity, run, heads),
        ("Scenario", "Fiscal year", "Stream"): partial(own.streams, run, heads),
        ("Measure", "Scenario"): partial(own.outcomes, run, heads),
        ("Concentration index by",): partial(groups.indices, run, heads),
        ("Divided by", "Group"): partial(groups.harm_under_each_answer, run, heads),
        ("Where", "Value"): partial(groups.assumed, run),
        ("Fact", "What"): groups.facts,
    }
    found = by_caption.get(caption)
    found = found or next((c for s, c in by_start.items() if caption.startswith(s)), None)
    return found or next((c for h, c in by_heads.items() if tuple(heads[: len(h)]) == h), None)


def by_rows(heads: list[str], rows: own.Rows) -> Check | None:
    """Tables that neither caption nor heads tell apart: the ways, and the versions."""
    first = [row[0] for row in rows[:2]]
    if first == ["Births", "Meet a door"]:
        return partial(own.way, folder(), heads)
    if first[0] == "Offers made":
        return partial(own.track, folder(), heads)
    return partial(groups.versions, folder()) if "python" in [row[0] for row in rows] else None


def parts(table: Cells) -> tuple[str, list[str], list[list[str]]]:
    """Caption, heads and rows, blanks as one; versions have no heads."""
    rows = [[squeezed(cell) for cell in row] for row in table.rows]
    if rows[0][0] == "python":
        return "", [], rows
    second = rows[1][0] == "least favorable"  # of two rows of heads
    return squeezed(table.caption), rows[0], rows[1 + second :]


def test_every_number_of_every_table_is_one_of_the_run_folder() -> None:
    page = Page((harbor().folder / "report.html").read_text(encoding="utf-8"))
    cells, unknown, wrong = 0, [], []
    for table in page.tables:
        caption, heads, rows = parts(table)
        if caption in CHECKLISTS:
            continue
        if not any(cell for row in rows for cell in row[1:]):
            continue  # filled by the script when a reader filters: test_browser reads them
        check = check_for(caption, heads) if heads[1:] != [] else None
        check = by_rows(heads, rows) if heads[:1] == [""] and check is None else check
        check = by_rows(heads, rows) if not heads else check
        if check is None:
            unknown.append(caption or str(rows[0]))
            continue
        expected = list(check(rows))
        assert len(expected) == len(rows), caption
        for row, should in zip(rows, expected, strict=True):
            assert len(row) == len(should), (caption, row, should)
            for cell, text in zip(row, should, strict=True):
                cells += 1
                # A cell of words must hold no number, but may name what does.
                holds = text is None and re.search(r"\d", cell)
                if holds or (text is not None and cell != squeezed(text)):
                    wrong.append((caption, row[:2], cell, text))
    assert not unknown, "tables that nothing recomputes"
    assert not wrong, wrong[:20]
    assert cells > 1000


def test_a_wrong_number_would_be_seen() -> None:
    """The recomputation is no echo: with other files it says something else."""
    run = Folder(harbor().folder)
    rows = [["Score high", "1", "1"]]
    heads = ["", *list(run.titles)[:2]]
    before = list(own.way(run, heads, rows))
    for name in run.notes:
        run.table("funnel", scenario=name)["families"] *= 2
    assert list(own.way(run, heads, rows)) != before
