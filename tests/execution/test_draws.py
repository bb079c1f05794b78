"""Draws of parameters, end to end: the same bytes whoever runs them and however often stopped."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import hvsim.execution.draws as drawing
import hvsim.execution.workers as working
from execution.drawn_run import DRAWS, NUMBERS, SEED, drawn, run, scenarios
from execution.failing import AfterTheEnd, Deadly, Failing, Unsendable, answer_once
from execution.killing import begun, contents, killed
from hvsim.cli import main
from hvsim.execution import Draws, WorkerError, compare
from hvsim.execution.blocks import Block, Job, Worker
from hvsim.execution.workers import Task, run_blocks
from hvsim.runs import RunFolderError, claim, read_run, versions
from hvsim.runs.draws import DRAW_KEYS, Kind
from hvsim.runs.intervals import PARAMETERS
from hvsim.runs.locking import LOCK
from hvsim.runs.sampling import sample_of
from hvsim.scenario import load_scenario
from hvsim.scenario.errors import dotted
from hvsim.simulation import simulate
from hvsim.uncertainty import DrawError, Drawing
from runs.ledgers import HARBOR


def test_every_draw_is_there_once_and_rows_are_told_apart() -> None:
    found = drawn()
    assert found.manifest.parameter_draws is not None
    assert list(found.manifest.parameter_draws.numbers) == NUMBERS
    assert found.manifest.uncertainty == ("parameters", "chance")
    for name, keys in DRAW_KEYS.items():
        table = pd.read_parquet(found.folder / "draws" / f"{name}.parquet")
        assert not table.duplicated(list(keys)).any()
        assert set(table["draw"]) == set(NUMBERS)
        assert table["draw"].is_monotonic_increasing
        if "replicate" in keys:
            assert set(table["replicate"]) == {0, 1}
    assert set(found.outcomes["draw"]) == {0}  # sets of effects stay apart
    assert not (found.folder / "draws" / "parts").exists()


def test_a_draw_is_a_run_of_the_scenario_with_the_drawn_numbers() -> None:
    found, together = drawn(), scenarios()
    one = Drawing(together, SEED).draw(6)[1]
    ledger = simulate(one.scenario, seed=SEED + 1, draw=6)
    outcomes = found.draws("outcomes", only=[6])
    rows = outcomes.query("scenario == 'universal' and replicate == 1 and measure == 'events'")
    by_outcome = rows.groupby("outcome")["value"].sum()
    events = ledger.outcomes[:, 1, :, 0].sum(axis=-1)
    for measure, count in zip(ledger.measures, events, strict=True):
        assert by_outcome.get(measure, 0) == count
    stored = found.draws("parameters", only=[6])
    stored = stored[stored["scenario"].isin(["", "universal"])]
    assert dict(zip(stored["parameter"], stored["value"], strict=True)) == {
        dotted(path): value for path, value in one.values.items()
    }


def test_groups_are_stored_and_add_up() -> None:
    table = pd.read_parquet(drawn().folder / "draws" / "outcomes.parquet")
    totals = table.groupby("dimension")["value"].sum()
    assert totals["region"] == totals["all"] > 0


def test_the_summary_has_the_mean_and_the_interval_of_the_draws() -> None:
    found = drawn()
    rows = found.summary[found.summary["uncertainty"] == PARAMETERS]
    row = rows.query("scenario == 'universal' and measure == 'prevented:ed-visits'").iloc[0]
    effects = sample_of(found).effects("prevented:ed-visits")[:, 1]
    assert row["value"] == pytest.approx(effects.mean(), abs=1e-6)
    ends = np.percentile(effects, [2.5, 97.5])
    assert [row["low"], row["high"]] == pytest.approx(ends, abs=1e-6)
    births = rows[rows["measure"] == "births"]
    assert (births["low"] == births["high"]).all()  # the families are the same in all draws


def test_processes_give_the_same_bytes_and_tell_how_far_they_are(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    run(
        tmp_path,
        Draws(DRAWS, workers=2),
        progress=lambda done, total: heard.append((done, total)),
    )
    assert contents(tmp_path) == contents(drawn().folder)
    assert [done for done, _ in heard] == [1, 2, 3, 4, 5, 6, *range(9, 31, 3)]
    assert {total for _, total in heard} == {30}


@pytest.mark.parametrize("stopped_after", [0, 5])
def test_an_interrupted_run_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped_after: int
) -> None:
    done: list[tuple[int, int]] = []

    def watched(*arguments: object, **named: object):  # type: ignore[no-untyped-def]  # a generator
        for block in run_blocks(*arguments, **named):  # type: ignore[arg-type]  # as they come
            if len(done) == stopped_after:
                raise KeyboardInterrupt
            done.append((block.replicate, block.draw))
            yield block

    monkeypatch.setattr(drawing, "run_blocks", watched)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    with pytest.raises(RunFolderError, match="was interrupted"):
        read_run(tmp_path)
    (tmp_path / "draws" / "parts" / ".1.7.tmp").mkdir(parents=True)  # half of a part
    if done:
        with pytest.raises(RunFolderError, match="go on with --resume"), claim(tmp_path):
            pass
    stopped_after = 99
    run(tmp_path, resume=True)
    assert sorted(done) == [(replicate, draw) for replicate in (0, 1) for draw in NUMBERS]
    assert contents(tmp_path) == contents(drawn().folder)


@pytest.mark.slow
def test_killed_at_random_moments_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    assert begun(whole, 6, 1).wait() == 0
    assert killed(tmp_path / "broken", 6, 2, times=3, seed=os.getpid())
    assert contents(tmp_path / "broken") == contents(whole)


@pytest.mark.slow
def test_killed_while_parts_are_joined_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert begun(whole, 3, 1).wait() == 0
    seed = os.getpid()
    for moment in random.Random(seed).sample(range(60), 4):  # of kills, not of the model
        assert begun(broken, 3, 1, killed_at=moment).wait() == -signal.SIGKILL
        assert (broken / "draws" / "parts").is_dir(), f"the parts are needed, seed {seed}"
        assert json.loads((broken / "manifest.json").read_text())["status"] == "running"
    assert begun(broken, 3, 1).wait() == 0
    assert contents(broken) == contents(whole), f"seed {seed}"


@pytest.mark.slow
def test_an_interruption_ends_the_workers_as_well(tmp_path: Path) -> None:
    process = begun(tmp_path / "out", 40, 2)
    while not list(tmp_path.glob("out/draws/parts/*")):
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
    assert process.wait() == 130
    with pytest.raises(ProcessLookupError):  # none of its session is left, after a moment
        _wait_for_the_end_of(process.pid)


def _wait_for_the_end_of(group: int) -> None:
    for _ in range(1200):
        os.killpg(group, 0)
        time.sleep(0.05)


def test_a_complete_run_is_left_as_it_is(tmp_path: Path) -> None:
    run(tmp_path)
    leftover = tmp_path / "draws" / "parts" / "0.4"
    leftover.mkdir(parents=True)
    (tmp_path / LOCK).touch()
    before = (tmp_path / "run.log.json").read_bytes()
    assert run(tmp_path, resume=True).manifest.status == "complete"
    assert (tmp_path / "run.log.json").read_bytes() == before
    assert contents(tmp_path) == contents(drawn().folder)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"seed": 4}, "seed: now 4, then 3"),
        ({"scale": 0.5}, "scale: now 0.5, then 1.0"),
        ({"replicates": 1}, "seeds is not the same"),
        ({"draws": Draws(7)}, "count: now 7, then 4"),
        ({"effects": ["zero"]}, "draws is not the same"),
    ],
)
def test_another_run_is_not_resumed(options: dict[str, object], reason: str) -> None:
    folder = drawn().folder
    before = contents(folder)
    with pytest.raises(RunFolderError, match="is another one, and cannot be resumed") as error:
        run(folder, resume=True, **options)  # type: ignore[arg-type]  # as they come
    assert f"  {reason}" in str(error.value).splitlines()
    assert contents(folder) == before


def test_another_scenario_or_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = drawn().folder
    first, *others = scenarios("programs.light.accepts=0.5")
    with pytest.raises(RunFolderError, match="scenario 'today' has another content"):
        compare(first, others, folder, draws=Draws(DRAWS), seed=SEED, replicates=2,
                effects=["central"], resume=True)  # fmt: skip
    old = versions() | {"numpy": "1.0"}
    monkeypatch.setattr("hvsim.execution.describing.versions", lambda: old)
    with pytest.raises(RunFolderError, match=r"numpy: now 1\.0, then"):
        run(folder, resume=True)


def posterior(folder: Path, draws: int) -> Path:
    file = folder / "posterior.csv"
    rows = [f"programs.light.accepts,{n},{0.5 + n / 100}" for n in range(draws)]
    file.write_text("\n".join(["parameter,draw,value", *rows]) + "\n")
    return file


def test_a_posterior_is_used_and_named(tmp_path: Path) -> None:
    found = run(tmp_path / "out", Draws(2, posterior(tmp_path, 3)), replicates=1)
    assert found.manifest.parameter_draws is not None
    assert found.manifest.parameter_draws.posterior == "posterior.csv"
    assert sample_of(found).parameters()["programs.light.accepts"].tolist() == [0.5, 0.51]
    posterior(tmp_path, 4)
    with pytest.raises(RunFolderError, match="posterior_sha256: now"):
        run(tmp_path / "out", Draws(2, tmp_path / "posterior.csv"), replicates=1, resume=True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--workers", "2"],
            "--workers is for draws and structures; ask with --draws or --structures",
        ),
        (["--draws", "5"], "holds 3 draws, and 5 are asked for; ask for --draws 3"),
    ],
)
def test_what_the_user_can_correct_is_said(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    files = [str(HARBOR / f"{name}.yaml") for name in ("today", "targeted")]
    if "--draws" in arguments:
        arguments = [*arguments, "--posterior", str(posterior(tmp_path, 3))]
    out = tmp_path / "out"
    answer = CliRunner().invoke(main, ["compare", *files, "--out", str(out), *arguments])
    assert answer.exit_code == 2
    assert message in answer.output
    assert not out.exists()


def test_without_ranges_there_is_nothing_to_draw(tmp_path: Path) -> None:
    plain = load_scenario(Path(__file__).parents[1] / "reference" / "lives.yaml")
    with pytest.raises(DrawError, match="no number of these scenarios has a range"):
        Draws(2).settled([plain], seed=1)


def test_a_worker_with_other_software_refuses() -> None:
    about = drawn().manifest
    other = about.model_copy(update={"versions": about.versions | {"numpy": "1.0"}})
    with pytest.raises(WorkerError, match=r"a worker has numpy .*, and this run 1\.0"):
        Worker(Job(tuple(scenarios()), other, None, None))


TASKS: list[Task] = [("draws", 0, 4), ("draws", 0, 5), ("draws", 0, 6)]


class _Fatal(Job):
    """A job whose worker dies: with nobody to say why."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (9,)


