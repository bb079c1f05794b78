"""Dollars of a run folder: stored, in the summary, and made anew by other prices."""

from pathlib import Path

import pandas as pd
import pytest

from economics.worked import small
from hvsim.economics import Prices, load_prices, prices_hash, spending_by_stream
from hvsim.execution.pairing import count_families
from hvsim.runs import Run, RunFolderError, RunWriter, claim, read_run, revaluing
from hvsim.runs.locking import only_writer
from hvsim.runs.revaluing import revalue
from runs.ledgers import made_up, manifest

PRICES = """\
extends: hvsim:prices/united-states
title: Round prices
price_year: 2024
costs:
  episode:
    label: Episodes of harm
    outcome: harm
    per: event
    amount: 90000 USD
    price_year: 2024
    index: cpi-u
    holds: [child-welfare]
    because_of: [maltreatment]
    span: at-once
    payers: {county: 25%, federal: 75%}
    cashable: 40%
views:
  fiscal: {counts: [episode]}
  lifetime: {counts: [time-of-families]}
"""


NOTHING = -1.0
"""For an empty value."""


def prices(folder: Path, *overrides: str) -> Prices:
    file = folder / "round.yaml"
    file.write_text(PRICES, encoding="utf-8")
    return load_prices(file, overrides)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Two scenarios of random counts, the second with less harm and higher costs."""
    return stored(tmp_path, fewer=0.5)


def stored(tmp_path: Path, fewer: float) -> Run:
    """The same, with this share of the second scenario's events left out, family by family."""
    folder = tmp_path / "out"
    about = manifest("today", "more", baseline="today")
    texts = dict.fromkeys(("today", "more"), "title: x\n")
    with claim(folder), RunWriter(folder, about, texts, prices(tmp_path)) as writer:
        before = made_up("today", seed=7)
        for ledger in (before, made_up("more", seed=58, fewer=fewer)):
            writer.add(ledger, 0, count_families(ledger, before), seconds=0)
        writer.finish()
    return read_run(folder)


def values(run: Run) -> dict[str, float]:
    rows = run.summary[run.summary["scenario"] == "more"]
    return dict(zip(rows["measure"], rows["value"].fillna(NOTHING), strict=True))


def test_what_is_stored_says_by_which_prices(run: Run) -> None:
    assert run.prices.title == "Round prices"
    valued = run.manifest.valued
    assert valued is not None
    assert (valued.title, valued.price_year) == ("Round prices", 2024)
    assert "depression" in valued.unpriced
    assert set(run.valuation["view"]) == {"fiscal", "lifetime"}


def test_costs_are_those_of_the_streams_to_the_cent(run: Run) -> None:
    paid = run.valuation[
        (run.valuation["kind"] == "program cost")
        & (run.valuation["view"] == "fiscal")
        & (run.valuation["dimension"] == "all")
    ]
    streams = spending_by_stream(run.costs)
    streams = streams[streams["year"] == 2025]  # births end with that fiscal year
    expected = streams.groupby(["scenario", "payer"])["spent"].sum()
    found = paid.groupby(["scenario", "payer"])["dollars"].sum()
    assert ((found - expected).abs() < 0.005).all()


def test_groups_of_a_dimension_make_up_all(run: Run) -> None:
    episodes = run.valuation[run.valuation["item"] == "episode"]
    sums = episodes.groupby(["dimension", "scenario", "payer", "kind", "year"])["dollars"].sum()
    assert set(episodes["dimension"]) == {"all", "region", "payer"}
    for dimension in ("region", "payer"):
        pd.testing.assert_series_equal(sums[dimension], sums["all"])


def test_the_balance_of_a_payer_by_hand(run: Run) -> None:
    found = values(run)
    harm = run.outcomes.query("dimension == 'all' and outcome == 'harm' and measure == 'events'")
    events = harm.pivot_table(index="year", columns="scenario", values="value", aggfunc="sum")
    fewer = events["today"] - events["more"]
    factors = 1.03 ** -(fewer.index - 2025.0)
    average = 0.25 * 90_000 * (fewer * factors).sum()
    costs = run.costs.query("year == 2025 and payer == 'county' and category != 'unspent'")
    spent = costs.groupby("scenario")["dollars"].sum()
    added = spent["more"] - spent["today"]
    assert found["added_cost:fiscal:county"] == pytest.approx(added)
    assert found["cashable_saving:fiscal:county"] == pytest.approx(0.4 * average)
    assert found["capacity_freed:fiscal:county"] == pytest.approx(0.6 * average)
    assert found["net_cost:fiscal:county"] == pytest.approx(added - 0.4 * average)
    assert found["net_cost_with_capacity:fiscal:county"] == pytest.approx(added - average)
    assert added > 0
    assert found["return_per_dollar:fiscal:county"] == pytest.approx(0.4 * average / added)


def test_payers_make_up_all(run: Run) -> None:
    found = values(run)
    for measure in ("added_cost", "cashable_saving", "net_cost"):
        parts = [value for name, value in found.items() if name.startswith(f"{measure}:fiscal:")]
        assert sum(parts) == pytest.approx(found[f"{measure}:fiscal"])
    assert "capacity_freed:lifetime" not in found  # nothing of that kind in the view


