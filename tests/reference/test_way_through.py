"""One family's way through the doors, offers, service and reports."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from hvsim.reference import simulate_plainly
from hvsim.reference.families import Case, State
from hvsim.reference.model import PlainModel
from hvsim.scenario import Scenario
from reference.hamlet import expansion, families, one_family, today, until, way

START = today().start
CERTAIN = ("doors.hospital.share_of_births=1", "doors.hospital.consents=1")


# --- contacts and screening ----------------------------------------------------------------------


def test_birth_is_handled_at_once_and_a_prenatal_contact_in_the_next_month() -> None:
    scenario = today(*CERTAIN, "doors.clinic.share_of_births=1", "doors.clinic.consents=0")
    family = until(one_family(scenario, prenatal_care="care-from-second-trimester"), START + 1)
    contacts = [entry for entry in way(family) if entry[1].startswith(("contacted", "screened"))]
    # Both in the month of birth: the clinic was met a month earlier. Doors in their order.
    assert contacts == [
        (0, "contacted/hospital"),
        (0, "screened/hospital"),
        (0, "contacted/clinic"),
    ]


def test_no_prenatal_care_no_prenatal_door() -> None:
    scenario = today("doors.clinic.share_of_births=1", "doors.hospital.share_of_births=0")
    family = until(one_family(scenario, prenatal_care="no-prenatal-care"), START + 3)
    assert way(family) == []


@pytest.mark.parametrize(("flagged", "labels"), [("0", 2), ("1", 3)])
def test_flagged_if_the_score_is_high(flagged: str, labels: int) -> None:
    scenario = today(*CERTAIN, f"screening.flagged={flagged}", "doors.clinic.share_of_births=0")
    family = until(one_family(scenario), START)
    steps = ["contacted/hospital", "screened/hospital", "flagged/hospital"]
    assert [label for _, label in way(family) if label in steps] == steps[:labels]


@pytest.mark.parametrize(("mean", "labels"), [("-9", 1), ("9", 2)])
def test_flagged_without_need_is_a_false_positive(mean: str, labels: int) -> None:
    scenario = today(
        *CERTAIN,
        "screening.flagged=99.9999%",
        "screening.correlation_with_risk=0",
        "screening.correlation_with_detection=0",
        f"screening.risk_mean={mean}",
        "doors.clinic.share_of_births=0",
    )
    family = until(one_family(scenario), START)
    steps = ["flagged/hospital", "false-positive/hospital"]
    assert [label for _, label in way(family) if label in steps] == steps[:labels]


# --- offers --------------------------------------------------------------------------------------


def offers_of(scenario: Scenario, *programs: str) -> list[str]:
    """What the hospital found and offered of the programs, as ``offered/nurses``."""
    family = until(one_family(scenario), START)
    labels = [label.split("/") for _, label in way(family)]
    return [
        f"{transition}/{program[0]}"
        for transition, door, *program in labels
        if transition in ("eligible", "offered") and door == "hospital" and program[0] in programs
    ]


ALL_DOORS_NURSES = (
    *CERTAIN,
    "doors.clinic.share_of_births=0",
    "doors.hospital.offers=[light, parents, nurses]",
    "screening.flagged=1",
)
NEWBORNS = "programs.nurses.enroll_until_age=1"


def test_an_offer_closes_its_track_for_the_contact_even_if_declined() -> None:
    scenario = today(*ALL_DOORS_NURSES, NEWBORNS, "programs.nurses.accepts=0")
    # Programs come in their own order, not in the door's.
    assert offers_of(scenario, "nurses", "parents") == ["eligible/nurses", "offered/nurses"]


@pytest.mark.parametrize(
    ("override", "nurses"),
    [
        (NEWBORNS, ["eligible", "offered"]),
        ("programs.nurses.enroll_until_age=0", []),  # age 1 next month
        ("programs.nurses.eligible={parity: [fourth-or-later-birth]}", []),
        ("programs.nurses.eligible={region: [dale]}", []),
        ("providers.nurse-team.regions=[dale]", []),
    ],
)
def test_who_is_eligible(override: str, nurses: list[str]) -> None:
    labels = offers_of(today(*ALL_DOORS_NURSES, NEWBORNS, override), "nurses", "parents")
    rest = [] if nurses else ["eligible/parents", "offered/parents"]
    assert labels == [f"{transition}/nurses" for transition in nurses] + rest


@pytest.mark.parametrize(
    ("rule", "flagged", "consents", "offered"),
    [
        ("everyone", "0", "0", True),
        ("nobody", "1", "1", False),
        ("{screened: high}", "1", "1", True),
        ("{screened: high}", "0", "1", False),
        ("{screened: high}", "1", "0", False),
        ("{screened: low}", "0", "1", True),
        ("{screened: low}", "0", "0", False),
    ],
)
def test_whom_a_program_is_offered_to(
    rule: str, flagged: str, consents: str, offered: bool
) -> None:
    scenario = today(
        "doors.hospital.share_of_births=1",
        "doors.clinic.share_of_births=0",
        f"doors.hospital.consents={consents}",
        f"screening.flagged={flagged}",
        f"programs.light.offer_to={rule}",
    )
    expected = ["eligible/light"] + ["offered/light"] * offered
    assert offers_of(scenario, "light") == expected


def test_light_visits_are_not_offered_to_who_has_a_place_in_the_intensive_track() -> None:
    model = one_family(today(*CERTAIN))
    family = until(model, START - 1)
    case = Case(family, "parents", model.programs["parents"], "clinic", State.ENROLLED)
    case.begin = START - 1
    family.cases["intensive"] = case
    model.step()
    offers = [label for _, label in way(family) if label.startswith(("eligible", "offered"))]
    assert [label for label in offers if "/hospital/" in label] == ["eligible/hospital/light"]


def test_who_declined_may_be_asked_again_and_who_waits_may_not() -> None:
    doors = (*CERTAIN, "doors.clinic.share_of_births=1", "programs.nurses.offer_to=nobody")
    for accepts, offers in (("0", 2), ("1", 1)):
        scenario = today(*doors, f"programs.parents.accepts={accepts}")
        family = until(one_family(scenario), START)
        labels = [label for _, label in way(family) if label.startswith("offered")]
        assert sum(label.endswith("/parents") for label in labels) == offers


# --- service -------------------------------------------------------------------------------------

STAYS = (
    "programs.light.accepts=1",
    "programs.light.gives_way_to=[]",
    "programs.light.leaves_per_month=0",
    "programs.light.visits_completed=1",
    "programs.light.staff.turnover_per_year=0",
    "programs.parents.offer_to=nobody",
    "doors.clinic.share_of_births=0",
)


def test_a_complete_service() -> None:
    model = one_family(today(*CERTAIN, *STAYS, "screening.flagged=0"))
    family = until(model, START + 24)
    assert way(family) == [
        (0, "contacted/hospital"),
        (0, "screened/hospital"),
        (0, "eligible/hospital/light"),
        (0, "offered/hospital/light"),
        (0, "waitlisted/hospital/light"),
        (0, "eligible/hospital/parents"),
        (0, "enrolled/hospital/light"),
        # Five visits over nine months fall in months 1, 3, 5, 7 and 8 of age.
        *(
            (month, f"visits-{what}/hospital/light")
            for month in (1, 3, 5, 7, 8)
            for what in ("scheduled", "completed")
        ),
        (8, "completed/hospital/light"),
    ]
    case = family.cases["light"]
    assert (case.begin, case.finish) == (START + 1, START + 9)
    effects = model.life_course.effects
    doses = [effects.doses(family, START + month)["light"] for month in (8, 9, 14, 15, 21)]
    assert doses == pytest.approx([1, 1, 1, 2**-0.5, 0.5])


def test_on_hold_visits_are_missed_and_service_withdrawn() -> None:
    model = one_family(today(*CERTAIN, *STAYS))
    family = until(model, START + 2)
    model.streams.clear()  # no stream pays from now on
    until(model, START + 6)
    assert [entry for entry in way(family) if entry[0] > 1] == [
        (3, "visits-scheduled/hospital/light"),
        (4, "withdrawn-no-money/hospital/light"),
    ]


def test_leaving_is_likelier_for_some_months_after_a_visitor_left() -> None:
    model = one_family(today("programs.parents.leaves_per_month={0: 0.06, 6: 0.03}"))
    provider = next(p for p in model.providers if p.name == "both-parents")
    case = Case(model.families[0], "parents", provider.program, "hospital")
    case.begin, case.visitor_left = START, START + 4
    hazards = [provider._hazard_of_leaving(case, START + m) for m in (4, 5, 6, 7)]
    assert hazards == pytest.approx([0.12, 0.12, 0.03, 0.03])


# --- chain ---------------------------------------------------------------------------------------

SURE = (
    "doors.hospital.share_of_births=0",
    "doors.clinic.share_of_births=0",
    "chains.cps.detected=1",
    "chains.cps.stages.investigated.if_true=1",
    "chains.cps.stages.investigated.if_false=0",
    "chains.cps.stages.substantiated.if_true=1",
    "chains.cps.stages.substantiated.if_false=1",
    "chains.cps.stages.placed.if_true=0",
)


def labels_by_month(scenario: Scenario, n: int) -> dict[tuple[int, int], list[str]]:
    months: dict[tuple[int, int], list[str]] = {}
    for family, month, label in simulate_plainly(scenario, families([START] * n), seed=5).trace:
        if label not in ("injury", "depression", "depression-recovery"):
            months.setdefault((family, month), []).append(label)
    return months


def test_a_chain_follows_true_and_false_reports() -> None:
    months = labels_by_month(today(*SURE), 200)
    assert len(months) > 100
    for labels in months.values():
        count = {label: labels.count(label) for label in labels}
        harm, false = count.get("harm", 0), count.get("false-reports", 0)
        assert count.get("reported", 0) == harm + false
        assert count.get("reported-without-harm", 0) == false
        assert count.get("investigated", 0) == count.get("substantiated", 0) == harm
        assert "placed" not in count


def test_the_first_report_acts_from_the_next_month_on() -> None:
    scenario = today(*SURE, "chains.cps.after_first_report=0")
    months = [
        family
        for (family, _), labels in labels_by_month(scenario, 200).items()
        if "reported" in labels
    ]
    assert len(set(months)) == len(months) > 100


def test_detection_odds() -> None:
    plain = ("chains.cps.detected=30%", "chains.cps.after_first_report=1")
    scenario = today(*SURE, *plain, "outcomes.harm.per_month=0.2")
    columns = families([START] * 400)
    columns = replace(columns, detection=np.full(400, 1.0))
    labels = [label for _, _, label in simulate_plainly(scenario, columns, seed=5).trace]
    true = labels.count("reported") - labels.count("reported-without-harm")
    p = 1 / (1 + math.exp(-(math.log(3 / 7) + 0.5)))
    n = labels.count("harm")
    assert true / n == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / n))


def in_service(model: PlainModel, program: str, month: int, share: float = 1) -> Case:
    """The family, in service and with a share of a hundred visits received."""
    case = Case(model.families[0], program, model.programs[program], "hospital", State.ENROLLED)
    case.begin = month - 2
    case.service.scheduled, case.service.completed = 100, round(100 * share)
    case.family.cases[case.program.track] = case
    return case


class Told:
    """A clock that only tells what intensity it was given."""

    in_force = True

    def __init__(self) -> None:
        self.intensity = 0.0

    def pass_month(self, intensity: float) -> range:
        self.intensity = intensity
        return range(0)


def intensities(model: PlainModel, month: int) -> dict[str, float]:
    """What each outcome's clock is given in a month, relative to the family's own multiplier."""
    family = model.families[0]
    clocks = {name: Told() for name in model.terms.outcomes}
    family.events = family.spells = clocks  # type: ignore[assignment]  # clocks by hand
    model.life_course.live(family, month)
    return {
        name: clock.intensity / (1 if name == "depression" else family.multiplier[name])
        for name, clock in clocks.items()
    }


def test_rates_without_service() -> None:
    model = one_family(today())
    assert intensities(model, START + 3) == pytest.approx(
        {"harm": 0.05, "false-reports": 0.02, "injury": 0.02, "depression": 0.15}
    )
    assert intensities(model, START + 13)["harm"] == pytest.approx(0.03 * 0.9)  # from 2025 on
    assert intensities(model, START - 1)["harm"] == 0


def test_the_strongest_effect_acts_on_onsets_and_recoveries() -> None:
    model = one_family(today())
    month = START + 3
    in_service(model, "light", month, share=0.9)
    nurses = in_service(model, "nurses", month, share=0.36)  # the dose is the square root, 0.6
    nurses.on_hold = True  # hence no closer look
    assert intensities(model, month) == pytest.approx(
        {
            "harm": 0.05 * 0.7 ** (0.6 / 0.5),
            "false-reports": 0.02,
            "injury": 0.02 * 0.7 ** (0.9 / 0.6),
            "depression": 0.15 * 1.2 ** (0.6 / 0.5),
        }
    )


def test_visitors_and_earlier_reports_raise_false_reports() -> None:
    model = one_family(today())
    family, month = model.families[0], START + 3
    in_service(model, "nurses", month, share=0)
    assert intensities(model, month)["false-reports"] == pytest.approx(0.02 * 1.2)
    family.first_report["cps"] = month
    assert intensities(model, month)["false-reports"] == pytest.approx(0.02 * 1.2)
    family.first_report["cps"] = month - 1
    assert intensities(model, month) == pytest.approx(
        {"harm": 0.05, "false-reports": 0.02 * 1.2 * 1.6, "injury": 0.02, "depression": 0.15}
    )


# --- policies ------------------------------------------------------------------------------------


def test_the_earlier_policy_holds_before_the_start() -> None:
    births = [START - 1] * 60 + [START] * 60
    scenario = expansion("doors.maternity.share_of_births=1")
    run = simulate_plainly(scenario, families(births), seed=1)
    doors = {(month, label) for _, month, label in run.trace if label.startswith("contacted")}
    assert {label for month, label in doors if month < START} >= {"contacted/hospital"}
    assert "contacted/maternity" not in {label for month, label in doors if month < START}
    assert "contacted/hospital" not in {label for month, label in doors if month >= START}
    assert run.capacity["hill-parents", START - 1][1] > 0
    assert run.capacity["hill-parents", START][1] == 0
    assert run.capacity["dale-light", START - 1][1] == 0
    assert run.capacity["dale-light", START][1] > 0
    assert run.money["grant", START - 1][0] > 0
    assert run.money["grant", START][0] == 0
