"""Which prices a run is valued by: chosen ones must fit, packaged ones may not."""

import shutil
from pathlib import Path

import pytest

from hvsim.economics import load_prices
from hvsim.execution.pricing import settled_prices
from hvsim.scenario import Scenario, ScenarioError, load_scenario
from runs.ledgers import HARBOR

MINE = "extends: hvsim:prices/united-states\ntitle: Mine\n"


@pytest.fixture
def county(tmp_path: Path) -> Path:
    shutil.copytree(HARBOR, tmp_path / "county")
    return tmp_path / "county"


def strange(county: Path) -> Scenario:
    """Today's system, paid by somebody of whom the packaged prices know nothing."""
    file = county / "strange.yaml"
    file.write_text("extends: today.yaml\nfunding:\n  general:\n    payer: rotary-club\n")
    scenario = load_scenario(county / "today.yaml")
    (stream,) = list(scenario.funding)[:1]
    file.write_text(f"extends: today.yaml\nfunding:\n  {stream}:\n    payer: rotary-club\n")
    return load_scenario(file)


def test_packaged_prices_without_others(county: Path) -> None:
    prices, why_not = settled_prices([load_scenario(county / "today.yaml")], None)
    assert prices == load_prices()
    assert why_not == ""


def test_prices_beside_the_baseline_come_before_packaged_ones(county: Path) -> None:
    (county / "prices.yaml").write_text(MINE)
    today = load_scenario(county / "today.yaml")
    found, _ = settled_prices([today], None)
    assert found is not None
    assert found.title == "Mine"
    given, _ = settled_prices([today], load_prices())
    assert given == load_prices()


def test_a_run_does_not_fail_for_want_of_prices(county: Path) -> None:
    prices, why_not = settled_prices([strange(county)], None)
    assert prices is None
    assert "payer: streams are paid by 'rotary-club', of whom the prices say nothing" in why_not
    assert "strange.yaml:4: " in why_not


def test_prices_that_somebody_chose_must_fit(county: Path) -> None:
    (county / "prices.yaml").write_text(MINE)
    for given in (None, load_prices()):
        with pytest.raises(ScenarioError, match=r"strange\.yaml:4: .*for example rotary-club: "):
            settled_prices([strange(county)], given)


def test_a_price_year_beyond_the_index(county: Path) -> None:
    scenario = load_scenario(county / "today.yaml", ["price_year=2031"])
    with pytest.raises(ScenarioError, match=r"price_year: index 'cpi-u' has no value for 2031"):
        settled_prices([scenario], load_prices())


def test_prices_of_another_place(county: Path) -> None:
    (county / "prices.yaml").write_text(MINE + "place: Harbor County\n")
    today = load_scenario(county / "today.yaml")
    assert settled_prices([today], None)[1] == ""
    (county / "prices.yaml").write_text(MINE + "place: Elsewhere\n")
    with pytest.raises(ScenarioError, match=r"today\.yaml:5: place: found 'Harbor County'; the"):
        settled_prices([today], None)
