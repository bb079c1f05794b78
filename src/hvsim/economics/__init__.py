"""Economics: what finished runs cost, save and are worth. Nothing here runs a simulation."""

from hvsim.economics.price_files import load_prices
from hvsim.economics.prices import Prices
from hvsim.economics.spending import spending_by_stream
from hvsim.economics.tables import Tables, ValuationError
from hvsim.economics.top_down import cost_per_family
from hvsim.economics.valuation import Valuation, discounted_events, evaluate

__all__ = [
    "Prices",
    "Tables",
    "Valuation",
    "ValuationError",
    "cost_per_family",
    "discounted_events",
    "evaluate",
    "load_prices",
    "spending_by_stream",
]
