import numpy as np
import pytest
from hypothesis import given

from economics.outcomes import FloatArray, quarters
from hvsim.economics import budget_impact, icer_table, price_factors, returns_table

PAYERS = ["state", "county"]
YEARS = [2025, 2026, 2027]


def test_budget_impact_worked_by_hand() -> None:
    # Constant dollars of 2025; prices rise 10% a year.
    before = [[100.0, 100.0, 100.0], [50.0, 50.0, 50.0]]
    after = [[110.0, 120.0, 130.0], [50.0, 40.0, 30.0]]
    factors = price_factors(YEARS, 2025, 0.10)
    assert factors == pytest.approx([1, 1.1, 1.21])
    table = budget_impact(after, before, PAYERS, YEARS, factors, total="all payers")
    assert table["payer"].to_list() == ["state"] * 3 + ["county"] * 3 + ["all payers"] * 3
    assert table["year"].to_list() == YEARS * 3
    assert table["impact"].to_list() == [10, 20, 30, 0, -10, -20, 10, 10, 10]
    assert table["cumulative"].to_list() == [10, 30, 60, 0, -10, -30, 10, 20, 30]
    nominal = [10, 22, 36.3, 0, -11, -24.2, 10, 11, 12.1]
    assert table["nominal"].to_list() == pytest.approx(nominal)
    assert table["nominal_cumulative"].to_list()[-1] == pytest.approx(33.1)
    assert table["comparator"].to_list()[-1] == 150
    assert table["spending"].to_list()[-1] == 160
    assert table["impact_low"].isna().all()


def test_prices_before_the_price_year_are_lower() -> None:
    assert price_factors([2023, 2025], 2025, 0.10) == pytest.approx([1 / 1.21, 1])
    assert price_factors(YEARS, 2025, 0.0).tolist() == [1, 1, 1]


@given(quarters((8, 2, 3)), quarters((8, 2, 3)))
def test_payers_sum_to_all_and_intervals_hold_the_middle_draw(
    after: FloatArray, before: FloatArray
) -> None:
    factors = [1.0, 1.5, 2.0]
    table = budget_impact(after, before, PAYERS, YEARS, factors, total="all")
    state, county, everybody = table["impact"].to_numpy().reshape(3, 3)
    assert (state + county == everybody).all()
    assert (table["nominal"] == table["impact"] * np.tile(factors, 3)).all()
    one = table[table["payer"] == "state"]
    middle = np.median((after - before)[:, 0], axis=0)
    assert (one["impact_low"] <= middle).all()
    assert (middle <= one["impact_high"]).all()


def test_intervals_of_budgets_are_those_of_draws_and_of_cumulated_draws() -> None:
    # What a draw adds in the first year it takes back in the second: nothing in all.
    first = np.array([8.0, 0, 16, 4, 12])
    impact = np.stack((first, -first), axis=1)[:, None, :]
    shared = 100 * np.ones_like(impact)
    table = budget_impact(shared + impact, shared, ["state"], [2025, 2026], [1.0, 2.0], level=0.5)
    ends = ["impact_low", "impact_high", "cumulative_low", "cumulative_high"]
    assert table[ends].to_numpy().tolist() == [[4, 12, 4, 12], [-12, -4, 0, 0]]
    nominal = ["nominal_low", "nominal_high", "nominal_cumulative_low", "nominal_cumulative_high"]
    assert table[nominal].to_numpy().tolist() == [[4, 12, 4, 12], [-24, -8, -12, -4]]


