"""What a reader could take amiss, and how the page says it."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import pytest

from execution.harbor_run import harbor
from hvsim.reporting import findings, readings, style
from hvsim.reporting.figures import Figures
from hvsim.reporting.money import draw_money
from hvsim.reporting.outcomes import _amount, _table, draw_outcomes
from hvsim.reporting.service import draw_service
from hvsim.reporting.shares import Share
from hvsim.reporting.style import styled
from hvsim.reporting.table import _benefits, without_chance
from hvsim.reporting.way import draw_way
from hvsim.reporting.years import draw_years
from hvsim.runs import Run
from hvsim.runs.rows import Row
from reporting.invented import (
    DEEP,
    HARM,
    NONE,
    NOTHING,
    REPORTED,
    SOME,
    TODAY,
    WIDE,
    figures,
    prevented,
)


def test_strategies_within_chance_are_told_apart_from_the_best() -> None:
    close = replace(SOME, value=0.95)
    assert readings.alike(figures([TODAY, WIDE, DEEP], {"wide": close, "deep": SOME})) == (
        "“Wide” and “Deep” differ by less than chance alone moves a result (episodes of harm): "
        "the numbers do not tell which of them is better."
    )
    far = replace(SOME, value=0.2)
    assert readings.alike(figures([TODAY, WIDE, DEEP], {"wide": far, "deep": SOME})) == ""


def test_what_is_seen_without_effects_is_not_caused() -> None:
    seen = figures([TODAY, WIDE], more=prevented("wide", "reported", Share(0, 0, 0, -0.6, 0)))
    assert readings.reading(seen, WIDE)["If the programs have no effect"] == (
        "Nothing is prevented. As visitors see and report more, agencies record 60 more reports: "
        "seen, not caused."
    )


def with_changed(number: float, *, scale: float = 0.2) -> Figures:
    """Numbers of a run in which so many families change, and service does."""
    found = figures(
        [TODAY, WIDE],
        {"wide": SOME},
        more=[
            Row("wide", "families_fewer:harm", "families", number),
            Row("wide", "families_more:harm", "families", 0.0),
            Row("wide", "gained_service", "families", 100.0),
        ],
    )
    found.manifest = found.manifest.model_copy(update={"scale": scale})
    contents = {
        "programs": {"light": {"effects": {"harm": {"hazard_ratio": {"value": 0.9}}}}},
        "outcomes": {"harm": {}},
    }
    found.run._contents.update({"today": contents, "wide": contents})
    return found


def test_few_families_have_no_interval_of_chance() -> None:
    assert without_chance(with_changed(50), WIDE, HARM) == ""
    assert without_chance(with_changed(45), WIDE, HARM) == "too few to tell at this scale"
    assert without_chance(with_changed(9, scale=1), WIDE, HARM) == "too few to tell"
    assert without_chance(with_changed(10, scale=1), WIDE, HARM) == ""
    assert without_chance(with_changed(0), WIDE, HARM) == "too few to tell at this scale"
    assert readings.by_chance(with_changed(45)).startswith("Too few simulated families fare")


def test_an_outcome_that_no_program_changes_is_told() -> None:
    found = with_changed(0)
    effects = {"harm": {"hazard_ratio": {"value": 1, "low": 0.9, "high": 1.1}}}
    for content in found.run._contents.values():
        content["programs"]["light"]["effects"] = effects
    assert found.no_effect_assumed(WIDE, HARM)
    assert not found.no_effect_assumed(WIDE, REPORTED)
    assert without_chance(found, WIDE, HARM) == "no effect assumed"
    effects["harm"]["exit_hazard_ratio"] = {"value": 1.2}
    assert not found.no_effect_assumed(WIDE, HARM)


def test_the_same_service_makes_no_difference() -> None:
    assert without_chance(figures([TODAY, WIDE], {"wide": NONE}), WIDE, HARM) == "no difference"


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        ("Plain", "Plain"),
        ("Señora → “so”", "Señora → “so”"),
        ("Visits \U0001f9f8 for all", "Visits for all"),
        ("\U0001f9f8", ""),
        ("訪問", "??"),
    ],
)
def test_pictures_leave_out_what_their_font_lacks(title: str, drawn: str) -> None:
    assert style.drawable(title) == drawn


def test_no_picture_warns_of_missing_glyphs(tmp_path: Path) -> None:
    notes = tuple(
        note.model_copy(update={"title": f"\U0001f9f8 {note.title}"})
        for note in harbor().manifest.scenarios
    )
    run = Run(harbor().folder, harbor().manifest.model_copy(update={"scenarios": notes}))
    with styled(), warnings.catch_warnings():
        warnings.simplefilter("error")
        for draw in (draw_outcomes, draw_years, draw_way, draw_service, draw_money):
            pictures = draw(Figures(run), tmp_path)
            assert any(
                "\U0001f9f8" in str(picture.table.rows) + str(picture.table.columns)
                for picture in pictures
            )


def test_amounts_at_the_right_of_a_picture_are_more_or_fewer() -> None:
    rows = prevented("wide", "reported", Share(0.2, -0.5, 0.3, -0.6, 0.1))
    rows += prevented("deep", "reported", Share(-0.2, -0.5, 0.3, -0.6, 0.1))
    rows += [Row(name, "families_more:reported", "families", 90.0) for name in ("wide", "deep")]
    shares = {"wide": SOME, "deep": replace(SOME, value=-0.3)}
    found = figures([TODAY, WIDE, DEEP], shares, more=rows)
    assert [_amount(found, note, REPORTED) for note in (WIDE, DEEP)] == [
        "20 fewer reports",
        "20 more reports",
    ]
    assert [_amount(found, note, HARM) for note in (WIDE, DEEP)] == [
        "1.0% fewer episodes",
        "0.30% more episodes",
    ]


def test_a_yardstick_in_a_table_of_numbers_is_the_baseline_itself() -> None:
    turned = Share(-2.0, -3.0, 1.0, 0.0, 0.1)
    found = figures([TODAY, NOTHING, WIDE], {"nothing": turned, "wide": SOME})
    first = _table(found, [HARM]).rows[0]
    assert first[1] == "Today itself, against No visits"
    assert first[3] == "2.0% (-1.0% to 3.0%)"


def test_long_titles_end_in_an_ellipsis() -> None:
    assert findings.short("Visits for all families", 12) == "Visits for…"
    assert len(findings.short("x" * 90, 24)) == 24
    assert findings.short("Today", 24) == "Today"


def test_a_yardstick_has_no_column_among_what_is_prevented() -> None:
    turned = Share(-2.0, -3.0, 1.0, 0.0, 0.1)
    found = figures([TODAY, NOTHING, WIDE], {"nothing": turned, "wide": SOME})
    section = _benefits(found)
    assert section.columns == (WIDE,)
    assert "Without a column: “No visits”, the yardstick" in section.note
    alone = _benefits(figures([TODAY, NOTHING], {"nothing": turned}))
    assert alone.columns == (NOTHING,)
    assert "minus its numbers is what “Today” prevents" in alone.note
