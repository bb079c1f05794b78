"""Structures, end to end: each alternative by itself, and draws that mix them."""

import tempfile
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import hvsim.execution.draws as drawing
from execution.drawn_run import SEED, run, scenarios
from execution.killing import contents
from hvsim.cli import main
from hvsim.execution import Draws
from hvsim.execution.workers import run_blocks
from hvsim.runs import Run, RunFolderError, read_run
from hvsim.runs.draws import DRAW_KEYS
from hvsim.runs.sampling import alternatives_of, sample_of
from hvsim.scenario import load_scenario
from hvsim.simulation import simulate
from hvsim.uncertainty import load_structures
from runs.ledgers import HARBOR

FILE = Path(__file__).parents[1] / "uncertainty" / "structures.yaml"
STRUCTURES = load_structures(FILE)
_FOLDER = tempfile.TemporaryDirectory(prefix="hvsim-structures-")
DRAWS = 3


def mixed(out: Path, workers: int = 1, **options: object) -> Run:
    draws = Draws(DRAWS, structures=FILE, workers=workers)
    return run(out, **({"draws": draws, "replicates": 1} | options))  # type: ignore[arg-type]  # as they come


@cache
def structured() -> Run:
    """Three draws and three alternatives, run by this process."""
    return mixed(Path(_FOLDER.name) / "out")


def events(table: pd.DataFrame, scenario: str) -> pd.Series:
    own = table[(table["scenario"] == scenario) & (table["measure"] == "events")]
    return own[own["dimension"] == "all"].groupby("outcome")["value"].sum()


def test_alternatives_stand_apart_and_the_manifest_says_what_they_are() -> None:
    found = structured()
    about = found.manifest.structures
    assert about is not None
    assert found.manifest.uncertainty == ("parameters", "structures", "chance")
    assert about.alone == (
        ("", ""),
        ("recurrence", "harm"),
        ("several-programs", "sum"),
        ("several-programs", "strongest-and-accepted"),
    )
    assert [one.weight for one in about.axes[0].alternatives] == [0.75, 0.25]
    assert about.axes[0].alternatives[1].sets == {"structure.recurrence": "harm"}
    for name, keys in DRAW_KEYS.items():
        table = pd.read_parquet(found.folder / "structures" / f"{name}.parquet")
        assert set(table["draw"]) == {0, 1, 2, 3}
        assert not table.duplicated(list(keys)).any()
    assert not (found.folder / "structures" / "parts").exists()


def test_as_written_is_the_central_run_and_others_are_runs_with_the_override() -> None:
    found = structured()
    stored = found.structures("outcomes")
    central = found.outcomes[found.outcomes["draw"] == 0]
    harm = load_scenario(
        HARBOR / "universal.yaml", ["population.births_per_year=240", "structure.recurrence=harm"]
    )
    harm.before.__dict__["structure"] = harm.structure
    ledger = simulate(harm, seed=SEED)
    counted = dict(zip(ledger.measures, ledger.outcomes[:, 1, :, 0].sum(axis=-1), strict=True))
    written = events(stored[stored["draw"] == 0], "universal")
    changed = events(stored[stored["draw"] == 1], "universal")
    assert written.equals(events(central, "universal"))
    assert changed.to_dict() == {name: n for name, n in counted.items() if n}
    assert not changed.equals(written)


def test_draws_hold_the_alternatives_that_they_picked() -> None:
    table = structured().draws("parameters")
    picked = table[table["parameter"].str.startswith("structure:")]
    assert (picked["scenario"] == "").all()
    found = {(row.draw, row.parameter): row.value for row in picked.itertuples(index=False)}
    assert found == {
        (draw, f"structure:{axis.name}"): place
        for draw in range(4, 4 + DRAWS)
        for axis, place in zip(STRUCTURES.axes, STRUCTURES.drawn(SEED, draw), strict=True)
    }  # fmt: skip


def test_a_draw_of_what_is_as_written_is_the_draw_without_structures(tmp_path: Path) -> None:
    plain = run(tmp_path / "out", Draws(DRAWS), replicates=1)
    as_written = [n for n in range(4, 4 + DRAWS) if not any(STRUCTURES.drawn(SEED, n))]
    assert as_written
    one, other = (found.draws("outcomes", only=as_written) for found in (plain, structured()))
    assert one.equals(other)


