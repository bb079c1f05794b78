"""Which software made a run."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

_LIBRARIES = ("hvsim", "llvmlite", "mesa", "numba", "numpy", "pyarrow", "pydantic", "scipy")


def versions() -> dict[str, str]:
    """Versions of everything that can move a number, and the platform."""
    found = {"python": platform.python_version(), "platform": _platform()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found


def _platform() -> str:
    return f"{platform.system()} {platform.machine()}"
