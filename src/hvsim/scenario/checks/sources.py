"""Where numbers come from."""

from __future__ import annotations

from collections.abc import Iterator

from hvsim.scenario.checks.names import unknown
from hvsim.scenario.findings import Finding
from hvsim.scenario.resolved import quantities
from hvsim.scenario.schema import Scenario


def check_evidence(scenario: Scenario) -> Iterator[Finding]:
    """Evidence that numbers refer to exists."""
    cited = [(path, id_) for path, number in quantities(scenario) for id_ in number.evidence]
    if not cited:
        return
    from hvsim.evidence import load_evidence  # only scenarios with references need the library

    facts = load_evidence()
    for path, id_ in cited:
        if id_ not in facts:
            yield unknown((*path, "evidence"), "evidence", id_, facts)
