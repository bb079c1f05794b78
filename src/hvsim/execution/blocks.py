"""One draw, or structure, of one replicate: all scenarios on the same families, with the same luck.

A block is computed from what it is given alone and returns bytes, so that it may be run in any
process, on any machine, in any order.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from hvsim.execution.pairing import count_families
from hvsim.population import families_of
from hvsim.population.families import Families
from hvsim.population.records import BirthRecords
from hvsim.runs import Effects, Manifest, versions
from hvsim.runs.draws import DRAW_KEYS, Kind, Part, encoded
from hvsim.runs.reading import HeldRun
from hvsim.runs.rows import CHANCE
from hvsim.runs.summary import summarize
from hvsim.runs.tables import FAMILIES, KEYS, capacity_by_month, identified, yearly
from hvsim.scenario import Scenario
from hvsim.scenario.errors import dotted
from hvsim.simulation import simulate

if TYPE_CHECKING:
    from hvsim.uncertainty import Drawn, Posterior, Structures


class WorkerError(RuntimeError):
    """A worker that cannot do its part, or did not finish it."""


@dataclass(frozen=True)
class Job:
    """What all blocks of a run have in common.

    Attributes
    ----------
    scenarios
        The baseline first.
    about
        Manifest of the run.
    records
        The birth file, if the families are from one.
    posterior
        Joint draws of some parameters.
    structures
        Structural alternatives, if there are any.
    """

    scenarios: tuple[Scenario, ...]
    about: Manifest
    records: BirthRecords | None
    posterior: Posterior | None
    structures: Structures | None = None


@dataclass(frozen=True)
class Block:
    """What one draw of one replicate gave.

    Attributes
    ----------
    kind, replicate, draw
        Which; of structures the number of the alternative.
    part
        Its tables.
    seconds
        Time that it took.
    """

    kind: Kind
    replicate: int
    draw: int
    part: Part
    seconds: float


class Worker:
    """Runs blocks, one after another or from several threads.

    What blocks share is made once: distributions, and the families of a replicate.

    Raises
    ------
    WorkerError
        If software here differs from that of whoever gave the job: results would differ too.
    """

    def __init__(self, job: Job) -> None:
        ours, theirs = versions(), job.about.versions
        differ = [name for name in theirs if ours.get(name) != theirs[name]]
        if differ:
            name = differ[0]
            raise WorkerError(
                f"a worker has {name} {ours.get(name)}, and this run {theirs[name]}; install the "
                "same versions everywhere"
            )
        from hvsim.uncertainty import Drawing  # a heavy room, which runs without draws do without

        self._job = job
        self._drawing = Drawing(job.scenarios, job.about.seed, job.posterior, job.structures)
        self._families: tuple[int, Families] | None = None
        self._lock = threading.Lock()

    def run(self, kind: Kind, replicate: int, draw: int) -> Block:
        """Run all scenarios at one draw, or under one alternative."""
        began = time.perf_counter()
        job, seed = self._job, self._job.about.seeds[replicate]
        drawn = self._drawing.draw(draw) if kind == "draws" else self._drawing.alone(draw)
        families = self._families_of(replicate, seed)
        found: dict[str, list[pa.Table]] = {}
        baseline = None
        for one in drawn:
            ledger = simulate(
                one.scenario,
                seed=seed,
                draw=draw,
                scale=job.about.scale,
                families=families,
                refuse_small=False,
            )
            baseline = baseline or ledger
            run: dict[str, str | int] = {
                "scenario": ledger.scenario,
                "replicate": replicate,
                "draw": draw,
            }
            own = yearly(ledger) | {
                "capacity": capacity_by_month(ledger),
                "families": pa.table(count_families(ledger, baseline), FAMILIES),
            }
            for name, table in own.items():
                keys = DRAW_KEYS.get(name, KEYS[name])
                found.setdefault(name, []).append(identified(table, keys, run))
        tables = {name: pa.concat_tables(parts) for name, parts in found.items()}
        tables["summary"] = self._summary(tables, replicate, draw)
        del tables["capacity"]  # the months were for the summary
        if replicate == 0:  # parameters are the same in all
            tables["parameters"] = parameters_table(drawn, draw)
        part = {name: encoded(table) for name, table in tables.items()}
        return Block(kind, replicate, draw, part, time.perf_counter() - began)

    def _summary(self, tables: Mapping[str, pa.Table], replicate: int, draw: int) -> pa.Table:
        """The summary of this draw alone."""
        about = self._job.about
        alone = about.model_copy(
            update={
                "draws": (Effects(draw=draw, effects="central"),),
                "seeds": (about.seeds[replicate],),
                "also_at_months": None,
            }
        )
        frame = summarize(HeldRun(alone, {n: _everybody(table) for n, table in tables.items()}))
        frame = frame[frame["uncertainty"] != CHANCE][["scenario", "measure", "value"]]
        table = pa.Table.from_pandas(frame, _SUMMARY, preserve_index=False)
        return identified(table, DRAW_KEYS["summary"], {"replicate": replicate, "draw": draw})

    def _families_of(self, replicate: int, seed: int) -> Families:
        with self._lock:
            if self._families is None or self._families[0] != replicate:
                about = self._job.about
                made = families_of(
                    self._job.scenarios[0],
                    seed,
                    about.scale,
                    threads=1,
                    records=self._job.records,
                )
                self._families = (replicate, made)
            return self._families[1]


_SUMMARY = pa.schema({"scenario": pa.string(), "measure": pa.string(), "value": pa.float64()})


def _everybody(table: pa.Table) -> pa.Table:
    """Rows of all groups in one, which are all that a summary tells of."""
    if "dimension" not in table.column_names:
        return table
    return table.filter(pc.field("dimension") == "all")


def parameters_table(drawn: Sequence[Drawn], draw: int) -> pa.Table:
    """What was drawn: one row where all scenarios have the same value, else one of each."""
    values: dict[str, dict[str, float]] = {}
    for one in drawn:
        for path, value in one.values.items():
            values.setdefault(dotted(path), {})[one.scenario.name] = value
    rows = []
    for name, of in values.items():
        if len(set(of.values())) == 1:
            rows.append((draw, "", name, next(iter(of.values()))))
        else:
            rows += [(draw, scenario, name, value) for scenario, value in of.items()]
    draws, scenarios, names, numbers = (list(column) for column in zip(*rows, strict=True))
    return pa.table(
        {
            "draw": pa.array(draws, pa.int64()),
            "scenario": pa.array(scenarios, pa.string()),
            "parameter": pa.array(names, pa.string()),
            "value": pa.array(numbers, pa.float64()),
        }
    )
