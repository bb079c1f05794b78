"""Which numbers of a scenario are drawn, and why the others are not."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from hvsim.economics.evaluation.moments import Dirichlet, sd_of_interval
from hvsim.scenario.errors import dotted
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.resolved import quantities
from hvsim.scenario.schema import Scenario
from hvsim.uncertainty.distributions import Distribution, distribution_of
from hvsim.uncertainty.holding import rate_of

Path: TypeAlias = tuple[str, ...]

FIXED: Final = "fixed: "
NO_RANGE: Final = f"{FIXED}no range"
PART_OF_WHOLE: Final = f"{FIXED}share of a whole, of which not all have a range"
MOVES: Final = f"{FIXED}but for what keeps reports when detection is drawn"
FRAME: Final[Mapping[str, str]] = {
    "follow_up": f"{FIXED}what the run is",
    "also_at": f"{FIXED}what the run is",
    "warm_start": f"{FIXED}what the run is",
    "population": f"{FIXED}the same families in all draws",
}
"""Fields that stay as they are, and why: what a run is, and the families, who are the same in all
draws, so that draws differ by parameters alone."""


@dataclass(frozen=True)
class Leaf:
    """A number that is drawn.

    Attributes
    ----------
    path
        Where it stands.
    number
        What the file says.
    family
        Name of its distribution.
    distribution
        Turns a uniform number into a value.
    """

    path: Path
    number: Quantity
    family: str
    distribution: Distribution

    @property
    def name(self) -> str:
        """Its dotted path."""
        return dotted(self.path)

    def value(self, u: float) -> float:
        """Value of the number, or of the first of a series."""
        return as_written(self.number, self.distribution.value(u))


def as_written(number: Quantity, value: float) -> float:
    """A value as such a number can hold it: a count of whole months or people stays whole."""
    bounds = (number.value, number.low, number.high)
    if number.kind == "count" and all(
        bound is None or float(bound).is_integer() for bound in bounds
    ):
        return float(round(value))
    return value


def with_value(number: Quantity, value: float) -> Quantity:
    """The number at another value; a series keeps its form.

    The other values of a series move with the first: shares on the scale of odds, so that none
    leaves its limits, all others in proportion. A series that begins at zero moves there alone.
    """
    first = number.value
    points = tuple((index, _moved(number, part, first, value)) for index, part in number.points)
    points = ((number.points[0][0], value), *points[1:])
    return replace(number, points=points, low=None, high=None, distribution=None)


def times(number: Quantity, factor: float) -> Quantity:
    """The number, with all its values, times a factor."""
    points = tuple((index, part * factor) for index, part in number.points)
    return replace(number, points=points, low=None, high=None, distribution=None)


def _moved(number: Quantity, part: float, first: float, value: float) -> float:
    if number.kind in ("proportion", "share-by-age"):
        if not (0 < first < 1 and 0 < part < 1 and 0 < value < 1):
            return part
        odds = part / (1 - part) * (value / (1 - value)) / (first / (1 - first))
        return odds / (1 + odds)
    return part * value / first if first else part


def leaves_of(scenario: Scenario) -> tuple[Leaf, ...]:
    """The numbers of a scenario that are drawn, in the order of its file."""
    ways = ways_drawn(scenario)
    return tuple(
        Leaf(path, number, family, distribution)
        for path, number in quantities(scenario)
        if not ways[path].startswith(FIXED)
        for family, distribution in filter(None, [distribution_of(number)])
    )


def ways_drawn(scenario: Scenario) -> dict[Path, str]:
    """Of every number the family that it is drawn from, or why it is not drawn."""
    ways = {path: _way(path, number) for path, number in quantities(scenario)}
    for group in divisions_of(scenario):
        known = not any(ways[path].startswith(FIXED) for path in group)
        ways |= dict.fromkeys(group, "dirichlet" if known else PART_OF_WHOLE)
    for name, chain in scenario.chains.items():
        detection = (("chains", name, field) for field in ("detected", "detection_spread"))
        drawn = any(not ways[path].startswith(FIXED) for path in detection)
        if drawn and ways.get(rate_of(chain)) == NO_RANGE:
            ways[rate_of(chain)] = MOVES
    return ways


def _way(path: Path, number: Quantity) -> str:
    if path[0] in FRAME:
        return FRAME[path[0]]
    found = distribution_of(number)
    return NO_RANGE if found is None else found[0]


def divisions_of(scenario: Scenario) -> Iterator[tuple[Path, ...]]:
    """Shares of a whole: how streams are divided among programs."""
    for name, stream in scenario.funding.items():
        if stream.split:
            yield tuple(("funding", name, "split", program) for program in stream.split)


def dirichlet_of(numbers: Sequence[Quantity]) -> Dirichlet:
    """Distribution of shares of a whole: total variance as that of the stated intervals.

    Raises
    ------
    ValueError
        If a share is zero, or the intervals are wider than those of any such shares.
    """
    total = math.fsum(number.value for number in numbers)
    means = [number.value / total for number in numbers]
    if min(means) <= 0:
        raise ValueError("shares of a whole that are drawn must all be above zero")
    sds = [sd_of_interval(n.low, n.high) for n in numbers if n.low is not None is not n.high]
    variance = math.fsum(sd**2 for sd in sds)
    size = math.fsum(mean * (1 - mean) for mean in means) / variance - 1
    if size <= 0:
        raise ValueError("no shares that sum to one vary so widely; state narrower intervals")
    return Dirichlet(tuple(mean * size for mean in means))
