"""Who runs the blocks: this process, long-lived processes of this machine, or a Dask cluster.

Each yields what blocks give as they finish, in any order; nobody but the receiver writes. So a
worker that is lost, or that outlives an interrupted run, leaves nothing behind.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import pickle
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Final, TypeAlias

import pyarrow as pa

from hvsim.execution.blocks import Block, Job, Worker, WorkerError
from hvsim.runs.draws import Kind

Task: TypeAlias = tuple[Kind, int, int]
"""Kind, replicate and draw."""


def run_blocks(
    job: Job, tasks: Sequence[Task], *, workers: int = 1, cluster: str | None = None
) -> Generator[Block, None, None]:
    """Run blocks, by whom is asked for.

    Parameters
    ----------
    job
        What blocks have in common.
    tasks
        Which blocks.
    workers
        Processes of this machine; with one, the caller's own.
    cluster
        Address of a Dask scheduler, whose workers are used instead.

    Raises
    ------
    WorkerError
        If a worker is lost, holds other software, or cannot be reached.
    """
    if not tasks:
        return
    if cluster is not None:
        yield from _on_cluster(job, tasks, cluster)
    elif workers > 1:
        yield from _in_processes(job, tasks, min(workers, len(tasks)))
    else:
        worker = Worker(job)
        for task in tasks:
            yield worker.run(*task)


def _in_processes(job: Job, tasks: Sequence[Task], workers: int) -> Generator[Block, None, None]:
    # A started process shares nothing with its parent but its end of a pipe, and ends with it.
    context = get_context("spawn")
    waiting = iter(tasks)
    processes, busy = [], []
    try:
        for task in islice(waiting, workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, job), daemon=True)
            with _told(_LOST, EOFError, ConnectionError):
                process.start()
                processes.append(process)
                theirs.close()
                ours.send(task)
            busy.append(ours)
        while busy:
            for pipe in wait(busy):
                assert isinstance(pipe, Connection)
                answer = _answer(pipe)
                following = next(waiting, None)
                if following is None:
                    busy.remove(pipe)
                else:
                    with _told(_LOST, EOFError, ConnectionError):
                        pipe.send(following)
                yield answer
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


_LOST: Final = (
    "a worker ended before its draw was done, perhaps for want of memory; use fewer with "
    "--workers, and go on with --resume"
)
_LOST_IN_CLUSTER: Final = (
    "the cluster lost a draw, and with it perhaps the worker that ran it; look at its workers, and "
    "go on with --resume"
)


@contextmanager
def _told(message: str, *signs: type[Exception]) -> Iterator[None]:
    """Tell of a loss, in place of the error by which it shows."""
    try:
        yield
    except signs as sign:
        raise WorkerError(message) from sign


def _answer(pipe: Connection) -> Block:
    with _told(_LOST, EOFError, ConnectionError):
        answer = pipe.recv()
    if isinstance(answer, Exception):
        raise answer
    assert isinstance(answer, Block)
    return answer


def _serve(pipe: Connection, job: Job) -> None:
    """Run the blocks that come through a pipe, until nobody sends any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts the run ends this process
    pa.set_cpu_count(1)
    _keep_memory()
    worker: Worker | None = None
    with suppress(EOFError, OSError):  # of the pipe alone: then there is nobody to be told
        while True:
            task: Task = pipe.recv()
            answer: Block | Exception
            try:
                if worker is None:
                    worker = Worker(job)
                    gc.freeze()  # what is here by now stays: not to be looked through for rubbish
                answer = worker.run(*task)
            except Exception as error:
                answer = _portable(error)
            pipe.send(answer)


def _portable(error: Exception) -> Exception:
    """The error, or its words where it cannot go through a pipe."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # whatever its class does not support
        return WorkerError(f"a worker failed: {type(error).__name__}: {error}")
    return error


def _keep_memory() -> None:
    """Let this process keep the memory of one run for the next, where its C library can.

    Else each run gets new pages, which the operating system clears first: a tenth of a run.
    """
    most = 2**31 - 1
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, most)
        mallopt(_M_TRIM_THRESHOLD, most)


# Options of the GNU C library's mallopt(3).
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3

_workers: dict[str, Worker] = {}
_making = threading.Lock()


def _on_worker(job: Job, name: str, task: Task) -> Block:
    """Run a block on a worker of a cluster, which keeps what blocks share."""
    with _making:
        if name not in _workers:
            _workers.clear()
            _workers[name] = Worker(job)
        worker = _workers[name]
    return worker.run(*task)


def _on_cluster(job: Job, tasks: Sequence[Task], address: str) -> Generator[Block, None, None]:
    try:
        dask: Any = importlib.import_module("distributed")  # its functions have no types
    except ImportError as missing:
        raise WorkerError("--cluster needs Dask: pip install 'hvsim[cluster]'") from missing
    try:
        client = dask.Client(address, set_as_default=False)
    except OSError as error:
        raise WorkerError(f"no Dask scheduler answers at {address}: {error}") from error
    # A worker's own errors come as they are; these are of Dask.
    signs = (
        dask.KilledWorker,
        dask.CancelledError,  # as https://distributed.dask.org spells it
        dask.comm.CommClosedError,
    )
    with client:
        name = f"{client.id}-{id(job)}"
        with _told(f"no worker of the Dask scheduler at {address} answers", OSError):
            shared = client.scatter(job, broadcast=True, hash=False)

        def submit(task: Task) -> Any:
            return client.submit(_on_worker, shared, name, task, pure=False)

        waiting = iter(tasks)
        # Enough to keep all busy, few enough that finished draws do not pile up at the workers.
        ahead = 2 * max(1, sum(client.nthreads().values()))
        first = [submit(task) for task in islice(waiting, ahead)]
        running = dask.as_completed(first, loop=client.loop)
        for future in running:
            with _told(_LOST_IN_CLUSTER, *signs):
                block = future.result()
            following = next(waiting, None)
            if following is not None:
                running.add(submit(following))
            assert isinstance(block, Block)
            yield block
