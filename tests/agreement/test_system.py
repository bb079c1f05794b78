"""The hamlet with every kind of organization: engine and reference, event by event."""

from __future__ import annotations

import pytest

from agreement.agreeing import differences
from reference.hamlet import everybody, system


@pytest.mark.parametrize(("seed", "scale"), [(5, 1.0), (8, 0.5)])
def test_both_agree_on_every_kind_of_organization(seed: int, scale: float) -> None:
    scenario = system()
    assert differences(scenario, everybody(scenario, 4), seed, scale) == []
