"""A run valued by hand, every step shown (``worked.py``, ``small.yaml``)."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from economics.worked import WORKED, costs, outcomes, run, small
from hvsim.economics import Valuation, ValuationError, discounted_events, value_tables
from hvsim.economics.valuation.indices import PriceYearError

VALUED = value_tables(WORKED, small())

# 1,000 USD of 2010 in prices of 2020 by the CPI-U, 218.056 and 258.811 (POP317, POP327).
INQUIRY = 1000 * 258.811 / 218.056  # 1,186.901530...


def rows(frame: pd.DataFrame, **where: object) -> dict[tuple[Any, ...], tuple[float, float]]:
    """Constant and discounted dollars by what `where` leaves open."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    keys = [key for key in ("year", "payer", "kind", "category") if key not in where]
    sums = frame.groupby(keys)[["dollars", "discounted"]].sum()
    return {key: (row.dollars, row.discounted) for key, row in sums.iterrows()}  # type: ignore[misc]  # pandas types an index as Hashable


def test_program_cost_more_than_today() -> None:
    found = rows(VALUED.compared, view="fiscal", kind="program cost", scenario="more")
    expected = {
        # 2025: the grant pays 50,000.10: county 40%, federal 60%; not discounted.
        (2025, "county", "salaries"): (20_000.04, 20_000.04),
        (2025, "federal", "salaries"): (30_000.06, 30_000.06),
        # 30 screens instead of 10, at 50, which no stream pays.
        (2025, "county", "screens"): (1_000.00, 1_000.00),
        # 2026: 10,300: county 4,120, federal 6,180; / 1.03.
        (2026, "county", "hires"): (4_120.00, 4_000.00),
        (2026, "federal", "hires"): (6_180.00, 6_000.00),
        # The general fund pays the same in both.
        (2026, "county", "salaries"): (0.0, 0.0),
    }
    assert found == {key: pytest.approx(value) for key, value in expected.items()}


def test_lifetime_spending_goes_on_to_the_end_if_the_view_says_so() -> None:
    # 2027, after the last births: the grant's 70,000, / 1.03 ** 2 = / 1.0609.
    found = rows(VALUED.compared, view="lifetime", kind="program cost", scenario="more", year=2027)
    assert found == {
        ("county", "salaries"): pytest.approx((28_000.0, 28_000 / 1.0609)),
        ("federal", "salaries"): pytest.approx((42_000.0, 42_000 / 1.0609)),
    }
    fiscal = VALUED.costs[VALUED.costs["view"] == "fiscal"]
    assert set(fiscal.loc[fiscal["kind"] == "program cost", "year"]) == {2025, 2026}


def test_savings_of_budgets_cashable_and_capacity_apart() -> None:
    found = rows(VALUED.compared, view="fiscal", scenario="more", year=2026)
    # 10 investigations fewer at 1,186.90: 11,869.02. County 56%: 6,646.65, federal 44%: 5,222.37.
    # A quarter is cashable: county 1,661.66, federal 1,305.59; the rest is capacity.
    # 30 months of foster care fewer are 2.5 years at 24,000: 60,000, the county's; 60% cashable.
    assert round(10 * INQUIRY, 2) == 11_869.02
    assert found["county", "cashable saving", "inquiries"][0] == pytest.approx(1_661.66, abs=0.005)
    assert found["federal", "cashable saving", "inquiries"][0] == pytest.approx(1_305.59, abs=0.005)
    assert found["county", "capacity freed", "inquiries"][0] == pytest.approx(4_984.99, abs=0.005)
    assert found["federal", "capacity freed", "inquiries"][0] == pytest.approx(3_916.78, abs=0.005)
    assert found["county", "cashable saving", "fostering"] == pytest.approx((36_000, 36_000 / 1.03))
    assert found["county", "capacity freed", "fostering"] == pytest.approx((24_000, 24_000 / 1.03))


def test_average_cost_is_cashable_and_capacity_together() -> None:
    fiscal = VALUED.costs[(VALUED.costs["view"] == "fiscal") & (VALUED.costs["item"] == "inquiry")]
    today = fiscal[(fiscal["scenario"] == "today") & (fiscal["year"] == 2025)]
    assert today["dollars"].sum() == pytest.approx(40 * INQUIRY)


def test_a_lifetime_is_counted_once_per_child_and_only_in_its_view() -> None:
    # 2 children fewer, not 5 substantiations: 400,000; families 80%, federal 20%; / 1.03.
    found = rows(VALUED.compared, view="lifetime", kind="benefit", scenario="more")
    assert found == {
        (2026, "family", "earnings"): pytest.approx((320_000, 320_000 / 1.03)),
        (2026, "federal", "earnings"): pytest.approx((80_000, 80_000 / 1.03)),
    }
    kinds = VALUED.costs.groupby("view")["kind"].agg(set)
    assert kinds["fiscal"] == {"program cost", "cashable saving", "capacity freed"}
    assert kinds["lifetime"] == {"program cost", "benefit"}


def test_the_fiscal_view_holds_five_years_and_governments_only() -> None:
    fiscal = VALUED.costs[VALUED.costs["view"] == "fiscal"]
    assert fiscal["year"].max() == 2026  # the 40 investigations of 2030 are of the sixth year
    families = "costs.inquiry.payers={county: 50%, family: 50%}"
    shared = value_tables(WORKED, small(families)).costs
    today = shared[(shared["scenario"] == "today") & (shared["item"] == "inquiry")]
    assert today["dollars"].sum() == pytest.approx(0.5 * 80 * INQUIRY)
    assert set(today["payer"]) == {"county"}


