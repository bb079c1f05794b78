"""Sourced facts about families, risk, home visiting and what it all costs.

>>> from hvsim.evidence import load_evidence
>>> load_evidence()["POP313"].value
0.03
"""

from hvsim.evidence.facts import (
    COLUMNS,
    SUBJECTS,
    VERIFIED,
    Evidence,
    Fact,
    UnknownFactError,
    load_evidence,
)

__all__ = [
    "COLUMNS",
    "SUBJECTS",
    "VERIFIED",
    "Evidence",
    "Fact",
    "UnknownFactError",
    "load_evidence",
]
