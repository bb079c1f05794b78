"""Which scenarios can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
                reasons.append(_differ(scenario, baseline, f"'{field}'{said}"))
        reasons += _outcomes(baseline, scenario)
    if reasons:
        raise IncomparableError("\n".join(reasons))


def _differ(scenario: Scenario, baseline: Scenario, what: str) -> str:
    return (
        f"'{scenario.name}' and '{baseline.name}' differ in {what}; scenarios are compared on the "
        "same families, so that only what systems do may differ"
    )


def _outcomes(baseline: Scenario, scenario: Scenario) -> Iterator[str]:
    """Reasons that lie in outcomes: what both have must be the same in both.

    What one alone has is left out of the comparison, unless it changes which families there are.
    """
    for name in dict.fromkeys([*baseline.outcomes, *scenario.outcomes]):
        ours, theirs = baseline.outcomes.get(name), scenario.outcomes.get(name)
        if ours is not None and theirs is not None:
            if ours != theirs:
                yield _differ(scenario, baseline, f"'outcomes.{name}'")
            continue
        alone, outcome = (scenario, theirs) if theirs is not None else (baseline, ours)
        if outcome is not None and (outcome.ends or outcome.sibling_after is not None):
            does = f"ends {outcome.ends}" if outcome.ends else "brings siblings"
            yield (
                f"'{alone.name}' alone has 'outcomes.{name}', which {does}; scenarios are compared "
                "on the same families, so give it to both"
            )
