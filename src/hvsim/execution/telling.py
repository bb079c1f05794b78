"""How far many runs have come."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many runs are done, and how many there are, of those that were still to do."""


class Teller:
    """Tells after each run, from whatever thread it comes."""

    def __init__(self, progress: Progress | None) -> None:
        self.total = 0
        self._progress = progress
        self._done = 0
        self._lock = threading.Lock()

    def one_more(self, runs: int = 1) -> None:
        """Some runs more are done."""
        with self._lock:
            self._done += runs
            if self._progress is not None:
                self._progress(self._done, self.total)
