"""Which prices a run is valued by, settled before it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from hvsim.scenario import Problem, Scenario, ScenarioError
from hvsim.scenario.errors import DEFAULT

if TYPE_CHECKING:
    from hvsim.economics import Prices

BESIDE: Final = "prices.yaml"
"""File beside the baseline's that holds its prices."""


def settled_prices(
    scenarios: Sequence[Scenario], given: Prices | None
) -> tuple[Prices | None, str]:
    """Prices for a run.

    Parameters
    ----------
    scenarios
        Its scenarios, the baseline first.
    given
        Prices that somebody chose. Without them those of `BESIDE`, and without that file the
        packaged ones.

    Returns
    -------
    The prices; or none, and why, if nobody chose any and the packaged ones do not fit: a run does
    not fail for want of prices.

    Raises
    ------
    ScenarioError
        If prices that somebody chose are wrong or do not fit the scenarios.
    """
    from hvsim.economics import load_prices  # a heavy room, which most commands do without

    beside = scenarios[0].source.parent / BESIDE
    chosen = given is not None or beside.is_file()
    prices = given or load_prices(*((beside,) if chosen else ()))
    problems = list(dict.fromkeys(_problems(scenarios, prices)))
    if not problems:
        return prices, ""
    if chosen:
        raise ScenarioError(problems)
    return None, str(problems[0])


def _problems(scenarios: Sequence[Scenario], prices: Prices) -> Iterator[Problem]:
    """What of the scenarios the prices cannot value."""
    from hvsim.economics import ValuationError, refuse_other_place, refuse_unfit

    def problem(scenario: Scenario, field: str, refuse: Callable[[], None]) -> list[Problem]:
        try:
            refuse()
        except ValuationError as error:
            return [Problem(scenario.origins.get(field, DEFAULT), field, str(error))]
        return []

    year = prices.price_year
    for own in (part for whole in scenarios for part in (whole, whole.before)):
        yield from problem(own, "place", partial(refuse_other_place, own.place, prices))
        yield from problem(own, "price_year", partial(refuse_unfit, (), own.price_year, prices))
        for name, stream in own.funding.items():
            refuse = partial(refuse_unfit, [stream.payer], year, prices)
            yield from problem(own, f"funding.{name}.payer", refuse)
