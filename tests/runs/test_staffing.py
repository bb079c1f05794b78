"""Roles, areas, languages and hires of a run folder, counted from its tables."""

from pathlib import Path

import pandas as pd
import pytest

from hvsim.execution.pairing import count_families
from hvsim.runs import Run, RunWriter, claim
from hvsim.runs.staffing import TABLES, places_by_language, staff_by_year
from hvsim.simulation.ledger import CAPACITY_MEASURES
from runs.ledgers import made_up, manifest

SCENARIO = """\
title: x
providers:
  light-team: {program: light, regions: [north, south]}
  north-team: {program: intensive, regions: [north], pool: town, speaks: {english: 1, spanish: 0.5}}
  south-team: {program: intensive, regions: [south], pool: town, speaks: {english: {value: 0.8}}}
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    out, ledger = tmp_path / "out", made_up()
    with claim(out), RunWriter(out, manifest("today"), {"today": SCENARIO}) as writer:
        writer.add(ledger, 0, count_families(ledger, None), seconds=0)
        return writer.finish()


def test_the_folder_holds_them_and_they_are_read_back(run: Run) -> None:
    for name, made in TABLES.items():
        pd.testing.assert_frame_equal(run.table(name), made(run), check_dtype=False)
        assert len(run.table(name)) > 0


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


def test_hires_of_a_year_are_those_of_its_months(run: Run) -> None:
    found = staff_by_year(run).groupby(["role", "year"])["hires"].sum()
    hires = made_up().capacity[:, CAPACITY_MEASURES.index("hires")]
    assert found["light", 2025] == hires[0, :12].sum()
    assert found["town", 2026] == hires[1:, 12:].sum()
