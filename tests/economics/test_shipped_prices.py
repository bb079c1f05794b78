"""Every figure of the shipped prices is what its source says."""

from pathlib import Path

import pytest

from hvsim.economics import Prices, load_prices
from hvsim.evidence import load_evidence
from hvsim.scenario import Quantity
from hvsim.scenario.errors import DEFAULT, dotted
from hvsim.scenario.resolved import quantities

COUNTY = Path(__file__).parents[2] / "scenarios" / "la-county" / "prices.yaml"
SHIPPED = [load_prices(), load_prices(COUNTY)]
FACTS = load_evidence()


def unsourced(prices: Prices) -> list[str]:
    """Numbers that somebody wrote without evidence and without the word that they are assumed."""
    return [
        dotted(path)
        for path, number in quantities(prices)
        if prices.origins.get(dotted(path)) != DEFAULT
        and not number.evidence
        and not number.assumption
    ]


def dollars(prices: Prices) -> list[tuple[str, Quantity, int]]:
    """Amounts with the year of their prices."""
    return [
        (name, priced.amount, priced.price_year)
        for priceds in (prices.costs, prices.top_down)
        for name, priced in priceds.items()
    ]


@pytest.mark.parametrize("prices", SHIPPED, ids=["packaged", "los-angeles"])
def test_every_number_has_a_source(prices: Prices) -> None:
    assert unsourced(prices) == []


def test_a_planted_number_without_source_is_found(tmp_path: Path) -> None:
    file = tmp_path / "planted.yaml"
    file.write_text("extends: hvsim:prices/united-states\ncosts:\n  screen: {amount: 70 USD}\n")
    assert unsourced(load_prices(file)) == ["costs.screen.amount"]


def test_amounts_and_price_years_are_those_of_the_facts() -> None:
    for name, amount, year in dollars(SHIPPED[0]):
        for fact in (FACTS[id_] for id_ in amount.evidence):
            assert (amount.value, year) == (fact.value, fact.price_year), name
            if amount.low is not None:
                assert (amount.low, amount.high) == (fact.low, fact.high), name


def test_the_tangible_components_add_up_to_the_published_total() -> None:
    parts = [cost for name, cost in SHIPPED[0].costs.items() if cost.amount.evidence]
    fang = [cost for cost in parts if cost.amount.evidence[0] in _ids("POP", 264, 269)]
    assert len(fang) == 6
    assert sum(cost.amount.value for cost in fang) == FACTS["POP263"].value


def test_indices_hold_consecutive_years_to_that_of_the_prices() -> None:
    for name in ("cpi-u", "cpi-medical"):
        years = [int(FACTS[id_].year) for id_ in SHIPPED[0].indices[name].evidence]
        assert years == list(range(2010, 2025))


def _ids(prefix: str, first: int, last: int) -> list[str]:
    return [f"{prefix}{number}" for number in range(first, last + 1)]
