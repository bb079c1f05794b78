"""Many runs, and the folder that they fill."""

from hvsim.execution.refusal import IncomparableError
from hvsim.execution.running import Progress, compare, run_scenario

__all__ = ["IncomparableError", "Progress", "compare", "run_scenario"]
