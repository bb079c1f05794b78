"""Numbers as scenario files give them, for tests."""

from hvsim.scenario.kinds import KINDS
from hvsim.scenario.quantities import Quantity


def number(
    kind: str,
    value: float,
    low: float | None = None,
    high: float | None = None,
    distribution: str | None = None,
) -> Quantity:
    """A number without series."""
    return Quantity(((None, value),), kind, KINDS[kind].unit, low, high, distribution)
