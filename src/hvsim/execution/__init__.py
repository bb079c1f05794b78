"""Many runs, and the folder that they fill."""

from hvsim.execution.blocks import WorkerError
from hvsim.execution.draws import Draws
from hvsim.execution.refusal import IncomparableError
from hvsim.execution.running import compare, run_scenario
from hvsim.execution.telling import Progress

__all__ = [
    "Draws",
    "IncomparableError",
    "Progress",
    "WorkerError",
    "compare",
    "run_scenario",
]
