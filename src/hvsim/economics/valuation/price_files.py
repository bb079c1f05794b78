"""Loading a file of prices: inheritance, overrides, building, checking."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from hvsim.economics.valuation.price_checks import check_prices
from hvsim.economics.valuation.prices import Prices
from hvsim.scenario.addresses import located
from hvsim.scenario.assembling import assembled, refuse
from hvsim.scenario.resolved import written_out
from hvsim.scenario.shapes import shape_of

PACKAGED_PRICES = "hvsim:prices/united-states"
"""Address of the packaged prices."""


def load_prices(address: str | Path = PACKAGED_PRICES, overrides: Sequence[str] = ()) -> Prices:
    """Prices of a file, complete and checked.

    Parameters
    ----------
    address
        A file, or ``hvsim:NAME`` for a packaged one.
    overrides
        ``PATH=VALUE`` texts, such as ``discounting.costs_per_year=2%``, laid over it, in order.

    Raises
    ------
    ScenarioError
        With every problem of the file, of the files it extends and of the overrides; costs that
        hold the same dollars among them.
    """
    file = located(str(address), Path.cwd())
    made = assembled(file, overrides, shape_of(Prices))
    prices: Prices = made.record
    findings = check_prices(prices, complete=made.complete)
    problems = made.problems + [
        finding.at(made.tree.at(finding.path).origin) for finding in findings
    ]
    refuse(problems, file)
    prices._origins = made.origins
    prices._source = file
    return prices


def prices_yaml(prices: Prices) -> str:
    """YAML of the complete prices; a comment at each value names the layer that wrote it.

    `load_prices` reads it back as the same prices.
    """
    return written_out(prices.model_dump(mode="json"), shape_of(Prices), prices.origins)


def prices_hash(prices: Prices) -> str:
    """SHA-256 of what prices say, wherever it was written."""
    return hashlib.sha256(json.dumps(prices.model_dump(mode="json")).encode()).hexdigest()
