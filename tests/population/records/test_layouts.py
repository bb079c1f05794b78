"""The national layout: an invented file in it, and how a scenario changes what the layout says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hvsim.population import families_of, read_records
from hvsim.scenario import load_scenario, resolved_yaml
from hvsim.scenario.vocabulary import ATTRIBUTES
from population.records.desk import Desk, text

NATIONAL = "DOB_YY,DOB_MM,MAGER,MRACEHISP,MAR_P,MEDUC,LBO_REC,PRECARE5 ,PAY_REC,OEGest_Comb,DBWT "
KNOWN = "{},{:02},24,7,X,3,1,1,1,39,3300"
ALL_MISSING = "{},{:02},31,8,U,9,9,5,9,99,9999"
NOT_REPORTED = "{},{:02},50,4, ,8,8,4,2,36,0227"
ROWS = [
    form.format(2023 + (month > 12), (month - 1) % 12 + 1)
    for month in range(7, 19)
    for form in (KNOWN, ALL_MISSING, NOT_REPORTED)
]
HERE: dict[str, Any] = {"region": {"always": "north"}}
NATIONAL_ONLY: dict[str, Any] = dict.fromkeys(
    ("id", "mother", "birth-date", "payer", "birth-weight")
)


@pytest.fixture
def national(desk: Desk) -> Desk:
    desk.file(text(*ROWS, header=NATIONAL))
    return desk


def test_the_national_layout_is_known_by_name(national: Desk) -> None:
    scenario = national.scenario(columns=NATIONAL_ONLY | HERE, layout="nchs-natality")
    records = read_records(scenario)
    assert len(records.id) == 36
    found = [
        [
            list(ATTRIBUTES.values())[at][level] if level >= 0 else None
            for at, level in enumerate(row)
        ]
        for row in records.levels[:3, : len(ATTRIBUTES)].tolist()
    ]
    by_name = [dict(zip(ATTRIBUTES, levels, strict=True)) for levels in found]
    assert by_name[0] == {
        "race-ethnicity": "hispanic",
        "payer": "medicaid",
        "mother-age": "age-20-to-24",
        "education": "high-school",
        "parity": "first-birth",
        "paternity": "paternity-established",
        "prenatal-care": "care-from-first-trimester",
        "birth-weight": "normal-birth-weight",
        "gestation": "term",
    }
    assert [name for name, level in by_name[1].items() if level is not None] == ["mother-age"]
    assert by_name[2] == {
        "race-ethnicity": "asian-pacific-islander",
        "payer": "private-insurance",
        "mother-age": "age-35-or-over",
        "education": "bachelors-or-more",
        "parity": "fourth-or-later-birth",
        "paternity": None,
        "prenatal-care": "no-prenatal-care",
        "birth-weight": "low-birth-weight",
        "gestation": "preterm",
    }
    assert "paternity: 24 missing, drawn given what else is known of the birth" in list(
        records.report.lines()
    )
    assert (families_of(scenario, 1).levels >= 0).all()


def test_the_scenario_overrides_the_layout_part_by_part(national: Desk) -> None:
    changed = HERE | {"payer": {"if_missing": "other-payer"}, "education": None}
    path = national.path(columns=NATIONAL_ONLY | changed, layout="nchs-natality")
    written = path.read_text("utf-8").replace('"region"', '"education": null, "region"')
    path.write_text(written, "utf-8")
    scenario = load_scenario(path)
    records = read_records(scenario)
    names = list(ATTRIBUTES)
    assert set(records.levels[:, names.index("education")].tolist()) == {-1}
    payers = records.levels[:, names.index("payer")]
    assert np.bincount(payers, minlength=3).tolist() == [12, 12, 12]
    assert records.report.drawn == ("education", "housing")


def test_the_resolved_scenario_holds_the_layout(national: Desk, tmp_path: Path) -> None:
    scenario = national.scenario(columns=NATIONAL_ONLY | HERE, layout="nchs-natality")
    written = resolved_yaml(scenario)
    assert "hvsim:layouts/nchs-natality" in written
    (tmp_path / "whole.yaml").write_text(written, "utf-8")
    again = load_scenario(tmp_path / "whole.yaml")
    assert again.sha256() == scenario.sha256()
    assert (read_records(again).levels == read_records(scenario).levels).all()


def test_a_layout_may_come_from_the_command_line(national: Desk) -> None:
    columns = NATIONAL_ONLY | HERE | {"birth-year": {"column": "DOB_YY"}}
    path = national.path(columns=columns | {"birth-month": {"column": "DOB_MM"}})
    over = ["population.records.layout=nchs-natality", "population.records.columns.parity=null"]
    records = read_records(load_scenario(path, over))
    assert records.report.drawn == ("parity", "housing")


def test_the_real_sample_is_read_where_it_is_at_hand(desk: Desk) -> None:
    sample = Path(__file__).parents[4] / "shared/data/us_natality_2021_nchs_layout_sample.csv.gz"
    if not sample.is_file():
        pytest.skip(f"the sample of births is not shipped; it would be {sample}")
    scenario = desk.scenario(
        str(sample), columns=NATIONAL_ONLY | HERE, layout="nchs-natality", use="every-year"
    )
    records = read_records(scenario)
    assert records.report.rows == 1000
    assert all(column.unknown == 0 for column in records.report.columns)
    assert len(families_of(scenario, 1)) == 1000