def test_what_streams_pay_more_per_event_prevented(run: Run) -> None:
    found = values(run)
    events = run.outcomes.query("dimension == 'all' and measure == 'events'")
    events = events.assign(present=events["value"] * 1.03 ** -(events["year"] - 2025.0))
    sums = events.groupby(["outcome", "scenario"])["present"].sum()
    costs = run.costs.query("year == 2025 and category != 'unspent'")
    spent = costs.groupby("scenario")["dollars"].sum()
    added = spent["more"] - spent["today"]
    fewer = sums[:, "today"] - sums[:, "more"]
    assert added > 0
    assert fewer["harm"] > 0 > fewer["depression"]
    assert found["cost_per_prevented:harm"] == pytest.approx(added / fewer["harm"])
    assert "cost_per_prevented:depression" not in found


@pytest.mark.parametrize(
    "view", ["views.lifetime.spending=to-end", "views.lifetime.years=1", "views.fiscal.years=1"]
)
def test_added_spending_ends_with_the_births_whatever_a_view_counts(
    run: Run, tmp_path: Path, view: str
) -> None:
    # Spending of the year after the last births is there, and no part of it.
    streams = spending_by_stream(run.costs).query("year > 2025")
    assert streams["spent"].sum() > 0
    before = values(run)
    revalue(run.folder, prices(tmp_path, view))
    after = values(read_run(run.folder))
    names = [name for name in before if name.startswith(("added_spending", "cost_per_"))]
    assert len(names) > 1
    assert [after[name] for name in names] == [before[name] for name in names]
    costs = run.costs.query("year == 2025 and category != 'unspent'")
    spent = costs.groupby("scenario")["dollars"].sum()
    assert after["added_spending"] == pytest.approx(spent["more"] - spent["today"])


def test_what_chance_may_have_done_has_no_cost(tmp_path: Path) -> None:
    found = values(stored(tmp_path, fewer=0.0))
    assert not [name for name in found if name.startswith("cost_per_")]


def test_the_same_prices_again_change_no_byte(run: Run) -> None:
    before = {file.name: file.read_bytes() for file in run.folder.iterdir() if file.is_file()}
    revalue(run.folder, run.prices)
    after = {file.name: file.read_bytes() for file in run.folder.iterdir() if file.is_file()}
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"prices.yaml"}  # only the comments: who wrote a value
    assert load_prices(run.folder / "prices.yaml") == run.prices


def test_other_prices_change_dollars_alone(run: Run, tmp_path: Path) -> None:
    before = values(run)
    again = revalue(run.folder, prices(tmp_path, "costs.episode.amount=180000 USD"))
    after = values(read_run(run.folder))
    changed = {name for name, value in before.items() if after[name] != value}
    assert {name.split(":")[0] for name in changed} == {
        "cashable_saving",
        "capacity_freed",
        "net_cost",
        "net_cost_with_capacity",
        "return_per_dollar",
        "return_per_dollar_with_capacity",
    }
    assert after["cashable_saving:fiscal"] == pytest.approx(2 * before["cashable_saving:fiscal"])
    assert again.manifest.valued != run.manifest.valued


def test_a_price_of_months_counts_for_states_alone(run: Run, tmp_path: Path) -> None:
    def remarked(outcome: str) -> tuple[bool, bool]:
        changes = [f"costs.episode.{field}" for field in ("per=month", f"outcome={outcome}")]
        valued = revalue(run.folder, prices(tmp_path, *changes)).manifest.valued
        assert valued is not None
        return "episode" in valued.unused, any("is no state" in one for one in valued.remarks)

    assert remarked("harm") == (True, True)
    assert remarked("depression") == (False, False)
    assert remarked("peace") == (True, False)


def test_an_interrupted_revaluation_says_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = prices(tmp_path, "costs.episode.amount=180000 USD")

    def interrupted(_: Run) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(revaluing, "summary_csv", interrupted)
        with pytest.raises(KeyboardInterrupt):
            revalue(run.folder, others)
    half = read_run(run.folder).manifest
    assert half.valued is None
    assert "that was interrupted; value it with hvsim report --prices" in half.not_valued
    again = revalue(run.folder, others)
    assert read_run(run.folder).manifest == again.manifest
    assert again.manifest.valued is not None
    assert again.manifest.valued.sha256 == prices_hash(others) == prices_hash(again.prices)
    assert again.manifest.not_valued == ""


def test_two_cannot_value_a_run_at_once(run: Run) -> None:
    before = run.manifest.valued
    with only_writer(run.folder), pytest.raises(RunFolderError, match="another hvsim is writing"):
        revalue(run.folder, run.prices)
    assert read_run(run.folder).manifest.valued == before


def test_prices_that_do_not_fit_change_nothing(run: Run) -> None:
    before = {file.name: file.read_bytes() for file in run.folder.iterdir() if file.is_file()}
    with pytest.raises(RunFolderError, match="no value for 2024"):
        revalue(run.folder, small())
    after = {file.name: file.read_bytes() for file in run.folder.iterdir() if file.is_file()}
    assert after == before
