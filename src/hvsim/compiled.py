"""The one way to compile a function, and where its machine code is kept.

Numba keys a cached caller by its own file only: after a rule in another file is edited, the caller
would silently run the old rule. The cache folder is therefore named by a hash of every compiled
source, the processor and the versions involved.
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite
import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., object])

_PACKAGE = Path(__file__).parent


@functools.cache
def cache_folder() -> Path:
    """Folder of compiled code for exactly these sources on this machine."""
    digest = hashlib.sha256()
    leaves = ("compiled.py", "memory.py", "randomness.py", "chances.py")
    sources = [_PACKAGE / name for name in leaves]
    for room in ("population", "simulation"):
        sources += sorted((_PACKAGE / room).rglob("*.py"))
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    versions = (numba.__version__, llvmlite.__version__, np.__version__, sys.version)
    machine = (platform.machine(), platform.processor())
    digest.update(repr((versions, machine)).encode())
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("HVSIM_CACHE") or caches / "hvsim") / digest.hexdigest()[:16]


def _compile(function: F, **options: bool) -> F:
    settings = cast(Any, numba.config)  # its attributes are made at run time
    njit = cast(Any, numba.njit)  # nor does its type know all options
    outer = settings.CACHE_DIR
    settings.CACHE_DIR = str(cache_folder())
    try:
        decorate = njit(cache=True, nogil=True, fastmath=False, no_cfunc_wrapper=True, **options)
        return cast(F, decorate(function))
    finally:
        settings.CACHE_DIR = outer


def compiled(function: F) -> F:
    """Compile `function` on first use: strict arithmetic, no interpreter lock held.

    With ``NUMBA_DISABLE_JIT=1`` the function stays plain Python, for debugging and coverage.
    """
    return _compile(function)


def lean(function: F) -> F:
    """Compile as `compiled` does, for a function that makes and returns no array.

    It leaves out counting references to the arrays that its caller holds anyway: where a call does
    little, that counting is most of the work, and threads wait for each other's. Numba refuses to
    compile an allocation here.
    """
    return _compile(function, _nrt=False)


def inner(function: F) -> F:
    """Compile as `lean` does, for a function that only compiled functions call.

    It leaves out what turns Python's arguments into the machine's: for wide tuples of arrays that
    takes longer to compile than the function itself. A call from Python would crash.
    """
    return _compile(function, _nrt=False, no_cpython_wrapper=True, forceinline=True)