def test_a_lost_worker_is_told(tmp_path: Path) -> None:
    job = _Fatal(tuple(scenarios()), drawn().manifest, None, None)
    with pytest.raises(WorkerError, match="a worker ended before its draw was done"):
        list(run_blocks(job, [("draws", 0, 4), ("draws", 0, 5)], workers=2))


@pytest.mark.parametrize(
    ("error", "words", "told"),
    [
        (OSError, (errno.ENOSPC, "No space left on device"), "No space left on device"),
        (DrawError, ("nothing goes together",), "nothing goes together"),
        (WorkerError, ("other software",), "other software"),
        (Unsendable, ("lost", "here"), "a worker failed: Unsendable: lost here"),
    ],
)
def test_what_fails_in_a_worker_comes_as_it_is(
    error: type[Exception], words: tuple[object, ...], told: str
) -> None:
    expected = WorkerError if error is Unsendable else error
    with pytest.raises(expected, match=told) as raised:
        list(run_blocks(Failing(error, *words), TASKS, workers=2))
    assert type(raised.value) is expected


def test_a_worker_lost_between_two_draws_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_serve", answer_once)
    with pytest.raises(WorkerError, match="a worker ended before its draw was done") as raised:
        list(run_blocks(Deadly(), AfterTheEnd(TASKS), workers=2))
    assert isinstance(raised.value.__cause__, BrokenPipeError)


