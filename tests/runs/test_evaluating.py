"""The economic evaluation of a run folder: what it must hold, and where its numbers are from."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hvsim.economics import (
    evpi,
    evppi,
    evppi_by_luck,
    icer_table,
    load_prices,
    swings,
    variance_components,
)
from hvsim.economics.valuation.valuing import CASHABLE, PROGRAM_COST
from hvsim.randomness import generator
from hvsim.runs import Run
from hvsim.runs.evaluating import (
    Question,
    evaluate,
)
from hvsim.runs.evaluating.arrays import asked_of
from hvsim.runs.evaluating.evaluation import TABLES
from hvsim.runs.evaluating.families import family_of
from hvsim.runs.evaluating.learning import SHUFFLES, partial_information, tornado
from hvsim.runs.evaluating.money import price_path
from hvsim.runs.evaluating.spread import kinds
from hvsim.runs.sampling import sample_of
from runs.pretended import DRAWS, pretended
from runs.test_evaluating_qalys import LOSSES

AS_IT_HAPPENS = ["discounting.costs_per_year=0%"]


def wide(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return table.pivot_table(index="wtp", columns="strategy", values=column)


def test_effects_are_what_the_summary_says_is_prevented() -> None:
    run, _ = pretended()
    undiscounted = asked_of(run, Question(), load_prices(overrides=AS_IT_HAPPENS))
    summary = run.draws("summary").query("measure == 'prevented:harm'")
    by_draw = summary.groupby(["scenario", "draw"])["value"].mean()
    for place, name in enumerate(("universal", "targeted"), start=1):
        assert undiscounted.gain[:, place] == pytest.approx(by_draw[name].to_numpy())
    assert not undiscounted.gain[:, 0].any()


def test_effects_are_discounted_by_the_year_in_which_they_happen() -> None:
    run, _ = pretended()
    prices = load_prices(overrides=["discounting.effects_per_year=5%"])
    found = asked_of(run, Question(), prices).effects
    rows = run.draws("outcomes", only=[7])
    rows = rows[(rows["outcome"] == "harm") & (rows["measure"] == "events") & (rows["draw"] == 7)]
    worth = (rows["value"] / 1.05 ** (rows["year"] - 2025)).groupby(
        [rows["scenario"], rows["replicate"]]
    )
    by_run = worth.sum()
    for replicate in (0, 1):
        less = by_run["today", replicate] - by_run["universal", replicate]
        assert found[3, replicate, 1] == pytest.approx(less)


def test_costs_are_those_of_the_perspective() -> None:
    run, _ = pretended()
    dollars = sample_of(run).priced(run.prices).dollars
    by_kind = dollars[dollars["draw"] == 9].groupby(["scenario", "view", "kind"])
    of = by_kind["discounted"].sum() / 2
    programs = asked_of(run, Question())
    assert programs.cost[5, 2] == pytest.approx(of["targeted", "lifetime", "program cost"])
    public = asked_of(run, Question(perspective="public"))
    paid = of["targeted", "fiscal", "program cost"] + of["targeted", "fiscal", "cashable saving"]
    assert public.cost[5, 2] == pytest.approx(paid)
    assert (public.gain == programs.gain).all()
    saved = asked_of(run, Question(effect="dollars", perspective="public"))
    kind = "cashable saving"
    less = of["today", "fiscal", kind] - of["targeted", "fiscal", kind]
    assert saved.gain[5, 2] == pytest.approx(less)
    assert saved.cost[5, 2] == pytest.approx(of["targeted", "fiscal", "program cost"])
    assert saved.at == 1


@pytest.mark.parametrize(("perspective", "view"), [("public", "fiscal"), ("programs", "lifetime")])
@pytest.mark.parametrize("effect", ["prevented:harm", "prevented_months:depression", "qalys"])
def test_effects_end_with_the_years_of_the_view_that_costs_are_of(
    perspective: str, view: str, effect: str
) -> None:
    run, _ = pretended()
    years = [f"views.{view}.years=1", *AS_IT_HAPPENS, *LOSSES]
    prices = load_prices(run.folder / "prices.yaml", years)
    question = Question(perspective=perspective, effect=effect)
    found = asked_of(run, question, prices)
    rows = (
        run.draws("outcomes")
        .query("year == 2025")
        .groupby(["outcome", "measure", "scenario", "draw"])
    )
    counts = rows["value"].sum() / 2

    def less(outcome: str, measure: str) -> "pd.Series[float]":
        own = counts[outcome, measure].unstack("scenario")
        fewer: pd.Series[float] = own["today"] - own["targeted"]
        return fewer

    if effect == "qalys":
        loss = found.parameters["quality_of_life.maltreatment.loss"]
        expected = less("harm", "children") * loss
        expected += less("depression", "person_months") * 0.23 / 12
    elif effect == "prevented:harm":
        expected = less("harm", "events")
    else:
        expected = less("depression", "person_months")
    assert found.gain[:, 2] == pytest.approx(expected.to_numpy())
    (said,) = evaluate(run, question, prices).settled.remarks[:1]
    assert said.startswith("Costs and effects count to the end of fiscal year 2025, as in “")
    other = {"public": "programs", "programs": "public"}[perspective]
    whole = asked_of(run, Question(perspective=other, effect=effect), prices)
    assert whole.gain[:, 2] != pytest.approx(found.gain[:, 2])


def test_months_in_a_state_are_an_effect_too() -> None:
    run, _ = pretended()
    effect = "prevented_months:depression"
    found = asked_of(run, Question(effect=effect), load_prices(overrides=AS_IT_HAPPENS))
    rows = run.draws("summary").query(f"measure == '{effect}' and scenario == 'universal'")
    by_draw = rows.groupby("draw")["value"].mean().to_numpy()
    assert np.any(by_draw)
    assert found.gain[:, 1] == pytest.approx(by_draw)
    assert found.effect.unit == "months"


def test_more_of_what_is_desirable_is_gained() -> None:
    run, _ = pretended()
    turned = tuple(
        measure.model_copy(update={"desirable": measure.name == "harm"})
        for measure in run.manifest.measures
    )
    other = Run(run.folder, run.manifest.model_copy(update={"measures": turned}))
    gained = asked_of(other, Question())
    assert gained.effect.name == "gained:harm"
    assert np.array_equal(gained.gain, -asked_of(run, Question()).gain)


def test_the_curves_obey_their_laws() -> None:
    _, found = pretended()
    curves, known = found.curves, found.perfect_information.set_index("wtp")
    assert wide(curves, "acceptability").sum(axis=1).to_numpy() == pytest.approx(1)
    losses = wide(curves, "expected_loss")
    assert losses.min(axis=1).to_numpy() == pytest.approx(known["evpi"].to_numpy())
    assert (known["evpi"] >= 0).all()
    chosen = curves.dropna(subset=["frontier"])
    assert (chosen["frontier"] == chosen["acceptability"]).all()
    assert chosen.set_index("wtp")["strategy"].equals(known["best"].rename("strategy"))
    benefit = wide(curves, "net_benefit")
    assert not benefit["today"].any()
    assert (benefit.idxmax(axis=1) == known["best"]).all()
    births = found.settled.births
    assert known["evpi_per_birth"].to_numpy() * births == pytest.approx(known["evpi"].to_numpy())


def test_knowing_a_part_is_worth_no_more_than_knowing_all() -> None:
    run, found = pretended()
    asked = asked_of(run, Question())
    everything = {wtp: evpi(asked.cost, asked.gain, wtp) for wtp in (*asked.wtp, asked.at)}
    table = found.partial_information
    assert set(table["kind"]) == {"group", "parameter"}
    for _, row in table.iterrows():
        most = everything[row["wtp"]]
        assert 0 <= row["evppi"] <= most * (1 + 1e-9)
        assert 0 <= row["by_luck"] <= most * (1 + 1e-9)
    assert len(table[table["kind"] == "parameter"]) == asked.parameters.shape[1]
    at = table[(table["kind"] == "group") & (table["wtp"] == asked.at)].set_index("name")
    for name, members in asked.groups.items():
        again = evppi(asked.cost, asked.gain, asked.parameters, members, asked.at)
        assert at.loc[name, "evppi"] == pytest.approx(again)
        assert at.loc[name, "parameters"] == len(members)


def test_luck_is_that_of_the_same_set_at_the_same_price() -> None:
    run, found = pretended()
    asked = asked_of(run, Question())
    dealer = generator(run.manifest.seed, "shuffled draws")
    orders = [dealer.permutation(DRAWS) for _ in range(SHUFFLES)]
    table = found.partial_information
    for name, members in asked.groups.items():
        own = table[(table["kind"] == "group") & (table["name"] == name)].set_index("wtp")
        for wtp in asked.wtp[:: len(asked.wtp) - 1]:
            dealt = evppi_by_luck(
                asked.cost, asked.gain, asked.parameters, members, float(wtp), np.array(orders)
            )
            assert own["by_luck"][wtp] == pytest.approx(dealt.max())


def test_a_tornado_is_of_the_effect_and_of_net_benefit() -> None:
    run, found = pretended()
    asked = asked_of(run, Question())
    more, better = (each - each[:, :1] for each in (asked.cost, asked.gain))
    columns = {str(name): asked.parameters[name].to_numpy() for name in asked.parameters}
    expected = {
        "effect": swings(columns, better[:, 2]),
        "net benefit": swings(columns, asked.at * better[:, 2] - more[:, 2]),
    }
    for outcome, table in expected.items():
        own = found.tornado[found.tornado["strategy"] == "targeted"]
        own = own[own["outcome"] == outcome]
        pd.testing.assert_frame_equal(own[list(table)].reset_index(drop=True), table)
        assert [family_of(name) for name in own["parameter"]] == own["family"].tolist()


def test_strategies_are_those_of_the_frontier_with_the_errors_of_their_means() -> None:
    run, found = pretended()
    asked = asked_of(run, Question())
    table = found.strategies
    expected = icer_table(asked.cost, asked.gain, asked.names)
    assert table[list(expected)].equals(expected)
    universal = table.set_index("strategy").loc["universal"]
    costs = asked.cost[:, 1]
    assert universal["cost_error"] == pytest.approx(costs.std(ddof=1) / DRAWS**0.5)
    assert universal["cost_low"] == pytest.approx(np.quantile(costs, 0.025))
    on = [
        dict(zip(own["strategy"], own["status"], strict=True))["universal"] == "ND"
        for draw in range(DRAWS)
        for own in [icer_table(asked.cost[draw], asked.gain[draw], asked.names)]
    ]
    assert universal["on_frontier"] == pytest.approx(np.mean(on))
    # A ratio has an interval only where both increments are above zero in every draw.
    ratios = (asked.cost[:, 1] - asked.cost[:, 0]) / asked.gain[:, 1]
    sure = bool((asked.gain[:, 1] > 0).all())
    low = np.quantile(ratios, 0.025) if sure else np.nan
    assert universal["icer_low"] == pytest.approx(low, nan_ok=True)


def test_each_payer_has_its_return_and_all_have_their_sum() -> None:
    run, found = pretended()
    table = found.returns.query("view == 'fiscal' and savings == 'without capacity freed'")
    own = table[table["strategy"] == "universal"].set_index("perspective")
    payers = own.drop(index="all")
    for column in ("benefits", "costs", "net_present_value"):
        assert payers[column].sum() == pytest.approx(own.loc["all", column])
    frame = sample_of(run).priced(run.prices).dollars
    fiscal = frame[(frame["view"] == "fiscal") & (frame["kind"] != "capacity freed")]
    total = fiscal.groupby(["scenario", "draw"])["discounted"].sum() / 2
    less = (total["today"] - total["universal"]).to_numpy()
    assert own.loc["all", "net_present_value"] == pytest.approx(less.mean())
    assert own.loc["all", "share_positive"] == np.mean(less > 0)
    lifetime = found.returns.query("view == 'lifetime' and strategy == 'targeted'")
    assert set(lifetime["perspective"]) >= {"governments", "family", "all"}
    everybody = lifetime.set_index("perspective")["net_present_value"]
    parts = everybody.drop(index=["all", "governments"])
    assert parts.sum() == pytest.approx(everybody["all"])


@pytest.mark.parametrize(
    ("counts", "kinds"),
    [("programs", [PROGRAM_COST]), ("programs less cash savings", [PROGRAM_COST, CASHABLE])],
)
def test_budget_impact_is_undiscounted_by_payer_and_year(counts: str, kinds: list[str]) -> None:
    run, found = pretended()
    own = found.budgets[found.budgets["counts"] == counts].query("strategy == 'targeted'")
    frame = sample_of(run).priced(run.prices).dollars.query("view == 'fiscal' and kind in @kinds")
    assert set(frame["kind"]) == set(kinds)
    by = frame.groupby(["scenario", "payer", "year"])["dollars"].sum() / (2 * DRAWS)
    for _, row in own[own["payer"] != "all"].iterrows():
        key = (row["payer"], row["year"])
        more = by.get(("targeted", *key), 0.0) - by.get(("today", *key), 0.0)
        assert row["impact"] == pytest.approx(more, abs=1e-6)
    whole = own[own["payer"] == "all"].set_index("year")["impact"]
    parts = own[own["payer"] != "all"].groupby("year")["impact"].sum()
    assert parts.to_numpy() == pytest.approx(whole.to_numpy(), abs=1e-6)
    factors, _ = price_path(run.prices, [int(year) for year in whole.index], None)
    nominal = own[own["payer"] == "all"]["nominal"].to_numpy()
    assert nominal == pytest.approx(whole.to_numpy() * factors)


def test_prices_follow_the_index_as_far_as_it_reaches() -> None:
    prices = load_prices()
    factors, inflation = price_path(prices, [2022, 2023, 2024], None)
    assert factors[1] == 1
    # CPI-U of the evidence: 292.655 in 2022, 304.702 in 2023 (annual averages, BLS).
    assert factors[0] == pytest.approx(292.655 / 304.702, rel=1e-3)
    assert 0.01 < inflation < 0.05
    later, stated = price_path(prices, [2040, 2041], 0.03)
    assert stated == 0.03
    assert later[1] / later[0] == pytest.approx(1.03)


def test_other_prices_need_no_run() -> None:
    run, found = pretended()
    dearer = load_prices(overrides=["discounting.costs_per_year=10%"])
    again = evaluate(run, Question(wtp=found.settled.wtp), dearer)
    assert (again.strategies["cost"] < found.strategies["cost"]).all()
    assert again.settled.costs_per_year == 0.1
    assert again.settled.prices_sha256 != found.settled.prices_sha256


def test_what_moves_the_answer_is_told_from_the_summary_and_the_draws() -> None:
    run, found = pretended()
    own = found.uncertainty.query("strategy == 'universal'").set_index("kind")
    summary = run.summary.query("scenario == 'universal' and measure == 'prevented:harm'")
    for kind in ("chance only", "effect sets", "parameters"):
        row = summary[summary["uncertainty"] == kind].iloc[0]
        for end in ("value", "low", "high"):
            assert own[end][kind] == pytest.approx(row[end], abs=1e-5)
    shares = run.summary.query("scenario == 'universal' and measure == 'prevented_percent:harm'")
    for kind in ("effect sets", "parameters"):
        row = shares[shares["uncertainty"] == kind].iloc[0]
        for end in ("", "_low", "_high"):
            stored = row[end[1:] or "value"]
            assert own[f"percent{end}"][kind] == pytest.approx(stored, abs=1e-5)
    events = run.summary.query("scenario == 'today' and measure == 'events:harm'")
    central = events[events["uncertainty"] == "effect sets"]["value"].iloc[0]
    share = 100 * own["high"]["chance only"] / central
    assert own["percent_high"]["chance only"] == pytest.approx(share)


def test_structures_move_the_answer_by_the_means_of_their_alternatives() -> None:
    run, _ = pretended()
    asked = asked_of(run, Question())
    which = np.arange(DRAWS) % 3
    with_axis = replace(asked, parameters=asked.parameters.assign(**{"structure:dose": which}))
    own = kinds(with_axis).query("kind == 'structure:dose' and strategy == 'targeted'").iloc[0]
    values = asked.sample.effects("prevented:harm")[:, 2]
    means = [values[which == alternative].mean() for alternative in range(3)]
    assert (own["low"], own["high"]) == pytest.approx((min(means), max(means)))
    assert own["value"] == pytest.approx(values.mean())


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 0, 1)])
def test_structures_have_no_order(order: tuple[int, ...]) -> None:
    run, _ = pretended()
    asked = asked_of(run, Question())
    which = np.argsort(np.argsort(asked.gain[:, 2])) // 8  # thirds of the draws
    coded = np.array(order)[which]
    axis, number = "structure:dose", str(asked.parameters.columns[0])
    with_axis = replace(
        asked,
        parameters=asked.parameters.assign(**{axis: coded}),
        groups={"how": [axis], "both": [axis, number]},
    )
    bars = tornado(with_axis).query("parameter == @axis and strategy == 'targeted'")
    benefit = asked.at * asked.gain - (asked.cost - asked.cost[:, :1])
    for outcome, values in (("effect", asked.gain[:, 2]), ("net benefit", benefit[:, 2])):
        bar = bars[bars["outcome"] == outcome].iloc[0]
        means = [values[which == third].mean() for third in range(3)]
        assert (bar["at_low"], bar["at_high"]) == pytest.approx((min(means), max(means)))
        assert bar["low"] == order[int(np.argmin(means))]
        assert bar["family"] == "how the world works"
    table = partial_information(with_axis)
    at = table[table["wtp"] == asked.at].set_index("name")
    best = [benefit[which == third].mean(axis=0).max() for third in range(3)]
    known = np.mean(best) - benefit.mean(axis=0).max()
    everything = benefit.max(axis=1).mean() - benefit.mean(axis=0).max()
    assert known > 0
    for name in ("how", axis):
        assert at["evppi"][name] == pytest.approx(min(known, everything))
        assert at["parameters"][name] == 1
    as_written = partial_information(
        replace(with_axis, parameters=asked.parameters.assign(**{axis: which}))
    ).set_index(["name", "wtp"])
    assert at["evppi"]["both"] == pytest.approx(as_written["evppi"]["both", asked.at])


def test_chance_is_told_from_parameters_where_there_are_replicates() -> None:
    run, found = pretended()
    asked = asked_of(run, Question())
    own = found.components.query("strategy == 'universal'").set_index("quantity")
    parts = variance_components(asked.effects[..., 1])
    assert own["parameters"]["effect"] == pytest.approx(parts.parameters**0.5)
    left = (parts.chance + parts.interaction) / 2
    assert own["chance_left"]["effect"] == pytest.approx(left**0.5)
    once = replace(asked, costs=asked.costs[:, :1], effects=asked.effects[:, :1])
    assert TABLES["components"](once).empty
