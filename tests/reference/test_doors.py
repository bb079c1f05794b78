"""Doors of all kinds, hubs and the offers that they bring, worked by hand."""

from __future__ import annotations

import pytest

from hvsim.reference.families import Case, Family, State
from hvsim.reference.hubs import Hub
from hvsim.reference.model import PlainModel
from hvsim.reference.offers import Offering
from hvsim.scenario import Scenario
from reference.hamlet import families, one_family, today, until, way

START = today().start
NO_CLINIC = "doors.clinic.share_of_births=0"
NO_HOSPITAL = "doors.hospital.share_of_births=0"
ALWAYS = (
    "doors.hospital.share_of_births=1",
    "doors.hospital.consents=0",
    "programs.light.accepts=1",
    "programs.light.gives_way_to=[]",
    "programs.light.visits_completed=1",
    "programs.light.leaves_per_month=0",
    "programs.light.staff.turnover_per_year=0",
    NO_CLINIC,
)


def door(name: str, **terms: object) -> str:
    stated = {"label": name, "consents": 0, "offers": "[]"} | terms
    return f"doors.{name}={{{', '.join(f'{key}: {value}' for key, value in stated.items())}}}"


def contacts(family: Family, name: str) -> list[int]:
    return [month for month, label in way(family) if label == f"contacted/{name}"]


# --- contacts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drawn", "met_at"),
    [(0.1, -3), (0.5, -3), (0.6, -2), (2.0, 0), (2.1, 1), (3.0, 1), (3.1, None)],
)
def test_a_community_door_is_met_when_enough_contacts_are_accumulated(
    drawn: float, met_at: int | None
) -> None:
    wic = door(
        "wic", kind="community", share_of_births=1, contacts_per_month="{-3: 0.5, 1: 1, 2: 0}"
    )
    model = one_family(today(NO_HOSPITAL, NO_CLINIC, wic))
    model.luck.exponential = lambda *_: drawn  # type: ignore[method-assign]  # the draw that is asked for  # luck by hand
    # By the end of ages -3, -2, -1, 0 and 1 there are 0.5, 1, 1.5, 2 and 3.
    assert contacts(until(model, START + 6), "wic") == ([] if met_at is None else [met_at + 1])


def test_who_is_not_in_its_reach_never_meets_a_community_door() -> None:
    wic = door("wic", kind="community", share_of_births=0, contacts_per_month=9)
    assert contacts(until(one_family(today(wic)), START + 6), "wic") == []


def test_an_agency_door_refers_after_each_event_but_meets_once_for_a_month() -> None:
    agency = door("agency", kind="agency", chain="cps", after="reported", refers="60%")
    model = one_family(today(NO_HOSPITAL, NO_CLINIC, agency))
    family = until(model, START)
    (found,) = [d for d in model.doors if d.name == "agency"]
    terms = model.terms.doors["agency"]
    draws = {k: model.luck.uniform(family.key, "door", "agency", k) for k in range(40)}
    referring = [k for k, u in draws.items() if u < 0.6]
    for k in draws:
        found.refer(family, START, k, terms)
    found.refer(family, START + 1, referring[0], terms)
    found.refer(family, START + 3, next(k for k in draws if k not in referring), terms)
    assert found.met[START + 1] == found.met[START + 2] == [family]
    assert found.met[START + 4] == []


def test_consent_at_an_agency_door_is_drawn_anew_at_each_contact() -> None:
    agency = door("agency", kind="agency", chain="cps", after="reported", refers=1, consents="50%")
    model = one_family(today(NO_HOSPITAL, NO_CLINIC, agency))
    (family,) = model.families
    (found,) = [d for d in model.doors if d.name == "agency"]
    terms = model.terms.doors["agency"]
    # Months since entry: the family entered four months before START.
    u = [model.luck.uniform(family.key, "consents", "agency", k) for k in range(4, 12)]
    consents = [found._consents(family, START + month, terms) for month in range(8)]
    assert consents == [each < 0.5 for each in u]
    assert {True, False} == set(consents)


def test_a_program_door_is_met_once_when_visits_suffice() -> None:
    home = door("home", kind="program", after="light", after_visits=2, refers=1, offers="[]")
    family = until(one_family(today(*ALWAYS, home)), START + 12)
    visits = [month for month, label in way(family) if label.startswith("visits-completed")]
    assert visits == [1, 3, 5, 7, 8]
    assert contacts(family, "home") == [4]  # the month after the second visit


def test_nobody_is_met_after_moving() -> None:
    model = one_family(today("doors.hospital.share_of_births=1", NO_CLINIC))
    until(model, START - 1).moved = True
    assert way(until(model, START + 3)) == []


# --- what doors change ---------------------------------------------------------------------------


