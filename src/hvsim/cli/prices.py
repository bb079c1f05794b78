"""Files of prices, as ``hvsim check`` reads them.

Their room is imported only where there are prices: plain checks of scenarios do without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hvsim.cli.telling import labeled, provenance
from hvsim.scenario import Scenario, ScenarioError, fragment_schema
from hvsim.scenario.addresses import located, shown
from hvsim.scenario.parameters import parameters_csv
from hvsim.scenario.reading import read_file
from hvsim.scenario.shapes import fields_of

if TYPE_CHECKING:
    from hvsim.economics import Prices


def holds_prices(path: str) -> bool:
    """Whether a file, or what it extends, says more of prices than of a scenario."""
    fields = set(_fields(Path(path).absolute(), set()))
    strange = fields - set(fields_of(Scenario)) - {"extends"}
    if not strange:
        return False
    from hvsim.economics import Prices

    return len(strange & set(fields_of(Prices))) > len(fields & _scenarios_own(Prices))


def prices_told(path: str, overrides: Sequence[str], resolved: bool, parameters: bool) -> str:
    """What a file of prices says, in the form that was asked for."""
    from hvsim.economics import load_prices, prices_yaml

    prices = load_prices(path, overrides)
    if parameters:
        from hvsim.uncertainty import price_ways  # plain checks do without

        return parameters_csv(prices, price_ways(prices))
    if resolved:
        return prices_yaml(prices)
    return "\n".join(_summary(prices)) + "\n"


def prices_schema() -> dict[str, Any]:
    """JSON Schema of a file of prices, which may extend another."""
    from hvsim.economics import Prices

    return fragment_schema(Prices, "Prices by which hvsim values finished runs, or a part of them")


def _fields(file: Path, seen: set[Path]) -> Iterator[str]:
    """Fields at the top of a file and of those that it extends; unreadable ones have none."""
    if file in seen:
        return
    seen.add(file)
    try:
        content: Any = read_file(file, file.name)[0].plain()
    except ScenarioError:
        return
    yield from map(str, content)
    bases = content.get("extends") or []
    for base in bases if isinstance(bases, list) else [bases]:
        if isinstance(base, str):
            yield from _fields(located(base, file.parent), seen)


def _scenarios_own(prices: type[Prices]) -> set[str]:
    return set(fields_of(Scenario)) - set(fields_of(prices))


def _summary(prices: Prices) -> list[str]:
    """What prices hold, in a few lines."""
    settings = prices.discounting
    views = {"fiscal": prices.views.fiscal, "lifetime": prices.views.lifetime}
    payers = [
        f"{name} (government)" if payer.government else name
        for name, payer in prices.payers.items()
    ]
    rate = f"{100 * settings.costs_per_year.value:g}% a year, first year {settings.first_year}"
    rows = {
        "prices of": str(prices.price_year),
        "payers": ", ".join(payers),
        "discounted": rate.replace("-", " "),
        **{name: ", ".join(view.counts) or "nothing" for name, view in views.items()},
        "numbers": provenance(prices),
    }
    assert prices.source is not None  # the loader says where they are from
    return [f"{shown(prices.source)}: fine. {prices.title}", *labeled(rows)]
