"""What goes wrong in a worker, where a process of its own can import it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from multiprocessing import active_children
from multiprocessing.connection import Connection
from typing import Any

from hvsim.execution.blocks import Block, Job
from hvsim.execution.workers import Task


class Failing(Job):
    """A job of which a worker can make nothing."""

    def __init__(self, error: type[Exception], *words: object) -> None:
        object.__setattr__(self, "failure", (error, words))

    def __getattr__(self, name: str) -> Any:
        if name != "about":  # what a worker looks at first
            raise AttributeError(name)
        error, words = self.failure
        raise error(*words)


class Unsendable(Exception):
    """An error that loses a part of itself on its way."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} {where}")


class Deadly(Job):
    """A job that ends its worker once that begins."""

    def __init__(self) -> None:
        """A job without any content."""

    def __getattr__(self, name: str) -> Any:
        if name != "about":  # what a worker looks at first
            raise AttributeError(name)
        os._exit(9)


class AfterTheEnd(list[Task]):
    """Tasks of which the third is handed out only when every worker has ended."""

    def __iter__(self) -> Iterator[Task]:
        for place, task in enumerate(super().__iter__()):
            while place == 2 and active_children():
                time.sleep(0.01)
            yield task


def answer_once(pipe: Connection, _: Job) -> None:
    """In place of a worker: one answer, then no more."""
    kind, replicate, draw = pipe.recv()
    pipe.send(Block(kind, replicate, draw, {}, 0.0))
