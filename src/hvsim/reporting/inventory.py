"""The impact inventory: which consequences a run counts in dollars, by sector and view.

After the Second Panel on Cost-Effectiveness in Health and Medicine (Sanders et al. 2016, JAMA 316:
1093-1103, doi 10.1001/jama.2016.12195), filled from the prices of the run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, get_args

from hvsim.economics.valuation.catalog import line_of
from hvsim.economics.valuation.prices import Prices, Sector
from hvsim.reporting.style import Table
from hvsim.reporting.words import listed

_SECTORS: Final[dict[Sector, str]] = {
    "health-outcomes": "Health outcomes: length and quality of life",
    "formal-health-care": "Formal health care",
    "informal-health-care": "Informal health care: time of families, travel, unpaid care",
    "productivity": "Productivity",
    "consumption": "Consumption",
    "welfare-services": "Welfare services",
    "legal": "Legal and criminal justice",
    "education": "Education",
    "housing": "Housing",
    "environment": "Environment",
    "other": "Other",
}


def inventory(prices: Prices) -> Table:
    """What each view counts of every sector, and what of it has no price."""
    assert set(_SECTORS) == set(get_args(Sector))
    views = {"fiscal": prices.views.fiscal, "lifetime": prices.views.lifetime}
    counted = {name: set(view.counts) for name, view in views.items()}
    rows = []
    for sector, label in _SECTORS.items():
        own = [name for name, cost in prices.costs.items() if sector in _of(prices, cost.holds)]
        paid = sector in _of(prices, prices.budget.holds)
        cells = []
        for name in views:
            labels = [prices.costs[cost].label for cost in own if cost in counted[name]]
            cells.append("; ".join([*(["what streams pay"] if paid else []), *labels]))
        rows.append((label, *(cell or "not counted" for cell in cells), _why(prices, own, counted)))
    heads = ("Sector", *(view.label for view in views.values()), "Known and not counted")
    note = (
        f"Categories of “{prices.title}”; a cost that holds several stands in each of its sectors. "
        "Effects that are counted, not priced, are in the other chapters."
    )
    return Table(heads, tuple(rows), note)


def _of(prices: Prices, categories: Iterable[str]) -> set[str]:
    """Sectors of categories: their own, or that of what they are a part of."""
    return {sector_of(prices, category) for category in categories}


def sector_of(prices: Prices, category: str) -> Sector:
    """Sector of a category: its own, or that of the nearest that it is a part of."""
    line = (prices.categories[name].sector for name in line_of(category, prices.categories))
    return next((sector for sector in line if sector is not None), "other")


def _why(prices: Prices, own: list[str], counted: dict[str, set[str]]) -> str:
    """Costs of a sector that no view counts; whether there is any at all."""
    left = [name for name in own if not any(name in names for names in counted.values())]
    if left:
        return listed([prices.costs[name].label for name in left])
    return "" if own else "no price in the catalog"
