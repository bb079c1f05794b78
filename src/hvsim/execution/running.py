"""Many runs: replicates, effect sets, scenarios, side by side on a thread pool; then draws."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from hvsim.execution.ages import Pair, count_by_age
from hvsim.execution.blocks import Job
from hvsim.execution.describing import manifest
from hvsim.execution.pairing import count_families
from hvsim.execution.pricing import settled_prices
from hvsim.execution.refusal import refuse_incomparable
from hvsim.execution.telling import Progress, Teller
from hvsim.population import families_of, read_records
from hvsim.population.records import BirthRecords
from hvsim.runs import Effects, Run, RunFolderError, RunWriter, claim
from hvsim.runs.resuming import finished_run
from hvsim.runs.writing import clear
from hvsim.scenario import Scenario, ScenarioError, in_one_folder, with_effects
from hvsim.scenario.variants import EffectSet, with_follow_up
from hvsim.simulation import Ledger, ScaleError, simulate
from hvsim.simulation.plan import units_of

if TYPE_CHECKING:
    from hvsim.economics import Prices
    from hvsim.execution.draws import DrawRuns, Draws


def run_scenario(
    scenario: Scenario,
    out: str | Path,
    *,
    seed: int = 1,
    scale: float = 1.0,
    replicates: int = 1,
    threads: int | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    prices: Prices | None = None,
) -> Run:
    """Run one scenario under its central effects, and write the run folder.

    Parameters
    ----------
    scenario
        What to run.
    out
        The folder.
    seed
        Seed of the first replicate; the others take the numbers that follow.
    scale
        Simulated share of families, one over a whole number.
    replicates
        Repetitions, each with other families and other luck.
    threads
        Threads in all; they do not change results. By default one per processor.
    overwrite
        Replace a complete run.
    progress
        Told after each run.
    prices
        What it is valued by; by default those of the file ``prices.yaml`` beside the scenario's,
        without it the packaged ones, as far as they fit.

    Raises
    ------
    RunFolderError
        If the folder cannot be written to.
    ScenarioError
        With what is wrong with the scenario's birth file, or what the prices cannot value.
    ScaleError
        If there is no such scale, or none at which a provider's queue is like a real one; then
        nothing is left in the folder.
    """
    seeds = range(seed, seed + replicates)
    scale = 1 / units_of(scale)
    records = _records(scenario)
    about = manifest(
        "run",
        [scenario],
        seeds=seeds,
        scale=scale,
        effects=["central"],
        records=None if records is None else records.report,
    )
    prices, not_valued = settled_prices([scenario], prices)
    about = about.model_copy(update={"not_valued": not_valued})
    job = Job((scenario,), about, records, None)
    return _execute(job, Path(out), threads, overwrite, progress, prices)


def compare(
    baseline: Scenario,
    scenarios: Sequence[Scenario],
    out: str | Path,
    *,
    seed: int = 1,
    scale: float = 1.0,
    replicates: int = 1,
    effects: Iterable[EffectSet] = ("central", "low", "high", "zero"),
    draws: Draws | None = None,
    threads: int | None = None,
    overwrite: bool = False,
    resume: bool = False,
    progress: Progress | None = None,
    prices: Prices | None = None,
) -> Run:
    """Run scenarios on the same families with the same luck, and write the run folder.

    Parameters
    ----------
    baseline
        The system that the others are compared with.
    scenarios
        The others.
    effects
        Effect sets under which all are run; the central one always is.
    draws
        Draws of parameters and structures under which all are run, and by whom.
    resume
        Go on with a run that was interrupted; one that is complete is left as it is. Not together
        with `overwrite`.
    out, seed, scale, replicates, threads, overwrite, progress, prices
        As for `run_scenario`.

    Raises
    ------
    IncomparableError
        If the scenarios differ in more than what systems do; every reason, prices among them.
    PosteriorError, DrawError
        If parameters cannot be drawn.
    WorkerError
        If those who are to run the draws cannot.
    RunFolderError, ScaleError, ScenarioError
        As for `run_scenario`; and if the run to go on with is another one, or complete and valued
        by other prices.
    """
    together = [baseline, *scenarios]
    if resume and overwrite:
        raise RunFolderError(
            "a run is either gone on with or replaced: give one of --resume and --overwrite"
        )
    settled, not_valued = _agreed_prices(baseline, scenarios, prices)
    seeds = range(seed, seed + replicates)
    scale = 1 / units_of(scale)
    sets: set[EffectSet] = {"central", *effects}
    records = _records(baseline)
    posterior, structures = (None, None) if draws is None else draws.settled(together, seed)
    about = manifest(
        "compare",
        together,
        seeds=seeds,
        scale=scale,
        effects=sets,
        records=None if records is None else records.report,
        parameter_draws=None if draws is None else draws.note(posterior),
        structures=structures,
    )
    about = about.model_copy(update={"not_valued": not_valued})
    if resume and (finished := finished_run(Path(out), about, prices)) is not None:
        return finished
    job = Job(tuple(together), about, records, posterior, structures)
    return _execute(job, Path(out), threads, overwrite, progress, settled, draws, resume)


def _agreed_prices(
    baseline: Scenario, scenarios: Sequence[Scenario], given: Prices | None
) -> tuple[Prices | None, str]:
    """Prices of a comparison, once nothing speaks against it; all that does is told at once."""
    try:
        settled = settled_prices([baseline, *scenarios], given)
    except ScenarioError as error:
        refuse_incomparable(baseline, scenarios, beside=error)
        raise
    refuse_incomparable(baseline, scenarios)
    return settled


def _records(scenario: Scenario) -> BirthRecords | None:
    """The scenario's birth file, read before anything is written."""
    return None if scenario.population.records is None else read_records(scenario)


