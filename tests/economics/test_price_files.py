"""One broken file per message: what its first lines expect is all that is printed."""

from pathlib import Path

import pytest

from broken_files import assert_says_what_it_expects, broken_in
from economics.worked import SMALL, small
from hvsim.economics import load_prices
from hvsim.scenario import ScenarioError

BROKEN = Path(__file__).parent / "broken"


@pytest.mark.parametrize("name", broken_in(BROKEN))
def test_broken_file_says_exactly_what_is_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    assert_says_what_it_expects(name, load_prices)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        load_prices("nowhere.yaml")


def test_an_override_is_named_in_its_message() -> None:
    with pytest.raises(ScenarioError) as caught:
        small("views.lifetime.counts=[victim, victims]")
    assert str(caught.value) == (
        "--set views.lifetime.counts=[victim, victims]: views.lifetime.counts[2]: "
        "no cost named 'victims'; did you mean 'victim'?"
    )


def test_values_know_where_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"extends: {SMALL}\ndiscounting:\n  costs_per_year: 5%\n")
    prices = load_prices(file)
    assert prices.source == file
    assert prices.discounting.costs_per_year.value == 0.05
    assert prices.origins["discounting.costs_per_year"].line == 3
    assert prices.origins["discounting.first_year"].file == SMALL


def test_a_scenario_is_no_file_of_prices() -> None:
    with pytest.raises(ScenarioError, match="unknown field"):
        load_prices("hvsim:welcome-baby")
