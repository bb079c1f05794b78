"""A run folder of `hvsim compare`, valued: from scenario files to a table of dollars."""

from pathlib import Path

import pandas as pd
import pytest

from execution.harbor_run import harbor
from hvsim.economics import load_prices, spending_by_stream
from hvsim.runs.valuing import tables_of_run, value_run

PRICES = """\
extends: hvsim:prices/united-states
title: Prices for Harbor County
price_year: 2024
costs:
  episode:
    label: Episodes of harm
    outcome: harm
    per: event
    amount: {value: 500 USD, assumption: made up}
    price_year: 2024
    index: cpi-u
    holds: [child-welfare]
    because_of: [maltreatment]
    span: at-once
    payers: {county: {value: 100%, assumption: made up}}
    cashable: {value: 40%, assumption: made up}
views:
  fiscal: {counts: [episode]}
"""


@pytest.fixture
def table(tmp_path: Path) -> pd.DataFrame:
    """Dollars against today's system over five years, by scenario, kind and payer."""
    file = tmp_path / "prices.yaml"
    file.write_text(PRICES, encoding="utf-8")
    compared = value_run(harbor().folder, load_prices(file)).compared
    everybody = compared[compared["dimension"] == "all"]
    central = everybody[(everybody["draw"] == 0) & (everybody["view"] == "fiscal")]
    return central.pivot_table(
        index=["scenario", "kind"], columns="payer", values="dollars", aggfunc="sum"
    ).fillna(0.0)


def test_a_run_folder_becomes_a_table_of_dollars(table: pd.DataFrame) -> None:
    run = harbor()
    shown = table.to_string(float_format="{:,.2f}".format)
    assert shown.count("program cost") == 3  # of universal, targeted and today again
    harm = run.outcomes.query("dimension == 'all' and outcome == 'harm' and measure == 'events'")
    harm = harm[(harm["draw"] == 0) & (harm["year"] < harm["year"].min() + 5)]
    events = harm.groupby("scenario")["value"].sum()
    for scenario in ("universal", "targeted", "today-again"):
        fewer = events["today"] - events[scenario]
        saved = table.loc[(scenario, "cashable saving"), "county"]
        freed = table.loc[(scenario, "capacity freed"), "county"]
        assert saved == pytest.approx(200 * fewer)
        assert freed == pytest.approx(300 * fewer)


def test_what_a_strategy_costs_more_is_what_its_streams_paid_more(table: pd.DataFrame) -> None:
    run = harbor()
    tables = tables_of_run(run)
    streams = spending_by_stream(run.costs)
    last = min(tables.last_births, tables.first_year + 4)
    streams = streams[(streams["draw"] == 0) & (streams["year"] <= last)]
    spent = streams.groupby("scenario")["spent"].sum()
    for scenario in ("universal", "targeted", "today-again"):
        more = spent[scenario] - spent["today"]
        paid = table.xs((scenario, "program cost")).to_numpy().sum()
        assert paid == pytest.approx(more, abs=0.005)


def test_today_against_itself_costs_and_saves_nothing(table: pd.DataFrame) -> None:
    assert not table.xs("today-again").to_numpy().any()


def test_the_calendar_of_a_run_is_its_manifests() -> None:
    run = harbor()
    tables = tables_of_run(run)
    assert tables.baseline == "today"
    assert tables.first_year == run.costs["year"].min()
    assert tables.price_year == run.manifest.price_year
    assert tables.first_year <= tables.last_births <= run.outcomes["year"].max()
