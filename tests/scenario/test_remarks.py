"""What is legal and perhaps not meant is said, and is no problem."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from hvsim.cli.check import check
from hvsim.scenario import load_scenario, remarks

TODAY = Path(__file__).parent / "today.yaml"
LASTS = "funding.county.to=2030-06"
MARKET = "{label: M, kind: birth, share_of_births: 70%, consents: 1, offers: [intensive]}"


def test_nothing_to_remark() -> None:
    assert remarks(load_scenario(TODAY, [LASTS])) == []


@pytest.mark.parametrize(
    ("override", "field", "words"),
    [
        (
            f"doors.market={MARKET}",
            "doors.market.share_of_births",
            "sum to 110% in 2023-07",
        ),
        (
            "doors.birth-hospital.share_of_births={2023-07: 40%, 2024-03: 60%}",
            "",
            "",
        ),
        (
            "providers.county-team.regions=[north]",
            "providers.county-team.regions",
            "no provider of 'intensive' serves 'south', with 40% of births",
        ),
        (
            "funding.county.to=2027-04",
            "funding.county.to",
            "nobody pays for 'intensive' after 2027-04, but families with births in 2025-06 can "
            "be served to 2027-05",
        ),
        (
            "providers.county-team.share=60%",
            "providers.county-team.share",
            "sum to 60%; they are relative, so that 'county-team' gets 100% of its money",
        ),
    ],
)
def test_each_remark(override: str, field: str, words: str) -> None:
    found = remarks(load_scenario(TODAY, [LASTS, override]))
    assert [remark.field for remark in found] == [field] * bool(field)
    assert all(words in remark.message for remark in found)
    assert all(str(remark).startswith(f"--set {override}: ") for remark in found)


@pytest.mark.parametrize(
    ("override", "field", "words"),
    [
        (
            "outcomes.ready-for-school.at_age=24",
            "outcomes.ready-for-school.at_age",
            "children are followed through month 23; nobody is counted at 24",
        ),
        ("outcomes.ready-for-school.at_age=23", "", ""),
        (
            "outcomes.born-preterm.share=12%",
            "outcomes.born-preterm.share",
            "12%, but 10% of births are at 'preterm'",
        ),
        (
            "hubs.spare={label: S, months: 1, families_per_month: 9, reaches: 1, match: listed}",
            "hubs.spare.label",
            "no door names 'spare' as its hub",
        ),
        (
            "labor.nurses={available: 1, entrants_per_year: 1, returns: 0, poached_per_month: 0}",
            "labor.nurses.available",
            "no provider names 'nurses' as its pool",
        ),
        (
            "programs.follow-up-calls.levels=[{from_age: 0, until_age: 90, visits: 9, load: 1}]",
            "",
            "",
        ),
        (
            "funding.block-grant.to=2026-01",
            "funding.block-grant.to",
            "families with births in 2025-06 can be served to 2026-02",
        ),
        ("funding.block-grant.to=2026-02", "", ""),
    ],
)
def test_each_remark_on_a_whole_system(override: str, field: str, words: str) -> None:
    found = remarks(load_scenario(Path(__file__).parent / "whole.yaml", [override]))
    assert [remark.field for remark in found] == [field] * bool(field)
    assert all(words in remark.message for remark in found)
    assert all(str(remark).startswith(f"--set {override}: ") for remark in found)


def test_a_later_month_is_enough() -> None:
    market = MARKET.replace("70%", "{2023-07: 1%, 2024-09: 60%}")
    (remark,) = remarks(load_scenario(TODAY, [LASTS, f"doors.market={market}"]))
    assert "sum to 110% in 2024-09" in remark.message


def test_nobody_is_missed_where_a_program_is_closed() -> None:
    closed = "programs.intensive.eligible={region: [north]}"
    narrow = "providers.county-team.regions=[north]"
    assert remarks(load_scenario(TODAY, [LASTS, closed, narrow])) == []


def test_remarks_leave_the_exit_status_alone() -> None:
    result = CliRunner().invoke(check, [str(TODAY), "--set", "providers.county-team.share=60%"])
    assert result.exit_code == 0
    assert "\n  Look at\n" in result.output
