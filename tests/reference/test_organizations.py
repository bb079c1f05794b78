"""Money, staff, capacity and queues, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hvsim.reference.families import Case, State
from hvsim.reference.model import PlainModel
from hvsim.reference.providers import Provider, Visitor
from reference.hamlet import families, today

ONE_PROVIDER = (
    "warm_start.months=0",
    "programs.nurses=null",
    "programs.parents=null",
    "providers.nurse-team=null",
    "providers.hill-parents=null",
    "providers.both-parents=null",
    "doors.hospital.offers=[light]",
    "doors.clinic.offers=[light]",
    "programs.light.gives_way_to=[]",
    "funding.grant=null",
    "funding.county.pays_for=[light]",
    "funding.county.per_year=1000000 USD",
    "programs.light.staff.cost_per_visitor=120000 USD",  # 1,000,000 cents a month
    "programs.light.staff.turnover_per_year=0",
)


def only_provider(*overrides: str) -> tuple[PlainModel, Provider]:
    model = PlainModel(today(*ONE_PROVIDER, *overrides), families([]), seed=1)
    (provider,) = model.providers
    return model, provider


# --- money ---------------------------------------------------------------------------------------


def test_money_of_one_month_is_split_paid_in_order_and_kept() -> None:
    fixed = [f"programs.{p}.staff.turnover_per_year=0" for p in ("light", "nurses", "parents")]
    model = PlainModel(today("warm_start.months=0", *fixed), families([]), seed=1)
    model.step()
    # January is the seventh month of the fiscal year: 7/12 less 6/12 of 70,000,000 and of
    # 30,000,100 cents, each rounded down.
    county, grant = 40_833_333 - 35_000_000, 17_500_058 - 15_000_050
    allotted = {
        "hill-light": (county // 3, 825_002),  # 33% of the grant
        "nurse-team": (county // 3, 0),
        "hill-parents": (1_166_666, 1_005_003),  # 60% of a third; 60% of 67%
        "both-parents": (777_777, 670_002),
    }
    salaries = {
        "hill-light": 3 * 833_333,
        "nurse-team": 1_166_667,
        "hill-parents": 2 * 750_000,
        "both-parents": 750_000,
    }
    of_county = of_grant = 0
    for provider in model.providers:
        from_county, from_grant = allotted[provider.name]
        paid = salaries[provider.name]
        assert provider.allotted == from_county + from_grant
        first = min(paid, from_county)
        assert list(provider.accounts.values()) == [from_county - first, from_grant + first - paid]
        of_county, of_grant = of_county + first, of_grant + paid - first
    assert model.cash["county", model.first_month] == (county, of_county, 0, 2)  # cents over
    assert model.cash["grant", model.first_month] == (grant, of_grant, 0, 1)


def test_accounts_lapse_when_the_fiscal_year_begins() -> None:
    model, provider = only_provider()
    for _ in range(6):
        model.step()
    # Half a year, less eight salaries in each of six months.
    assert provider.balance == 50_000_000 - 6 * 8_000_000
    model.step()
    assert model.cash["county", model.first_month + 6] == (8_333_333, 8_000_000, 0, 2_000_000)
    assert provider.balance == 333_333


def test_accounts_of_a_stream_lapse_after_its_last_month() -> None:
    model, provider = only_provider("funding.county.to=2024-02")
    for _ in range(3):
        model.step()
    assert model.cash["county", model.first_month + 2] == (0, 0, 0, 16_666_666 - 16_000_000)
    assert provider.balance == 0
    assert provider.positions == 0
    assert provider.visitors == []


# --- staff ---------------------------------------------------------------------------------------


def test_a_vacancy_is_posted_filled_after_the_hiring_time_and_ramped_up() -> None:
    model, provider = only_provider(
        "programs.light.staff.hiring_months=2", "programs.light.staff.ramp_months=3"
    )
    model.step()
    assert provider.capacity == 8 * 20  # the first visitors are trained
    provider.visitors[2].leaves = model.month
    capacity, visitors = [], []
    for _ in range(6):
        model.step()
        capacity.append(provider.capacity)
        visitors.append(len(provider.visitors))
    assert visitors == [7, 7, 8, 8, 8, 8]
    assert capacity == [140, 140, 146, 153, 160, 160]  # 20 * 1 // 3, 20 * 2 // 3, 20
    assert [visitor.serial for visitor in provider.visitors] == [0, 1, 3, 4, 5, 6, 7, 8]
    assert model.cash["county", model.first_month + 3][2] == 500_000  # the hire


def test_a_hire_waits_for_its_money() -> None:
    model, provider = only_provider(
        "programs.light.staff.hiring_months=2",
        "programs.light.staff.cost_per_hire=40000 USD",
    )
    model.month = model.first_month = model.terms.start + 6  # July: no lapse comes between
    model.step()
    provider.visitors[0].leaves = model.month
    visitors = []
    for _ in range(4):
        model.step()
        visitors.append(len(provider.visitors))
    # Needed 8,000,000 + 4,000,000; held 333,333 + 2 * 1,333,333 + 8,333,333 = 11,333,333 in the
    # first possible month, and 12,666,666 in the next.
    assert visitors == [7, 7, 7, 8]
    assert model.cash["county", model.month - 1][1:3] == (8_000_000, 4_000_000)


def test_fewer_positions_cancel_pending_hires_before_visitors() -> None:
    model, provider = only_provider(
        "funding.county.per_year={2023-01: 1000000 USD, 2024-03: 760000 USD}"
    )
    model.step()
    provider.visitors[0].leaves = provider.visitors[1].leaves = model.month
    model.step()
    assert [opening.serial for opening in provider.openings] == [8, 9]
    model.step()  # six positions: both hires are canceled, nobody is laid off
    assert provider.positions == 6
    assert provider.openings == []
    assert [visitor.serial for visitor in provider.visitors] == [2, 3, 4, 5, 6, 7]
    provider.allotted = 0
    provider.allot(model.streams[0], 4_000_000)
    provider.staff_month(model.month, opening_month=False)
    assert [visitor.serial for visitor in provider.visitors] == [2, 3, 4, 5]


# --- families and visitors -----------------------------------------------------------------------


def team(ages: list[int], units: int, program: str = "parents") -> tuple[Provider, list[Case], int]:
    """A provider with one trained visitor, and one family of each age, in a month."""
    scenario = today()
    month = scenario.start
    model = PlainModel(scenario, families([month - age for age in ages]), seed=1)
    provider = next(p for p in model.providers if p.program_name == program)
    provider.capacity = units
    provider.visitors = [Visitor(0, month, np.inf)]
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
    provider.capacity = 6
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
    assert case.visitor is provider.visitors[0]
    assert case.visitor_left is None
    provider.visitors = []
    provider.care_for_families(month + 1)
    assert visitor_of(case) is None
    assert case.visitor_left == month + 1
    provider.visitors = [Visitor(1, month + 2, np.inf)]
    provider.care_for_families(month + 2)
    assert case.visitor is provider.visitors[0]
    assert case.visitor_left == month + 1
    assert case.assignments == 2


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
    provider.capacity = 4
    provider.allocate(month)
    assert enrolled(cases) == [True, True, False, False]
    assert [case.begin for case in cases[:2]] == [month + 1] * 2
    provider.capacity = 5
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
    provider.capacity = 4
    provider.allocate(month)
    assert enrolled(cases) == [True, True, False, False]
    provider.capacity = 6
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


def test_a_simulated_family_takes_the_places_of_those_it_stands_for() -> None:
    model = PlainModel(today(), families([]), seed=1, scale=0.1)
    assert {provider.weight for provider in model.providers} == {10}
    provider, cases, month = team([5, 5], units=19)
    provider.weight = 10
    wait(cases, [month, month], provider)
    provider.allocate(month)
    assert sorted(enrolled(cases)) == [False, True]
