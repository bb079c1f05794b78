"""Tables of simulated against known name what exists."""

from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from hvsim.evidence import load_evidence
from hvsim.scenario import load_scenario
from hvsim.scenario.vocabulary import levels_of
from scripts import loaded

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PLACES = sorted(table.parent for table in SCENARIOS.glob("*/known.csv"))


def known() -> ModuleType:
    return loaded(SCENARIOS / "known.py")


def test_places_have_a_table() -> None:
    assert [place.name for place in PLACES] == ["illinois", "la-county"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_rows_name_looks_evidence_and_parts_of_the_scenario(place: Path) -> None:
    scenario = load_scenario(place / "today.yaml")
    stages = {stage for chain in scenario.chains.values() for stage in chain.stages}
    tracks = {program.track for program in scenario.programs.values()}
    names = {"", "all", "reported", *tracks, *stages, *levels_of(scenario)}
    names |= {*scenario.programs, *scenario.doors, *scenario.outcomes}
    table = pd.read_csv(place / "known.csv", dtype=str, keep_default_na=False)
    assert set(table["look"]) <= set(known().LOOKS)
    assert set(table["evidence"]) - {""} <= set(load_evidence())
    assert {part for of in table["of"] for part in of.split("/")} <= names


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_readme_shows_every_row(place: Path) -> None:
    text = (place / "README.md").read_text("utf-8")
    table = pd.read_csv(place / "known.csv", dtype=str, keep_default_na=False)
    assert [label for label in table["label"] if f"| {label} | " not in text] == []