@pytest.mark.slow
def test_processes_and_interruptions_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed(tmp_path / "two", workers=2)
    assert contents(tmp_path / "two") == contents(structured().folder)
    done: list[tuple[str, int, int]] = []
    last = 2

    def watched(*arguments: object, **named: object):  # type: ignore[no-untyped-def]  # a generator
        for block in run_blocks(*arguments, **named):  # type: ignore[arg-type]  # as they come
            if len(done) == last:
                raise KeyboardInterrupt
            done.append((block.kind, block.replicate, block.draw))
            yield block

    monkeypatch.setattr(drawing, "run_blocks", watched)
    out = tmp_path / "out"
    for blocks in (2, 5, 99):
        last = blocks
        try:
            mixed(out, resume=True)
        except KeyboardInterrupt:
            with pytest.raises(RunFolderError, match="was interrupted"):
                read_run(out)
    assert done == [
        *(("structures", 0, number) for number in range(4)),
        *(("draws", 0, number) for number in range(4, 4 + DRAWS)),
    ]
    assert contents(out) == contents(structured().folder)


def test_other_structures_are_another_run(tmp_path: Path) -> None:
    other = tmp_path / "structures.yaml"
    other.write_text(FILE.read_text("utf-8").replace("value: 0.3", "value: 0.4"), "utf-8")
    with pytest.raises(RunFolderError, match="structures is not the same"):
        mixed(structured().folder, draws=Draws(DRAWS, structures=other), resume=True)


def test_structures_run_without_draws(tmp_path: Path) -> None:
    files = [str(HARBOR / f"{name}.yaml") for name in ("today", "targeted")]
    out = tmp_path / "out"
    options = ["--structures", str(FILE), "--workers", "1", "--out", str(out)]
    few = ["--set", "population.births_per_year=240"]
    answer = CliRunner().invoke(main, ["compare", *files, *few, *options])
    assert answer.exit_code == 0, answer.output
    found = read_run(out)
    assert found.manifest.parameter_draws is None
    assert not (out / "draws").exists()
    assert alternatives_of(found).effects("prevented:harm").shape == (4, 2)
    with pytest.raises(RunFolderError, match="run it with --draws"):
        found.draws("summary")


def test_what_is_wrong_with_structures_is_said_before_anything_is_written(tmp_path: Path) -> None:
    broken = FILE.parent / "broken" / "values.yaml"
    files = [str(HARBOR / f"{name}.yaml") for name in ("today", "targeted")]
    out = tmp_path / "out"
    answer = CliRunner().invoke(
        main, ["compare", *files, "--structures", str(broken), "--out", str(out)]
    )
    assert answer.exit_code == 2
    assert "none of the scenarios has 'programs.lite.accepts'" in answer.output
    assert not out.exists()


def test_a_run_without_structures_says_so(tmp_path: Path) -> None:
    found = structured()
    without = Run(found.folder, found.manifest.model_copy(update={"structures": None}))
    with pytest.raises(RunFolderError, match="holds no structures; run it with --structures"):
        without.structures("summary")
    with pytest.raises(RunFolderError, match="holds no structures; run it with --structures"):
        alternatives_of(without)
    assert len(scenarios()) == len(found.manifest.scenarios)


def test_structures_are_arrays_for_economics() -> None:
    sample, alone = sample_of(structured()), alternatives_of(structured())
    picked = sample.structures()
    assert picked.index.tolist() == list(sample.draws)
    for axis, given in zip(STRUCTURES.axes, zip(*picked.to_numpy(), strict=False), strict=False):
        assert set(given) <= {one.name for one in axis.alternatives}
    for draw, names in picked.iterrows():
        chosen = STRUCTURES.chosen(STRUCTURES.drawn(SEED, int(str(draw))))
        assert names.tolist() == [one.name for _, one in chosen]
    assert alone.structures()["recurrence"].tolist() == ["reporting", "harm"] + ["reporting"] * 2
    assert alone.effects("events:harm").shape == (4, 3)
