"""Draws of parameters and structures: how many, from what, by whom, and their runs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hvsim.execution.blocks import Job
from hvsim.execution.telling import Teller
from hvsim.execution.workers import Task, run_blocks
from hvsim.runs import ParameterDraws, RunWriter
from hvsim.runs.draws import KINDS, POSTERIOR, STRUCTURES, Kind
from hvsim.scenario import Scenario
from hvsim.uncertainty import (
    FIRST_DRAW,
    Alternatives,
    DrawError,
    Posterior,
    PosteriorError,
    Structures,
    choice_of,
    leaves_of,
    load_structures,
    read_posterior,
    refuse_undrawable,
)
from hvsim.uncertainty.structure_files import structures_yaml


@dataclass(frozen=True)
class Draws:
    """What is asked for.

    Attributes
    ----------
    count
        Draws of parameters; none if structures alone are run.
    posterior
        File of joint draws (`hvsim.uncertainty.posterior`), which replace the distributions of the
        parameters that it names.
    structures
        File of structures (`hvsim.uncertainty.structures`): each alternative is run by itself, and
        every draw picks one of each axis.
    workers
        Processes of this machine. Results do not depend on it. A script that asks for more than one
        begins its work below ``if __name__ == "__main__":``, since each process imports it.
    cluster
        Address of a Dask scheduler, instead.
    """

    count: int = 0
    posterior: str | Path | None = None
    structures: str | Path | None = None
    workers: int = 1
    cluster: str | None = None

    def settled(
        self, scenarios: Sequence[Scenario], seed: int
    ) -> tuple[Posterior | None, Structures | None]:
        """The draws of the posterior's file and the structures, both checked.

        Raises
        ------
        ScenarioError
            If the structures do not fit the scenarios, also as draws mix them.
        PosteriorError
            If its file does not fit the scenarios, or holds fewer draws than asked for.
        DrawError
            If there is nothing to draw, or a number that is to be drawn has no distribution.
        """
        structures = None if self.structures is None else load_structures(self.structures)
        every = Alternatives(scenarios, structures)
        every.check(())
        posterior = self._posterior(every)
        if structures is not None:
            given = [{} if posterior is None else posterior.values(n) for n in range(self.count)]
            every.check(
                choice_of(structures, seed, FIRST_DRAW + number, values)
                for number, values in enumerate(given)
            )
        if self.count:
            refuse_undrawable(scenarios)
            if structures is None and posterior is None:
                _require_ranges(scenarios)
        return posterior, structures

    def _posterior(self, every: Alternatives) -> Posterior | None:
        if self.posterior is None:
            return None
        found = read_posterior(self.posterior, every.alone(), every.structures)
        if len(found) < self.count:
            raise PosteriorError(
                f"{self.posterior}: holds {len(found)} draws, and {self.count} are asked for; ask "
                f"for --draws {len(found)}"
            )
        return found

    def note(self, posterior: Posterior | None) -> ParameterDraws | None:
        """What the manifest says of draws of parameters."""
        if not self.count:
            return None
        return ParameterDraws(
            first=FIRST_DRAW,
            count=self.count,
            posterior=None if posterior is None else posterior.name,
            posterior_sha256=None if posterior is None else posterior.sha256,
        )


def _require_ranges(scenarios: Sequence[Scenario]) -> None:
    if not any(leaves_of(scenario) for scenario in scenarios):
        raise DrawError(
            "no number of these scenarios has a range ('low' and 'high'), so that there is "
            "nothing to draw; state ranges, or name a file with --posterior"
        )


def inputs(job: Job) -> dict[str, bytes]:
    """Files that say what is drawn, by their place in the run folder."""
    found = {}
    if job.structures is not None:
        found[STRUCTURES] = structures_yaml(job.structures).encode()
    if job.posterior is not None:
        found[f"{POSTERIOR}/{job.posterior.name}"] = job.posterior.content
    return found


class DrawRuns:
    """The runs of one folder under structures, one at a time, and under draws of parameters."""

    def __init__(self, job: Job, draws: Draws, writer: RunWriter, tell: Teller) -> None:
        self._job = job
        self._draws = draws
        self._writer = writer
        self._tell = tell
        done = {kind: writer.drawn(kind) for kind in KINDS}
        structures, drawn = job.structures, job.about.parameter_draws
        numbers: dict[Kind, range] = {
            "structures": range(0 if structures is None else len(structures.alone())),
            "draws": range(0) if drawn is None else drawn.numbers,
        }
        # By replicate, so that a worker makes the families of each once.
        self._tasks: list[Task] = [
            (kind, replicate, number)
            for replicate in range(len(job.about.seeds))
            for kind, own in numbers.items()
            for number in own
            if (replicate, number) not in done[kind]
        ]

    def left(self) -> int:
        """Runs still to do."""
        return len(self._tasks) * len(self._job.scenarios)

    def execute(self) -> None:
        """Run them all; each draw is in the folder as soon as it is done."""
        blocks = run_blocks(
            self._job, self._tasks, workers=self._draws.workers, cluster=self._draws.cluster
        )
        with closing(blocks):
            for block in blocks:
                self._writer.add_draw(
                    block.kind, block.replicate, block.draw, block.part, block.seconds
                )
                self._tell.one_more(len(self._job.scenarios))
