"""Families in service, and families who wait, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hvsim.reference.families import Case, State
from hvsim.reference.model import PlainModel
from hvsim.reference.places import Group
from hvsim.reference.providers import Provider
from hvsim.reference.staff import Visitor
from reference.hamlet import families, today

# --- families and visitors -----------------------------------------------------------------------


def team(ages: list[int], units: int, program: str = "parents") -> tuple[Provider, list[Case], int]:
    """A provider with one trained visitor, and one family of each age, in a month."""
    scenario = today()
    month = scenario.start
    model = PlainModel(scenario, families([month - age for age in ages]), seed=1)
    provider = next(p for p in model.providers if p.program_name == program)
    provider.groups = [Group(units=units)]
    provider.team.visitors = [Visitor(0, month, np.inf)]
    terms = model.programs[program]
    return provider, [Case(f, program, terms, "hospital") for f in model.families], month


def serve(cases: list[Case], begins: list[int], provider: Provider) -> None:
    for case, begin in zip(cases, begins, strict=True):
        case.state, case.begin = State.ENROLLED, begin
        provider.cases.append(case)


def test_latest_to_begin_go_on_hold_but_a_lighter_family_still_fits() -> None:
    provider, cases, month = team([8, 2, 3, 9], units=3)  # loads 1, 2, 2, 1
    serve(cases, [month - 1, month - 4, month - 3, month - 2], provider)
    provider.care_for_families(month)
    assert [case.on_hold for case in cases] == [True, False, True, False]
    provider.care_for_families(month + 1)
    assert [case.months_on_hold for case in cases] == [2, 0, 2, 0]
    provider.groups[0].units = 6
    provider.care_for_families(month + 2)
    assert [case.months_on_hold for case in cases] == [0, 0, 0, 0]


def test_equal_begins_are_served_in_their_own_order() -> None:
    provider, cases, month = team([8] * 6, units=3)
    serve(cases, [month - 1] * 6, provider)
    provider.care_for_families(month)
    drawn = sorted(
        cases, key=lambda case: provider.luck.uniform(case.family.key, "order", "parents")
    )
    assert [case.on_hold for case in drawn] == [False] * 3 + [True] * 3


def visitor_of(case: Case) -> Visitor | None:
    return case.visitor


def test_a_family_whose_visitor_left_notes_it_once_and_gets_another() -> None:
    provider, (case,), month = team([8], units=24)
    serve([case], [month - 2], provider)
    provider.care_for_families(month)
    assert case.visitor is provider.team.visitors[0]
    assert case.visitor_left is None
    provider.team.visitors = []
    provider.care_for_families(month + 1)
    assert visitor_of(case) is None
    assert case.visitor_left == month + 1
    provider.team.visitors = [Visitor(1, month + 2, np.inf)]
    provider.care_for_families(month + 2)
    assert case.visitor is provider.team.visitors[0]
    assert case.visitor_left == month + 1
    assert case.family.assignments == {"intensive": 2}


# --- waiting -------------------------------------------------------------------------------------


def wait(cases: list[Case], since: list[int], provider: Provider) -> None:
    for case, month in zip(cases, since, strict=True):
        case.state, case.waiting_since = State.WAITING, month
        case.family.cases[case.program.track] = case
        provider.waiting.append(case)


def enrolled(cases: list[Case]) -> list[bool]:
    return [case.state is State.ENROLLED for case in cases]


def test_first_come_first_served_until_one_does_not_fit() -> None:
    provider, cases, month = team([-1, 1, 5, 5], units=5)  # next month's loads 2, 2, 1, 1
    wait(cases, [month, month, month, month], provider)
    for case, since in zip(cases, [4, 3, 0, 1], strict=True):
        case.waiting_since = month - since
    provider.luck.uniform = lambda *_: 0.99  # type: ignore[method-assign]  # nobody gives up
    provider.groups[0].units = 4
    provider.allocate(month)
    assert enrolled(cases) == [True, True, False, False]
    assert [case.begin for case in cases[:2]] == [month + 1] * 2
    provider.groups[0].units = 5
    provider.allocate(month)
    assert enrolled(cases) == [True, True, False, True]


def test_a_family_that_does_not_fit_ends_the_round() -> None:
    provider, cases, month = team([1, 2, 5], units=3)  # next month's loads 2, 2, 1
    wait(cases, [month - 3, month - 2, month - 1], provider)
    provider.luck.uniform = lambda *_: 0.99  # type: ignore[method-assign]  # luck by hand
    provider.allocate(month)
    assert enrolled(cases) == [True, False, False]


def test_families_on_hold_keep_their_place() -> None:
    provider, cases, month = team([8, 8, 1], units=3)
    serve(cases[:2], [month - 1] * 2, provider)
    cases[1].on_hold = True
    wait(cases[2:], [month], provider)
    provider.allocate(month)  # 3 - 2 leaves 1; the waiting family needs 2
    assert enrolled(cases[2:]) == [False]


def test_highest_score_first_and_not_screened_last() -> None:
    provider, cases, month = team([-3] * 4, units=6, program="nurses")  # loads 2 each
    wait(cases, [month - 2, month - 1, month, month - 3], provider)
    provider.luck.uniform = lambda *_: 0.99  # type: ignore[method-assign]  # luck by hand
    for case, score in zip(cases, [0.5, 1.5, -0.5, 9.0], strict=True):
        case.family.score = score
        case.family.screened = score < 9
    provider.groups[0].units = 4
    provider.allocate(month)
    assert enrolled(cases) == [True, True, False, False]
    provider.groups[0].units = 6
    provider.allocate(month)
    assert enrolled(cases) == [True, True, True, False]


@pytest.mark.parametrize(
    ("age", "waited", "u", "state"),
    [
        (5, 0, 0.0, State.ENROLLED),  # nobody gives up at once
        (5, 1, 0.04, State.GAVE_UP),
        (5, 1, 0.06, State.ENROLLED),
        (5, 6, 0.0, State.EXPIRED),
        (6, 6, 0.0, State.AGED_OUT),
    ],
)
def test_who_has_waited_leaves_the_queue(age: int, waited: int, u: float, state: State) -> None:
    provider, (case,), month = team([age], units=24)
    wait([case], [month - waited], provider)
    provider.luck.uniform = lambda *_: u  # type: ignore[method-assign]  # luck by hand
    provider.allocate(month)
    assert case.state is state
    assert provider.waiting == []


def test_enrolling_ends_service_and_waits_that_give_way() -> None:
    provider, (case,), month = team([5], units=24)
    light = Case(case.family, "light", today().programs["light"], "hospital")
    case.family.cases["light"] = light
    light.state, light.begin = State.ENROLLED, month - 2
    wait([case], [month], provider)
    provider.allocate(month)
    assert light.state is State.TRANSFERRED
    assert (light.in_service(month), light.in_service(month + 1)) == (True, False)
    assert case.family.history == [
        (month, "enrolled/hospital/parents"),
        (month, "transferred/hospital/light"),
    ]


@pytest.mark.parametrize(("units", "second_fits"), [(15, False), (16, True), (25, True)])
def test_a_simulated_family_takes_the_places_of_those_it_stands_for(
    units: int, second_fits: bool
) -> None:
    """It stands for ten, and comes in when more than half of them have room."""
    model = PlainModel(today(), families([]), seed=1, scale=0.1)
    assert {provider.weight for provider in model.providers} == {10}
    provider, cases, month = team([5, 5], units=units)
    provider.weight = 10
    wait(cases, [month, month], provider)
    provider.allocate(month)
    assert sorted(enrolled(cases)) == [second_fits, True]
