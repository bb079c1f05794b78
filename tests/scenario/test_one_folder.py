"""Scenarios written to one folder say there what they said where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hvsim.scenario import Scenario, in_one_folder, load_scenario
from runs.ledgers import HARBOR

TODAY, UNIVERSAL = HARBOR / "today.yaml", HARBOR / "universal.yaml"


def reloaded(texts: Mapping[str, str], folder: Path) -> dict[str, Scenario]:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return {name: load_scenario(folder / f"{name}.yaml") for name in texts}


def before(folder: Path, caseload: int) -> Path:
    """Another system of the name ``today``."""
    folder.mkdir()
    file = folder / "today.yaml"
    file.write_text(f"extends: {TODAY}\nprograms: {{light: {{caseload: {caseload}}}}}\n")
    return file


def test_the_system_before_the_start_comes_along(tmp_path: Path) -> None:
    scenario = load_scenario(UNIVERSAL)
    texts = in_one_folder([scenario])
    assert sorted(texts) == ["today", "universal"]
    again = reloaded(texts, tmp_path / "again")["universal"]
    assert again.sha256() == scenario.sha256()
    assert again.before.source == tmp_path / "again" / "today.yaml"


def test_what_is_compared_is_not_written_twice() -> None:
    assert sorted(in_one_folder([load_scenario(TODAY), load_scenario(UNIVERSAL)])) == [
        "today",
        "universal",
    ]


def test_an_override_does_not_change_what_was_in_force_before(tmp_path: Path) -> None:
    overrides = ["programs.light.caseload=31"]
    scenarios = [load_scenario(file, overrides) for file in (TODAY, UNIVERSAL)]
    texts = in_one_folder(scenarios)
    assert sorted(texts) == ["today", "today-before", "universal"]
    again = reloaded(texts, tmp_path / "again")
    for scenario in scenarios:
        assert again[scenario.name].sha256() == scenario.sha256()
    assert again["universal"].before.programs["light"].caseload != 31


def test_different_systems_of_one_name_are_told_apart(tmp_path: Path) -> None:
    files = [UNIVERSAL]
    for number, caseload in enumerate((31, 32)):
        files.append(tmp_path / f"other-{number}.yaml")
        under = before(tmp_path / str(number), caseload)
        files[-1].write_text(f"extends: {UNIVERSAL}\nwarm_start: {{under: {under}}}\n")
    scenarios = [load_scenario(file) for file in files]
    texts = in_one_folder(scenarios)
    assert sorted(texts) == [
        "other-0",
        "other-1",
        "today",
        "today-before",
        "today-before-2",
        "universal",
    ]
    again = reloaded(texts, tmp_path / "again")
    for scenario in scenarios:
        assert again[scenario.name].sha256() == scenario.sha256()
