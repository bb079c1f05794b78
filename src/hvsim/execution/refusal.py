"""Which scenarios can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from hvsim.months import format_month
from hvsim.scenario import Scenario

_MUST_AGREE: Final[Mapping[str, Callable[[Scenario], Any]]] = {
    "place": lambda scenario: scenario.place,
    "start": lambda scenario: format_month(scenario.start),
    "end": lambda scenario: format_month(scenario.end),
    "follow_up": lambda scenario: scenario.follow_up.value,
    "fiscal_year_starts": lambda scenario: scenario.fiscal_year_starts,
    "price_year": lambda scenario: scenario.price_year,
    "warm_start.months": lambda scenario: scenario.warm_start.months.value,
    "population": lambda scenario: scenario.population,
    "frailty": lambda scenario: scenario.frailty,
    "outcomes": lambda scenario: scenario.outcomes,
    "chains": lambda scenario: scenario.chains,
}
"""What must be the same, or a difference in results would not be the strategy's doing."""


class IncomparableError(ValueError):
    """Scenarios that cannot be compared, and why."""


def refuse_incomparable(baseline: Scenario, scenarios: Sequence[Scenario]) -> None:
    """Check that differences between the scenarios are differences in what systems do.

    Raises
    ------
    IncomparableError
        With every reason.
    """
    reasons = []
    names = [baseline.name]
    for scenario in scenarios:
        if scenario.name in names:
            reasons.append(
                f"two scenarios are called '{scenario.name}'; results are told apart by the names "
                "of the files, so give one another name"
            )
        names.append(scenario.name)
        for field, value in _MUST_AGREE.items():
            theirs, ours = value(scenario), value(baseline)
            if theirs != ours:
                said = ""
                if isinstance(ours, str | int | float):
                    said = f" ('{scenario.name}': {theirs}; '{baseline.name}': {ours})"
                reasons.append(
                    f"'{scenario.name}' and '{baseline.name}' differ in '{field}'{said}; scenarios "
                    "are compared on the same families, so that only what systems do may differ"
                )
    if reasons:
        raise IncomparableError("\n".join(reasons))
