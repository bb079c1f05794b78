"""The fast engine and the plain reference do the same, family by family and event by event."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from agreement.agreeing import differences
from agreement.generating import families, generated
from hvsim.population import Families, synthesize
from hvsim.scenario import Scenario, load_scenario
from hvsim.simulation import system
from reference.hamlet import everybody, expansion, today

LA_COUNTY = Path(__file__).parents[2] / "scenarios" / "la-county"
SHIPPED = ("no-service", "today", "targeted", "universal", "universal-targeted")
FAST = range(25)
CHUNK = 50


@pytest.fixture
def tiny_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few families are enough for a second thread."""
    monkeypatch.setattr(system, "SMALLEST_CHUNK", 4)


@pytest.mark.usefixtures("tiny_chunks")
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("scale", [1.0, 0.5])
@pytest.mark.parametrize("scenario", [today(), expansion()], ids=["today", "expansion"])
def test_the_hamlet(scenario: Scenario, scale: float, threads: int) -> None:
    for seed in (1, 2):
        columns = everybody(scenario, 4, seed)
        assert differences(scenario, columns, seed, scale, threads) == []


def disagreement(number: int, folder: Path) -> str:
    """What the two sides make of a generated scenario; nothing if they agree."""
    folder.mkdir()
    scenario = generated(number, folder)
    scale = (1.0, 1.0, 0.5, 0.25)[number % 4]
    found = differences(scenario, families(number, scenario), number, scale, 1 + number % 2)
    return "\n".join([f"scenario {number} ({folder}), scale {scale}:", *found]) if found else ""


@pytest.mark.usefixtures("tiny_chunks")
@pytest.mark.parametrize("number", FAST)
def test_generated_scenarios(number: int, tmp_path: Path) -> None:
    assert not disagreement(number, tmp_path / "files")


@pytest.mark.full
@pytest.mark.usefixtures("tiny_chunks")
def test_many_generated_scenarios(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    numbers = range(len(FAST), pytestconfig.getoption("--scenarios", 1000))
    found = [disagreement(number, tmp_path / str(number)) for number in numbers]
    assert not any(found), "\n\n".join(text for text in found if text)


def shipped_families(scenario: Scenario, seed: int, scale: float, regions: int) -> Families:
    """Families of the first few regions alone, so that the reference is done in seconds."""
    columns = synthesize(scenario, seed, scale)
    some = columns.region < regions
    return Families(**{part.name: getattr(columns, part.name)[some] for part in fields(Families)})


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_scenarios(name: str) -> None:
    scenario = load_scenario(LA_COUNTY / f"{name}.yaml")
    columns = shipped_families(scenario, 1, 1 / 200, 1)
    assert len(columns) > 100
    assert differences(scenario, columns, 1, 1 / 200) == []


@pytest.mark.full
@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_scenarios_at_length(name: str) -> None:
    scenario = load_scenario(LA_COUNTY / f"{name}.yaml")
    columns = shipped_families(scenario, 2, 1 / 100, 8)
    assert len(np.unique(columns.region)) == 8
    assert differences(scenario, columns, 2, 1 / 100) == []
