"""Doses over spells and what they do to outcomes, by hand."""

from __future__ import annotations

import math

import pytest

from hvsim.reference.families import State
from reference.alone import START, Alone, lives

LIGHT_INJURY = math.log(0.7) / 0.6
NURSES_INJURY = math.log(0.8) / 0.5
PARENTS_INJURY = math.log(0.9) / 0.5


def dose(alone: Alone, program: str, age: int) -> float:
    return alone.course.effects.doses(alone.family, START + age)[program]


def test_a_dose_counts_visits_of_all_spells_and_fades_from_the_last() -> None:
    alone = Alone(lives(), {})
    first = alone.serve("light", 0, 3, 4)
    first.leave(State.DROPPED_OUT, START + 1)
    assert [dose(alone, "light", age) for age in (1, 2, 7, 8)] == pytest.approx(
        [0.75, 0.75, 0.75, 0.75 * 2**-0.5]  # finish at 2, steps of 6 months, half-life 12
    )
    second = alone.serve("light", 10, 4, 8)
    # Enrolled, not begun: still fading. In service: visits of both spells.
    assert dose(alone, "light", 9) == pytest.approx(0.5 * 2**-0.5)
    assert dose(alone, "light", 10) == pytest.approx(0.5)
    second.leave(State.DROPPED_OUT, START + 12)
    assert dose(alone, "light", 20) == pytest.approx(0.5 * 2**-0.5)


def test_a_spell_that_never_began_does_not_stop_the_fading() -> None:
    alone = Alone(lives(), {})
    alone.serve("light", 0, 4, 4).leave(State.DROPPED_OUT, START + 1)
    alone.serve("light", 9, 4, 4).stop(State.TRANSFERRED, START + 8)
    assert dose(alone, "light", 14) == pytest.approx(0.5)  # twelve months after the first


def test_a_dose_of_another_track_lasts_beside_that_of_the_present_one() -> None:
    alone = Alone(lives(), {})
    alone.serve("parents", -2, 2, 4).leave(State.DROPPED_OUT, START)
    alone.serve("nurses", 2, 1, 4)  # the same track
    doses = alone.course.effects.doses(alone.family, START + 3)
    assert doses == pytest.approx({"nurses": 0.5, "parents": 0.5})


def test_a_dose_may_be_a_share_of_the_whole_program() -> None:
    alone = Alone(lives("structure.dose=share-of-program"), {})
    alone.serve("light", 0, 2, 2)
    assert dose(alone, "light", 4) == pytest.approx(2 / 5)
    alone.serve("light", 8, 7, 9)  # more visits than one passage has
    assert dose(alone, "light", 9) == 1


def test_no_dose_without_a_visit_due() -> None:
    alone = Alone(lives(), {})
    alone.serve("light", 0, 0, 0)
    assert dose(alone, "light", 1) == 0


@pytest.mark.parametrize(
    ("several", "effect"),
    [
        ("strongest", NURSES_INJURY * math.sqrt(0.8)),
        (
            "sum",
            LIGHT_INJURY * 0.5 + NURSES_INJURY * math.sqrt(0.8) + PARENTS_INJURY * 0.25,
        ),
    ],
)
def test_several_programs(several: str, effect: float) -> None:
    alone = Alone(lives(f"structure.several_programs={several}"), {})
    alone.serve("light", 0, 2, 4)
    alone.serve("parents", -2, 1, 4).leave(State.DROPPED_OUT, START)
    alone.serve("nurses", 2, 4, 5)
    effects = alone.course.effects
    doses = effects.doses(alone.family, START + 3)
    assert effects.on("injury", doses) == pytest.approx(effect)
    assert effects.on("hospital-stay", doses) == 0


def test_recoveries_add_up_too() -> None:
    exits = (
        "structure.several_programs=sum",
        "programs.light.effects.depression={hazard_ratio: 1, mean_dose: 1, exit_hazard_ratio: 1.5}",
    )
    alone = Alone(lives(*exits), {})
    alone.serve("light", 0, 2, 4)
    alone.serve("nurses", 2, 4, 4)
    effects = alone.course.effects
    doses = effects.doses(alone.family, START + 3)
    assert math.exp(effects.on_exit("depression", doses)) == pytest.approx(1.2**2 * 1.5**0.5)
