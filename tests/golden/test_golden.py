"""Numbers of the shipped scenarios do not change unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden.results import HERE, ROOT, changes, golden_file, results, shipped, store, stored

SHOWN = 12


def name_of(scenario: Path) -> str:
    return f"{scenario.parent.name}/{scenario.name}"


@pytest.mark.parametrize("scenario", shipped(), ids=name_of)
def test_a_shipped_scenario_gives_what_it_gave(scenario: Path) -> None:
    file = golden_file(scenario)
    changed = changes(stored(file), results(scenario))
    shown = changed[:SHOWN] + ([f"... and {len(changed) - SHOWN} more"] if changed[SHOWN:] else [])
    assert not changed, (
        f"numbers of scenarios/{name_of(scenario)} changed:\n  "
        + "\n  ".join(shown)
        + f"\nIf they should: `make golden` rewrites {file.relative_to(ROOT)}, "
        + "and CHANGELOG.md says why."
    )


def test_each_shipped_scenario_has_results_and_nothing_else_has() -> None:
    assert {golden_file(scenario) for scenario in shipped()} == set(HERE.glob("*.csv"))
    assert len(shipped()) >= 13


def test_a_change_is_told_with_old_and_new_value(tmp_path: Path) -> None:
    before = {("enrolled/x", "all", "2024"): 1200, ("enrolled/x", "all", "2025"): 7}
    store(before, tmp_path / "x.csv")
    assert stored(tmp_path / "x.csv") == before
    now = {("enrolled/x", "all", "2024"): 1208, ("births", "region: north", "2025"): 3}
    assert changes(before, before) == []
    assert changes(before, now) == [
        "births (region: north) in 2025: 0 -> 3",
        "enrolled/x (all) in 2024: 1,200 -> 1,208",
        "enrolled/x (all) in 2025: 7 -> 0",
    ]
