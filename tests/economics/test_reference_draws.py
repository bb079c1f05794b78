"""The draws of other tools with their answers: dampack, BCEA and hesim."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from hvsim.economics import (
    best_ranges,
    ceac,
    ceac_pairwise,
    ceaf,
    evpi,
    evpi_by_group,
    evppi,
    expected_loss,
    exponential_utility,
    icer_table,
    metamodel,
    net_monetary_benefit,
    optimal_strategy,
    pairwise_table,
    ranges_of_optimality,
    strategy_summary,
    tornado,
    value_of_individualized_care,
)

FloatArray = npt.NDArray[np.float64]
Reference = Callable[[str], tuple[Path, dict[str, Any]]]
CARE = ["Chemo", "Radio", "Surgery"]


def three_arms(folder: Path) -> tuple[FloatArray, FloatArray, pd.DataFrame]:
    draws = pd.read_csv(folder / "psa.csv.gz")
    costs, effects = (draws[[f"{what}_{s}" for s in CARE]] for what in ("cost", "effect"))
    return costs.to_numpy(), effects.to_numpy(), draws.iloc[:, 6:]


def by_threshold(rows: list[dict[str, Any]], column: str) -> FloatArray:
    table = pd.DataFrame(rows).pivot_table(index="WTP", columns="Strategy", values=column)
    return table[CARE].to_numpy(dtype=float)


def test_three_arms_of_dampack(reference: Reference) -> None:
    folder, expected = reference("psa_three_arms")
    costs, effects, _ = three_arms(folder)
    wtp, rel = expected["wtp"], expected["rel_tol"]

    summary = strategy_summary(costs, effects, CARE).set_index("strategy")
    for row in expected["summary"]:
        found = summary.loc[row["Strategy"], ["cost", "effect", "cost_sd", "effect_sd"]].to_list()
        wanted = [row[name] for name in ("meanCost", "meanEffect", "sdCost", "sdEffect")]
        assert found == pytest.approx(wanted, rel=rel)

    table = icer_table(costs, effects, CARE).set_index("strategy")
    for row in expected["icer"]:
        name = row["Strategy"]
        ends = [
            row[f"{end}_95_{what}"] for what in ("Cost", "Effect") for end in ("Lower", "Upper")
        ]
        columns = ["cost_low", "cost_high", "effect_low", "effect_high"]
        assert summary.loc[name, columns].to_list() == pytest.approx(ends, rel=rel)
        wanted = [np.nan if row[c] is None else row[c] for c in ("Inc_Cost", "Inc_Effect", "ICER")]
        found = table.loc[name, ["inc_cost", "inc_effect", "icer"]].to_list()
        assert found == pytest.approx(wanted, nan_ok=True, rel=rel)
        assert table.loc[name, "status"] == row["Status"]

    proportions = by_threshold(expected["ceac"], "Proportion")
    np.testing.assert_allclose(ceac(costs, effects, wtp), proportions)
    np.testing.assert_allclose(
        expected_loss(costs, effects, wtp),
        by_threshold(expected["expected_loss"], "Expected_Loss"),
        rtol=expected["rel_tol"],
    )
    known = [row["EVPI"] for row in expected["evpi"]]
    np.testing.assert_allclose(evpi(costs, effects, wtp), known, rtol=expected["rel_tol"])
    chosen = by_threshold(expected["ceac"], "On_Frontier").argmax(axis=1)
    assert np.asarray(optimal_strategy(costs, effects, wtp)).tolist() == chosen.tolist()
    shares = proportions[np.arange(len(wtp)), chosen]
    np.testing.assert_allclose(ceaf(costs, effects, wtp), shares)

    # dampack reads the switch off its grid of thresholds (at 41,000); exact is the ratio itself.
    ranges = ranges_of_optimality(costs, effects, CARE)
    assert ranges["strategy"].to_list() == ["Radio", "Chemo"]
    assert ranges["wtp_high"].to_list()[0] == pytest.approx(38491.9106481067, rel=rel)
    grid_switch = expected["ceac_summary_crossing"][0]["range_max"]
    assert grid_switch - 10_000 < ranges["wtp_high"].to_list()[0] <= grid_switch


def test_partial_information_of_three_arms_agrees_with_mgcv(reference: Reference) -> None:
    folder, expected = reference("psa_three_arms")
    costs, effects, parameters = three_arms(folder)
    for row in expected["evppi"]:
        found = evppi(costs, effects, parameters, row["params"], row["wtp"])
        assert found == pytest.approx(row["evppi"], rel=0.015), row


def test_metamodel_of_three_arms(reference: Reference) -> None:
    folder, expected = reference("psa_three_arms")
    costs, effects, parameters = three_arms(folder)
    rel = expected["rel_tol"]
    benefit = net_monetary_benefit(costs, effects, 100_000)
    values, outcomes = metamodel(parameters, benefit)
    best = {name: outcome.max(axis=1) for name, outcome in outcomes.items()}
    table = tornado(values, best)
    wanted = pd.DataFrame(expected["metamodel_owsa"]["tornado"])
    assert table["parameter"].to_list() == wanted["parameter"].to_list()
    for ours, theirs in [
        ("low", "param_val.low"),
        ("high", "param_val.high"),
        ("at_low", "outcome_val.low"),
        ("at_high", "outcome_val.high"),
    ]:
        assert table[ours].to_list() == pytest.approx(wanted[theirs].to_list(), rel=rel)
    # Differences of outcomes a thousand times as large keep fewer digits.
    assert table["width"].to_list() == pytest.approx(wanted["abs_diff"].to_list(), rel=1e-6)
    assert table["relative_width"].to_list() == pytest.approx(
        wanted["rel_diff"].to_list(), rel=1e-6
    )
    check_ranges(expected["metamodel_owsa"]["optimal_ranges"], values, outcomes, CARE)


def check_ranges(
    wanted: list[dict[str, Any]],
    values: dict[str, FloatArray],
    outcomes: dict[str, FloatArray],
    names: list[str],
) -> None:
    """dampack gives the first and last grid point in a range; exact ends lie a step further."""
    for name, grid in values.items():
        found = best_ranges(grid, outcomes[name], names)
        step = 1.000001 * np.diff(grid).max()
        theirs = sorted((r for r in wanted if r["parameter"] == name), key=lambda r: r["pmin"])
        assert found["strategy"].to_list() == [row["strategy"] for row in theirs]
        for row, low, high in zip(theirs, found["low"], found["high"], strict=True):
            assert row["pmin"] - step <= low <= row["pmin"] * (1 + 1e-9)
            assert row["pmax"] * (1 - 1e-9) <= high <= row["pmax"] + step


def test_one_way_analysis_of_dampack(reference: Reference) -> None:
    folder, expected = reference("dsa_one_way")
    rel = expected["rel_tol"]
    table = pd.read_csv(folder / "owsa_nmb.csv")
    names = list(table["strategy"].unique())
    values, outcomes = {}, {}
    for name, rows in table.groupby("parameter"):
        wide = rows.pivot_table(index="param_val", columns="strategy", values="outcome_val")[names]
        values[str(name)], outcomes[str(name)] = wide.index.to_numpy(), wide.to_numpy()
    found = tornado(values, {name: outcome.max(axis=1) for name, outcome in outcomes.items()})
    wanted = pd.DataFrame(expected["tornado_best_strategy"])
    assert found["parameter"].to_list() == wanted["parameter"].to_list()
    for ours, theirs in [
        ("at_low", "outcome_val.low"),
        ("at_high", "outcome_val.high"),
        ("width", "abs_diff"),
        ("relative_width", "rel_diff"),
    ]:
        assert found[ours].to_list() == pytest.approx(wanted[theirs].to_list(), rel=rel)
    check_ranges(expected["optimal_ranges"], values, outcomes, names)
    for row in expected["switch_points_interpolated"]:
        ranges = best_ranges(values[row["parameter"]], outcomes[row["parameter"]], names)
        assert ranges["strategy"].to_list() == [row["from"], row["to"]]
        assert ranges["high"].to_list()[0] == pytest.approx(row["threshold"], rel=rel)


def test_two_arms_of_bcea(reference: Reference) -> None:
    folder, expected = reference("psa_two_arms_vaccine")
    draws = pd.read_csv(folder / "psa.csv.gz")
    costs, effects = (draws[[f"{what}_1", f"{what}_2"]].to_numpy() for what in ("cost", "effect"))
    k, tolerance = expected["k"], expected["rel_tol"]
    names = expected["strategies"]

    # BCEA's increments are reference less comparator: vaccination less status quo.
    row = pairwise_table(costs, effects, names).iloc[0]
    assert row["icer"] == pytest.approx(expected["icer"], rel=tolerance)
    # BCEA reads the break-even off its grid of steps of 100: the first at or after the exact one.
    grid_step = expected["grid_step"]
    assert expected["k_star_on_grid"] - grid_step < row["icer"] <= expected["k_star_on_grid"]
    benefit = net_monetary_benefit(costs, effects, k)
    np.testing.assert_allclose(
        benefit.mean(axis=1), expected["net_benefit_mean_rows_k"], rtol=tolerance
    )
    gain = (benefit[..., 1] - benefit[..., 0]).mean(axis=1)
    np.testing.assert_allclose(gain, np.ravel(expected["eib_rows_k"]), rtol=tolerance)
    np.testing.assert_allclose(
        ceac_pairwise(costs, effects, k)[:, 1], np.ravel(expected["ceac_pairwise_rows_k"])
    )
    np.testing.assert_allclose(ceac(costs, effects, k), expected["prob_best_rows_k"])
    np.testing.assert_allclose(ceaf(costs, effects, k), expected["prob_of_expected_best"])
    chosen = np.asarray(optimal_strategy(costs, effects, k)) + 1
    assert chosen.tolist() == expected["best_by_expected_nb"]
    np.testing.assert_allclose(evpi(costs, effects, k), expected["evpi"], rtol=tolerance)

    averse = expected["risk_aversion"][0]
    utility = exponential_utility(benefit, averse["r"])
    gain = (utility[..., 1] - utility[..., 0]).mean(axis=1)
    np.testing.assert_allclose(gain, np.ravel(averse["eib"]), rtol=tolerance)
    values = [evpi(-each, np.zeros_like(each), 0.0) for each in utility]
    np.testing.assert_allclose(values, averse["evpi"], rtol=tolerance)


def test_subgroups_of_hesim(reference: Reference) -> None:
    folder, expected = reference("subgroup_psa")
    draws = pd.read_csv(folder / "psa_long.csv.gz")
    k, tolerance = expected["k"], expected["rel_tol"]
    groups, names = list(expected["groups"]), sorted(draws["strategy"].unique())
    costs, effects = (
        np.stack(
            [
                draws[draws["group"] == group]
                .pivot_table(index="sample", columns="strategy", values=what)[names]
                .to_numpy()
                for group in groups
            ]
        )
        for what in ("cost", "qalys")
    )
    for group, cost, effect in zip(groups, costs, effects, strict=True):
        wanted = expected["groups"][group]
        summary = strategy_summary(cost, effect, names)
        for row, ours in zip(wanted["summary"], summary.to_dict("records"), strict=True):
            for letter, what in (("c", "cost"), ("e", "effect")):
                found = [ours[what], ours[f"{what}_low"], ours[f"{what}_high"]]
                ends = [row[f"{letter}_mean"], *row[f"{letter}_ci"]]
                assert found == pytest.approx(ends, rel=tolerance)
        table = pairwise_table(cost, effect, names)
        for row, ours in zip(wanted["pairwise"], table.to_dict("records"), strict=True):
            assert ours["icer"] == pytest.approx(row["icer"], rel=tolerance)
            for letter, what in (("ic", "inc_cost"), ("ie", "inc_effect")):
                found = [ours[what], ours[f"{what}_low"], ours[f"{what}_high"]]
                ends = [row[f"{letter}_mean"], *row[f"{letter}_ci"]]
                assert found == pytest.approx(ends, rel=tolerance)
        by_k = pd.DataFrame(wanted["by_k"])
        benefit = net_monetary_benefit(cost, effect, k).mean(axis=1)
        np.testing.assert_allclose(benefit, by_k["enmb"].to_list(), rtol=tolerance)
        np.testing.assert_allclose(ceac(cost, effect, k), by_k["prob_best"].to_list())
        np.testing.assert_allclose(ceaf(cost, effect, k), by_k["ceaf"])
        pairwise = ceac_pairwise(cost, effect, k)[:, 1:]
        np.testing.assert_allclose(pairwise, by_k["pairwise_ceac"].to_list())
        np.testing.assert_allclose(evpi(cost, effect, k), by_k["evpi"], rtol=tolerance)
        assert (np.asarray(optimal_strategy(cost, effect, k)) + 1).tolist() == by_k[
            "expected_best"
        ].to_list()

    weights = [expected["group_weights"][group] for group in groups]
    np.testing.assert_allclose(
        evpi_by_group(costs, effects, weights, k), expected["total_evpi"], rtol=tolerance
    )
    np.testing.assert_allclose(
        value_of_individualized_care(costs, effects, weights, k),
        next(values for name, values in expected.items() if name.startswith("value_of_indiv")),
        rtol=tolerance,
    )
