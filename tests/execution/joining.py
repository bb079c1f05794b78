"""The command ``hvsim``, killed at a step of joining its parts.

``python tests/execution/joining.py STEP compare ...`` kills itself before the step of that number,
from 0; a step writes some rows, or puts a finished file in its place.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

import pyarrow.parquet as pq

from hvsim.cli import main
from hvsim.runs import Run, RunWriter, files

_STEPS = count()
_FINISH = RunWriter.finish


def _stepping(function: Callable[..., Any], last: int) -> Callable[..., Any]:
    def stepped(*arguments: Any, **named: Any) -> Any:
        if next(_STEPS) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **named)

    return stepped


def _watched(writer: RunWriter) -> Run:
    last = int(sys.argv[1])
    pq.ParquetWriter.write_table = _stepping(pq.ParquetWriter.write_table, last)
    files._sync = _stepping(files._sync, last)
    return _FINISH(writer)


if __name__ == "__main__":
    RunWriter.finish = _watched  # type: ignore[method-assign,assignment]  # from then on steps count
    main(sys.argv[2:])
