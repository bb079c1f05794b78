"""Loading a scenario: inheritance, overrides, building, checking."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hvsim.scenario.addresses import is_file, shown
from hvsim.scenario.assembling import assembled, no_such, refuse
from hvsim.scenario.checks import check, check_before
from hvsim.scenario.errors import Origin, Problem, ScenarioError
from hvsim.scenario.layouts import over_layout
from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import shape_of


def load_scenario(path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Scenario of a file, complete and checked.

    Parameters
    ----------
    path
        Scenario file.
    overrides
        ``PATH=VALUE`` texts, such as ``screening.flagged=20%``, laid over the file, in order.

    Raises
    ------
    ScenarioError
        With every problem of the file, of the files it extends and of the overrides.
    """
    file = Path(os.path.abspath(path))
    scenario, problems = _load(file, overrides)
    under = getattr(getattr(scenario, "warm_start", None), "under", None)
    if under is not None and under != file:
        origin = scenario.origins["warm_start.under"]
        before, problems_before = _load_before(under, origin)
        problems += problems_before
        if before is not None and not problems:
            problems += [finding.at(origin) for finding in check_before(scenario, before)]
            scenario._before = before
    refuse(problems, file)
    return scenario


def _load_before(under: Path, origin: Origin) -> tuple[Scenario | None, list[Problem]]:
    if not is_file(under):
        return None, [Problem(origin, "warm_start.under", no_such(shown(under), under))]
    try:
        return _load(under, ())
    except ScenarioError as error:
        return None, list(error.problems)


def _load(file: Path, overrides: Sequence[str]) -> tuple[Scenario, list[Problem]]:
    """Scenario, partial if there are problems."""
    made = assembled(file, overrides, shape_of(Scenario), over_layout)
    scenario: Scenario = made.record
    findings = check(scenario, complete=made.complete)
    problems = made.problems + [
        finding.at(made.tree.at(finding.path).origin) for finding in findings
    ]
    scenario._origins = dict(made.origins)
    scenario._source = file
    return scenario, problems
