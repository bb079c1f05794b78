"""Which scenarios can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from hvsim.scenario import Problem, Scenario, ScenarioError
from hvsim.scenario.errors import DEFAULT, LONGEST_LIST, Origin, nth, quoted

_MUST_AGREE: Final = (
    "place",
    "start",
    "end",
    "follow_up",
    "also_at",
    "fiscal_year_starts",
    "price_year",
    "warm_start.months",
    "population",
    "frailty",
    "screening.of",
    "screening.risk_mean",
    "screening.risk_sd",
    "screening.risk_group_cuts",
    "structure",
    "chains",
)
"""What must be the same, or a difference in results would not be the strategy's doing."""

_WHY: Final = (
    "these scenarios cannot be compared: that takes the same families over the same months, and "
    "dollars of the same year, so that only what systems do may differ"
)
_SOURCES: Final = ("evidence", "assumption", "note")
"""What a number is written with that does not change what it does."""

_LAST_STEP: Final = re.compile(r"(^|\.)[^.\[]+$|\[\d+\]$")

Written: TypeAlias = Mapping[str, Any]


class IncomparableError(ValueError):
    """Scenarios that cannot be compared, and why.

    Attributes
    ----------
    problems
        Every reason.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join([_WHY, *map(str, self.problems)])


def refuse_incomparable(
    baseline: Scenario, scenarios: Sequence[Scenario], beside: ScenarioError | None = None
) -> None:
    """Check that differences between the scenarios are differences in what systems do.

    Parameters
    ----------
    baseline, scenarios
        What is to be compared.
    beside
        What else speaks against the comparison, to be told with the rest.

    Raises
    ------
    IncomparableError
        With every reason, those of `beside` too.
    """
    problems: list[Problem] = []
    names = [baseline.name]
    ours = baseline.model_dump(mode="json", by_alias=True)
    for scenario in scenarios:
        if scenario.name in names:
            problems.append(
                Problem(
                    Origin("", scenario.source),
                    "",
                    f"two scenarios are called '{scenario.name}'; results are told apart by the "
                    "names of the files, so give one another name",
                )
            )
        names.append(scenario.name)
        theirs = scenario.model_dump(mode="json", by_alias=True)
        for field in _MUST_AGREE:
            problems += _differences(
                scenario, baseline, field, _at(theirs, field), _at(ours, field)
            )
        problems += _outcomes(baseline, scenario, ours["outcomes"], theirs["outcomes"])
    if problems:
        raise IncomparableError([*problems, *(beside.problems if beside else ())])


def _at(written: Written, field: str) -> Any:
    for step in field.split("."):
        written = written[step]
    return written


def _differences(
    scenario: Scenario, baseline: Scenario, field: str, theirs: Any, ours: Any
) -> Iterator[Problem]:
    """A problem for each value of a field that differs, and one for all beyond a few."""
    found = list(_unequal(field, theirs, ours))
    for path, value, other in found[:LONGEST_LIST]:
        yield Problem(
            _origin(scenario, path),
            path,
            f"found {quoted(value)}; '{baseline.name}' says {quoted(other)} "
            f"({_origin(baseline, path)})",
        )
    if len(found) > LONGEST_LIST:
        more = f"{len(found) - LONGEST_LIST} more values differ from '{baseline.name}'"
        yield Problem(_origin(scenario, field), field, more)


def _unequal(path: str, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    """Paths of the values that differ, and what each side says."""
    one, other = _unsourced(one), _unsourced(other)
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*one, *other]):
            yield from _unequal(f"{path}.{name}", one.get(name), other.get(name))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (own, theirs) in enumerate(zip(one, other, strict=True)):
            yield from _unequal(f"{path}{nth(place)}", own, theirs)
    elif one != other:
        yield path, one, other


def _unsourced(written: Any) -> Any:
    """A number without where it comes from; anything else as it is."""
    if not isinstance(written, dict) or "value" not in written:
        return written
    kept = {name: part for name, part in written.items() if name not in _SOURCES}
    return kept["value"] if len(kept) == 1 else kept


def _origin(scenario: Scenario, path: str) -> Origin:
    """Where a value was written, or the nearest thing that holds it."""
    while path:
        if path in scenario.origins:
            return scenario.origins[path]
        path = _LAST_STEP.sub("", path)
    return DEFAULT


def _outcomes(
    baseline: Scenario, scenario: Scenario, ours: Written, theirs: Written
) -> Iterator[Problem]:
    """Reasons that lie in outcomes: what both have must be the same in both.

    What one alone has is left out of the comparison, unless it changes which families there are.
    """
    for name in dict.fromkeys([*ours, *theirs]):
        field = f"outcomes.{name}"
        if name in ours and name in theirs:
            yield from _differences(scenario, baseline, field, theirs[name], ours[name])
            continue
        alone, other = (scenario, baseline) if name in theirs else (baseline, scenario)
        outcome = alone.outcomes[name]
        if outcome.ends or outcome.sibling_after is not None:
            does = f"ends {outcome.ends}" if outcome.ends else "brings siblings"
            yield Problem(
                _origin(alone, field),
                field,
                f"'{alone.name}' alone has this outcome, which {does}, not '{other.name}'; give it "
                "to both",
            )
