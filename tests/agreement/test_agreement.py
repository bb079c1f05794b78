"""The fast engine and the plain reference do the same, family by family and event by event."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agreement.agreeing import differences
from agreement.generating import families, generated
from hvsim.population import Families, synthesize
from hvsim.scenario import Scenario, load_scenario
from hvsim.simulation import lives
from reference.hamlet import everybody, expansion, today

HAMLET = Path(__file__).parents[1] / "reference" / "today.yaml"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(
    path.relative_to(SCENARIOS).with_suffix("").as_posix()
    for path in SCENARIOS.glob("*/*.yaml")
    if "\nquestion:" in path.read_text(encoding="utf-8")  # neither fragments nor prices have one
)
QUICK = ("examples/4-staff-and-money", "illinois/today", "la-county/one-time-money")
FAST = range(25)
FOUND = (420, 713, 15622, 16282, 19395)
"""Scenarios in which engine and reference once disagreed."""
TELLING = (63, 85)
"""Scenarios that tell a planted fault which those before them do not."""
PARTS = 20


@pytest.fixture
def tiny_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few families are enough for a second thread."""
    monkeypatch.setattr(lives, "SMALLEST_CHUNK", 4)


@pytest.mark.usefixtures("tiny_chunks")
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("scale", [1.0, 0.5])
@pytest.mark.parametrize("scenario", [today(), expansion()], ids=["today", "expansion"])
def test_the_hamlet(scenario: Scenario, scale: float, threads: int) -> None:
    for seed in (1, 2):
        columns = everybody(scenario, 4, seed)
        assert differences(scenario, columns, seed, scale, threads) == []


def mirrored(first: str, second: str) -> tuple[str, ...]:
    """Two programs that every family is in, at full dose, with opposite effects on harm."""
    every = [
        f"programs.{name}.{field}"
        for name in (first, second)
        for field in (
            "offer_to=everyone",
            "eligible={}",
            "accepts=1",
            "visits_completed=1",
            "leaves_per_month=0",
            "dose_shape=1",
            "gives_way_to=[]",
        )
    ]
    (other,) = today().programs.keys() - {first, second}
    return (
        *every,
        f"programs.{other}.offer_to=nobody",
        f"programs.{first}.effects.harm={{hazard_ratio: 0.5, mean_dose: 100%}}",
        f"programs.{second}.effects.harm={{hazard_ratio: 2, mean_dose: 100%}}",
        f"doors.hospital.offers=[{first}, {second}]",
        f"doors.clinic.offers=[{first}, {second}]",
        "funding.county.per_year=90 M USD",
        "outcomes.harm.per_month=0.2",
    )


# Where tracks stand in the order of programs, and where they do not.
PAIRS = {
    "light and parents": mirrored("light", "parents"),
    "parents and light": mirrored("parents", "light"),
    "nurses and parents": (*mirrored("nurses", "parents"), "programs.parents.track=light"),
}


@pytest.mark.parametrize("overrides", PAIRS.values(), ids=PAIRS)
def test_of_two_equal_effects_the_first_program_counts(overrides: tuple[str, ...]) -> None:
    scenario = today(*overrides)
    columns = everybody(scenario, 8)
    assert differences(scenario, columns, 1) == []


def test_a_door_that_moves_meets_each_family_once(tmp_path: Path) -> None:
    """Before the start the clinic refers at once, then late: some families pass it twice."""
    contact = "{{care-from-first-trimester: {0}, care-from-second-trimester: {0}}}"
    door = "doors: {{clinic: {{share_of_births: 100%, contact_age: {}}}}}"
    before, after = tmp_path / "before.yaml", tmp_path / "after.yaml"
    hamlet = f"extends: {HAMLET}"
    before.write_text(f"{hamlet}\n{door.format(contact.format(-4))}\n", encoding="utf-8")
    after.write_text(
        f"{hamlet}\nwarm_start: {{under: before.yaml}}\n{door.format(contact.format(-1))}\n",
        encoding="utf-8",
    )
    scenario = load_scenario(after)
    columns = everybody(scenario, 8)
    passed = columns.birth_month - 4 < scenario.start
    passed &= columns.birth_month - 1 >= scenario.start
    assert passed.any()
    assert differences(scenario, columns, 1) == []


def disagreement(number: int, folder: Path) -> str:
    """What the two sides make of a generated scenario; nothing if they agree."""
    folder.mkdir()
    scenario = generated(number, folder)
    scale = (1.0, 1.0, 0.5, 0.25)[number % 4]
    found = differences(scenario, families(number, scenario), number, scale, 1 + number % 2)
    return "\n".join([f"scenario {number} ({folder}), scale {scale}:", *found]) if found else ""


@pytest.mark.usefixtures("tiny_chunks")
@pytest.mark.parametrize("number", [*FAST, *FOUND, *TELLING])
def test_generated_scenarios(number: int, tmp_path: Path) -> None:
    assert not disagreement(number, tmp_path / "files")


@pytest.mark.full
@pytest.mark.usefixtures("tiny_chunks")
@pytest.mark.parametrize("part", range(PARTS))
def test_many_generated_scenarios(part: int, pytestconfig: pytest.Config, tmp_path: Path) -> None:
    numbers = range(len(FAST), pytestconfig.getoption("--scenarios", 1000))[part::PARTS]
    found = [disagreement(number, tmp_path / str(number)) for number in numbers]
    assert not any(found), "\n\n".join(text for text in found if text)


def shipped_families(scenario: Scenario, seed: int, scale: float, most: int) -> Families:
    """Evenly spaced families of a scenario, so that the reference is done in seconds."""
    columns = synthesize(scenario, seed, scale)
    return columns.chosen(np.unique(np.linspace(0, len(columns) - 1, most).astype(np.int64)))


@pytest.mark.parametrize("name", QUICK)
def test_shipped_scenarios(name: str) -> None:
    scenario = load_scenario(SCENARIOS / f"{name}.yaml")
    columns = shipped_families(scenario, 1, 1 / 50, 300)
    assert differences(scenario, columns, 1, 1 / 50) == []


@pytest.mark.full
@pytest.mark.parametrize("name", SHIPPED)
def test_all_shipped_scenarios_at_length(name: str) -> None:
    scenario = load_scenario(SCENARIOS / f"{name}.yaml")
    columns = shipped_families(scenario, 2, 1 / 50, 5000)
    assert len(np.unique(columns.region)) == len(scenario.population.regions)
    assert differences(scenario, columns, 2, 1 / 50) == []
