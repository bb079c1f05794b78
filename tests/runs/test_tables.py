"""Tables hold what the ledger holds."""

import numpy as np
import pandas as pd
import pytest

from hvsim.months import fiscal_year
from hvsim.runs.tables import KEYS, axis, long, tables_of
from hvsim.simulation.ledger import OUTCOME_COUNTS, PROGRAM_TRANSITIONS, SPENDING
from runs.ledgers import GROUPS, made_up


def frame(name: str, draw: int = 0) -> pd.DataFrame:
    rows: pd.DataFrame = tables_of(made_up(draw=draw), replicate=0)[name].to_pandas()
    return rows


def test_cells_become_rows_and_zeros_are_left_out() -> None:
    table = long(np.array([[1, 0], [0, 2]]), "n", axis("a", ["x", "y"]), axis("b", [7, 8]))
    assert table.to_pylist() == [{"a": "x", "b": 7, "n": 1}, {"a": "y", "b": 8, "n": 2}]


def test_counts_must_fit_their_axes() -> None:
    with pytest.raises(ValueError, match=r"\(2,\) counts for axes of \(3,\)"):
        long(np.zeros(2), "n", axis("a", ["x", "y", "z"]))


@pytest.mark.parametrize(("name", "value"), [("funnel", "families"), ("outcomes", "value")])
@pytest.mark.parametrize("dimension", ["region", "payer"])
def test_groups_of_a_dimension_make_up_all(name: str, value: str, dimension: str) -> None:
    rows = frame(name)
    keys = [key for key in KEYS[name] if key not in ("dimension", "group")]

    def sums(of: str) -> dict[object, float]:
        return rows[rows["dimension"] == of].groupby(keys)[value].sum().to_dict()

    assert sums(dimension) == sums("all")


def test_years_hold_the_months_of_the_ledger() -> None:
    ledger, rows = made_up(), frame("funnel")
    year = fiscal_year(ledger.first_month, 7)
    enrolled = PROGRAM_TRANSITIONS.index("enrolled")
    found = rows[
        (rows["year"] == year)
        & (rows["transition"] == "enrolled")
        & (rows["door"] == "clinic")
        & (rows["program"] == "light")
        & (rows["group"] == "south")
    ]
    south = GROUPS.index(("region", "south"))
    assert found["families"].sum() == ledger.funnel[1, 0, enrolled, :12, south].sum()


def test_births_stand_in_the_funnel_without_door_or_program() -> None:
    rows = frame("funnel")
    births = rows[rows["transition"] == "births"]
    assert set(births["door"]) | set(births["program"]) == {""}
    everyone = births[births["dimension"] == "all"]
    assert everyone["families"].sum() == made_up().births[:, 0].sum()


def test_months_and_years_hold_the_same() -> None:
    years, months = frame("outcomes"), frame("monthly")
    counted = months[months["outcome"] != ""]
    for measure in OUTCOME_COUNTS:
        assert (
            years.loc[years["measure"] == measure, "value"].sum()
            == counted.loc[counted["measure"] == measure, "value"].sum()
        )
    assert frame("funnel")["families"].sum() == months.loc[months["outcome"] == "", "value"].sum()


def test_spent_and_unspent_dollars_are_what_came_in() -> None:
    ledger, rows = made_up(), frame("costs")
    assert round(100 * rows["dollars"].sum()) == ledger.received.sum()
    unspent = rows.loc[rows["category"] == "unspent", "dollars"].sum()
    assert round(100 * unspent) == ledger.lapsed.sum()
    assert set(rows["category"]) == {*SPENDING, "unspent"}


def test_capacity_is_averaged_over_the_months_of_a_year() -> None:
    months, years = frame("capacity"), frame("capacity_by_year")
    first = months[(months["provider"] == "north-team") & (months["month"] < "2025-07")]
    row = years[(years["provider"] == "north-team") & (years["year"] == 2025)]
    assert row["waiting"].item() == pytest.approx(first["waiting"].mean())
    assert set(months["program"]) == {"light", "intensive"}


def test_only_the_first_draw_is_kept_by_month() -> None:
    assert not {"monthly", "capacity"} & set(tables_of(made_up(draw=1), replicate=0))
