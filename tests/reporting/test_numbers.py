"""Sentences, order and form of the page; `test_traced` recomputes the numbers of its tables."""

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
from hvsim.reporting.page import write_page
from hvsim.reporting.payers import returned
from hvsim.reporting.words import count, percent
from hvsim.runs import read_run
from reporting.reading import Page

STRATEGIES = ("universal", "targeted")


@cache
def page() -> Page:
    return Page((harbor().folder / "report.html").read_text(encoding="utf-8"))


def title(scenario: str) -> str:
    return " ".join(harbor().manifest.scenario(scenario).title.split())


def central(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["draw"] == 0]


def test_what_comes_back_is_of_the_summary() -> None:
    rows = [Figures(harbor()).row(name, "return_per_dollar:fiscal") for name in STRATEGIES]
    best = max((row for row in rows if row), key=lambda row: row.value)
    told = f"{title(best.scenario)}” saves public budgets {returned(best)} in cash within 5 years"
    assert told in page().words


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


def test_small_groups_are_named() -> None:
    groups = Groups(Figures(harbor())).groups
    small = [group for group in groups if group.small]
    assert small  # a county of 1,200 births a year has some
    for group in small:
        if group.dimension != "all":
            assert f"{group.label} (small group)" in page().words


def test_nothing_is_written_that_is_no_number() -> None:
    assert not re.search(r"\b(nan|inf|None|Undefined)\b", page().words)


def test_a_view_of_all_years_names_no_number_of_years() -> None:
    run = read_run(harbor().folder)
    views = run.prices.views
    fiscal = views.fiscal.model_copy(update={"years": None})
    endless = views.model_copy(update={"fiscal": fiscal})
    run.__dict__["prices"] = run.prices.model_copy(update={"views": endless})
    words = Page(write_page(Figures(run), [])).words
    assert "who saves: public budgets, discounted;" in words
    assert "Public budgets, discounted; dollars are" in words
    assert "None" not in words


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