def test_a_door_moves_the_odds_of_accepting_and_the_hazard_of_leaving() -> None:
    scenario = today(
        "doors.hospital.acceptance_odds_ratio=0.5",
        "doors.hospital.leaving_hazard_ratio=1.5",
        "programs.light.accepts=50%",
    )
    model = one_family(scenario)
    (family,) = model.families
    offering = offers_now(model)
    for u, accepted in ((0.33, True), (0.34, False)):  # odds 1 halved: a chance of a third
        model.luck.uniform = lambda *_, u=u: u  # type: ignore[method-assign]  # the draw that is asked for
        assert offering._accepts(family, "light", "hospital") is accepted
    provider = next(p for p in model.providers if p.program_name == "light")
    case = Case(family, "light", provider.program, "hospital", State.ENROLLED, begin=START)
    assert provider._hazard_of_leaving(case, START) == pytest.approx(0.05 * 1.5)


@pytest.mark.parametrize(
    ("ended_in", "u", "state"),
    [(-1, 0.59, "DROPPED_OUT"), (-1, 0.61, "ENROLLED"), (-2, 0.59, "ENROLLED")],
)
def test_who_came_through_a_case_may_leave_when_it_closes(
    ended_in: int, u: float, state: str
) -> None:
    agency = door(
        "agency",
        kind="agency",
        chain="cps",
        after="reported",
        refers=1,
        closure="{of: depression, leaves: 60%}",
    )
    model = one_family(today(*ALWAYS, agency))
    family = until(model, START + 1)
    case = family.cases["light"]
    case.door = "agency"
    provider = next(p for p in model.providers if case in p.cases)
    family.spells["depression"].ended_in = model.month + ended_in
    model.luck.uniform = lambda *_: u  # type: ignore[method-assign]  # the draw that is asked for  # luck by hand
    list(provider.visit(model.month, stopped=False))
    assert case.state.name == state


# --- offers --------------------------------------------------------------------------------------


def offers_now(model: PlainModel) -> Offering:
    return Offering(
        model.programs,
        model.door_terms,
        model.providers,
        model.policy,
        model.month,
        model.margins,
        model.luck,
    )


def test_no_offer_before_the_age_of_enrollment() -> None:
    for youngest, offered in ((1, True), (2, False)):  # age 1 in the month after birth
        scenario = today(*ALWAYS, f"programs.light.enroll_from_age={youngest}")
        labels = [label for _, label in way(until(one_family(scenario), START))]
        assert ("eligible/hospital/light" in labels) is offered


@pytest.mark.parametrize(
    ("state", "finish", "returns_after", "closed"),
    [
        (State.COMPLETED, -2, None, True),
        (State.COMPLETED, -2, 3, False),  # one more month, less the first without service
        (State.COMPLETED, -2, 4, True),
        (State.TRANSFERRED, -2, 3, False),
        (State.TRANSFERRED, None, 0, True),  # gave way while waiting
        (State.EXPIRED, None, None, False),
        (State.WAITING, None, 0, True),
        (State.ENROLLED, None, 0, True),
    ],
)
def test_a_track_is_open_again_some_time_after_service(
    state: State, finish: int | None, returns_after: int | None, closed: bool
) -> None:
    again = "null" if returns_after is None else returns_after
    model = one_family(today(f"programs.light.returns_after={again}"))
    family = until(model, START - 1)
    program = model.programs["light"]
    case = Case(family, "light", program, "hospital", state)
    case.finish = None if finish is None else START + finish
    family.cases["light"] = case
    assert offers_now(model)._is_closed(family, program) is closed


def test_a_second_spell_goes_on_counting_visits_and_visitors() -> None:
    scenario = today(
        *ALWAYS,
        door(
            "later",
            kind="community",
            share_of_births=1,
            contacts_per_month="{2: 9}",
            offers="[light]",
        ),
        "programs.light.returns_after=2",
        "programs.light.enroll_until_age=5",
    )
    model = one_family(scenario)
    model.luck.exponential = lambda *_: 5.0  # type: ignore[method-assign]  # the draw that is asked for  # luck by hand
    family = until(model, START + 1)
    family.cases["light"].leave(State.DROPPED_OUT, START)  # as if the visit were a month before
    until(model, START + 8)
    labels = [label for _, label in way(family) if label.endswith("/light")]
    assert labels.count("enrolled/later/light") == 1
    assert family.services["light"].completed == 1 + 3  # then in the months of ages 5, 7, 8
    assert family.assignments == {"light": 2}


def test_levels_may_count_from_enrollment() -> None:
    family = until(one_family(today(*ALWAYS, "programs.light.levels_from=enrollment")), START + 12)
    months = [month for month, label in way(family) if label.startswith("visits-scheduled")]
    assert months == [2, 4, 6, 8, 9]  # service begins in month 1
    assert (9, "completed/hospital/light") in way(family)


# --- hubs ----------------------------------------------------------------------------------------

HUB = (
    "hubs.intake={label: Intake, months: 1, families_per_month: 5, reaches: 1, match: listed}",
    "doors.hospital.hub=intake",
)


def test_a_hub_calls_some_time_after_the_referral_and_then_offers() -> None:
    scenario = today(*ALWAYS, *HUB, "programs.parents.offer_to=nobody")
    assert way(until(one_family(scenario), START + 1)) == [
        (0, "contacted/hospital"),
        (0, "referred/hospital"),
        (1, "reached/hospital"),
        (1, "eligible/hospital/light"),
        (1, "offered/hospital/light"),
        (1, "waitlisted/hospital/light"),
        (1, "eligible/hospital/parents"),
        (1, "enrolled/hospital/light"),
    ]


