"""The simulation: families' life courses, organizations under limited capacity, the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hvsim.simulation.ledger import Ledger
    from hvsim.simulation.plan import ScaleError
    from hvsim.simulation.run import simulate

__all__ = ["Ledger", "ScaleError", "simulate"]

_HOMES = {"Ledger": "ledger", "ScaleError": "plan", "simulate": "run"}


def __getattr__(name: str) -> Any:
    """Import on first use: who reads a ledger need not load the compiler."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
