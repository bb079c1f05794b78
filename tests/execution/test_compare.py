"""Comparisons with the real simulation."""

import threading
from pathlib import Path

import pytest

import hvsim.execution.running as running
from execution.harbor_run import harbor
from hvsim.execution import compare, run_scenario
from hvsim.runs import read_run
from hvsim.scenario import load_scenario
from hvsim.simulation import Ledger, simulate
from runs.ledgers import HARBOR


def test_a_scenario_against_itself_prevents_exactly_zero() -> None:
    found = harbor().families
    again = found[found["scenario"] == "today-again"]
    assert (again[["difference", "standard_error", "fewer", "more"]] == 0).all(axis=None)
    summary = harbor().summary
    rows = summary[summary["scenario"] == "today-again"]
    assert (rows.loc[rows["measure"].str.startswith("prevented"), "value"] == 0).all()
    assert (rows.loc[rows["measure"].str.contains("(?:gained|lost)_service"), "value"] == 0).all()


def test_families_and_tables_count_the_same_events() -> None:
    run = harbor()
    events = run.outcomes[
        (run.outcomes["dimension"] == "all") & (run.outcomes["measure"] == "events")
    ]
    by_table = events.groupby(["scenario", "draw", "outcome"])["value"].sum()
    counted = run.families[run.families["quantity"] == "events"]
    by_family = counted.set_index(["scenario", "draw", "name"])["total"]
    for key, total in by_family.items():
        assert by_table.get(key, 0) == total


def test_families_and_funnel_count_the_same_enrollments() -> None:
    run = harbor()
    begun = run.funnel[
        (run.funnel["dimension"] == "all") & (run.funnel["transition"] == "enrolled")
    ]
    by_table = begun.groupby(["scenario", "draw", "program"])["families"].sum().to_dict()
    counted = run.families[(run.families["quantity"] == "enrolled") & (run.families["name"] != "")]
    assert counted.set_index(["scenario", "draw", "name"])["total"].to_dict() == by_table


def test_programs_without_effect_prevent_nothing_but_change_what_is_seen() -> None:
    run = harbor()
    assert run.manifest.draw_of("zero") == 3
    rows = run.summary[run.summary["measure"].str.startswith("prevented_if_no_effect:")]
    unseen = rows[rows["measure"].str.contains("ed-visits|depression")]
    assert (unseen["value"] == 0).all()


def test_headline_intervals_are_those_of_the_effect_sets() -> None:
    run = harbor()
    rows = run.summary[run.summary["measure"] == "prevented:ed-visits"]
    assert set(rows["uncertainty"]) == {"effect sets", "chance only"}
    universal = rows[(rows["scenario"] == "universal") & (rows["uncertainty"] == "effect sets")]
    (row,) = universal.to_dict("records")
    assert row["low"] < 0 < row["value"] < row["high"]  # the bound of the effect lies above 1


def test_dollars_do_not_depend_on_effects() -> None:
    totals = harbor().costs.groupby(["scenario", "draw"])["dollars"].sum().unstack()
    assert (totals.nunique(axis=1) == 1).all()


def test_threads_and_folders_leave_no_trace(tmp_path: Path) -> None:
    scenario = load_scenario(HARBOR / "today.yaml")
    for threads in (1, 2):
        run_scenario(scenario, tmp_path / str(threads), replicates=2, threads=threads)
    one, two = ({
        file.name: file.read_bytes()
        for file in (tmp_path / str(threads)).rglob("*")
        if file.is_file() and file.name != "run.log.json"
    } for threads in (1, 2))  # fmt: skip
    assert one == two
    assert set(read_run(tmp_path / "1").funnel["replicate"]) == {0, 1}


def test_progress_is_told_after_each_run(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    today, other = (load_scenario(HARBOR / f"{name}.yaml") for name in ("today", "targeted"))
    compare(
        today,
        [other],
        tmp_path / "out",
        effects=["zero"],
        progress=lambda done, total: heard.append((done, total)),
    )
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_same_families_live_under_every_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()

    def watched(*arguments: object, **named: object) -> Ledger:
        seen.add(id(named["families"]))
        return simulate(*arguments, **named)  # type: ignore[arg-type]  # passed on as they come

    monkeypatch.setattr(running, "simulate", watched)
    today, other = (load_scenario(HARBOR / f"{name}.yaml") for name in ("today", "targeted"))
    compare(today, [other], tmp_path / "out", effects=["central"])
    assert len(seen) == 1


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupted_comparison_is_not_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    calls = threading.Semaphore(3)

    def interrupted(*arguments: object, **named: object) -> Ledger:
        if not calls.acquire(blocking=False):
            raise KeyboardInterrupt
        return simulate(*arguments, **named)  # type: ignore[arg-type]  # passed on as they come

    monkeypatch.setattr(running, "simulate", interrupted)
    today, other = (load_scenario(HARBOR / f"{name}.yaml") for name in ("today", "targeted"))
    with pytest.raises(KeyboardInterrupt):
        compare(today, [other], tmp_path, threads=threads)
    assert '"status": "running"' in (tmp_path / "manifest.json").read_text()
    assert not list(tmp_path.glob("*.parquet"))
    monkeypatch.undo()
    assert compare(today, [other], tmp_path, effects=["central"]).manifest.status == "complete"


def test_the_folder_suffices_to_repeat_the_run(tmp_path: Path) -> None:
    run = harbor()
    names = [note.name for note in run.manifest.scenarios]
    scenarios = [load_scenario(run.folder / "scenarios" / f"{name}.yaml") for name in names[:3]]
    for scenario, note in zip(scenarios, run.manifest.scenarios, strict=False):
        assert scenario.sha256() == note.sha256
    again = compare(scenarios[0], scenarios[1:], tmp_path, seed=run.manifest.seed)
    kept = run.funnel[run.funnel["scenario"].isin(names[:3])].reset_index(drop=True)
    assert again.funnel.equals(kept)