def test_who_is_not_reached_or_has_nothing_to_be_offered_gets_no_offer() -> None:
    for override, label in (
        ("hubs.intake.reaches=0", "referred/hospital"),
        ("doors.hospital.offers=[]", "contacted/hospital"),
    ):
        others = ("programs.light.offer_to=nobody", "programs.parents.offer_to=nobody")
        family = until(one_family(today(*ALWAYS, *HUB, *others, override)), START + 3)
        assert [what for _, what in way(family)][-1] == label


def hub(scenario: Scenario, count: int, scale: float = 1) -> tuple[Hub, list[Family]]:
    model = PlainModel(scenario, families([START] * count), seed=1, scale=scale)
    return model.hubs["intake"], model.families


def test_the_longest_waiting_are_called_first_and_equals_by_luck() -> None:
    intake, waiting = hub(today(*HUB, "hubs.intake.families_per_month=2"), 5)
    for family, month in zip(waiting, (1, 0, 0, 0, 2), strict=True):
        intake.refer(family, START + month, "hospital")
    intake.refer(waiting[0], START + 2, "clinic")  # is on the list already
    place = {family: intake.luck.uniform(family.key, "hub", "intake") for family in waiting}
    early = sorted(waiting[1:4], key=lambda family: place[family])
    assert intake.call(START) == []  # a month must pass
    assert intake.call(START + 1) == [(family, "hospital") for family in early[:2]]
    assert intake.call(START + 2) == [(early[2], "hospital"), (waiting[0], "hospital")]
    assert list(intake.queue) == [waiting[4]]


def test_calls_are_shared_among_simulated_families() -> None:
    intake, _ = hub(today(*HUB), 0, scale=0.1)
    calls = [intake._calls(intake.first_month + month) for month in range(6)]
    assert calls == [0, 1, 0, 1, 0, 1]  # five calls a month, one in ten families


def test_who_has_moved_leaves_the_list_without_taking_a_call() -> None:
    intake, waiting = hub(today(*HUB, "hubs.intake.families_per_month=1"), 2)
    for month, family in enumerate(waiting):
        intake.refer(family, START + month, "hospital")
    waiting[0].moved = True
    assert intake.call(START + 2) == [(waiting[1], "hospital")]


def most_room(units: dict[str, int]) -> PlainModel:
    model = one_family(
        today(
            *ALWAYS,
            "hubs.intake={label: Intake, months: 0, families_per_month: 5, reaches: 1, "
            "match: most-room}",
            "doors.hospital.hub=intake",
            "doors.hospital.offers=[nurses, parents]",
            "programs.light.offer_to=nobody",
            "programs.nurses.enroll_until_age=9",
            "programs.nurses.offer_to=everyone",
            "programs.nurses.accepts=1",
            "programs.parents.accepts=1",
        ),
        parity="first-birth",
    )
    until(model, START - 1)
    for provider in model.providers:
        provider.team.capacity = units.get(provider.name, 0)
    return model


@pytest.mark.parametrize(
    ("units", "chosen"),
    [
        ({"nurse-team": 20, "hill-parents": 25}, "hill-parents"),  # 20/20 < 25/24
        ({"nurse-team": 21, "hill-parents": 25}, "nurse-team"),
        ({"nurse-team": 20, "hill-parents": 24, "both-parents": 24}, "nurse-team"),
        ({"hill-parents": 24, "both-parents": 25}, "both-parents"),
        ({"hill-parents": 24, "both-parents": 24}, "hill-parents"),
    ],
)
def test_a_hub_may_offer_the_program_and_provider_with_most_room(
    units: dict[str, int], chosen: str
) -> None:
    model = most_room(units)
    (family,) = model.families
    offers_now(model).by_room(family, "hospital")
    assert [p.name for p in model.providers if p.waiting] == [chosen]
    labels = [label for _, label in way(family) if label.startswith(("eligible", "offered"))]
    assert labels[:2] == ["eligible/hospital/nurses", "eligible/hospital/parents"]
    assert len(labels) == 3
    # Who waits takes his load off: two units next month.
    provider = next(p for p in model.providers if p.waiting)
    assert provider.room(model.month) == (units[chosen] - 2) / provider.program.caseload


def test_room_is_also_taken_by_who_is_in_service_next_month() -> None:
    model = most_room({"both-parents": 24})
    provider = next(p for p in model.providers if p.name == "both-parents")
    case = Case(model.families[0], "parents", provider.program, "hospital", State.ENROLLED)
    case.begin = model.month + 1
    provider.cases.append(case)
    assert provider.room(model.month) == 22 / 24
    case.finish = model.month + 1
    assert provider.room(model.month) == 1


def test_who_is_followed_no_longer_next_month_takes_no_room() -> None:
    model = most_room({"nurse-team": 20})
    (family,) = model.families
    offers_now(model).by_room(family, "hospital")
    provider = next(p for p in model.providers if p.waiting)
    assert provider.room(model.month) == 18 / 20
    family.last_month = model.month
    assert provider.room(model.month) == 1
