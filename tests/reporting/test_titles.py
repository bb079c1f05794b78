"""Titles of pictures: a finding that the numbers bear out, on two lines at most."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from execution.harbor_run import harbor
from hvsim.reporting import benefits, findings, readings, style
from hvsim.reporting.drivers import verdict
from hvsim.reporting.figures import Figures
from hvsim.reporting.money import draw_money
from hvsim.reporting.outcomes import draw_outcomes
from hvsim.reporting.service import draw_service
from hvsim.reporting.shares import Share
from hvsim.reporting.style import styled
from hvsim.reporting.way import WAITS, draw_way
from hvsim.reporting.years import draw_years
from hvsim.runs import Run, ScenarioNote
from hvsim.runs.rows import Row
from reporting.invented import (
    DEEP,
    DEPRESSION,
    HARM,
    NONE,
    NOTHING,
    SOME,
    TODAY,
    WIDE,
    figures,
    prevented,
    scenario,
)


def told(found: Figures) -> str:
    return style.fitting(*benefits.benefits(found, found.judged))


def harms(*notes: ScenarioNote, **shares: Share) -> str:
    return told(figures([TODAY, *notes], shares))


def test_the_strategy_that_prevents_most_is_named_with_its_range() -> None:
    assert harms(WIDE, DEEP, wide=replace(SOME, value=0.2), deep=SOME) == (
        "“Deep” prevents the most harm: 1.0% of episodes of harm (-0.20% to 1.5%). "
        "No strategy is sure to reduce harm."
    )


def test_a_strategy_that_helps_under_all_effects_is_told() -> None:
    sure = replace(SOME, low=0.1)
    assert harms(WIDE, DEEP, wide=replace(SOME, value=0.2), deep=sure).endswith(
        "Only “Deep” helps under all effects tried."
    )
    assert harms(WIDE, DEEP, wide=replace(sure, value=0.2), deep=sure).endswith(
        "All help under all effects tried."
    )


def test_differences_within_chance_are_no_finding() -> None:
    close = replace(SOME, value=0.95)
    assert harms(WIDE, DEEP, wide=close, deep=SOME).startswith(
        "“Deep” and “Wide” prevent about equally much harm: 0.95% to 1.0%"
    )
    assert harms(WIDE, DEEP, wide=SOME, deep=SOME).startswith(
        "“Wide” and “Deep” prevent about equally much harm: 1.0% of episodes of harm."
    )
    third = scenario("third")
    assert harms(WIDE, DEEP, third, wide=SOME, deep=SOME, third=SOME).startswith(
        "All 3 strategies prevent about equally much harm"
    )


def test_no_strategy_is_praised_for_nothing() -> None:
    none = Share(0.0, -0.3, 0.4, 0.0, 0.0)
    assert harms(WIDE, DEEP, wide=none, deep=none) == (
        "At central effects no strategy prevents harm. Results range from -0.30% to 0.40%."
    )
    worse = Share(-0.5, -0.9, 0.2, 0.0, 0.0)
    assert harms(WIDE, wide=worse) == (
        "At central effects “Wide” does not prevent harm. “Wide” adds 0.50%."
    )
    assert harms(WIDE, DEEP, wide=NONE, deep=NONE).startswith("Nothing is prevented")


def test_one_strategy_is_not_the_best_of_many() -> None:
    assert harms(WIDE, wide=SOME) == (
        "“Wide” prevents 1.0% of episodes of harm (-0.20% to 1.5%). It could also add harm."
    )
    only_central = Share(1.0, None, None, None, 0.0)
    assert harms(WIDE, wide=only_central) == "“Wide” prevents 1.0% of episodes of harm."


def test_a_scenario_without_programs_is_a_yardstick_and_no_strategy() -> None:
    turned = Share(-2.0, -3.0, 1.0, 0.0, 0.1)
    found = figures([TODAY, NOTHING, WIDE], {"nothing": turned, "wide": SOME})
    assert [note.name for note in found.strategies] == ["wide"]
    assert [note.name for note in found.yardsticks] == ["nothing"]
    assert found.share(NOTHING, HARM) == Share(2.0, -1.0, 3.0, 0.0, 0.1)
    assert benefits.benefits(found, found.judged)[0].startswith("“Wide” prevents 1.0%")
    assert readings.answers(found)[-1] == (
        "“Today” itself, measured against “No visits”, prevents 2.0% of episodes of harm "
        "(-1.0% to 3.0%)."
    )
    assert harms(NOTHING, nothing=turned) == (
        "“Today” prevents 2.0% of episodes of harm (-1.0% to 3.0%). It could also add harm."
    )


def test_a_baseline_without_programs_leaves_strategies() -> None:
    found = figures([NOTHING, WIDE], {"wide": SOME}, baseline="nothing")
    assert [note.name for note in found.strategies] == ["wide"]
    assert not found.yardsticks
    assert [note.name for note in found.visiting] == ["wide"]


def test_without_harm_the_outcome_that_moves_most_is_told() -> None:
    more = prevented("wide", "depression", SOME)
    found = figures([TODAY, WIDE], {"wide": NONE}, more=more)
    assert told(found).startswith("“Wide” prevents 1.0% of onsets of maternal depr")


@pytest.mark.parametrize("length", [3, 44, 90, 400])
def test_any_title_stands_on_two_lines(length: int) -> None:
    long = scenario("wide", ("Visits for all " * 40)[:length].strip())
    other = scenario("deep", ("Xylophone" * 60)[:length])
    found = figures([TODAY, long, other], {"wide": SOME, "deep": SOME}, unspent=0.1)
    full = {"today": 80.0, "wide": 90.0, "deep": 99.0}
    counts = {name: dict.fromkeys((*WAITS, "offered", "waitlisted"), 50.0) for name in full}
    for place, own in enumerate(counts.values()):
        own["enrolled"] = 10.0 * place
    for titles in (
        benefits.benefits(found, found.judged),
        findings.money(found),
        findings.screens(found, full),
        findings.way(found, "light", counts, WAITS),
        findings.capacity(found, "Light visits for all who want them", full, full),
    ):
        assert len(style.lines(style.fitting(*titles))) <= 2


def test_money_against_the_baseline() -> None:
    notes = [TODAY, WIDE, DEEP]
    spent = {"today": 100e6, "wide": 120e6, "deep": 130e6}
    assert findings.money(figures(notes, spent=spent, unspent=0.25))[0] == (
        "Each strategy spends $20 to $30 million more than “Today” through 2027-28; "
        "20% of the money received stays unspent."
    )
    mixed = {**spent, "deep": 90e6}
    assert findings.money(figures(notes, spent=mixed))[0] == (
        "Against “Today”, “Wide” spends $20 million more, “Deep” $10 million less through "
        "2027-28; all money received is spent."
    )
    assert findings.money(figures(notes))[0].startswith(
        "Each strategy spends as much as “Today”: $100 million"
    )
    assert findings.money(figures([TODAY], baseline=None))[0].startswith(
        "“Today” spends $100 million through 2027-28"
    )
    assert findings.money(figures([NOTHING], baseline=None)) == ["No money is spent."]


def test_places() -> None:
    found = figures([TODAY, WIDE])
    titles = findings.capacity(
        found, "Light", {"today": 90, "wide": 95}, {"today": 10, "wide": 1200}
    )
    assert titles[0] == (
        "Places in Light are nearly full in every scenario (90% to 95%); "
        "up to 1,200 families wait under “Wide”."
    )
    idle = findings.capacity(found, "Light", {"today": 20, "wide": 30}, {"today": 0, "wide": 0})
    assert idle[0] == (
        "Many places in Light stay empty in every scenario (20% to 30% in use); nobody waits."
    )
    alone = findings.capacity(found, "Light", {"today": 70}, {"today": 9})
    assert alone[0] == "Places in Light are 70% full; up to 9 families wait at a time."


def test_screens_and_places_on_the_way() -> None:
    found = figures([TODAY, WIDE, DEEP])
    assert findings.screens(found, {"today": 25, "wide": 61, "deep": 61})[0] == (
        "“Wide” and “Deep” screen the most births: 61%, against 25% under “Today”."
    )
    assert findings.screens(found, {"today": 25, "wide": 25})[0] == (
        "25% of births are screened in every scenario."
    )
    assert findings.screens(found, {"today": 0.0}) == ["No family is screened."]
    lost = {"gave-up": 60.0, "expired": 5.0, "aged-out": 10.0}
    counts = {"offered": 200.0, "waitlisted": 100.0, "enrolled": 25.0, **lost}
    assert findings.way(found, "light", {"today": counts}, WAITS)[0] == (
        "25% of accepted offers of light visits lead to a place. "
        "Most others miss out because families give up waiting."
    )
    better = {**counts, "enrolled": 75.0}
    assert findings.way(found, "light", {"today": counts, "wide": better}, WAITS)[0] == (
        "Of accepted offers of light visits, 25% lead to a place under “Today”, 75% under “Wide”."
    )
    nobody = {"today": {**counts, "offered": 0.0}}
    assert findings.way(found, "light", nobody, WAITS)[0].startswith("No family is offered")


def test_partial_fiscal_years_are_marked() -> None:
    found = figures([TODAY])
    assert found.year_labels([2024, 2025]) == ["2023-24*", "2024-25*"]
    assert found.partial_note() == (
        "* only 1 month of 2023-24, 1 month of 2024-25 and 1 month of 2025-26"
    )


def test_reports_that_rise_are_explained_only_where_they_do() -> None:
    rising = prevented("wide", "reported", Share(0.2, -0.5, 0.3, -0.6, 0.1))
    found = figures([TODAY, WIDE], {"wide": SOME}, more=rising)
    assert readings.reporting(found) == (
        "Reports can rise while harm falls, because visitors see more and report it: if visits "
        "had no other effect, there would be 60 more reports. Under “Wide”, harm falls by 1.0% at "
        "central effects, while reports fall by only 0.20%."
    )
    assert readings.reporting(figures([TODAY, WIDE], {"wide": SOME})) == ""


SURE = "outcomes improve under all effects tried"


@pytest.mark.parametrize(
    ("depression", "sentence"),
    [
        (Share(0.3, 0.004, 0.5, 0.0, 0.1), f"1 of 2 {SURE} (episodes of harm)"),
        (Share(0.3, -0.004, 0.5, 0.0, 0.1), f"1 of 2 {SURE} (episodes of harm)"),
        (
            Share(0.3, 0.2, 0.5, 0.0, 0.4),
            f"2 of 2 {SURE} (episodes of harm and maternal depression), 1 of them within chance",
        ),
    ],
)
def test_outcomes_improve_by_the_rule_of_the_first_screen(depression: Share, sentence: str) -> None:
    more = [Row("today", "events:depression", "", 10_000)]
    more += prevented("wide", "depression", depression)
    found = figures([TODAY, WIDE], {"wide": replace(SOME, low=0.5)}, more=more)
    found.run._contents.update({note.name: {} for note in (TODAY, WIDE)})
    told = f"“Wide”: {sentence}; none turns out worse than under “Today”."
    assert told in readings.certainties(found)
    first_screen = verdict(found.share(WIDE, DEPRESSION))
    assert first_screen.startswith("Helps") == sentence.startswith("2")
    assert first_screen.endswith("within chance") == sentence.endswith("within chance")


def test_every_picture_of_a_real_run_has_a_short_title(tmp_path: Path) -> None:
    alone = harbor().manifest.model_copy(
        update={"baseline": None, "scenarios": harbor().manifest.scenarios[:1]}
    )
    for run in (harbor(), Run(harbor().folder, alone)):
        found = Figures(run)
        with styled():
            pictures = [
                picture
                for draw in (draw_outcomes, draw_years, draw_way, draw_service, draw_money)
                for picture in draw(found, tmp_path)
            ]
        assert len(pictures) >= (9 if run.manifest.baseline else 6)
        for picture in pictures:
            assert 1 <= len(style.lines(picture.title)) <= 2
            assert picture.title.endswith((".", "..."))
