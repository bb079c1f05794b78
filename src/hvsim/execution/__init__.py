"""Many runs, and the folder that they fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hvsim.simulation.system  # noqa: F401  first: its Mesa looks through all that is loaded
from hvsim.execution.blocks import WorkerError
from hvsim.execution.refusal import IncomparableError
from hvsim.execution.running import compare, run_scenario
from hvsim.execution.telling import Progress

if TYPE_CHECKING:
    from hvsim.execution.draws import Draws

__all__ = [
    "Draws",
    "IncomparableError",
    "Progress",
    "WorkerError",
    "compare",
    "run_scenario",
]


def __getattr__(name: str) -> Any:
    """Import on first use: who draws nothing need not load the distributions."""
    if name != "Draws":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hvsim.execution.draws import Draws

    return Draws
