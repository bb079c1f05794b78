"""Scenarios that cannot be compared are refused with the reason."""

from pathlib import Path

import pytest

from execution.test_measuring import with_asthma
from hvsim.execution import IncomparableError, compare
from hvsim.execution.refusal import refuse_incomparable
from hvsim.scenario import load_scenario
from runs.ledgers import HARBOR


@pytest.mark.parametrize(
    ("override", "reason"),
    [
        ("place=Elsewhere", r"'place' \('universal': Elsewhere; 'today': Harbor County\)"),
        ("start=2024-08", r"'start' \('universal': 2024-08; 'today': 2024-07\)"),
        ("end=2026-05", "differ in 'end'"),
        ("follow_up=1 year", r"'follow_up' \('universal': 12.0; 'today': 24.0\)"),
        ("price_year=2023", "differ in 'price_year'"),
        ("population.births_per_year=900", "differ in 'population'; scenarios are compared"),
        ("outcomes.harm.trend=0.9", "differ in 'outcomes.harm'"),
    ],
)
def test_only_what_systems_do_may_differ(override: str, reason: str) -> None:
    today = load_scenario(HARBOR / "today.yaml")
    other = load_scenario(HARBOR / "universal.yaml", [override])
    with pytest.raises(IncomparableError, match=reason):
        refuse_incomparable(today, [other])


def test_every_reason_is_given() -> None:
    today = load_scenario(HARBOR / "today.yaml")
    other = load_scenario(HARBOR / "universal.yaml", ["price_year=2023", "end=2026-05"])
    with pytest.raises(IncomparableError) as error:
        refuse_incomparable(today, [other, today])
    assert len(str(error.value).splitlines()) == 3
    assert "two scenarios are called 'today'" in str(error.value)


def test_what_systems_do_may_differ() -> None:
    today = load_scenario(HARBOR / "today.yaml")
    refuse_incomparable(today, [load_scenario(HARBOR / f"{name}.yaml") for name in ("targeted",)])


def test_a_refused_comparison_leaves_no_folder(tmp_path: Path) -> None:
    today = load_scenario(HARBOR / "today.yaml")
    with pytest.raises(IncomparableError):
        compare(today, [today], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_outcome_that_changes_who_is_there_must_be_in_both(tmp_path: Path) -> None:
    today = load_scenario(HARBOR / "today.yaml")
    refuse_incomparable(today, [with_asthma(tmp_path)])
    with pytest.raises(IncomparableError, match=r"'asthma' alone has .*, which brings siblings"):
        refuse_incomparable(today, [with_asthma(tmp_path, ", sibling_after: 9")])
    deadly = with_asthma(tmp_path, ", ends: life", "ending")
    with pytest.raises(IncomparableError, match=r"'asthma' alone has .*, which ends life"):
        refuse_incomparable(deadly, [today])
