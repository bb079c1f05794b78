"""Places that streams pay for some families, and when they close, worked by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from hvsim.reference.families import Case, Family, State
from hvsim.reference.model import PlainModel
from hvsim.reference.money import FundingStream
from hvsim.reference.places import Group, Seats, make_groups
from hvsim.reference.providers import Provider
from hvsim.reference.staff import Visitor
from hvsim.scenario.vocabulary import ATTRIBUTES
from reference.hamlet import families, today

THREE = tuple(
    f"funding.{name}={{from: 2023-01, to: 2024-06, per_year: 1 M USD, pays_for: [parents], {more}}}"
    for name, more in (
        ("medicaid", "families: {payer: [medicaid]}, intake_closes: 2"),
        ("open", "at_end: stop"),
        ("again", "families: {payer: [medicaid]}"),
    )
)
TODAY = today("funding.county.pays_for=[light, nurses]", "funding.grant=null", *THREE)
JANUARY = TODAY.start


def model_of(ages: list[int], *payers: str) -> PlainModel:
    """Families of the ages and payers given, in January."""
    columns = families([JANUARY - age for age in ages])
    column = list(ATTRIBUTES).index("payer")
    for row, payer in enumerate(payers):
        columns.levels[row, column] = ATTRIBUTES["payer"].index(payer)
    return PlainModel(TODAY, columns, seed=1)


def streams() -> dict[str, FundingStream]:
    return {stream.name: stream for stream in model_of([]).streams}


# --- groups --------------------------------------------------------------------------------------


def test_capacity_is_divided_as_salaries_were_paid() -> None:
    by_name = streams()
    paid = {"county": 0, "medicaid": 100, "open": 200, "again": 33}
    groups = make_groups(10, {by_name[name]: cents for name, cents in paid.items()}, JANUARY)
    # County paid nothing and forms no group. Medicaid and again: 10 * 133 // 333 = 3, and the one
    # left over by rounding; open is for everybody: 10 * 200 // 333 = 6.
    assert [(set(group.families), group.units) for group in groups] == [({"payer"}, 4), (set(), 6)]


def test_a_stream_that_paid_nothing_forms_no_group() -> None:
    by_name = streams()
    paid = {"open": 0, "medicaid": 1}
    groups = make_groups(7, {by_name[name]: cents for name, cents in paid.items()}, JANUARY)
    assert [(set(group.families), group.units) for group in groups] == [({"payer"}, 7)]


def test_without_salaries_there_are_no_places() -> None:
    by_name = streams()
    assert make_groups(0, {by_name["open"]: 0}, JANUARY) == []


@pytest.mark.parametrize(("months", "closed"), [(3, 0), (4, 3), (5, 3), (6, 10)])
def test_places_close_some_months_before_their_stream_ends(months: int, closed: int) -> None:
    by_name = streams()  # both end in June; one of them closes in May and June; then both have
    paid = {"medicaid": 100, "again": 200}
    (group,) = make_groups(
        10, {by_name[name]: cents for name, cents in paid.items()}, JANUARY + months
    )
    assert (group.units, group.closed) == (10, closed)  # 10 * 100 // 300


# --- seats ---------------------------------------------------------------------------------------


def three_families() -> tuple[Family, ...]:
    return tuple(model_of([1] * 3, "medicaid", "private-insurance", "medicaid").families)


def test_a_family_takes_the_first_open_group_that_has_room() -> None:
    poor, rich, other = three_families()
    medicaid, everybody = Group({"payer": frozenset({"medicaid"})}, units=2), Group(units=3)
    seats = Seats([medicaid, everybody], weight=1)
    assert seats.take(rich, 1)  # only the second is open
    assert seats.take(poor, 2)
    assert seats.take(other, 1)  # the first is full
    assert not seats.take(other, 2)
    assert seats.free == {medicaid: 0, everybody: 1}


def test_who_holds_a_place_keeps_it_beyond_what_there_is() -> None:
    poor, rich, other = three_families()
    medicaid = Group({"payer": frozenset({"medicaid"})}, units=1)
    seats = Seats([medicaid], weight=1)
    for family in (poor, rich, other):  # the second in no group at all
        seats.keep(family, 2)
    assert seats.free == {medicaid: -3}


def test_a_new_family_without_room_closes_the_groups_open_to_it() -> None:
    poor, rich, other = three_families()
    medicaid, everybody = Group({"payer": frozenset({"medicaid"})}, units=3), Group(units=1)
    seats = Seats([medicaid, everybody], weight=1)
    assert not seats.admit(rich, 2)
    assert seats.admit(poor, 2)  # in the group that was not open to the first
    assert not seats.admit(other, 2)
    assert seats.free == {}


def test_closed_places_are_not_for_new_families() -> None:
    poor, _, other = three_families()
    seats = Seats([Group(units=4, closed=2)], weight=1)
    seats.keep(poor, 1)
    seats.close_intake()
    assert seats.admit(other, 1)
    assert not seats.admit(other, 1)  # 4 - 1 - 2 - 1


# --- service and queues --------------------------------------------------------------------------


def team(model: PlainModel, *groups: Group) -> tuple[Provider, list[Case]]:
    """A provider with a visitor and these places, and a case for each family."""
    provider = next(p for p in model.providers if p.name == "both-parents")
    provider.groups = list(groups)
    provider.team.visitors = [Visitor(0, JANUARY, np.inf)]
    cases = [Case(f, "parents", provider.program, "hospital") for f in model.families]
    for case in cases:
        case.family.cases["intensive"] = case
    return provider, cases


def test_families_are_on_hold_where_no_place_is_for_them() -> None:
    model = model_of([8] * 3, "medicaid", "private-insurance", "medicaid")  # loads 1
    provider, cases = team(model, Group({"payer": frozenset({"medicaid"})}, units=2))
    for case in cases:
        case.state, case.begin = State.ENROLLED, JANUARY - 1
        provider.cases.append(case)
    provider.care_for_families(JANUARY)
    assert [case.on_hold for case in cases] == [False, True, False]


def test_who_has_no_place_lets_others_pass_into_places_for_them() -> None:
    model = model_of([5] * 3, "private-insurance", "medicaid", "private-insurance")  # loads 1
    provider, cases = team(model, Group({"payer": frozenset({"medicaid"})}, units=1), Group())
    for case, since in zip(cases, (0, 0, 0), strict=True):
        case.state, case.waiting_since = State.WAITING, JANUARY - since
        provider.waiting.append(case)
    provider.allocate(JANUARY)
    assert [case.state.name for case in cases] == ["WAITING", "ENROLLED", "WAITING"]


@pytest.mark.parametrize(
    ("on_hold", "months", "stopped", "state"),
    [
        (True, 1, True, State.WITHDRAWN_NO_MONEY),  # the stream ended
        (True, 1, False, State.ENROLLED),
        (True, 3, False, State.WITHDRAWN_NO_MONEY),  # hold_months
        (False, 0, True, State.ENROLLED),  # has a place
    ],
)
def test_who_is_on_hold_is_withdrawn(
    on_hold: bool, months: int, stopped: bool, state: State
) -> None:
    model = model_of([8])
    provider, (case,) = team(model)
    case.state, case.begin = State.ENROLLED, JANUARY - 1
    case.on_hold, case.months_on_hold = on_hold, months
    provider.cases.append(case)
    provider.luck.uniform = lambda *_: 0.99  # type: ignore[method-assign]  # the draw that is asked for  # nobody leaves
    list(provider.visit(JANUARY, stopped=stopped))
    assert case.state is state


def test_families_lack_a_visitor_as_far_as_vacant_positions_would_hold_them() -> None:
    model = model_of([8] * 4)  # loads 1
    provider, cases = team(model, Group(units=1))
    for case in cases:
        case.state, case.begin = State.ENROLLED, JANUARY - 1
        case.months_on_hold = int(provider.program.hold_months.value)
        provider.cases.append(case)
    provider.team.positions, provider.team.capacity = 1, provider.team.caseload - 2
    provider.care_for_families(JANUARY)
    _, *rest = sorted(cases, key=provider._order_of_service)
    assert [case.lacks_visitor for case in rest] == [True, True, False]
    provider.luck.uniform = lambda *_: 0.99  # type: ignore[method-assign]  # the draw that is asked for  # nobody leaves
    list(provider.visit(JANUARY, stopped=False))
    assert Counter(case.state.label for case in cases) == {
        "enrolled": 1,
        "withdrawn-no-visitor": 2,
        "withdrawn-no-money": 1,
    }


def test_no_visitor_helps_where_no_stream_pays_for_the_family() -> None:
    model = model_of([8] * 2, "medicaid", "private-insurance")
    provider, cases = team(model, Group({"payer": frozenset({"medicaid"})}, units=0))
    for case in cases:
        case.state, case.begin = State.ENROLLED, JANUARY - 1
        provider.cases.append(case)
    provider.team.positions = 9
    provider.care_for_families(JANUARY)
    assert [case.lacks_visitor for case in cases] == [True, False]
    provider.groups = []  # nobody is at work, so that no salaries say for whom money is
    provider.care_for_families(JANUARY)
    assert [case.lacks_visitor for case in cases] == [True, True]


def test_a_stream_stops_its_programs_in_the_month_after_its_last() -> None:
    model = model_of([])
    stopped = {}
    for month in (5, 6, 7):
        model.month = JANUARY + month
        stopped[month] = model._stopped()
    assert stopped == {5: set(), 6: {"parents"}, 7: set()}  # its last month is June


# --- visitors who can serve a family -------------------------------------------------------------


def speaking(share: str) -> tuple[Provider, Case]:
    scenario = today(
        f"providers.nurse-team.speaks={{first-birth: {share}, second-or-third-birth: {share}, "
        f"fourth-or-later-birth: {share}}}",
        "programs.nurses.mismatch={visits_odds_ratio: 0.5, leaving_hazard_ratio: 3}",
        "programs.nurses.visits_completed_log_odds={}",
        "programs.nurses.leaves_log_hazard={}",
    )
    model = PlainModel(scenario, families([scenario.start]), seed=1)
    provider = next(p for p in model.providers if p.name == "nurse-team")
    provider.team.visitors = [Visitor(serial, JANUARY, np.inf) for serial in range(20)]
    provider.groups = [Group(units=9)]
    case = Case(model.families[0], "nurses", provider.program, "hospital", State.ENROLLED)
    case.begin = JANUARY
    provider.cases.append(case)
    return provider, case


def test_a_family_gets_one_of_the_visitors_who_can_serve_it() -> None:
    provider, case = speaking("30%")
    (level,) = {*ATTRIBUTES["parity"]} & case.family.held.keys()
    draws = [provider.luck.uniform(provider.key, "speaks", level, serial) for serial in range(20)]
    suited = [serial for serial, u in enumerate(draws) if u < 0.3]
    assert 0 < len(suited) < 20
    u = provider.luck.uniform(case.family.key, "visitor", "nurses", 0)
    provider.care_for_families(JANUARY)
    assert case.visitor is not None
    assert case.visitor.serial == suited[int(u * len(suited))]
    assert not provider._is_mismatched(case)


def test_where_nobody_can_serve_a_family_visits_fail_and_it_leaves_sooner() -> None:
    provider, case = speaking("0%")
    provider.care_for_families(JANUARY)
    assert case.visitor is not None  # one of all
    assert provider._hazard_of_leaving(case, JANUARY) == pytest.approx(0.06 * 3)
    # Of the 12 visits over seven months from -4 on, months 4 and 5 (ages 0 and 1) have 2 and 2.
    made = {}
    for u in (0.53, 0.55):  # odds 0.7 / 0.3 halved: 7/6, a chance of 7/13 = 0.538
        provider.luck.uniform = lambda *_, u=u: u  # type: ignore[method-assign]  # the draw that is asked for
        made[u] = provider._visit(case, JANUARY)
    assert made == {0.53: 2, 0.55: 0}
