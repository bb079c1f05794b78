"""What a family's life does beyond the family: siblings, agencies that refer, moves, deaths."""

from __future__ import annotations

from collections import Counter

import pytest

from hvsim.reference import simulate_plainly
from hvsim.reference.families import Family
from hvsim.reference.model import PlainModel
from hvsim.scenario import Scenario
from reference.alone import START, lives, one
from reference.hamlet import everybody

NO_DOORS = ("doors.hospital.share_of_births=0", "doors.clinic.share_of_births=0")
NO_ENDINGS = ("outcomes.death.per_month=0", "outcomes.move.per_month=0")
QUIET = (*NO_DOORS, *NO_ENDINGS)
PREGNANT_AT_BIRTH = "outcomes.pregnancy.per_month={0: 100, 1: 0}"
ALL_REPORTED = ("chains.cps.detected=1", "outcomes.false-reports.per_month=0")


def followed(scenario: Scenario, birth_month: int = START) -> list[Family]:
    """A family and all that came of it, after the run."""
    model = PlainModel(scenario, one(scenario, birth_month), seed=3)
    while model.month <= model.last_month:
        model.step()
    return model.families


def happened(family: Family, *labels: str) -> list[tuple[int, str]]:
    """Child's age and label of what happened to a family."""
    return [(family.age(month), label) for month, label in family.history if label in labels]


# --- siblings ------------------------------------------------------------------------------------


def test_a_sibling_is_a_family_of_the_same_mother() -> None:
    older, younger = followed(lives(*QUIET, PREGNANT_AT_BIRTH))
    assert younger.birth_month == START + 9
    assert (younger.first_month, younger.last_month) == (START + 5, START + 9 + 29)
    assert younger.id != older.id
    for trait in ("frailty", "willingness"):
        assert younger.held[trait] == older.held[trait]
    assert younger.detection == older.detection
    assert younger.attributes == older.attributes | {"parity": "second-or-third-birth"}
    # It has its own next pregnancy; a third child would be born after the last births followed.
    assert happened(older, "pregnancy") == happened(younger, "pregnancy") == [(0, "pregnancy")]


def test_siblings_of_siblings() -> None:
    scenario = lives(*QUIET, PREGNANT_AT_BIRTH, "outcomes.pregnancy.sibling_after=5")
    births = [family.birth_month - START for family in followed(scenario)]
    assert births == [0, 5, 10]


def test_a_sibling_lives_from_its_entry_on_with_luck_of_its_own() -> None:
    scenario = lives(*QUIET, PREGNANT_AT_BIRTH, "outcomes.injury.per_month={-4: 0.5}")
    older, younger = followed(scenario)
    months = [month for month, _ in younger.history]
    assert START + 5 <= min(months) <= max(months) <= younger.last_month
    assert happened(older, "injury") != happened(younger, "injury")


@pytest.mark.parametrize(("harm_at", "reported_before"), [(0, True), (1, False)])
def test_reports_by_the_month_of_the_pregnancy_count_for_the_sibling(
    harm_at: int, reported_before: bool
) -> None:
    harm = f"outcomes.harm.per_month={{{harm_at}: 50, {harm_at + 1}: 0}}"
    scenario = lives(
        *QUIET, *ALL_REPORTED, PREGNANT_AT_BIRTH, harm, "chains.cps.after_first_report=0"
    )
    older, younger = followed(scenario)
    assert {age for age, _ in happened(older, "reported")} == {harm_at}
    # Who was reported before is not reported again: the factor is zero.
    assert (not happened(younger, "reported")) == reported_before
    assert happened(younger, "harm")


def test_siblings_are_in_the_trace_of_a_run() -> None:
    scenario = lives(*QUIET, PREGNANT_AT_BIRTH)
    run = simulate_plainly(scenario, one(scenario), seed=3)
    assert Counter(label for _, _, label in run.trace)["pregnancy"] == 2
    assert len({family for family, _, _ in run.trace}) == 2


# --- agencies ------------------------------------------------------------------------------------


def agency(after: str, *overrides: str, harm: str = "{1: 50, 2: 0}") -> Scenario:
    door = (
        f"{{label: Agency, kind: agency, chain: cps, after: {after}, refers: 1, "
        "consents: 0, offers: [light]}"
    )
    return lives(
        *NO_DOORS,
        "outcomes.move.per_month=0",
        "outcomes.pregnancy.per_month=0",
        *ALL_REPORTED,
        f"outcomes.harm.per_month={harm}",
        "chains.cps.stages.substantiated.if_true=0",
        f"doors.agency={door}",
        "outcomes.death.per_month=0",
        *overrides,
    )


def test_an_agency_refers_once_for_all_that_happens_in_a_month() -> None:
    (family,) = followed(agency("reported"))
    assert len(happened(family, "reported")) > 10
    assert happened(family, "contacted/agency") == [(2, "contacted/agency")]


def test_an_agency_refers_as_often_as_it_hears_of_a_family() -> None:
    (family,) = followed(agency("reported", harm="{1: 50, 2: 0, 5: 50, 6: 0}"))
    contacts = happened(family, "contacted/agency")
    assert contacts == [(2, "contacted/agency"), (6, "contacted/agency")]


@pytest.mark.parametrize(("stage", "contacts"), [("investigated", 1), ("substantiated", 0)])
def test_an_agency_listens_to_one_stage(stage: str, contacts: int) -> None:
    (family,) = followed(agency(stage))
    assert len(happened(family, "contacted/agency")) == contacts


@pytest.mark.parametrize("ending", ["move", "death"])
def test_who_has_moved_or_died_is_not_met(ending: str) -> None:
    certain = f"outcomes.{ending}.per_month={{1: 50, 2: 0}}"
    (family,) = followed(agency("reported", certain, harm="{1: 50, 2: 0, 5: 50, 6: 0}"))
    assert happened(family, ending) == [(1, ending)]
    assert happened(family, "contacted/agency") == []
    # Reports go on after a move.
    assert {age for age, _ in happened(family, "reported")} == ({1, 5} if ending == "move" else {1})


# --- endings in the run --------------------------------------------------------------------------


def test_nothing_happens_to_the_dead_and_nobody_meets_who_left() -> None:
    scenario = lives("outcomes.death.per_month=0.02", "outcomes.move.per_month=0.02")
    run = simulate_plainly(scenario, everybody(scenario, 12), seed=7)
    last = {family: month for family, month, label in run.trace if label == "death"}
    moved = {family: month for family, month, label in run.trace if label == "move"}
    assert len(last) > 50
    assert len(moved) > 50
    for family, month, label in run.trace:
        assert month <= last.get(family, month)
        if "/" in label:
            assert month <= moved.get(family, month)
        transition = label.split("/")[0]
        assert transition != "deceased" or month == last[family]
        assert transition != "moved" or month == moved[family]
    transitions = Counter(label.split("/")[0] for _, _, label in run.trace)
    assert transitions["deceased"] > 0
    assert transitions["moved"] > 0
