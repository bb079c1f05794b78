"""Pictures and page of a real comparison."""

import re
import shutil
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import canonicalize

import pytest

from execution.harbor_run import harbor
from hvsim.reporting.assumptions import stated
from hvsim.reporting.figures import Figures
from hvsim.reporting.reporting import report
from hvsim.reporting.rows import said
from hvsim.reporting.table import side_by_side
from hvsim.reporting.words import percent
from hvsim.runs import RunFolderError
from reporting.reading import Page


def html() -> str:
    return (harbor().folder / "report.html").read_text(encoding="utf-8")


def test_titles_are_text_and_never_markup() -> None:
    assert "<b>" not in html()
    assert "<today>" not in html()
    words = Page(html()).words
    assert 'Harbor County <today> & "now"' in words
    assert "Light visits for <b>every</b> birth" in words
    assert "cut <chosen> by us" in words


def test_the_page_needs_nothing_from_outside() -> None:
    for tag, name, value in Page(html()).attributes:
        assert tag not in ("link", "iframe", "object")
        if name in ("src", "href", "srcset", "action", "data"):
            assert value.startswith(("data:image/svg+xml,", "#"))
    assert "@import" not in html()
    assert not re.search(r"url\((?!%23)", html())  # %23 is '#': a part of the same picture


def test_the_page_holds_the_pictures_of_the_folder() -> None:
    embedded = [
        unquote(value).partition(",")[2]
        for _, name, value in Page(html()).attributes
        if name == "src"
    ]
    files = [file.read_text("utf-8") for file in (harbor().folder / "plots").glob("*.svg")]
    shapes = [
        sorted(canonicalize(svg, strip_text=True) for svg in svgs) for svgs in (embedded, files)
    ]
    assert len(embedded) > 5
    assert [shape.replace("&#xA;", " ") for shape in shapes[1]] == shapes[0]


def test_every_number_of_the_table_is_one_of_the_folder() -> None:
    figures = Figures(harbor())
    words = Page(html()).words
    for note in harbor().manifest.scenarios:
        for measure in ("births", "contacted", "enrolled", "spent", "spent_per_enrollment"):
            assert said(figures.row(note.name, measure)) in words
    prevented = figures.row("universal", "prevented:ed-visits")
    assert prevented is not None
    assert f"{said(prevented)} " in words
    table = harbor().summary.set_index(["scenario", "measure", "uncertainty"])
    assert (
        table.loc[("universal", "prevented:ed-visits", "effect sets"), "value"] == prevented.value
    )


def test_the_headline_is_never_chance() -> None:
    words = Page(html()).words
    first_screen = words[: words.index("The numbers")]
    figures = Figures(harbor())
    assert said(figures.row("universal", "prevented:ed-visits")) in first_screen
    assert said(figures.row("universal", "prevented:ed-visits", chance=True)) not in first_screen
    assert "Chance only" in words


def test_zero_effect_is_said_of_every_scenario() -> None:
    words = Page(html()).words
    assert words.count("Nothing is prevented.") == len(harbor().manifest.scenarios) - 1


def test_hidden_harm_is_told_in_percent() -> None:
    figures = Figures(harbor())
    row = figures.row("targeted", "prevented:harm")
    words = Page(html()).words
    first_screen = words[: words.index("The numbers")]
    assert f"harm episodes: {said(row)}" not in first_screen
    share = said(figures.row("targeted", "prevented_percent:harm"))
    assert f"harm episodes: {share}" in first_screen


def test_assumptions_and_sources_are_listed() -> None:
    words = Page(html()).words
    assert "frailty.willingness_with_frailty" in words
    assert "the sign is unknown" in words
    assert "-0.3 to 0.3" in words
    assert "PF055" in words


