"""Writing a run folder, so that nothing unfinished can pass for finished."""

from __future__ import annotations

import json
import os
import platform
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from hvsim.runs.draws import KINDS, POSTERIOR, STRUCTURES, DrawsFolder, Kind, Part
from hvsim.runs.files import (
    discard_unfinished,
    whole,
    whole_folder,
    whole_folders,
    write_table,
    write_text,
)
from hvsim.runs.locking import LOCK, only_writer
from hvsim.runs.manifest import Manifest, Status
from hvsim.runs.reading import EVALUATION, Run, RunFolderError, read_manifest
from hvsim.runs.revaluing import FILES as VALUED
from hvsim.runs.revaluing import store_valuation
from hvsim.runs.staffing import TABLES as STAFFING
from hvsim.runs.summary import summary_csv
from hvsim.runs.tables import AGES, FAMILIES, KEYS, identified, sorted_rows, tables_of
from hvsim.runs.valuing import value
from hvsim.simulation.ledger import Ledger

if TYPE_CHECKING:
    from hvsim.economics import Prices

_PARTS: Final = "parts"
_FOLDERS: Final = (_PARTS, *KINDS, EVALUATION, POSTERIOR, "scenarios", "plots")
_FILES: Final = (
    "manifest.json",
    "run.log.json",
    "summary.csv",
    "report.html",
    STRUCTURES,
    *VALUED,
)
_TABLE_FILES: Final = tuple(f"{name}.parquet" for name in (*KEYS, *STAFFING))


@contextmanager
def claim(folder: Path, *, overwrite: bool = False, resume: bool = False) -> Iterator[None]:
    """Hold `folder` for one run that is written to it, and clear what an earlier one left there.

    Only files of a run are ever removed, and only from a folder that holds a run. Folders that were
    made for it and stay empty are removed at the end.

    Parameters
    ----------
    folder
        Where the run goes; made if it is not there.
    overwrite
        Whether a complete run is cleared, or draws of an interrupted one.
    resume
        Whether what an interrupted run left is kept, to go on with.

    Raises
    ------
    RunFolderError
        If the folder holds something else, or a complete run and `overwrite` is not set, if it
        cannot be written, or if somebody else writes to it.
    """
    if folder.exists() and not folder.is_dir():
        raise RunFolderError(f"{folder} is a file; name another folder with --out")
    with ExitStack() as held:
        try:
            held.enter_context(only_writer(folder))
            _make_way(folder, overwrite, resume)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"{folder} cannot be written: {reason}; choose another folder with --out"
            raise RunFolderError(message) from error
        yield


def _make_way(folder: Path, overwrite: bool, resume: bool) -> None:
    manifest = read_manifest(folder)
    if manifest is None:
        if any(path.name != LOCK for path in folder.iterdir()):
            raise RunFolderError(
                f"{folder} holds files that are not a run of this version of hvsim, and stays "
                "untouched; name another folder with --out"
            )
        return
    if manifest.status != "complete" and resume:
        return
    if manifest.status == "complete" and not overwrite:
        raise RunFolderError(
            f"{folder} holds a complete run; name another folder with --out, or replace it with "
            "--overwrite"
        )
    if manifest.status != "complete" and not overwrite and _has_draws(folder):
        raise RunFolderError(
            f"{folder} holds draws of an interrupted run; go on with --resume, or begin anew with "
            "--overwrite"
        )
    clear(folder)


def _has_draws(folder: Path) -> bool:
    return any(DrawsFolder(folder, kind).done() for kind in KINDS)


def clear(folder: Path) -> None:
    """Remove what a run wrote."""
    # The manifest goes first: from then on nothing in the folder can pass for complete.
    for file in (*(folder / name for name in (*_FILES, *_TABLE_FILES)), *folder.glob(".*.tmp")):
        file.unlink(missing_ok=True)
    for name in _FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)


def discard_parts(folder: Path) -> None:
    """Remove what a complete run no longer needs."""
    shutil.rmtree(folder / _PARTS, ignore_errors=True)
    for kind in KINDS:
        DrawsFolder(folder, kind).clear()


