"""Outcomes at two ages: what the page says of them, and of ages that nobody simulated."""

import pytest

from hvsim.reporting.figures import Figures
from hvsim.reporting.two_ages import not_simulated, two_ages
from hvsim.runs.rows import EFFECT_SETS, Row
from reporting.invented import HARM, READY, REPORTED, TODAY, WIDE, figures


def followed(*rows: Row) -> Figures:
    """Numbers of a run whose children are followed to age 5 and to age 18."""
    found = figures([TODAY, WIDE], more=rows)
    ages = {"also_at_months": 60, "follow_up_months": 216}
    found.run.manifest = found.manifest = found.manifest.model_copy(update=ages)
    return found


def told(measure: str, spared: float, postponed: float) -> tuple[Row, ...]:
    return (
        Row("wide", f"early_prevented_percent:{measure}", "percent", 2, -1, 3, EFFECT_SETS),
        Row("wide", f"prevented_percent:{measure}", "percent", 1, -0.5, 1.5, EFFECT_SETS),
        Row("wide", f"early_children_spared:{measure}", "children", spared),
        Row("wide", f"children_postponed:{measure}", "children", postponed),
    )


def test_effect_sets_stand_beside_each_other_at_either_age() -> None:
    table = two_ages(followed(*told("reported", 200, 50)), [REPORTED])
    assert table is not None
    assert table.columns[2] == "By age 5, least favorable"
    assert table.columns[-1] == "Of them only postponed to age 18"
    (row,) = table.rows
    assert row[2:] == ("-1.0%", "2.0%", "3.0%", "-0.50%", "1.0%", "1.5%", "200", "25%")


@pytest.mark.parametrize(
    ("spared", "postponed", "words"),
    [(100, 130, "100%"), (100, -5, "0%"), (0, 0, "none spared"), (-8, 0, "none spared")],
)
def test_no_more_are_postponed_than_spared(spared: float, postponed: float, words: str) -> None:
    table = two_ages(followed(*told("reported", spared, postponed)), [REPORTED])
    assert table is not None
    assert table.rows[0][-1] == words


def test_hidden_harm_has_no_count_and_gains_no_children() -> None:
    table = two_ages(followed(*told("harm", 200, 50)), [HARM, READY])
    assert table is not None
    assert [row[-2:] for row in table.rows] == [("", "25%"), ("", "")]


def test_what_was_not_simulated_is_said() -> None:
    once = figures([TODAY, WIDE])
    assert two_ages(once, [HARM]) is None
    assert not_simulated(once).startswith(
        "Children are followed to age 2. Later years were not simulated: whether what is prevented"
    )
    assert not_simulated(followed()) == ""
    assert not_simulated(figures([TODAY], baseline=None)) == ""
