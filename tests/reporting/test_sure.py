"""How sure we are, on the page: every number from the files of the evaluation."""

import csv
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from execution.evaluated_run import DRAWS, evaluated
from execution.harbor_run import harbor
from hvsim.economics.valuation.prices import Category
from hvsim.reporting.chapters import chapters
from hvsim.reporting.cheers import NOT_REPORTED
from hvsim.reporting.figures import Figures
from hvsim.reporting.inventory import inventory, sector_of
from hvsim.reporting.style import styled
from hvsim.reporting.sure import Sure
from hvsim.reporting.sure_pictures import draw_sure
from hvsim.reporting.sure_tables import tornado_table
from hvsim.reporting.words import count, dollars, percent, price
from hvsim.runs import AlternativeNote, AxisNote, Run, StructuresNote
from reporting.reading import Page

HTML = "report.html"


@cache
def page() -> Page:
    return Page((evaluated()[0].folder / HTML).read_text("utf-8"))


def stored(name: str) -> pd.DataFrame:
    return pd.read_csv(evaluated()[0].folder / "evaluation" / f"{name}.csv")


def title(name: str) -> str:
    return " ".join(evaluated()[0].manifest.scenario(name).title.split())


def interval(row: "pd.Series[float]", name: str) -> str:
    low, high = (dollars(row[f"{name}_{end}"]) for end in ("low", "high"))
    return f"{dollars(row[name])} ({low} to {high})"


def test_not_every_place_is_a_county() -> None:
    assert not re.search(r"\b(a|the) county\b|\bcounties\b", page().words)


def test_nothing_is_cited_that_may_not_exist() -> None:
    rows = page().table("Reporting checklist CHEERS 2022")
    assert not any("README" in cell for row in rows for cell in row)


def test_the_table_of_strategies_is_the_stored_one() -> None:
    rows = page().table("Cost-effectiveness of the strategies")[1:]
    table = stored("strategies")
    assert [row[0] for row in rows] == [title(name) for name in table["strategy"]]
    for cells, (_, row) in zip(rows, table.iterrows(), strict=True):
        assert cells[1] == interval(row, "cost")
        assert cells[2].startswith(count(row["effect"], 1))
        assert cells[3].startswith(
            "lowest cost" if row["status"] == "ND" and pd.isna(row["icer"])
            else "" if pd.isna(row["icer"]) else price(row["icer"])
        )  # fmt: skip
        assert cells[5] == percent(100 * row["on_frontier"])
        assert cells[6] == interval(row, "net_benefit")


def test_who_gains_and_budgets_are_the_stored_ones() -> None:
    rows = page().table("Who gains how much for what is spent, by payer")[1:]
    table = stored("returns")
    assert len(rows) == len(table)
    for cells, (_, row) in zip(rows, table.iterrows(), strict=True):
        assert cells[0] == title(row["strategy"])
        assert cells[3] == interval(row, "net_present_value")
        ratio = row["benefit_cost_ratio"]
        assert cells[4].startswith("spends no more" if pd.isna(ratio) else count(ratio, 2))
        assert cells[5] == percent(100 * row["share_positive"])
    rows = page().table("What changes in public budgets, year by year")[1:]
    table = stored("budgets").query("counts == 'programs less cash savings'")
    assert [cells[3] for cells in rows] == [interval(row, "impact") for _, row in table.iterrows()]
    assert [cells[5] for cells in rows] == [interval(row, "nominal") for _, row in table.iterrows()]


def behind(head: str) -> list[list[str]]:
    """Rows of the table behind a picture that has such a column."""
    (found,) = (table for table in page().tables if table.rows and head in table.rows[0])
    return [[" ".join(cell.split()) for cell in row] for row in found.rows]