class RunWriter:
    """A run folder while it is being written.

    Parameters
    ----------
    folder
        A claimed folder.
    manifest
        What the run will be; its status is set by the writer.
    scenarios
        Resolved text of each scenario, by name.
    prices
        What the run is valued by, which fits it; if none, it has no dollars but those of streams.
    inputs
        Other files that the run is made from, by their place in the folder.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        scenarios: Mapping[str, str],
        prices: Prices | None = None,
        inputs: Mapping[str, bytes] | None = None,
    ) -> None:
        self.folder = folder
        self._prices = prices
        self._manifest = manifest
        self._log: dict[str, Any] = {
            "started": _now(),
            "host": platform.node(),
            "processors": os.cpu_count(),
            "runs": [],
            **{kind: [] for kind in KINDS},
        }
        self._lock = threading.Lock()
        self._drawn = {kind: DrawsFolder(folder, kind) for kind in KINDS}
        discard_unfinished(folder / _PARTS)
        for drawn in self._drawn.values():
            drawn.discard_unfinished()
        self._state("running")
        for name, text in scenarios.items():
            write_text(folder / "scenarios" / f"{name}.yaml", text)
        for name, content in (inputs or {}).items():
            with whole(folder / name) as temporary:
                temporary.write_bytes(content)

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Mark the run as failed if an error ended it.

        An interruption is no error: the folder then stays 'running'.
        """
        if kind is not None and issubclass(kind, Exception):
            self._state("failed")

    def done(self) -> set[tuple[str, int, int]]:
        """Scenario, replicate and draw of every run whose rows are there whole."""
        names = (path.name.rsplit(".", 2) for path in whole_folders(self.folder / _PARTS))
        return {(scenario, int(replicate), int(draw)) for scenario, replicate, draw in names}

    def add(
        self,
        ledger: Ledger,
        replicate: int,
        families: Mapping[str, list[Any]],
        seconds: float,
        ages: Mapping[str, list[Any]] | None = None,
    ) -> None:
        """Write the rows of one run, all or none; safe to call from several threads.

        Parameters
        ----------
        ledger
            What the run counted.
        replicate
            Number of the replicate, from 0.
        families
            Columns of the table of that name, without those that name the run.
        seconds
            Time that the run took, for the log.
        ages
            Columns of the table of that name likewise, if outcomes are counted at two ages.
        """
        run: dict[str, str | int] = {
            "scenario": ledger.scenario,
            "replicate": replicate,
            "draw": ledger.draw,
        }
        tables = tables_of(ledger, replicate) | {
            "families": identified(pa.table(families, FAMILIES), KEYS["families"], run)
        }
        if ages is not None:
            tables["ages"] = identified(pa.table(ages, AGES), KEYS["ages"], run)
        part = self.folder / _PARTS / f"{ledger.scenario}.{replicate}.{ledger.draw}"
        with whole_folder(part) as temporary:
            for name, table in tables.items():
                write_table(temporary / f"{name}.parquet", table)
        with self._lock:
            self._log["runs"].append({**run, "seconds": round(seconds, 3)})

    def drawn(self, kind: Kind) -> set[tuple[int, int]]:
        """Replicate and number of every draw, or structure, that is there whole."""
        return self._drawn[kind].done()

    def add_draw(self, kind: Kind, replicate: int, draw: int, part: Part, seconds: float) -> None:
        """Write a draw, or a structure, all scenarios of one replicate, all or none."""
        self._drawn[kind].add(replicate, draw, part)
        self._log[kind].append({"replicate": replicate, "draw": draw, "seconds": round(seconds, 3)})

    def finish(self) -> Run:
        """Join the parts, write dollars and summary, and call the run complete.

        Raises
        ------
        RunFolderError
            If the parts are not exactly those that the manifest tells of.
        """
        self._require_all_parts()
        parts = [self.folder / _PARTS / f"{s}.{r}.{d}" for s, r, d in sorted(self.done())]
        for name in KEYS:
            files = (part / f"{name}.parquet" for part in parts)
            # Labels stay numbers until the rows stand in order.
            labels = list(KEYS[name])
            found = [pq.ParquetFile(f, read_dictionary=labels).read() for f in files if f.exists()]
            if not found:
                continue
            table = pa.concat_tables(found)
            with whole(self.folder / f"{name}.parquet") as path:
                write_table(path, sorted_rows(table, name))
        run = Run(self.folder, self._manifest)
        for name, made in STAFFING.items():
            with whole(self.folder / f"{name}.parquet") as path:
                write_table(path, pa.Table.from_pandas(made(run), preserve_index=False))
        if self._prices is not None:
            run.manifest = self._manifest = store_valuation(
                run, self._prices, value(run, self._prices)
            )
        for drawn in self._drawn.values():
            if drawn.done():
                drawn.join()
        write_text(self.folder / "summary.csv", summary_csv(run))
        self._log["runs"].sort(key=lambda run: (run["replicate"], run["draw"], run["scenario"]))
        for kind in KINDS:
            self._log[kind].sort(key=lambda run: (run["replicate"], run["draw"]))
        write_text(
            self.folder / "run.log.json",
            json.dumps({**self._log, "finished": _now()}, indent=2) + "\n",
        )
        self._state("complete")  # and only then are the parts no longer needed
        discard_parts(self.folder)
        run.manifest = self._manifest
        return run

    def _require_all_parts(self) -> None:
        """What is missing would be read as zero, and what is left over as a part of the run."""
        about = self._manifest
        replicates = range(len(about.seeds))
        names = [note.name for note in about.scenarios]
        runs = set(product(names, replicates, (draw.draw for draw in about.draws)))
        numbers: dict[Kind, range] = {
            "draws": range(0) if about.parameter_draws is None else about.parameter_draws.numbers,
            "structures": range(0 if about.structures is None else len(about.structures.alone)),
        }
        drawn = {kind: set(product(replicates, own)) for kind, own in numbers.items()}
        differ = len(self.done() ^ runs) + sum(
            len(self.drawn(kind) ^ own) for kind, own in drawn.items()
        )
        if differ:
            raise RunFolderError(
                f"the run in {self.folder} is not complete: {differ} parts of it are missing, or "
                "not of this run; begin anew with --overwrite"
            )

    def _state(self, status: Status) -> None:
        self._manifest = self._manifest.model_copy(update={"status": status})
        write_text(self.folder / "manifest.json", self._manifest.to_json())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
