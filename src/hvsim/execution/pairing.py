"""Families counted once, and compared with themselves under the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from hvsim.simulation.ledger import Ledger

Counts = npt.NDArray[Any]
Ids = npt.NDArray[np.uint64]


def count_families(ledger: Ledger, baseline: Ledger | None) -> dict[str, list[Any]]:
    """Columns of the table 'families' of one run.

    Parameters
    ----------
    ledger
        The run.
    baseline
        The same families with the same luck under the baseline, if there is one. Siblings may be
        born in one of the two alone: nothing happens to them in the other.

    Raises
    ------
    ValueError
        If the two have no family in common.
    """
    each_stands_for = round(1 / ledger.scale)
    pairs = None if baseline is None else _Pairs(ledger.families.id, baseline.families.id)
    before = {} if baseline is None else dict(_quantities(baseline))
    rows = []
    for key, counts in _quantities(ledger):
        row = dict.fromkeys(_PAIRED) | {
            "quantity": key[0],
            "name": key[1],
            "total": each_stands_for * int(counts.sum()),
        }
        if pairs is not None and (key in before or key[0] == "enrolled"):
            # A program that only this scenario has served nobody under the baseline; an outcome
            # that only this scenario has was not counted there, and cannot be compared.
            was = pairs.before(before[key]) if key in before else None
            now = pairs.after(counts)
            row |= _difference(np.zeros_like(now) if was is None else was, now, each_stands_for)
        rows.append(row)
    return {column: [row[column] for row in rows] for column in rows[0]}


_PAIRED = ("difference", "standard_error", "variance_ratio", "fewer", "more")


class _Pairs:
    """Families of two runs side by side: who is born in one alone has nothing in the other."""

    def __init__(self, after: Ids, before: Ids) -> None:
        self._everybody = np.union1d(after, before)
        if len(after) and len(self._everybody) == len(after) + len(before):
            raise ValueError("the two runs hold different families; they cannot be paired")
        self._after = np.searchsorted(self._everybody, after)
        self._before = np.searchsorted(self._everybody, before)

    def after(self, counts: Counts) -> Counts:
        return self._spread(counts, self._after)

    def before(self, counts: Counts) -> Counts:
        return self._spread(counts, self._before)

    def _spread(self, counts: Counts, places: npt.NDArray[np.intp]) -> Counts:
        table = np.zeros(len(self._everybody), counts.dtype)
        table[places] = counts
        return table


def _quantities(ledger: Ledger) -> Iterator[tuple[tuple[str, str], Counts]]:
    """Quantity and name, and what each family has of it."""
    families = ledger.families
    yield ("contacted", ""), families.contacted
    yield ("enrolled", ""), np.asarray(families.enrolled.any(axis=1))
    for position, program in enumerate(ledger.programs):
        yield ("enrolled", program), families.enrolled[:, position]
    for position, measure in enumerate(ledger.measures):
        yield ("events", measure), families.events[:, position]


def _difference(before: Counts, after: Counts, each_stands_for: int) -> dict[str, Any]:
    """Baseline minus scenario over all families.

    The standard error is that of a total over families drawn at random with their luck: chance
    only. Families share places, so that it is approximate where places are short.
    """
    saved = before.astype(np.int64) - after.astype(np.int64)
    paired = float(saved.var())
    independent = float(before.var(dtype=np.float64) + after.var(dtype=np.float64))
    return {
        "difference": each_stands_for * int(saved.sum()),
        "standard_error": each_stands_for * (len(saved) * paired) ** 0.5,
        "variance_ratio": paired / independent if independent else 0.0,
        "fewer": each_stands_for * int((saved > 0).sum()),
        "more": each_stands_for * int((saved < 0).sum()),
    }
