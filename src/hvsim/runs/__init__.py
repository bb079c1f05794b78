"""The run folder: its format, how it is written and how it is read."""

from hvsim.runs.manifest import (
    Effects,
    Labeled,
    LeftOut,
    Manifest,
    Measure,
    ParameterDraws,
    Program,
    ScenarioNote,
)
from hvsim.runs.provenance import versions
from hvsim.runs.reading import Run, RunFolderError, read_run
from hvsim.runs.writing import RunWriter, claim

__all__ = [
    "Effects",
    "Labeled",
    "LeftOut",
    "Manifest",
    "Measure",
    "ParameterDraws",
    "Program",
    "Run",
    "RunFolderError",
    "RunWriter",
    "ScenarioNote",
    "claim",
    "read_run",
    "versions",
]