def test_the_tables_behind_the_pictures_are_the_stored_ones() -> None:
    rows = behind("What moves")[1:]
    table = stored("uncertainty")
    assert len(rows) == len(table)
    for cells, (_, row) in zip(rows, table.iterrows(), strict=True):
        ends = f"{percent(row['percent_low'])} to {percent(row['percent_high'])}"
        assert cells[3] == f"{percent(row['percent'])} ({ends})"
    curves = stored("curves").pivot_table(index="wtp", columns="strategy", values="acceptability")
    rows = next(
        [[" ".join(cell.split()) for cell in row] for row in table.rows]
        for table in page().tables
        if table.rows and table.rows[0][0] == "Dollars per unit"
    )
    assert rows[0][1:] == [title(name) for name in ("today", "universal", "targeted")]
    for cells, (wtp, own) in zip(rows[1:], curves.iloc[::4].iterrows(), strict=False):
        assert cells[0] == price(float(str(wtp)))
        shares = [percent(100 * own[name]) for name in ("today", "universal", "targeted")]
        assert cells[1:] == shares
    rows = behind("If this were known")[1:]
    table = stored("partial_information")
    at = json.loads((evaluated()[0].folder / "evaluation" / "question.json").read_text())["at"]
    groups = table.query("kind == 'group'")
    groups = groups[(groups["wtp"] - at).abs() < 1e-6 * at].sort_values("evppi", ascending=False)
    for cells, (_, row) in zip(rows, groups.iterrows(), strict=False):
        assert cells[0].lower() == row["name"].lower()
        assert cells[2:5] == [dollars(row[c]) for c in ("evppi", "standard_error", "by_luck")]


def test_prices_are_called_as_those_of_the_evaluation_call_them() -> None:
    run, evaluation = evaluated()
    labels = {"costs": {"night": "Nights"}, "quality_of_life": {"feud": "Feuds"}}
    settled = evaluation.settled.model_copy(update=labels)
    unpriced = Run(Path("nowhere"), run.manifest)  # what the run is valued by is not looked at
    unpriced.__dict__["summary"] = run.summary
    unpriced._contents = {note.name: run.content(note.name) for note in run.manifest.scenarios}
    sure = Sure(Figures(unpriced), replace(evaluation, settled=settled))
    assert sure.parameter("costs.night.amount") == "price, Nights: amount"
    assert sure.parameter("quality_of_life.feud.loss") == "QALYs, Feuds: loss"


def test_numbers_are_called_by_the_labels_of_what_they_are_of() -> None:
    run, evaluation = evaluated()
    sure = Sure(Figures(run), evaluation)
    (chain,) = run.content("today")["chains"]
    label = run.content("today")["chains"][chain]["label"]
    assert sure.parameter(f"chains.{chain}.detected") == f"{label}: detected"
    assert sure.meaning(f"chains.{chain}.detected") == "Probability that an episode is reported."
    assert sure.parameter("screening.flagged @ today") == f"The screen: flagged ({title('today')})"
    assert sure.meaning("screening.flagged @ today").startswith("Share of the reference")
    assert [sure.value("", number) for number in (0.12345, 12345.6)] == ["0.123", "12,346"]


def test_a_bar_of_structures_goes_from_alternative_to_alternative(tmp_path: Path) -> None:
    run, evaluation = evaluated()
    alternatives = tuple(
        AlternativeNote(name=label.lower(), label=label, weight=0.5, sets={})
        for label in ("Whole", "So far")
    )
    axis = AxisNote(name="dose", label="What counts as a dose", alternatives=alternatives)
    notes = StructuresNote(title="Ways", axes=(axis,))
    about = run.manifest.model_copy(update={"structures": notes})
    bars = evaluation.tornado.copy()
    first = bars.query("outcome == 'effect'").groupby("strategy").head(1).index
    bars.loc[first, ["parameter", "low", "high"]] = ("structure:dose", 1.0, 0.0)
    sure = Sure(Figures(Run(run.folder, about)), replace(evaluation, tornado=bars))
    cells = tornado_table(sure).rows[0]
    assert cells[:3] == ("What counts as a dose", "", "So far to Whole")
    assert sure.value("programs.light.accepts", 0.25) == "0.25"
    assert sure.value("structure:unheard-of", 2.0) == "2"
    with styled():
        pictures = {picture.name: picture for picture in draw_sure(sure, tmp_path)}
    assert "have no range" in pictures["sure-tornado"].reading
    with styled():
        as_drawn = draw_sure(Sure(sure.figures, evaluation), tmp_path)
    assert not any("have no range" in picture.reading for picture in as_drawn)


def test_parameters_that_not_every_draw_has_are_told(tmp_path: Path) -> None:
    run, evaluation = evaluated()
    settled = evaluation.settled.model_copy(update={"left_out": ("a", "b")})
    with styled():
        some = Sure(Figures(run), replace(evaluation, settled=settled))
        *_, chapter = chapters(some.figures, tmp_path, some)
    assert chapter.notes[-1].startswith("2 of the numbers are not part of every draw")
    assert "not part of every draw" not in page().words


