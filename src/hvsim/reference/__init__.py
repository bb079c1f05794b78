"""The plain reference: what ``docs/model.md`` says, as directly as it can be written."""

from hvsim.reference.model import PlainRun, simulate_plainly

__all__ = ["PlainRun", "simulate_plainly"]
