"""Pictures and the page of a run."""

from hvsim.reporting.reporting import report

__all__ = ["report"]
