"""The hamlet with every kind of organization: engine and reference, event by event."""

from __future__ import annotations

from collections import Counter

import pytest

from agreement.agreeing import FastRun, differences
from hvsim.simulation.ledger import WITHDRAWN
from reference.hamlet import everybody, system


@pytest.mark.parametrize(("seed", "scale"), [(5, 1.0), (8, 0.5)])
def test_both_agree_on_every_kind_of_organization(seed: int, scale: float) -> None:
    scenario = system()
    assert differences(scenario, everybody(scenario, 4), seed, scale) == []


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_both_agree_on_what_families_cut_off_lack(scale: float) -> None:
    """Visitors leave, new ones wait for training and people are few; a stream for some ends."""
    scenario = system(
        *(
            f"programs.{program}.{field}"
            for program in ("light", "nurses", "parents")
            for field in (
                "hold_months=2",  # in which a vacancy becomes a visitor in training
                "leaves_per_month=0",
                "staff.turnover_per_year=80%",
                "staff.training_every=4",
            )
        )
    )
    columns = everybody(scenario, 60)
    assert differences(scenario, columns, 3, scale) == []
    happened = Counter(
        label.partition("/")[0] for *_, label in FastRun(scenario, columns, 3, scale).trace
    )
    assert min(happened[transition] for transition in WITHDRAWN) > 10
