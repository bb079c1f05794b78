"""Roles, areas, languages and hires of a run folder, counted from its tables."""

from pathlib import Path

import pandas as pd
import pytest

from hvsim.execution.pairing import count_families
from hvsim.runs import Run, RunWriter, claim
from hvsim.runs.staffing import TABLES, hires_by_year, places_by_language, staff_by_year
from hvsim.simulation.ledger import SPENDING
from runs.ledgers import made_up, manifest

SCENARIO = """\
title: x
programs:
  light: {staff: {cost_per_hire: 500 USD}}
  intensive: {staff: {cost_per_hire: {value: 250 USD, assumption: made up}}}
providers:
  light-team: {program: light, regions: [north, south]}
  north-team: {program: intensive, regions: [north], pool: town, speaks: {english: 1, spanish: 0.5}}
  south-team: {program: intensive, regions: [south], pool: town, speaks: {english: {value: 0.8}}}
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    claim(tmp_path / "out")
    ledger = made_up()
    with RunWriter(tmp_path / "out", manifest("today"), {"today": SCENARIO}) as writer:
        writer.add(ledger, 0, count_families(ledger, None), seconds=0)
        return writer.finish()


def test_the_folder_holds_them_and_they_are_read_back(run: Run) -> None:
    for name, made in TABLES.items():
        pd.testing.assert_frame_equal(run.table(name), made(run), check_dtype=False)
        assert len(run.table(name)) > 0


def test_hires_that_cost_nothing_are_left_out(run: Run) -> None:
    run.content("today")["programs"]["light"]["staff"]["cost_per_hire"] = "0 USD"
    assert set(hires_by_year(run)["program"]) == {"intensive"}


def test_visitors_have_roles_and_areas(run: Run) -> None:
    staff = staff_by_year(run)
    assert len(staff) == len(run.capacity_by_year)
    found = staff.set_index("provider")[["role", "area"]].drop_duplicates().T.to_dict("list")
    assert found == {
        "light-team": ["light", "north+south"],
        "north-team": ["town", "north"],
        "south-team": ["town", "south"],
    }
    by_role = staff[staff["year"] == 2025].groupby("role")["visitors"].sum()
    assert by_role.sum() == pytest.approx(
        run.capacity_by_year.query("year == 2025")["visitors"].sum()
    )


def test_places_are_those_of_visitors_who_speak_a_language(run: Run) -> None:
    table = run.capacity_by_year.query("year == 2025").set_index("provider")["places"]
    found = places_by_language(run).query("year == 2025").set_index(["area", "language"])["places"]
    assert found.to_dict() == pytest.approx(
        {
            ("north", "english"): table["north-team"],
            ("north", "spanish"): 0.5 * table["north-team"],
            ("north+south", "any"): table["light-team"],
            ("south", "english"): 0.8 * table["south-team"],
        }
    )


def test_hires_are_what_was_paid_over_the_price_of_one(run: Run) -> None:
    found = hires_by_year(run).set_index(["program", "year"])["hires"]
    cents = made_up().spent[:, :, SPENDING.index("hires")].sum(axis=0)
    assert found["light", 2025] == pytest.approx(cents[0, :12].sum() / 50_000)
    assert found["intensive", 2026] == pytest.approx(cents[1, 12:].sum() / 25_000)
