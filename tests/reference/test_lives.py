"""Kinds of outcome, by hand: each rule of ``docs/model.md``, 5.7 and 5.8, on one family."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.reference import rules
from hvsim.reference.families import State
from reference.alone import START, Alone, lives, one

# --- amounts -------------------------------------------------------------------------------------


def test_each_event_brings_its_own_number() -> None:
    # Events at intensities 0.25 and 0.45; a draw of 0.3 exceeds -log(3/4) = 0.288 once, 1 thrice.
    draws = {"outcome/hospital-stay": [0.25, 0.2], "amount/hospital-stay": [0.3, 1.0]}
    alone = Alone(lives(), draws)
    alone.live(8)
    assert alone.way() == [
        (2, "hospital-stay"),
        *[(2, "hospital-nights")] * 2,
        (4, "hospital-stay"),
        *[(4, "hospital-nights")] * 4,
    ]


def test_an_amount_of_mean_one_is_one() -> None:
    assert {rules.amount(draw, 1) for draw in (1e-9, 0.5, 40)} == {1}


@pytest.mark.parametrize("mean", [1.05, 4.0, 20.0])
def test_amounts_have_their_mean(mean: float) -> None:
    n = 10_000
    draws = -np.log((np.arange(n) + 0.5) / n)
    average = sum(rules.amount(float(draw), mean) for draw in draws) / n
    assert average == pytest.approx(mean, rel=0.01)


# --- siblings ------------------------------------------------------------------------------------

EXPECTING = {"outcome/pregnancy": [0.5, 0.1, 0.1]}  # reached at age 2


def test_only_the_first_pregnancy_happens() -> None:
    alone = Alone(lives(), EXPECTING)
    assert alone.live(1).births == []
    assert alone.live(2).births == [START + 2 + 9]
    assert alone.live(9).births == []
    assert alone.way() == [(2, "pregnancy")]


def test_of_several_pregnancies_in_a_month_the_first_alone_happens() -> None:
    alone = Alone(lives("outcomes.pregnancy.per_month=1"), EXPECTING)
    assert alone.live(-4).births == [START - 4 + 9]
    assert alone.way() == [(-4, "pregnancy")]


@pytest.mark.parametrize(("before_end", "births"), [(11, 1), (10, 0)])
def test_a_sibling_is_born_by_the_end_of_births_or_not_followed(
    before_end: int, births: int
) -> None:
    scenario = lives()
    alone = Alone(scenario, EXPECTING, one(scenario, scenario.end - before_end))
    assert len(alone.live(2).births) == births
    assert alone.way() == [(2, "pregnancy")]


def test_who_has_moved_brings_no_sibling() -> None:
    for move, births in ((0.2, 0), (0.3, 1)):  # in month 1, or at the end of month 2
        alone = Alone(lives(), EXPECTING | {"outcome/move": [move]})
        assert len(alone.live(2).births) == births
        assert (2, "pregnancy") in alone.way()


# --- states that begin with a stage --------------------------------------------------------------


def placements(*thresholds: float) -> dict[str, list[float]]:
    """Draws of episodes that all lead to a placement, at the stated accumulated harm."""
    n = len(thresholds)
    sure = [0.0] * (2 * n)
    return {
        "outcome/harm": np.diff(thresholds, prepend=0).tolist(),
        "detected/cps": sure,
        **{f"stage/cps:{stage}": sure for stage in ("investigated", "substantiated", "placed")},
    }


EVENTS = "outcomes.harm.per_month={0: 0.1}"


def test_a_placement_begins_a_spell_in_care_that_its_own_clock_ends() -> None:
    # Harm at ages 1, 2 and 6. In force from 2 on; the second episode falls into that spell.
    draws = placements(0.15, 0.25, 0.65) | {"exit/in-care": [1.2, 0.4]}
    alone = Alone(lives(EVENTS), draws)
    alone.live(3)
    assert alone.family.spells["in-care"].ended_in is None
    alone.live(4)
    assert alone.family.spells["in-care"].ended_in == START + 4
    alone.live(12)
    assert [entry for entry in alone.way() if "care" in entry[1]] == [
        (1, "in-care"),
        (4, "in-care-recovery"),
        (6, "in-care"),
        (7, "in-care-recovery"),
    ]
    months = sorted(
        month - START for state, month in alone.course.months_in_state if state == "in-care"
    )
    assert months == [2, 3, 4, 7]


def test_a_placement_in_the_month_in_which_care_ends_begins_nothing() -> None:
    draws = placements(0.15, 0.45) | {"exit/in-care": [1.2]}  # ages 1 and 4
    alone = Alone(lives(EVENTS), draws)
    alone.live(20)
    assert [entry for entry in alone.way() if "care" in entry[1]] == [
        (1, "in-care"),
        (4, "in-care-recovery"),
    ]


def test_a_report_alone_begins_no_care() -> None:
    draws = placements(0.15) | {"stage/cps:placed": [0.99]}
    alone = Alone(lives(EVENTS), draws)
    alone.live(20)
    assert "in-care" not in [label for _, label in alone.way()]


# --- statuses ------------------------------------------------------------------------------------


def early(
    u: float, *, frailty: float = 0, payer: str = "private-insurance", visits: int = 0
) -> bool:
    """Whether a birth is early; half of all visits due, all made, are a dose."""
    scenario = lives()
    columns = replace(one(scenario, payer=payer), frailty=np.array([float(frailty)]))
    alone = Alone(scenario, {"status/early-birth": [u]}, columns)
    case = alone.serve("nurses", -3, visits, 4)
    alone.live(-2)
    case.service.completed = 4  # too late to count
    alone.live(1)
    return (0, "early-birth") in alone.way()


def early_share(x: float, effect: float = 0) -> float:
    """The chance by hand: log odds x beyond those of the average family."""
    variance = 0.5**2 + 1.0**2 * 0.25
    g = (16 * math.sqrt(3) / (15 * math.pi)) ** 2
    return 1 / (1 + math.exp(-(math.sqrt(1 + g * variance) * math.log(0.2 / 0.8) + x + effect)))


@pytest.mark.parametrize(
    ("frailty", "payer", "x"),
    [
        (0, "private-insurance", -0.5),
        (0, "medicaid", 0.5),
        (2, "private-insurance", 0.5),
    ],
)
def test_a_status_follows_frailty_and_levels(frailty: float, payer: str, x: float) -> None:
    p = early_share(x)
    assert early(p - 1e-9, frailty=frailty, payer=payer)
    assert not early(p + 1e-9, frailty=frailty, payer=payer)


def test_the_dose_at_its_age_changes_the_odds_of_a_status() -> None:
    dose = math.sqrt(1 / 4)  # the nurses' shape is a square root
    p = early_share(-0.5, math.log(0.5) / 0.5 * dose)
    assert early(p - 1e-9, visits=1)
    assert not early(p + 1e-9, visits=1)


def small(u: float, weight: str, ratio: float) -> bool:
    """Whether a baby is small who was realized so or not, with a full dose of such an effect."""
    effect = f"programs.nurses.effects.small-baby={{odds_ratio: {ratio}, mean_dose: 1}}"
    scenario = lives(effect)
    alone = Alone(scenario, {"status/small-baby": [u]}, one(scenario, birth_weight=weight))
    alone.serve("nurses", -3, 4, 4)
    alone.live(0)
    return (0, "small-baby") in alone.way()


@pytest.mark.parametrize("u", [0.001, 0.5, 0.999])
def test_without_effect_a_status_is_what_was_realized(u: float) -> None:
    assert small(u, "low-birth-weight", 1)
    assert not small(u, "normal-birth-weight", 1)


def test_an_effect_changes_what_was_realized_for_as_many_as_it_says() -> None:
    # 10% were small. At half the odds 1/19 are: of those realized 10/19 stay small.
    assert small(10 / 19 - 1e-9, "low-birth-weight", 0.5)
    assert not small(10 / 19 + 1e-9, "low-birth-weight", 0.5)
    assert not small(1e-9, "normal-birth-weight", 0.5)
    # At twice the odds 2/11 are: of the other 90% a share of (2/11 - 1/10) / 0.9 = 1/11 as well.
    assert small(1 - 1e-9, "low-birth-weight", 2)
    assert small(1 / 11 - 1e-9, "normal-birth-weight", 2)
    assert not small(1 / 11 + 1e-9, "normal-birth-weight", 2)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.001, 0.999))
def test_what_was_realized_is_what_the_draw_says(u: float, p: float) -> None:
    assert rules.given(u, p, so=True) < p <= rules.given(u, p, so=False) < 1


# --- endings -------------------------------------------------------------------------------------


def test_after_the_end_of_life_nothing_happens() -> None:
    draws = {
        "outcome/death": [0.25],  # at age 2
        "outcome/hospital-stay": [0.25, 0.1, 0.1],  # at 2, 3, ...
        "amount/hospital-stay": [0.0, 0.0, 0.0],
        "onset/depression": [0.1],
    }
    alone = Alone(lives("outcomes.depression.exit_per_month=0"), draws)
    alone.live(20)
    # What happened in the month of death stands.
    assert alone.way() == [
        (0, "depression"),
        (2, "hospital-stay"),
        (2, "hospital-nights"),
        (2, "death"),
    ]
    family = alone.family
    assert family.last_month == START + 2
    assert not family.lives(START + 3)
    assert max(month for _, month in alone.course.months_in_state) == START + 2


def test_after_the_end_of_residence_outcomes_go_on() -> None:
    draws = {
        "outcome/move": [0.25, 0.1],
        "outcome/hospital-stay": [0.35],
        "amount/hospital-stay": [0.0],
        "outcome/death": [0.75],
    }
    alone = Alone(lives(), draws)
    alone.live(1)
    assert alone.family.resides(START + 1)
    alone.live(20)
    # One move only, though its clock goes on; the child may still die.
    assert alone.way() == [
        (2, "move"),
        (3, "hospital-stay"),
        (3, "hospital-nights"),
        (7, "death"),
    ]
    assert alone.family.moved


def test_of_two_endings_in_a_month_the_first_in_order_happens() -> None:
    alone = Alone(lives(), {"outcome/death": [0.25], "outcome/move": [0.25]})
    alone.live(20)
    assert alone.way() == [(2, "death")]
    assert not alone.family.moved


@pytest.mark.parametrize(("ending", "label"), [("death", "deceased"), ("move", "moved")])
def test_an_ending_ends_service_after_the_month_and_waits_at_once(ending: str, label: str) -> None:
    alone = Alone(lives(), {f"outcome/{ending}": [0.25]})
    served = alone.serve("nurses", -3, 4, 8)
    waiting = alone.serve("light", 0, 0, 0)
    waiting.state, waiting.begin = State.WAITING, None
    alone.live(20)
    assert alone.way() == [
        (2, ending),
        (2, f"{label}/hospital/nurses"),
        (2, f"{label}/hospital/light"),
    ]
    assert served.in_service(START + 2)
    assert not served.in_service(START + 3)
    assert (served.finish, waiting.finish) == (START + 3, START + 3)


def test_service_that_is_over_stays_what_it_was() -> None:
    alone = Alone(lives(), {"outcome/move": [0.25]})
    case = alone.serve("nurses", -3, 4, 8)
    case.leave(State.DROPPED_OUT, START)
    alone.live(20)
    assert case.state is State.DROPPED_OUT
    assert case.finish == START + 1


def test_service_may_prevent_an_ending() -> None:
    scenario = lives("programs.nurses.effects.death={hazard_ratio: 0.5, mean_dose: 1}")
    alone = Alone(scenario, {"outcome/death": [0.25]})
    alone.serve("nurses", -3, 4, 4)
    alone.live(20)
    assert alone.way()[0] == (4, "death")  # 0.05 a month instead of 0.1


# --- chains --------------------------------------------------------------------------------------


def test_stages_by_age_of_the_child() -> None:
    # Two episodes a year apart, each with a draw between the shares of the two ages.
    draws = placements(0.15, 1.35) | {"stage/cps:investigated": [0.6, 0, 0.6]}
    alone = Alone(lives(EVENTS), draws)
    stages = alone.live(1).stages
    assert [stage for _, stage, _ in stages] == [
        "reported",
        "investigated",
        "substantiated",
        "placed",
    ]
    assert {k for _, _, k in stages} == {0}
    assert [tuple(stage) for stage in alone.live(13).stages] == [("cps", "reported", 2)]


def reported(u: float, housing: str) -> bool:
    """Whether an episode at age 1 is reported."""
    scenario = lives("outcomes.harm.per_month={0: 0.2}", "outcomes.harm.log_hazard_ratios={}")
    draws = {"outcome/harm": [0.3], "detected/cps": [u]}
    alone = Alone(scenario, draws, one(scenario, housing=housing))
    return bool(alone.live(1).stages)


@pytest.mark.parametrize(("housing", "lean"), [("housed", 0.0), ("homeless", 1.0)])
def test_levels_move_the_odds_of_detection(housing: str, lean: float) -> None:
    p = rules.expit(rules.logit(0.4) + 1.5 * (lean - 0.05))
    assert reported(p - 1e-9, housing)
    assert not reported(p + 1e-9, housing)


def test_a_first_report_raises_reporting_or_harm_itself() -> None:
    """Harm of 0.1 a month: 0.16 from the month after the first report on, if harm recurs."""
    draws = {"outcome/harm": [0.15, 0.29], "detected/cps": [0.0, 0.5]}  # 40% * 1.6 = 64%
    by_reporting = Alone(lives(EVENTS), draws)
    by_reporting.live(20)
    assert [entry for entry in by_reporting.way() if "-" not in entry[1]] == [
        (1, "harm"),
        (1, "reported"),
        (4, "harm"),
        (4, "reported"),
    ]
    by_harm = Alone(lives(EVENTS, "structure.recurrence=harm"), draws)
    by_harm.live(20)
    assert by_harm.way() == [(1, "harm"), (1, "reported"), (3, "harm")]


# --- attributes of the scenario's own ------------------------------------------------------------


def test_a_level_that_the_scenario_adds_enters_the_multiplier() -> None:
    scenario = lives()
    homeless = Alone(scenario, {}, one(scenario, housing="homeless")).family
    assert homeless.attributes["housing"] == "homeless"
    assert homeless.multiplier["harm"] == pytest.approx(math.exp(0.5))
    assert Alone(scenario, {}).family.multiplier["harm"] == 1