def test_the_first_screen_tells_the_interval_over_draws() -> None:
    summary = evaluated()[0].summary
    rows = summary.query("measure == 'prevented_percent:harm' and uncertainty == 'parameters'")
    words = page().words
    assert len(rows) == 2
    for _, row in rows.iterrows():
        ends = f"{percent(row['low'])} to {percent(row['high'])}"
        assert f"{ends} in 95 of 100 draws" in words
        assert f"{title(row['scenario'])}” {percent(row['value'])} ({ends})" in words
    assert f"In {DRAWS} draws of all that has a range, 95 in 100 lie in parentheses" in words


def test_what_is_held_fixed_is_told_as_it_is() -> None:
    fixed = "are held at their central values"
    assert fixed not in page().words
    assert "Uncertainty in numbers whose files state no range" in page().words
    assert "Only the effects of programs were varied" not in page().words
    without = Page((harbor().folder / HTML).read_text("utf-8"))
    assert fixed in without.words
    assert "Only the effects of programs were varied" in without.words
    assert "How sure are we, and is it worth it" not in without.words


def test_the_checklist_is_filled_from_the_run() -> None:
    rows = page().table("Reporting checklist CHEERS 2022")[1:]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 29)]
    items = {int(row[0]): row[2] for row in rows}
    run = evaluated()[0]
    births = run.summary.query("measure == 'births' and scenario == 'today'")["value"].iloc[0]
    assert count(births) in items[5]
    assert all(title(note.name) in items[7] for note in run.manifest.scenarios)
    assert "3%" in items[10]
    assert str(run.prices.price_year) in items[15]
    assert f"{DRAWS} draws of parameters" in items[20]
    steps = stored("strategies").dropna(subset=["icer"])
    assert all(price(step) in items[23] for step in steps["icer"])
    assert [number for number, text in items.items() if text.startswith(NOT_REPORTED)] == [
        4, 21, 25, 27, 28,
    ]  # fmt: skip
    file = run.folder / "evaluation" / "cheers.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        assert [" ".join(row[2].split()) for row in csv.reader(lines)][1:] == list(items.values())


def test_a_run_without_draws_fills_what_it_can() -> None:
    rows = Page((harbor().folder / HTML).read_text("utf-8")).table(
        "Reporting checklist CHEERS 2022"
    )
    assert len(rows) == 29
    assert "draws" not in rows[20][2]
    assert rows[24][2].startswith("Effects alone: ")


def test_the_inventory_says_what_each_view_counts() -> None:
    prices = evaluated()[0].prices
    rows = {row[0]: row[1:] for row in inventory(prices).rows}
    care = rows["Formal health care"]
    assert "Emergency visits" in care[0]
    assert "Maltreatment: medical care in childhood" in care[1]
    assert "Emergency visits" not in care[1]
    assert rows["Welfare services"][0].startswith("what streams pay; Investigations")
    assert rows["Health outcomes: length and quality of life"][0] == "not counted"
    assert "Infant deaths" in rows["Health outcomes: length and quality of life"][2]
    assert rows["Housing"] == ("not counted", "not counted", "no price in the catalog")
    assert sector_of(prices, "hospital-care") == "formal-health-care"  # by what it is a part of
    apart = prices.model_copy(update={"categories": {"x": Category(label="x")}})
    assert sector_of(apart, "x") == "other"


def test_the_page_stays_small_and_its_pictures_have_words() -> None:
    file = evaluated()[0].folder / HTML
    assert file.stat().st_size < 5_000_000
    alternatives = [
        value for tag, name, value in page().attributes if (tag, name) == ("img", "alt")
    ]
    assert all(len(text) > 40 for text in alternatives)
    assert sum("draws" in text for text in alternatives) >= 4


@pytest.mark.parametrize("name", ["sure-kinds", "sure-plane", "sure-tornado", "sure-information"])
def test_pictures_are_the_same_each_time(name: str) -> None:
    text = (evaluated()[0].folder / "plots" / f"{name}.svg").read_text("utf-8")
    assert "<dc:date>" not in text
    assert "nan" not in re.findall(r' d="([^"]*)"', text)
