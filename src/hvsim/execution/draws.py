"""Draws of parameters: how many, from what, by whom, and their runs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hvsim.execution.blocks import Job
from hvsim.execution.telling import Teller
from hvsim.execution.workers import Task, run_blocks
from hvsim.runs import ParameterDraws, RunWriter
from hvsim.scenario import Scenario
from hvsim.uncertainty import (
    FIRST_DRAW,
    DrawError,
    Posterior,
    PosteriorError,
    leaves_of,
    read_posterior,
)


@dataclass(frozen=True)
class Draws:
    """What is asked for.

    Attributes
    ----------
    count
        Draws of parameters.
    posterior
        File of joint draws (`hvsim.uncertainty.posterior`), which replace the distributions of the
        parameters that it names.
    workers
        Processes of this machine. Results do not depend on it. A script that asks for more than one
        begins its work below ``if __name__ == "__main__":``, since each process imports it.
    cluster
        Address of a Dask scheduler, instead.
    """

    count: int
    posterior: str | Path | None = None
    workers: int = 1
    cluster: str | None = None

    def posterior_for(self, scenarios: Sequence[Scenario]) -> Posterior | None:
        """The file's draws, checked.

        Raises
        ------
        PosteriorError
            If the file does not fit the scenarios, or holds fewer draws than asked for.
        DrawError
            If there is nothing to draw.
        """
        if self.posterior is None:
            if not any(leaves_of(scenario) for scenario in scenarios):
                raise DrawError(
                    "no number of these scenarios has a range ('low' and 'high'), so that there is "
                    "nothing to draw; state ranges, or name a file with --posterior"
                )
            return None
        found = read_posterior(self.posterior, scenarios)
        if len(found) < self.count:
            raise PosteriorError(
                f"{self.posterior}: holds {len(found)} draws, and {self.count} are asked for; ask "
                f"for --draws {len(found)}"
            )
        return found

    def note(self, posterior: Posterior | None) -> ParameterDraws:
        """What the manifest says of them."""
        return ParameterDraws(
            first=FIRST_DRAW,
            count=self.count,
            posterior=None if posterior is None else posterior.name,
            posterior_sha256=None if posterior is None else posterior.sha256,
        )


class DrawRuns:
    """The runs of one folder under draws of parameters."""

    def __init__(self, job: Job, draws: Draws, writer: RunWriter, tell: Teller) -> None:
        assert job.about.parameter_draws is not None
        self._job = job
        self._draws = draws
        self._writer = writer
        self._tell = tell
        done = writer.draws.done()
        # By replicate, so that a worker makes the families of each once.
        self._tasks: list[Task] = [
            (replicate, draw)
            for replicate in range(len(job.about.seeds))
            for draw in job.about.parameter_draws.numbers
            if (replicate, draw) not in done
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
                self._writer.add_draw(block.replicate, block.draw, block.part, block.seconds)
                self._tell.one_more(len(self._job.scenarios))
