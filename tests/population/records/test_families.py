"""Families of a birth file: who they are does not depend on seed, scale or order of the file."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hvsim.months import format_month, parse_month
from hvsim.population import Families, families_of, read_records, synthesize
from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.vocabulary import ATTRIBUTES, attributes_of
from hvsim.simulation import simulate
from population.records.desk import COLUMNS, HEADER, Desk, rows, text

JULY, JUNE = parse_month("2023-07"), parse_month("2024-06")


def level(families: Families, attribute: str) -> list[str]:
    column = list(families.attributes).index(attribute)
    return [families.attributes[attribute][at] for at in families.levels[:, column]]


@pytest.fixture
def county(desk: Desk) -> Scenario:
    desk.file(text(*rows()))
    return desk.scenario()


def test_as_dated_every_birth_is_a_family(county: Scenario) -> None:
    families = families_of(county, 1)
    assert len(families) == 48
    assert np.bincount(families.birth_month - JULY).tolist() == [4] * 12
    assert len(np.unique(families.id)) == 48
    assert (families.mother != families.id).all()  # the file names mothers
    assert level(families, "payer").count("medicaid") == 16
    assert (families.levels >= 0).all()
    order = np.lexsort((families.region, families.birth_month))
    assert (order == np.arange(48)).all()


def test_seeds_change_luck_and_what_is_open_but_not_the_file(county: Scenario) -> None:
    one, other = families_of(county, 1), families_of(county, 2)
    assert (one.id == other.id).all()
    assert level(one, "payer") == level(other, "payer")
    assert level(one, "education") != level(other, "education")
    assert (one.frailty != other.frailty).all()


def test_the_order_of_the_file_does_not_matter(desk: Desk, county: Scenario) -> None:
    one = families_of(county, 1)
    desk.file(text(*reversed(rows())))
    other = families_of(county, 1)
    for name, column in one.columns().items():
        assert (column == getattr(other, name)).all(), name


def test_threads_do_not_matter(county: Scenario) -> None:
    one, other = families_of(county, 1), families_of(county, 1, threads=3)
    assert all((column == getattr(other, name)).all() for name, column in one.columns().items())


def test_scale_takes_every_nth_of_each_region(county: Scenario) -> None:
    everyone, third = families_of(county, 1), families_of(county, 1, 1 / 3)
    assert np.bincount(third.region).tolist() == [8, 8]
    positions = np.searchsorted(np.sort(everyone.id), third.id)
    assert (np.sort(everyone.id)[positions] == third.id).all()
    at = np.argsort(everyone.id)[positions]
    assert (everyone.levels[at] == third.levels).all()
    assert (everyone.frailty[at] == third.frailty).all()
    with pytest.raises(ValueError, match="one over a whole number"):
        families_of(county, 1, 0.3)


def test_siblings_share_mother_and_her_traits(desk: Desk) -> None:
    lines = rows()
    lines[5] = lines[5].replace("m0000005", "m0000002")
    lines[7] = lines[7].replace("m0000007", "")
    desk.file(text(*lines))
    families = families_of(desk.scenario(), 1)
    mothers, counts = np.unique(families.mother, return_counts=True)
    both = np.flatnonzero(families.mother == mothers[counts == 2][0])
    assert len(both) == 2
    assert families.frailty[both[0]] == families.frailty[both[1]]
    assert families.screen_noise[both[0]] != families.screen_noise[both[1]]
    assert (families.mother == families.id).sum() == 1  # of whom no mother is known


def test_every_year_the_same_births_with_other_ids(desk: Desk) -> None:
    lines = [line.replace("2023-", "2018-").replace("2024-", "2019-") for line in rows()]
    desk.file(text(*lines))
    path = desk.path(use="every-year")
    plan = path.read_text("utf-8").replace('"population"', '"end": "2026-06", "population"')
    path.write_text(plan, "utf-8")
    long = load_scenario(path)
    families = families_of(long, 1)
    assert len(families) == 3 * 48
    assert np.bincount(families.birth_month - JULY).tolist() == [4] * 36
    assert len(np.unique(families.id)) == len(np.unique(families.mother)) == 144
    years = [families.chosen(slice(48 * y, 48 * (y + 1))) for y in range(3)]
    for year in years[1:]:
        assert level(year, "payer") == level(years[0], "payer")
        assert (year.region == years[0].region).all()
        assert (year.frailty != years[0].frailty).all()
    shorter = families_of(desk.scenario(use="every-year"), 1)
    assert (shorter.id == years[0].id).all()
    tenth = families_of(long, 1, 0.1)
    assert len(tenth) == 14
    assert np.isin(tenth.id, families.id).all()


def test_every_year_needs_one_whole_year(desk: Desk) -> None:
    desk.file(text(*(line for line in rows() if "-02-" not in line)))
    with pytest.raises(ValueError, match="no births in month 2; every-year needs all twelve"):
        read_records(desk.scenario(use="every-year"))
    lines = rows()
    lines[0] = lines[0].replace("2023-07", "2022-07")
    desk.file(text(*lines))
    with pytest.raises(ValueError, match="births in month 7 of 2022 and 2023; keep those of one"):
        read_records(desk.scenario(use="every-year"))


def test_births_outside_the_run_may_be_left_out(desk: Desk) -> None:
    lines = rows()
    lines[0] = lines[0].replace("2023-07", "2020-07")
    desk.file(text(*lines))
    assert len(read_records(desk.scenario(outside="leave-out")).id) == 47


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("leave-out", None), ("other-payer", "other-payer"), ("draw", "medicaid private-insurance")],
)
@pytest.mark.parametrize("cell", ["9", "", "77"])
def test_missing_and_unknown_codes_follow_their_rule(
    desk: Desk, rule: str, expected: str | None, cell: str
) -> None:
    lines = [line.replace(",3,", f",{cell},") for line in rows()]
    desk.file(text(*lines))
    payer = COLUMNS["payer"] | {"if_missing": rule, "if_unknown": rule}
    scenario = desk.scenario(columns={"payer": payer})
    records = read_records(scenario)
    families = families_of(scenario, 1, records=records)
    assert len(families) == (32 if expected is None else 48)
    if expected is not None:
        assert set(expected.split()) <= set(level(families, "payer"))
    (told,) = (column for column in records.report.columns if column.name == "payer")
    assert (told.missing, told.unknown) == ((0, 16) if cell == "77" else (16, 0))


def test_columns_that_the_file_has_not_may_always_be_the_same(desk: Desk) -> None:
    desk.file(text(*rows()))
    columns = {"region": {"always": "south"}, "payer": {"always": "medicaid"}}
    families = families_of(desk.scenario(columns=columns), 1)
    assert set(families.region.tolist()) == {1}
    assert set(level(families, "payer")) == {"medicaid"}


def test_without_ids_the_place_in_the_file_is_the_id(desk: Desk) -> None:
    desk.file(text(*rows()))
    columns = {"id": None, "mother": None}
    families = families_of(desk.scenario(columns=columns), 1)
    assert len(np.unique(families.id)) == 48
    assert (families.mother == families.id).all()


def test_attributes_of_the_scenarios_own_come_from_the_file_or_are_drawn(desk: Desk) -> None:
    housed = [f"{line},{'housed' if i % 2 else 'unhoused'}" for i, line in enumerate(rows(480))]
    housed[0] = housed[0].replace("unhoused", "")
    desk.file(text(*housed, header=f"{HEADER},HOME"))
    known = families_of(desk.scenario(columns={"housing": {"column": "HOME"}}), 1)
    assert 239 <= level(known, "housing").count("unhoused") <= 240
    drawn = families_of(desk.scenario(), 1)
    assert 5 < level(drawn, "housing").count("unhoused") < 60  # 5 percent, and on medicaid more


def test_the_engine_wants_families_and_reads_no_file(county: Scenario) -> None:
    for engine in (lambda: simulate(county, seed=1), lambda: synthesize(county, 1)):
        with pytest.raises(ValueError, match="names a birth file; get its families from"):
            engine()
    ledger = simulate(county, seed=1, families=families_of(county, 1))
    assert ledger.births.sum() > 0


CODES: dict[str, dict[str, str]] = {
    name: {str(code): word for code, word in enumerate(levels, start=1)}
    for name, levels in ATTRIBUTES.items()
}


@st.composite
def births(draw: st.DrawFn) -> list[dict[str, Any]]:
    number = draw(st.integers(0, 30))
    months = [
        JULY,
        JUNE,
        *draw(st.lists(st.integers(JULY, JUNE), min_size=number, max_size=number)),
    ]
    identity = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)
    ids = draw(st.lists(identity, min_size=len(months), max_size=len(months), unique=True))
    return [
        {
            "id": id_,
            "region": draw(st.sampled_from(["north", "south"])),
            "month": month,
            **{name: draw(st.sampled_from(levels)) for name, levels in ATTRIBUTES.items()},
        }
        for id_, month in zip(ids, months, strict=True)
    ]


def quote(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(births(), st.booleans())
def test_a_written_file_read_back_gives_the_same_families(
    desk: Desk, written: list[dict[str, Any]], plainly: bool
) -> None:
    """Whatever the ids hold: commas, quotes, letters of any script; with codes and without."""
    lines = []
    for birth in written:
        cells = [birth["id"], birth["region"], format_month(birth["month"])]
        for name, codes in CODES.items():
            back = {word: code for code, word in codes.items()}
            cells.append(birth[name] if plainly else back[birth[name]])
        lines.append(",".join(map(quote, cells)))
    header = ",".join(["ID", "AREA", "BORN", *ATTRIBUTES])
    desk.file(text(*lines, header=header))
    columns: dict[str, Any] = {
        "id": {"column": "ID"},
        "mother": None,
        "region": {"column": "AREA"},
        "birth-date": {"column": "BORN", "format": "YYYY-MM"},
        **{
            name: {"column": name} | ({} if plainly else {"codes": codes})
            for name, codes in CODES.items()
        },
    }
    scenario = desk.scenario(columns=columns)
    families = families_of(scenario, 1)
    read = sorted(
        zip(
            families.birth_month.tolist(),
            families.region.tolist(),
            *(level(families, name) for name in ATTRIBUTES),
            strict=True,
        )
    )
    expected = sorted(
        (birth["month"], ["north", "south"].index(birth["region"]), *(birth[n] for n in ATTRIBUTES))
        for birth in written
    )
    assert read == expected
    assert list(families.attributes) == list(attributes_of(scenario))
