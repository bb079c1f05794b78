"""Every number on the page is one of the run folder, or follows from them as said."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest

from execution.harbor_run import harbor
from hvsim.economics import concentration_index
from hvsim.reporting.figures import Figures
from hvsim.reporting.groups import DIMENSIONS, Groups
from hvsim.reporting.payers import returned
from hvsim.reporting.rows import said
from hvsim.reporting.words import count, dollars, percent
from reporting.reading import Page

STRATEGIES = ("universal", "targeted")


@cache
def page() -> Page:
    return Page((harbor().folder / "report.html").read_text(encoding="utf-8"))


def title(scenario: str) -> str:
    return " ".join(harbor().manifest.scenario(scenario).title.split())


def central(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["draw"] == 0]


def summary(scenario: str, measure: str) -> str:
    return said(Figures(harbor()).row(scenario, measure))


def test_the_first_screen_is_of_the_summary() -> None:
    glance = page().tables[0].rows
    told = {" ".join(row[0].split()).split(" (baseline)")[0]: row for row in glance[2:]}
    for note in harbor().manifest.scenarios:
        row = next(row for name, row in told.items() if name.startswith(title(note.name)))
        words = " ".join(" ".join(row).split())
        assert summary(note.name, "enrolled") in words
        assert summary(note.name, "spent") in words
    for name in STRATEGIES:
        row = next(row for text, row in told.items() if text.startswith(title(name)))
        words = " ".join(" ".join(row).split())
        figures = Figures(harbor())
        found = figures.row(name, "prevented_percent:harm")
        unaided = figures.value(name, "prevented_if_no_effect_percent:harm")
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        ends = [percent(end) for end in (found.low, found.value, found.high, unaided)]
        assert [cell.strip() for cell in row[4:8]] == ends
        assert summary(name, "cashable_saving:fiscal") in words
        for payer in harbor().prices.payers:
            added = figures.value(name, f"added_cost:fiscal:{payer}")
            assert not round(added) or dollars(added) in words


def test_what_comes_back_is_of_the_summary() -> None:
    rows = [Figures(harbor()).row(name, "return_per_dollar:fiscal") for name in STRATEGIES]
    best = max((row for row in rows if row), key=lambda row: row.value)
    told = f"{title(best.scenario)}” saves public budgets {returned(best)} in cash within 5 years"
    assert told in page().words


@pytest.mark.parametrize("view", ["fiscal", "lifetime"])
def test_who_pays_and_who_saves_is_of_the_summary(view: str) -> None:
    figures = Figures(harbor())
    label = getattr(harbor().prices.views, view).label
    rows = page().table(label)
    payers = {payer.label: f":{name}" for name, payer in harbor().prices.payers.items()}
    payers["All of them"] = ""
    columns = {
        "Pays more for programs": "added_cost",
        "Saves in cash": "cashable_saving",
        "Benefits": "benefit",
        "Capacity freed": "capacity_freed",
        "Net cost": "net_cost",
    }
    titles = {title(name): name for name in ("universal", "targeted", "today-again")}
    assert len(rows) > len(titles)
    for row in rows[1:]:
        of = f"{view}{payers[row[1]]}"
        for place, head in enumerate(rows[0]):
            if head in columns:
                assert row[place] == said(figures.row(titles[row[0]], f"{columns[head]}:{of}"))


def test_costs_per_event_are_of_the_summary() -> None:
    rows = page().table("What programs cost more for each event prevented or gained")
    stored = harbor().summary
    stored = stored[stored["measure"].str.startswith("cost_per_")]
    measures = {m.title: f"cost_per_{m.benefit}:{m.name}" for m in harbor().manifest.measures}
    told = 0
    for row in rows[1:]:
        for name in STRATEGIES:
            cell = row[rows[0].index(title(name))]
            own = Figures(harbor()).row(name, measures[row[0]])
            told += own is not None
            assert cell.startswith(dollars(own.value) if own else "none, or within chance")
    assert told == len(stored) > 0


@pytest.mark.parametrize("dimension", ["risk_group", "race_ethnicity", "payer", "region"])
def test_places_and_need_by_group_are_of_the_tables(dimension: str) -> None:
    run = harbor()
    rows = page().table(f"Who gets places, by {DIMENSIONS[dimension].lower()}")
    steps = central(run.funnel)
    steps = steps[steps["dimension"] == dimension]
    births = steps[(steps["transition"] == "births") & (steps["scenario"] == "today")]
    births_by = births.groupby("group")["families"].sum()
    harm = central(run.outcomes)
    harm = harm[
        (harm["dimension"] == dimension)
        & (harm["scenario"] == "today")
        & (harm["outcome"] == "harm")
        & (harm["measure"] == "events")
    ]
    harm_by = harm.groupby("group")["value"].sum()
    order = (harm_by / births_by).sort_values(ascending=False).index
    assert len(rows) == 1 + len(births_by)
    for group, row in zip(order, rows[1:], strict=True):
        assert row[1] == count(births_by[group])
        assert row[2] == percent(100 * births_by[group] / births_by.sum())
        assert row[3] == percent(100 * harm_by[group] / harm_by.sum())
        for place, note in enumerate(Figures(run).visiting, start=4):
            own = steps[(steps["transition"] == "enrolled") & (steps["scenario"] == note.name)]
            taken = own.groupby("group")["families"].sum().reindex(births_by.index, fill_value=0)
            each = count(100 * taken[group] / births_by[group])
            part = percent(100 * taken[group] / taken.sum())
            assert row[place] == f"{part} ({each} per 100 births)"


def test_the_index_of_places_is_that_of_the_tables() -> None:
    run = harbor()
    rows = page().table(
        next(t.caption for t in page().tables if "Concentration index by" in t.rows[0])
    )
    by_name = {row[0]: row for row in rows[1:]}
    steps = central(run.funnel)
    steps = steps[steps["dimension"] == "risk_group"]
    born = steps[(steps["transition"] == "births") & (steps["scenario"] == "today")]
    births = born.groupby("group")["families"].sum()
    harm = central(run.outcomes)
    harm = harm[(harm["outcome"] == "harm") & (harm["measure"] == "events")]
    harm = harm[(harm["scenario"] == "today") & (harm["dimension"] == "risk_group")]
    need = harm.groupby("group")["value"].sum() / births
    own = steps[(steps["transition"] == "enrolled") & (steps["scenario"] == "targeted")]
    taken = own.groupby("group")["families"].sum() / births
    found = concentration_index(taken.fillna(0), need, births)
    place = rows[0].index(f"Places: {title('targeted')}")
    assert by_name["Risk"][place] == f"{found:.2f}"
    assert found > 0  # a targeted program serves those with a high score first


def test_what_is_prevented_in_a_group_is_of_the_tables() -> None:
    run = harbor()
    rows = page().table("What is prevented, by area")
    own = run.outcomes[(run.outcomes["dimension"] == "region")]
    events = own[own["measure"] == "events"].groupby(["scenario", "group", "draw", "outcome"])
    sums = events["value"].sum()
    regions = {"North shore": "north", "south": "south"}
    titles = {title(name): name for name in ("universal", "targeted", "today-again")}
    for row in rows[1:]:
        group, scenario = regions[row[0].removesuffix(" (small group)")], titles[row[1]]
        before = {d: sums["today", group, d, "harm"] for d in (0, 1, 2)}
        less = {d: before[d] - sums[scenario, group, d, "harm"] for d in (0, 1, 2)}
        shares = [100 * less[d] / before[d] for d in (0, 1, 2)]
        told = f"{percent(shares[0])} ({percent(min(shares))} to {percent(max(shares))})"
        assert row[2] == told
        seen = sums[scenario, group, 3, "reported"] - sums["today", group, 3, "reported"]
        assert row[4] == count(seen)
        assert row[5] == (f"{max(seen, 0) / less[0]:.2f}" if less[0] > 0 else "none prevented")


def test_every_outcome_by_group_is_of_the_tables() -> None:
    run = harbor()
    rows = page().table("Every outcome, by who pays for the birth")
    own = central(run.outcomes)
    own = own[(own["dimension"] == "payer") & (own["measure"] == "events")]
    sums = own.groupby(["scenario", "group", "outcome"])["value"].sum()
    measures = {f"{m.title}: {m.benefit}": m for m in run.manifest.measures if m.is_judged}
    titles = {title(name): name for name in ("universal", "targeted", "today-again")}
    place = next(p for p, head in enumerate(rows[0]) if head.startswith("Medicaid"))
    assert {row[0] for row in rows[1:]} == set(measures)
    for row in rows[1:]:
        measure, scenario = measures[row[0]], titles[row[1]]
        before = sums["today", "medicaid", measure.name]
        less = before - sums[scenario, "medicaid", measure.name]
        share = 100 * less / before * (-1 if measure.desirable else 1)
        assert row[place].removesuffix("*") == percent(share)


def test_small_groups_are_named() -> None:
    groups = Groups(Figures(harbor())).groups
    small = [group for group in groups if group.small]
    assert small  # a county of 1,200 births a year has some
    for group in small:
        if group.dimension != "all":
            assert f"{group.label} (small group)" in page().words


def test_money_by_year_and_payer_is_that_of_the_ledger() -> None:
    run = harbor()
    rows = page().table("Spent on programs by year and payer, undiscounted")
    costs = central(run.costs)
    costs = costs[costs["category"] != "unspent"]
    sums = costs.groupby(["scenario", "year", "payer"])["dollars"].sum()
    titles = {title(note.name): note.name for note in run.manifest.scenarios}
    for row in rows[1:]:
        scenario, year = titles[row[0]], 2000 + int(row[1].rstrip("*")[-2:])
        for payer, cell in zip(rows[0][3:], row[3:], strict=True):
            assert cell == dollars(sums.get((scenario, year, payer.replace(" ", "-")), 0.0))
        of_year = costs[(costs["scenario"] == scenario) & (costs["year"] == year)]
        assert row[2] == dollars(of_year["dollars"].sum())


def test_what_drives_the_answer_is_of_the_summary() -> None:
    rows = page().table("What moves the result in the headline")
    figures = Figures(harbor())
    main = figures.main
    assert main is not None
    for note in figures.strategies:
        share = figures.share(note, main)
        own = {row[1]: row[2] for row in rows[1:] if row[0] == title(note.name)}
        if share.low is not None and share.high is not None:
            ends = f"{percent(share.low)} to {percent(share.high)}"
            assert own["How strongly visits work"] == ends
        if "Chance alone" in own:
            low, high = (share.value + sign * share.chance for sign in (-1, 1))
            assert own["Chance alone"] == f"{percent(low)} to {percent(high)}"


def test_nothing_is_written_that_is_no_number() -> None:
    assert not re.search(r"\b(nan|inf|None|Undefined)\b", page().words)


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [level for level, _ in page().headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_names_and_heads() -> None:
    heads = [value for tag, name, value in page().attributes if (tag, name) == ("th", "scope")]
    assert set(heads) <= {"col", "row", "colgroup"}
    assert len(heads) == sum(tag == "th" and name == "scope" for tag, name, _ in page().attributes)
    ids = [value for _, name, value in page().attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = [v for tag, name, v in page().attributes if (tag, name) == ("a", "href")]
    assert {link.removeprefix("#") for link in links} <= set(ids)
