"""The simulation: families' life courses, organizations under limited capacity, the ledger."""

from hvsim.simulation.ledger import Ledger
from hvsim.simulation.run import simulate

__all__ = ["Ledger", "simulate"]
