"""Teams: training cohorts, the order of leaving, which families a visitor can serve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hvsim.randomness import key, purpose, uniform
from hvsim.scenario.vocabulary import levels_of
from hvsim.simulation.plan import make_plan
from hvsim.simulation.teams import Pending, Team, trained_units
from reference.hamlet import system

NURSES = "programs.nurses.staff"
LANGUAGES = ("no-diploma", "high-school", "some-college", "bachelors-or-more")


def team(*overrides: str) -> Team:
    scenario = system(f"{NURSES}.turnover_per_year=0", *overrides)
    return Team(
        make_plan(scenario, 1.0),
        scenario.programs["nurses"].staff,
        scenario.providers["nurse-team"],
        tuple(levels_of(scenario)),
        np.uint64(key("provider", "nurse-team")),
        np.uint64(7),
    )


def columns(of: Team, field: str) -> list[Any]:
    return [getattr(visitor, field) for visitor in of.visitors]


def test_the_first_team_is_there_at_once_and_trained() -> None:
    nurses = team()
    nurses.post(3, 0)
    assert columns(nurses, "serial") == [0, 1, 2]
    assert nurses.capacity(20, 0) == 60


def test_a_new_visitor_waits_for_the_next_training_then_ramps_up() -> None:
    nurses = team()  # training every 3 months from January; t0 is January; a ramp of 6 months
    nurses.post(0, 0)
    nurses.post(1, 1)
    assert nurses.pending == [Pending(0, 4)]
    nurses.start(nurses.pending[0], 4)
    assert columns(nurses, "trained") == [6]
    carried = [nurses.capacity(20, t) for t in range(4, 14)]
    assert carried == [0, 0, 3, 6, 10, 13, 16, 20, 20, 20]


@pytest.mark.parametrize(("every", "trained"), [(1, 4), (2, 4), (5, 5), (7, 7), (12, 12)])
def test_trainings_are_counted_from_january(every: int, trained: int) -> None:
    nurses = team(f"{NURSES}.training_every={every}")
    nurses.post(1, 1)
    nurses.start(nurses.pending[0], 4)
    assert columns(nurses, "trained") == [trained]


def test_nothing_is_carried_before_the_training() -> None:
    assert [trained_units(20, months, 0) for months in (-1, 0)] == [0, 20]


def test_pending_hires_go_before_visitors_and_the_latest_first() -> None:
    nurses = team()
    nurses.post(3, 0)
    nurses.post(5, 1)
    nurses.shrink(4)
    assert [hire.serial for hire in nurses.pending] == [3]
    nurses.lose(2)
    nurses.shrink(1)
    assert (columns(nurses, "serial"), nurses.pending, nurses.gone) == ([0], [], [2, 1])


def test_the_first_of_those_who_did_not_just_start_is_poached() -> None:
    nurses = team()
    nurses.post(2, 0)
    nurses.post(3, 1)
    nurses.lose(4)
    nurses.start(nurses.pending[0], 4)
    assert nurses.has_started_before(4)
    nurses.lose_first(4)
    assert (columns(nurses, "serial"), nurses.gone) == ([1, 2], [])
    nurses.lose_first(4)
    assert not nurses.has_started_before(4)


def test_each_visitor_speaks_by_its_own_luck() -> None:
    nurses = team()
    nurses.post(40, 0)
    serves, levels = np.array(columns(nurses, "serves")), list(levels_of(system()))
    for level, share in zip(LANGUAGES, (0.5, 0.7, 1, 1), strict=True):
        bit = nurses.bits[levels.index(level)]
        number, who = purpose("speaks", level), np.uint64(key("provider", "nurse-team"))
        able = [uniform(np.uint64(7), who, number, serial) < share for serial in range(40)]
        assert ((serves & bit) > 0).tolist() == able
    assert nurses.bits[levels.index("medicaid")] == 0