def test_shares_are_told_in_percent() -> None:
    found = {value.field: value for value in stated(Figures(harbor()))}
    written = [value for field, value in found.items() if field.endswith(".consents")]
    written += [value for field, value in found.items() if field.endswith(".accepts")]
    assert written
    for value in written:
        assert value.value.endswith("%")
        assert not value.range or value.range.count("%") == 2
    assert "%" not in found["frailty.willingness_with_frailty"].value


def test_the_way_says_since_when_it_is_counted() -> None:
    words = Page(html()).words
    sentence = "Steps and exits are counted from July 2024 on; exits include families who joined"
    # With the picture (caption and description) and with the numbers of each track.
    assert words.count(sentence) == 2 * 2


def test_the_page_says_that_children_born_before_are_counted() -> None:
    words = Page(html()).words
    assert (
        "Births from July 2024 to June 2026, each child followed to age 2; what happens from "
        "July 2024 on to children born before is counted too."
    ) in words
    births = said(Figures(harbor()).row("today", "births"))
    assert f"Beside {births} births in the period: families (also of children born before)" in words


def test_who_waits_is_served_in_a_stated_order() -> None:
    words = Page(html()).words
    assert words.count("Free places go to those") == 2


def test_families_on_hold_may_lack_a_visitor_or_money() -> None:
    words = Page(html()).words
    assert words.count("on hold for want of a visitor or of money") == 2
    pictures = [file.read_text("utf-8") for file in (harbor().folder / "plots").glob("*.svg")]
    assert sum("on hold, no place" in picture for picture in pictures) == 2


def test_vacant_positions_are_averages_of_the_folder() -> None:
    line = next(
        line
        for section in side_by_side(Figures(harbor()))
        for line in section.lines
        if line.label.startswith("Positions vacant")
    )
    run = harbor()
    last = f"{Figures(run).through() + (run.manifest.fiscal_year_starts == 1)}-"
    last += f"{(run.manifest.fiscal_year_starts + 10) % 12 + 1:02d}"
    own = run.capacity[(run.capacity["scenario"] == "today") & (run.capacity["month"] <= last)]
    vacant, filled = own["vacancies"].sum(), own["visitors"].sum()
    assert line.cells[0].endswith(f"({percent(100 * vacant / (vacant + filled))})")


def test_the_command_repeats_the_run() -> None:
    assert (
        "hvsim compare scenarios/today.yaml scenarios/universal.yaml scenarios/targeted.yaml "
        "scenarios/today-again.yaml --seed 3 --scale 1 --replicates 1" in Page(html()).words
    )


def test_every_picture_has_words_and_numbers() -> None:
    page = Page(html())
    pictures = list((harbor().folder / "plots").glob("*.svg"))
    alternatives = [v for tag, name, v in page.attributes if (tag, name) == ("img", "alt")]
    assert len(alternatives) == len(pictures) == 11
    assert all(len(alternative) > 40 for alternative in alternatives)
    assert page.words.count("The numbers behind the picture") == len(pictures)


def test_rebuilding_gives_the_same_bytes_and_touches_nothing_else(tmp_path: Path) -> None:
    shutil.copytree(harbor().folder, tmp_path / "out")

    def contents() -> dict[str, bytes]:
        files = (file for file in (tmp_path / "out").rglob("*") if file.is_file())
        return {file.name: file.read_bytes() for file in files}

    before = contents()
    shutil.rmtree(tmp_path / "out" / "plots")
    (tmp_path / "out" / "report.html").unlink()
    assert report(tmp_path / "out") == tmp_path / "out" / "report.html"
    assert contents() == before


def test_only_a_complete_run_is_reported(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="holds no run"):
        report(tmp_path)
    assert not list(tmp_path.iterdir())


def test_columns_are_those_that_hold_something() -> None:
    sections = {section.title: section for section in side_by_side(Figures(harbor()))}
    assert sections["What it prevents"].columns[0].name == "universal"
    assert sections["Whom it reaches"].columns[0].name == "today"
    for section in sections.values():
        assert all(len(line.cells) == len(section.columns) for line in section.lines)
