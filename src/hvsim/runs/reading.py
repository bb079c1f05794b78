"""Reading a run folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from hvsim.runs.draws import DRAW_KEYS, Kind
from hvsim.runs.manifest import Manifest
from hvsim.scenario.errors import Origin
from hvsim.scenario.reading import read_text

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from hvsim.economics import Prices


EVALUATION: Final = "evaluation"
"""Folder of an economic evaluation within that of the run."""


class RunFolderError(ValueError):
    """A folder that cannot be written to, or read, as a run."""


def read_manifest(folder: Path) -> Manifest | None:
    """Manifest of a run folder; none if the folder holds no run."""
    try:
        return Manifest.model_validate_json((folder / "manifest.json").read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None


def read_run(folder: str | Path) -> Run:
    """Open a complete run.

    Raises
    ------
    RunFolderError
        If the folder holds no run, or one that is not complete.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest is None and (folder / "manifest.json").is_file():
        raise RunFolderError(
            f"{folder} holds a run in a form that this version of hvsim does not read; run it anew"
        )
    if manifest is None:
        raise RunFolderError(f"{folder} holds no run (no manifest.json)")
    if manifest.status != "complete":
        state = "was interrupted or is still going on" if manifest.status == "running" else "failed"
        raise RunFolderError(f"the run in {folder} {state}; only a complete run can be read")
    return Run(folder, manifest)


class Run:
    """A run folder, its tables read when first asked for.

    Parameters
    ----------
    folder
        Where it is.
    manifest
        What it says about itself.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self._contents: dict[str, Any] = {}

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables (`hvsim.runs.tables.KEYS`, `hvsim.runs.staffing.TABLES`), read anew."""
        import pyarrow.parquet as pq

        frame: pd.DataFrame = pq.ParquetFile(self.folder / f"{name}.parquet").read().to_pandas()
        return frame

    def draws(self, name: str, *, only: Sequence[int] | None = None) -> pd.DataFrame:
        """A table of the draws of parameters (`hvsim.runs.draws.DRAW_KEYS`), read anew.

        Tables that tell of groups are large, so that of these only the rows of all groups in one
        are read; ``draws/NAME.parquet`` holds the others.

        Parameters
        ----------
        name
            Name of the table.
        only
            Numbers of the draws to read; by default all.

        Raises
        ------
        RunFolderError
            If the run holds no draws of parameters.
        """
        if self.manifest.parameter_draws is None:
            raise RunFolderError(
                f"the run in {self.folder} holds no draws of parameters; run it with --draws"
            )
        return self._drawn("draws", name, only, groups=False)

    def structures(
        self, name: str, *, only: Sequence[int] | None = None, groups: bool = False
    ) -> pd.DataFrame:
        """A table of the alternatives of structures, each by itself, read as `draws` does.

        With `groups` rows of all groups are read, not only those of all families in one.

        The column ``draw`` holds the place of the alternative in `StructuresNote.alone`; 0 is the
        scenarios as they are written.

        Raises
        ------
        RunFolderError
            If the run holds no structures.
        """
        if self.manifest.structures is None:
            raise RunFolderError(
                f"the run in {self.folder} holds no structures; run it with --structures"
            )
        return self._drawn("structures", name, only, groups=groups)

    def _drawn(
        self, kind: Kind, name: str, only: Sequence[int] | None, *, groups: bool
    ) -> pd.DataFrame:
        import pyarrow.parquet as pq

        path = self.folder / kind / f"{name}.parquet"
        wanted: list[tuple[str, str, str | int]] = []
        if "dimension" in DRAW_KEYS[name] and not groups:
            wanted.append(("dimension", "=", "all"))
        if only is not None:
            wanted += [("draw", ">=", min(only)), ("draw", "<=", max(only))]
        frame: pd.DataFrame = pq.read_table(path, filters=wanted or None).to_pandas()
        return frame

    @cached_property
    def funnel(self) -> pd.DataFrame:
        """Families by transition, fiscal year, group, door and program."""
        return self.table("funnel")

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Events, person-months and children by outcome, fiscal year and group."""
        return self.table("outcomes")

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Undiscounted dollars by fiscal year, payer, stream, category and program."""
        return self.table("costs")

    @cached_property
    def capacity(self) -> pd.DataFrame:
        """Places, families and positions by month and provider, draw 0."""
        return self.table("capacity")

    @cached_property
    def capacity_by_year(self) -> pd.DataFrame:
        """Yearly averages of places, families and positions by provider, every draw."""
        return self.table("capacity_by_year")

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Funnel and outcomes by month, draw 0."""
        return self.table("monthly")

    @cached_property
    def families(self) -> pd.DataFrame:
        """Families counted once, and compared with themselves under the baseline."""
        return self.table("families")

    @cached_property
    def ages(self) -> pd.DataFrame:
        """Outcomes of children followed to each of two ages, compared with the baseline.

        Raises
        ------
        RunFolderError
            If the run counts outcomes at one age only.
        """
        if self.manifest.also_at_months is None:
            raise RunFolderError(
                f"the run in {self.folder} counts outcomes at one age only; state 'also_at' and a "
                "later 'follow_up'"
            )
        return self.table("ages")

    @cached_property
    def valuation(self) -> pd.DataFrame:
        """Dollars of each scenario by view, year, group, payer, kind, category and item."""
        return self.table("valuation")

    @cached_property
    def prices(self) -> Prices:
        """Prices by which the valuation was made."""
        from hvsim.economics import load_prices  # only those who want dollars need the room

        return load_prices(self.folder / "prices.yaml")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The summary as written, empty cells as missing."""
        import pandas as pd

        empty = {column: [""] for column in ("value", "low", "high")}
        return pd.read_csv(self.folder / "summary.csv", keep_default_na=False, na_values=empty)

    def resolved(self, scenario: str) -> str:
        """Text of a scenario as it was run."""
        return (self.folder / "scenarios" / f"{scenario}.yaml").read_text(encoding="utf-8")

    def content(self, scenario: str) -> Any:
        """What the text of a scenario as it was run says, as plain mappings and lists."""
        if scenario not in self._contents:
            text = self.resolved(scenario)
            self._contents[scenario] = read_text(text, Origin(scenario))[0].plain()
        return self._contents[scenario]


class HeldRun(Run):
    """A run whose tables are in memory and not yet in a folder."""

    def __init__(self, manifest: Manifest, tables: Mapping[str, pa.Table]) -> None:
        super().__init__(Path(), manifest)
        self._tables = tables

    def table(self, name: str) -> pd.DataFrame:
        frame: pd.DataFrame = self._tables[name].to_pandas()
        return frame