def test_a_scenario_against_itself_saves_nothing() -> None:
    twice = pd.concat([WORKED.costs, WORKED.costs.replace({"scenario": {"more": "again"}})])
    events = pd.concat([WORKED.outcomes, WORKED.outcomes.replace({"scenario": {"more": "again"}})])
    pick = ["more", "again"]
    tables = run(
        twice[twice["scenario"].isin(pick)].drop_duplicates(),
        events[events["scenario"].isin(pick)].drop_duplicates(),
        baseline="more",
    )
    compared = value_tables(tables, small()).compared
    assert set(compared["scenario"]) == {"again"}
    assert (compared[["dollars", "discounted"]] == 0).all(axis=None)


def test_what_is_not_priced_and_what_is_not_used_is_named() -> None:
    assert VALUED.unpriced == ("born-early",)
    assert VALUED.unused == ()
    without = run(WORKED.costs, WORKED.outcomes[WORKED.outcomes["outcome"] != "fostered"])
    assert value_tables(without, small()).unused == ("stay",)


ONCE, MONTHS = ("events", "children"), ("events", "children", "person_months")


def test_what_never_happened_is_known_all_the_same() -> None:
    counted = {"investigated": ONCE, "fostered": MONTHS, "substantiated": ONCE, "hurt": ONCE}
    never = value_tables(run(costs(), outcomes(), counted=counted), small())
    assert never.unused == ()
    assert never.unpriced == ("hurt",)
    strange = {name: own for name, own in counted.items() if name != "substantiated"}
    assert value_tables(run(costs(), outcomes(), counted=strange), small()).unused == ("victim",)


@pytest.mark.parametrize("per", ["month", "year"])
def test_a_price_of_months_of_what_is_no_state_is_named(per: str) -> None:
    prices = small("costs.stay.outcome=born-early", f"costs.stay.per={per}")
    events = WORKED.outcomes[WORKED.outcomes["outcome"] != "fostered"]
    found = value_tables(run(WORKED.costs, events, counted={"born-early": ONCE}), prices)
    assert "stay" not in set(found.costs["item"])
    assert found.unused == ("stay",)
    assert found.unpriced == ("born-early",)
    (said,) = (remark for remark in found.remarks if "'stay'" in remark)
    assert said.startswith(f"'stay' is per {per} of 'born-early', which is no state in this run")
    state = value_tables(run(WORKED.costs, events, counted={"born-early": MONTHS}), prices)
    assert state.unused == state.unpriced == ()
    assert not any("'stay'" in remark for remark in state.remarks)


def test_groups_are_not_counted_beside_everybody() -> None:
    def and_by_group(table: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([table, table.assign(dimension="payer", group="medicaid")])

    tables = replace(
        WORKED, outcomes=and_by_group(WORKED.outcomes), funnel=and_by_group(WORKED.funnel)
    )
    costs = value_tables(tables, small()).costs
    everybody = costs[costs["dimension"] == "all"].reset_index(drop=True)
    assert len(everybody) < len(costs)
    pd.testing.assert_frame_equal(everybody, VALUED.costs)
    pd.testing.assert_frame_equal(
        discounted_events(tables, small()), discounted_events(WORKED, small())
    )


def test_remarks_say_what_dollars_do_not_hold() -> None:
    births, *none = VALUED.remarks
    assert births.startswith("The fiscal view holds 5 fiscal years, but births end in year 2")
    assert none == []
    rated = value_tables(WORKED, small("discounting.costs_per_year=2%")).remarks
    assert "'victim' is a present value at 3% a year, and all else is discounted at 2%." in rated


def test_another_rate_needs_no_other_run() -> None:
    slow = value_tables(WORKED, small("discounting.costs_per_year=0%")).compared
    assert (slow["dollars"] == slow["discounted"]).all()
    assert slow["dollars"].tolist() == VALUED.compared["dollars"].tolist()


def test_events_are_discounted_at_their_own_rate() -> None:
    def later(*overrides: str) -> float:
        events = discounted_events(WORKED, small(*overrides))
        own = events[(events["scenario"] == "more") & (events["measure"] == "children")]
        return float(own["discounted"].sum())

    assert later() == pytest.approx(8 / 1.03)
    assert later("discounting.effects_per_year=0%") == 8
    assert later("discounting.effects_per_year=1%", "discounting.costs_per_year=5%") == (
        pytest.approx(8 / 1.01)
    )


def test_dollars_of_a_run_are_carried_to_the_price_year() -> None:
    # 100,000 of 2020 in prices of 2010: * 218.056 / 258.811 = 84,253.00.
    then = value_tables(WORKED, small("price_year=2010")).costs
    paid = then[(then["view"] == "fiscal") & (then["scenario"] == "today") & (then["year"] == 2026)]
    assert paid.loc[paid["kind"] == "program cost", "dollars"].sum() == (
        pytest.approx(84_253.0, abs=0.5)
    )


def test_a_run_of_one_scenario_is_compared_with_nothing() -> None:
    alone: Valuation = value_tables(run(WORKED.costs, WORKED.outcomes, baseline=None), small())
    assert alone.compared.empty
    assert list(alone.compared.columns) == list(VALUED.compared.columns)


def test_a_run_without_spending_or_events_costs_nothing() -> None:
    assert value_tables(run(costs(), outcomes()), small()).costs.empty


def test_a_stream_of_unknown_payer_is_refused_with_what_to_write() -> None:
    strange = run(costs(("today", 2025, "guild", "fund", "salaries", "visits", 1.0)), outcomes())
    with pytest.raises(ValuationError, match=r"'guild'.*budget\.payers.*guild: \{county: 100%\}"):
        value_tables(strange, small())


def test_an_index_that_does_not_reach_the_run_is_refused() -> None:
    with pytest.raises(PriceYearError, match="'consumer' has no value for 2015; it has 2010 and"):
        value_tables(replace(WORKED, price_year=2015), small())
