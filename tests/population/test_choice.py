"""Families that cannot be drawn are refused with the line of what is missing."""

import re
from pathlib import Path

import pytest

from hvsim.population import families_of
from hvsim.scenario import ScenarioError, load_scenario

HAMLET = Path(__file__).parents[1] / "reference" / "system.yaml"


def test_an_attribute_without_shares_is_named_with_the_line_of_the_others() -> None:
    with pytest.raises(ScenarioError) as error:
        families_of(load_scenario(HAMLET), seed=1)
    expected = r".*today\.yaml:20: population\.margins: lacks 'race-ethnicity', 'mother-age', .*"
    assert re.fullmatch(expected, str(error.value))
