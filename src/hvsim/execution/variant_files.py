"""A scenario with other money, as a file that extends it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hvsim.scenario import Scenario
from hvsim.scenario.addresses import address_from
from hvsim.scenario.kinds import MONEY_PER_YEAR
from hvsim.scenario.resolved import flow


def money_yaml(scenario: Scenario, folder: Path, words: str, reason: str) -> str:
    """Text of a file in `folder` that extends a scenario's own and states its amounts.

    Parameters
    ----------
    scenario
        As `hvsim.scenario.variants.with_money` gives it.
    folder
        Where the file will stand.
    words
        What is told of the money behind the title.
    reason
        Why the amounts are what they are, in place of a source.
    """
    lines = [
        f"# Written by hvsim budget: {reason}.",
        f"title: {flow(f'{scenario.title}, {words}')}",
        f"extends: {flow(address_from(scenario.source, folder.absolute()))}",
        "funding:",
    ]
    for name, stream in scenario.funding.items():
        if stream.scales:
            amount = replace(stream.per_year, evidence=(), assumption=reason, note=None)
            lines += [f"  {name}:", f"    per_year: {flow(MONEY_PER_YEAR.written(amount))}"]
    return "\n".join(lines) + "\n"
