"""Attributes of birth records, and those that a scenario adds."""

from pathlib import Path

import pytest

from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.vocabulary import ATTRIBUTES, LEVELS, attributes_of, levels_of, margin_of

TODAY = Path(__file__).parent / "today.yaml"
OWN = """
extends: {today}
warm_start: {{under: null}}
population:
  attributes:
    language:
      label: Language of the family
      otherwise: english
      levels:
        spanish: {{share: 30%, log_odds: {{medicaid: 0.8}}}}
        chinese: {{share: 4%}}
    housing:
      label: Housing
      otherwise: housed
      levels: {{homeless: {{share: 2%, log_odds: {{frailty: 0.5, spanish: -0.2}}}}}}
"""


@pytest.fixture
def own(tmp_path: Path) -> Scenario:
    file = tmp_path / "own.yaml"
    file.write_text(OWN.format(today=TODAY), encoding="utf-8")
    return load_scenario(file)


def test_without_own_attributes_there_are_those_of_birth_records() -> None:
    today = load_scenario(TODAY)
    assert attributes_of(today) == ATTRIBUTES
    assert levels_of(today) == LEVELS
    assert margin_of(today, "medicaid") == 0.45


def test_own_attributes_follow_in_the_order_written(own: Scenario) -> None:
    attributes = attributes_of(own)
    assert list(attributes) == [*ATTRIBUTES, "language", "housing"]
    assert attributes["language"] == ("english", "spanish", "chinese")
    assert attributes["housing"] == ("housed", "homeless")
    assert list(levels_of(own)) == [*LEVELS, *attributes["language"], *attributes["housing"]]
    assert levels_of(own)["chinese"] == "language"


def test_otherwise_has_the_rest(own: Scenario) -> None:
    assert margin_of(own, "spanish") == 0.3
    assert margin_of(own, "english") == pytest.approx(0.66)
    assert margin_of(own, "housed") == pytest.approx(0.98)
    assert margin_of(own, "first-birth") == 0.39


def test_what_nobody_knows_has_no_margin(own: Scenario) -> None:
    for level in ("klingon", "term"):  # no such level; gestation has no margin here
        with pytest.raises(KeyError):
            margin_of(own, level)
