"""Draws of prices: what units cost, which share leaves a budget, what quality of life is lost.

No run depends on them: whatever was simulated under a draw of parameters is valued at the prices
drawn with the same number, by this file of prices or by another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from hvsim.scenario.quantities import Quantity
from hvsim.scenario.resolved import quantities
from hvsim.scenario.variants import placed
from hvsim.uncertainty.distributions import distribution_of
from hvsim.uncertainty.drawing import luck
from hvsim.uncertainty.leaves import FIXED, NO_RANGE, Leaf, Path, with_value

if TYPE_CHECKING:
    from hvsim.economics.valuation.prices import Prices

DRAWN: Final[Mapping[str, tuple[str, ...]]] = {
    "costs": ("amount", "cashable"),
    "quality_of_life": ("loss",),
}
"""Fields that are drawn, by the part of prices whose entries have them."""

_WHY: Final[Mapping[str, str]] = {
    "discounting": f"{FIXED}a convention",
    "top_down": f"{FIXED}for comparison alone",
}


def price_ways(prices: Prices) -> dict[Path, str]:
    """Of every number of prices the family that it is drawn from, or why it is not drawn."""
    return {path: _way(path, number) for path, number in quantities(prices)}


def _way(path: Path, number: Quantity) -> str:
    if path[0] in _WHY:
        return _WHY[path[0]]
    found = distribution_of(number)
    if found is None:
        return NO_RANGE
    if path[-1] not in DRAWN.get(path[0], ()):
        return f"{FIXED}says who pays, or what the cost is"
    return found[0]


def drawn_prices(prices: Prices, seed: int, draw: int) -> tuple[Prices, dict[Path, float]]:
    """Prices at one draw.

    Parameters
    ----------
    prices
        Prices as their file states them.
    seed
        Seed of the luck of parameters.
    draw
        Number of the draw.

    Returns
    -------
    The prices with other amounts, cashable shares and losses of quality of life where the file
    states a range, and these by path.
    """
    values, numbers = {}, {}
    for path, number in quantities(prices):
        found = distribution_of(number)
        if found is None or _way(path, number).startswith(FIXED):
            continue
        values[path] = Leaf(path, number, *found).value(luck(seed, path, draw))
        numbers[path] = with_value(number, values[path])
    return placed(prices, numbers), values
