"""The run folder: its format, how it is written and how it is read."""

from hvsim.runs.manifest import (
    AlternativeNote,
    AxisNote,
    Effects,
    Labeled,
    LeftOut,
    Manifest,
    Measure,
    ParameterDraws,
    Program,
    ScenarioNote,
    StructuresNote,
)
from hvsim.runs.provenance import versions
from hvsim.runs.reading import Run, RunFolderError, read_run
from hvsim.runs.writing import RunWriter, claim

__all__ = [
    "AlternativeNote",
    "AxisNote",
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
    "StructuresNote",
    "claim",
    "read_run",
    "versions",
]