def _execute(
    job: Job,
    out: Path,
    threads: int | None,
    overwrite: bool,
    progress: Progress | None,
    prices: Prices | None,
    draws: Draws | None = None,
    resume: bool = False,
) -> Run:
    texts = in_one_folder(job.scenarios)
    inputs = None if draws is None else _inputs(job)
    with claim(out, overwrite=overwrite, resume=resume):
        try:
            with RunWriter(out, job.about, texts, prices, inputs) as writer:
                tell = Teller(progress)
                runs = _Runs(job, writer, threads or processors(), tell)
                blocks = None if draws is None else _draw_runs(job, draws, writer, tell)
                tell.total = runs.left() + (0 if blocks is None else blocks.left())
                runs.execute()
                if blocks is not None:
                    blocks.execute()
                return writer.finish()
        except ScaleError:  # a refusal, known only once visitors are hired; there was no run
            clear(out)
            raise


def _inputs(job: Job) -> dict[str, bytes]:
    from hvsim.execution.draws import inputs  # as below

    return inputs(job)


def _draw_runs(job: Job, draws: Draws, writer: RunWriter, tell: Teller) -> DrawRuns:
    from hvsim.execution.draws import DrawRuns  # distributions, which other runs do without

    return DrawRuns(job, draws, writer, tell)


def processors() -> int:
    """Processors that this process may use."""
    available = getattr(os, "sched_getaffinity", None)
    return len(available(0)) if available else os.cpu_count() or 1


class _Runs:
    """The runs of one folder under sets of effects.

    Scenarios that share replicate and effect set form a block and follow one another, the baseline
    first, because each is paired with it family by family; blocks are independent.
    """

    def __init__(self, job: Job, writer: RunWriter, threads: int, tell: Teller) -> None:
        self.scenarios = job.scenarios
        self.records = job.records
        self.about = job.about
        self.writer = writer
        self.threads = threads
        self.tell = tell
        self.stopped = threading.Event()
        self.done = writer.done()

    def _waiting(self, replicate: int) -> list[Effects]:
        """Effect sets of a replicate of which not all scenarios are done."""
        return [
            draw
            for draw in self.about.draws
            if any((own.name, replicate, draw.draw) not in self.done for own in self.scenarios)
        ]

    def left(self) -> int:
        """Runs still to do."""
        blocks = sum(len(self._waiting(replicate)) for replicate in range(len(self.about.seeds)))
        return blocks * len(self.scenarios)

    def execute(self) -> None:
        """Run them all."""
        for replicate, seed in enumerate(self.about.seeds):
            # Replicates follow one another, so that only one population is held at a time.
            if waiting := self._waiting(replicate):
                self._replicate(replicate, seed, waiting)

    def _replicate(self, replicate: int, seed: int, waiting: Sequence[Effects]) -> None:
        early = self.scenarios[0].also_at if self.about.also_at_months is not None else None
        families = families_of(
            self.scenarios[0], seed, self.about.scale, threads=self.threads, records=self.records
        )
        side_by_side = min(self.threads, len(waiting))
        threads = self.threads // side_by_side

        def lived(scenario: Scenario, draw: Effects) -> Ledger:
            return simulate(
                with_effects(scenario, draw.effects),
                seed=seed,
                draw=draw.draw,
                scale=self.about.scale,
                threads=threads,
                families=families,
                refuse_small=draw.effects == "central",
            )

        def block(draw: Effects) -> None:
            baseline = None
            by_age: dict[int, Ledger] = {}
            for scenario in self.scenarios:
                if self.stopped.is_set():
                    return
                began = time.perf_counter()
                ledger = lived(scenario, draw)
                if baseline is None and self.about.baseline is not None:
                    baseline = ledger
                counted = count_families(ledger, baseline)
                ages = None
                if early is not None:
                    found = {
                        round(early.value): lived(with_follow_up(scenario, early), draw),
                        self.about.follow_up_months: ledger,
                    }
                    by_age = by_age or found  # of the baseline, which comes first
                    ages = count_by_age({age: Pair(found[age], by_age[age]) for age in found})
                if (scenario.name, replicate, draw.draw) not in self.done:
                    seconds = time.perf_counter() - began
                    self.writer.add(ledger, replicate, counted, seconds, ages)
                self.tell.one_more()

        self._side_by_side(block, waiting, side_by_side)

    def _side_by_side(
        self, block: Callable[[Effects], None], waiting: Sequence[Effects], workers: int
    ) -> None:
        if workers == 1:
            for draw in waiting:
                block(draw)
            return
        with ThreadPoolExecutor(workers) as pool:
            try:
                for finished in as_completed([pool.submit(block, draw) for draw in waiting]):
                    finished.result()
            except BaseException:
                # Blocks under way end after their present run; the others never begin.
                self.stopped.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