def test_another_run_may_take_over_a_worker_of_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    class TakenOver:
        """A lock that another run gets hold of as soon as it is free."""

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None:
            working._workers.clear()

    class Answering:
        def __init__(self, _: Job) -> None: ...

        def run(self, kind: Kind, replicate: int, draw: int) -> Block:
            return Block(kind, replicate, draw, {}, 0.0)

    monkeypatch.setattr(working, "_making", TakenOver())
    monkeypatch.setattr(working, "Worker", Answering)
    assert working._on_worker(Deadly(), "one", ("draws", 1, 5)).draw == 5


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """Address of a real scheduler with its workers, each a process of its own."""
    said = folder / "scheduler.json"
    module = [sys.executable, "-m", "distributed.cli.dask_"]
    where = ["--scheduler-file", str(said), "--no-dashboard"]
    environment = os.environ | {
        "DASK_TEMPORARY_DIRECTORY": str(folder),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }

    def start(role: str, *options: str) -> subprocess.Popen[bytes]:
        command = [*module[:2], module[2] + role, *where, *options]
        nowhere = subprocess.DEVNULL
        return subprocess.Popen(command, env=environment, stdout=nowhere, stderr=nowhere)

    started = [start("scheduler", "--host", "127.0.0.1", "--port", "0")]
    try:
        while not said.exists():
            assert started[0].poll() is None
            time.sleep(0.05)
        started += [start("worker", "--nthreads", "1", "--no-nanny") for _ in range(workers)]
        yield json.loads(said.read_text())["address"]
    finally:
        for process in started:
            process.kill()  # asked to end, they may wait for one another
        for process in started:
            process.wait()


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_and_tells_of_lost_workers(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with cluster(tmp_path, 2) as address:
        run(tmp_path / "out", Draws(DRAWS, cluster=address))
        with pytest.raises(DrawError, match="nothing goes together"):
            list(run_blocks(Failing(DrawError, "nothing goes together"), TASKS, cluster=address))
        with pytest.raises(WorkerError, match="the cluster lost a draw"):
            list(run_blocks(Deadly(), TASKS[:1], cluster=address))
    assert contents(tmp_path / "out") == contents(drawn().folder)


def test_blocks_may_come_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def backward(*arguments: object, **named: object):  # type: ignore[no-untyped-def]  # a generator
        blocks: list[Block] = list(run_blocks(*arguments, **named))  # type: ignore[arg-type]  # as they come
        yield from reversed(blocks)

    monkeypatch.setattr(drawing, "run_blocks", backward)
    run(tmp_path)
    assert contents(tmp_path) == contents(drawn().folder)