def test_returns_worked_by_hand() -> None:
    # 100 dollars now; 66 after a year and 72.6 after two, at 10% a year: 60 + 60 of present value.
    benefits = [[0.0, 66.0, 72.6], [0.0, 11.0, 0.0]]
    costs = [[100.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    factors = 1.1 ** -np.arange(3.0)
    table = returns_table(benefits, costs, factors, ["taxpayer", "participant"], total="society")
    assert table["perspective"].to_list() == ["taxpayer", "participant", "society"]
    assert table["benefits"].to_list() == pytest.approx([120, 10, 130])
    assert table["net_present_value"].to_list() == pytest.approx([20, 10, 30])
    ratios = table["benefit_cost_ratio"].to_list()
    assert ratios == pytest.approx([1.2, np.nan, 1.3], nan_ok=True)
    assert table["share_positive"].isna().all()


def test_ratios_are_of_means_and_shares_are_of_draws() -> None:
    benefits = np.array([0.0, 30.0, 60.0, 150.0]).reshape(4, 1, 1)
    costs = np.array([40.0, 40.0, 60.0, 20.0]).reshape(4, 1, 1)
    row = returns_table(benefits, costs, [1.0], ["all"], level=0.5).iloc[0]
    assert row["benefit_cost_ratio"] == 240 / 160  # the mean of the ratios is 2.3
    assert row["share_positive"] == 0.25  # one draw breaks exactly even
    net = np.quantile([-40, -10, 0, 130], [0.25, 0.75])
    assert (row["net_present_value_low"], row["net_present_value_high"]) == tuple(net)
    ratio = np.quantile([0, 0.75, 1, 7.5], [0.25, 0.75])
    assert (row["benefit_cost_ratio_low"], row["benefit_cost_ratio_high"]) == tuple(ratio)


@given(quarters((4, 2, 3)), quarters((4, 2, 3)))
def test_perspectives_sum_to_society(benefits: FloatArray, costs: FloatArray) -> None:
    table = returns_table(benefits, costs, [1, 0.5, 0.25], ["a", "b"], total="all")
    for column in ("benefits", "costs", "net_present_value"):
        one, other, both = table[column]
        assert one + other == both
    worth, ratio = table["net_present_value"], table["benefit_cost_ratio"]
    known = ratio.notna()
    assert ((ratio > 1) == (worth > 0))[known].all()
    assert ((table["costs"] > 0) == known).all()


@pytest.mark.parametrize("values", [[100.0, 200.0], [[100.0], [200.0]]])
def test_shapes_are_checked(values: list[float]) -> None:
    with pytest.raises(ValueError, match=r"must be \(payers, years\)"):
        budget_impact(values, values, PAYERS, YEARS, [1, 1, 1])
    with pytest.raises(ValueError, match=r"must be \(perspectives, years\)"):
        returns_table(values, values, [1, 1, 1], ["a", "b"])


def test_arguments_are_checked() -> None:
    whole = np.ones((2, 3))
    with pytest.raises(ValueError, match="years must rise"):
        budget_impact(whole, whole, PAYERS, [2026, 2025, 2027], [1, 1, 1])
    with pytest.raises(ValueError, match="one price factor per year"):
        budget_impact(whole, whole, PAYERS, YEARS, [1, 1])
    with pytest.raises(ValueError, match="names must differ: state, county, state"):
        budget_impact(whole, whole, PAYERS, YEARS, [1, 1, 1], total="state")
    with pytest.raises(ValueError, match="inflation must be above -1"):
        price_factors(YEARS, 2025, -1)


# A textbook model of HIV treatment (heemod, tests/testthat/test_dmhee.R): twenty cycles of a year,
# rewards at the end of each, the first discounted.
TRANSITION = np.array(
    [
        [0.7214532871972318, 0.20184544405997693, 0.06689734717416378, 0.00980392156862745],
        [0.0, 0.581081081081081, 0.4069952305246423, 0.01192368839427663],
        [0.0, 0.0, 0.7501429388221841, 0.2498570611778159],
        [0.0, 0.0, 0.0, 1.0],
    ]
)


def test_cost_per_life_year_of_a_known_cohort() -> None:
    cycles, relative_risk, extra = 20, 0.509, 2086.5
    slowed = TRANSITION * np.where(np.triu(np.ones((4, 4)), 1) > 0, relative_risk, 0)
    slowed += np.diag(1 - slowed.sum(axis=1))
    costs, years = np.zeros((2, 1, cycles)), np.zeros((2, 1, cycles))
    for arm in (0, 1):
        state = np.array([1.0, 0, 0, 0])
        for cycle in range(cycles):
            treated = arm == 1 and cycle < 2
            state = state @ (slowed if treated else TRANSITION)
            alive = state[:3].sum()
            price = state @ [2756, 3052, 9007, 0] + alive * (2278 + extra * treated)
            costs[arm, 0, cycle], years[arm, 0, cycle] = price, alive
    factors = 1.06 ** -np.arange(1.0, cycles + 1)  # the first year counts as a whole one
    found = returns_table(np.zeros_like(costs[0]), costs[1], factors, ["treated"])
    present = costs[:, 0] @ factors
    assert found["costs"].to_list() == [pytest.approx(present[1])]
    assert present == pytest.approx([44663.4535637, 50601.6513312], rel=1e-6)
    assert years.sum(axis=(1, 2)) == pytest.approx([7.9912066, 8.9373889], rel=1e-6)
    table = icer_table(present, years.sum(axis=(1, 2)), ["control", "treated"])
    assert table["icer"].to_list()[1] == pytest.approx(6275.9556, rel=1e-6)
