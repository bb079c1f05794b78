"""Of what is desirable more is better, in every sentence, table and picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hvsim.reporting import benefits, readings, style
from hvsim.reporting.figures import Figures
from hvsim.reporting.outcomes import _amount, _frame, _table
from hvsim.reporting.shares import Share
from hvsim.reporting.table import _benefits, in_brief, side_by_side
from hvsim.runs import Measure
from hvsim.runs.manifest import LeftOut
from hvsim.runs.rows import Row
from reporting.invented import (
    DEEP,
    DEPRESSION,
    HARM,
    NONE,
    NOTHING,
    READY,
    REPORTED,
    SOME,
    TODAY,
    WIDE,
    figures,
    prevented,
)

LESS = replace(SOME, value=0.2)


def gaining(wide: Share, deep: Share | None = None) -> Figures:
    """Runs that differ in school readiness only."""
    rows = prevented("wide", "ready", wide, "gained")
    notes = [TODAY, WIDE]
    if deep is not None:
        rows += prevented("deep", "ready", deep, "gained")
        notes.append(DEEP)
    return figures(notes, dict.fromkeys([note.name for note in notes[1:]], NONE), more=rows)


def title(found: Figures) -> str:
    return style.fitting(*benefits.benefits(found, found.judged))


def test_a_gain_is_the_finding_where_nothing_else_moves() -> None:
    assert title(gaining(LESS, SOME)) == (
        "“Deep” gains most in “Ready for school”: 1.0% more children (-0.20% to 1.5%). "
        "No strategy is sure to gain any."
    )
    assert title(gaining(SOME)) == (
        "“Wide” gains in “Ready for school”: 1.0% more children (-0.20% to 1.5%). "
        "It could also lose some."
    )
    assert title(gaining(replace(SOME, low=0.1))).endswith("It helps under all effects tried.")
    assert title(gaining(SOME, SOME)).startswith(
        "“Wide” and “Deep” gain about equally in “Ready for school”: 1.0% more children."
    )


def test_a_loss_is_no_gain() -> None:
    assert title(gaining(Share(-0.5, -0.9, 0.2, 0.0, 0.0))) == (
        "At central effects “Wide” does not gain in “Ready for school”. “Wide” loses 0.50%."
    )


def test_amounts_are_more_where_more_is_better() -> None:
    found = gaining(SOME, replace(SOME, value=-0.3))
    found.run._contents.update({note.name: {} for note in (TODAY, WIDE, DEEP)})
    assert [_amount(found, note, READY) for note in (WIDE, DEEP)] == [
        "100 more children",
        "30 fewer children",
    ]


def test_a_yardstick_turns_a_loss_into_what_today_gains() -> None:
    rows = prevented("nothing", "ready", Share(-2.0, -3.0, 1.0, 0.0, 0.1), "gained")
    found = figures([TODAY, NOTHING], {"nothing": NONE}, more=rows)
    assert title(found).startswith("“Today” gains in “Ready for school”: 2.0% more children")
    assert _table(found, [READY]).columns[2].startswith("Gained")
    assert _table(found, [READY]).rows[0][3] == "2.0% (-1.0% to 3.0%)"
    assert readings.reading(found, NOTHING)["“Today” gains"] == [
        "ready for school: 2.0% (-1.0% to 3.0%)"
    ]


def test_a_scenario_in_words_tells_gains_apart() -> None:
    told = readings.reading(gaining(SOME), WIDE)
    assert told["Prevents most"] == ["nothing at central effects"]
    assert told["Gains most"] == [
        "ready for school (children): 100 (-20 to 150), 1.0% (-0.20% to 1.5%)"
    ]
    assert "Gains most" not in readings.reading(figures([TODAY, WIDE], {"wide": SOME}), WIDE)


def test_without_effects_more_of_what_is_good_is_more() -> None:
    found = gaining(Share(0.5, 0.0, 1.0, 0.3, 0.0))
    assert "30 more children" in str(
        readings.reading(found, WIDE)["If the programs have no effect"]
    )


def labels(measures: Sequence[Measure]) -> tuple[str, list[str], Axes]:
    """Axis label and side words of a picture's axes."""
    found = gaining(SOME)
    axes = Figure().subplots()
    _frame(axes, found, [WIDE], measures, 2.0)
    return axes.get_xlabel(), [text.get_text() for text in axes.texts], axes


def test_the_right_side_is_the_better_one() -> None:
    label, words, axes = labels([READY])
    assert label == "percent more than under “Today”"
    assert {"← fewer", "more →"} < set(words)
    assert axes.get_xlim()[0] < 0 < axes.get_xlim()[1]
    label, words, _ = labels([DEPRESSION])
    assert label == "percent fewer than under “Today”"
    assert {"← more", "fewer →"} < set(words)


def test_the_table_says_more_and_means_better() -> None:
    section = _benefits(gaining(SOME))
    assert section.title == "What it prevents and gains"
    lines = {line.label: line.cells for line in section.lines}
    assert lines["Ready for school (children): more"] == ("100 (-20 to 150)",)
    assert "A minus means worse" in section.note


def grouped() -> Figures:
    """The same with headings, harm not first in the scenario."""
    found = gaining(SOME)
    headings = {READY: "Development", HARM: "Child welfare", REPORTED: "Child welfare"}
    own = [READY, DEPRESSION, REPORTED, HARM]
    measures = tuple(m.model_copy(update={"group": headings.get(m, "")}) for m in own)
    found.manifest = found.manifest.model_copy(
        update={
            "measures": measures,
            "left_out": (LeftOut(name="asthma", label="Asthma attacks", scenarios=("wide",)),),
        }
    )
    return found


def test_harm_stands_first_and_what_has_no_heading_last() -> None:
    found = grouped()
    assert {heading: [m.name for m in own] for heading, own in found.groups.items()} == {
        "Child welfare": ["harm", "reported"],
        "Development": ["ready"],
        "Other outcomes": ["depression"],
    }
    assert list(figures([TODAY, WIDE]).groups) == ["Outcomes"]


@pytest.mark.parametrize("table", [side_by_side, in_brief])
def test_lines_stand_under_headings(table: object) -> None:
    assert callable(table)
    found = grouped()
    found.run.__dict__["capacity"] = found.run.capacity.assign(
        scenario="today", vacancies=0.0, visitors=0.0
    )
    sections = {section.title: section for section in table(found)}
    gains = next(own for name, own in sections.items() if name.startswith("What it prevents"))
    labels = [line.label for line in gains.lines]
    # Depression has no row at all, so that its heading does not stand there alone.
    assert [line.label for line in gains.lines if line.heading] == ["Child welfare", "Development"]
    assert labels.index("Child welfare") < labels.index("Development")
    assert (
        "Not compared, as not every scenario has it: “Asthma attacks” (only in “Wide”)."
        in gains.note
    )


def test_what_few_families_have_is_not_the_finding() -> None:
    rows = prevented("wide", "depression", replace(SOME, value=9.0))
    rows += prevented("wide", "ready", SOME, "gained")
    rows += [
        Row("wide", f"families_more:{name}", "families", n)
        for name, n in (("depression", 2.0), ("ready", 90.0))
    ]
    found = figures([TODAY, WIDE], {"wide": NONE}, more=rows)
    assert found.main == READY
