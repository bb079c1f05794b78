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
    everybody = ledger.families.id if baseline is None else _of_either(ledger, baseline)
    before = {} if baseline is None else dict(_quantities(baseline))
    rows = []
    for key, counts in _quantities(ledger):
        row = {"quantity": key[0], "name": key[1], "total": each_stands_for * int(counts.sum())}
        if baseline is not None:
            after = _by_family(counts, ledger.families.id, everybody)
            # A program that only this scenario has served nobody under the baseline.
            was = np.zeros_like(after)
            if key in before:
                was = _by_family(before[key], baseline.families.id, everybody)
            row |= _difference(was, after, each_stands_for)
        rows.append(row)
    columns = ["quantity", "name", "total", *(_PAIRED if baseline is not None else ())]
    empty: dict[str, list[Any]] = {column: [None] * len(rows) for column in _PAIRED}
    return empty | {column: [row[column] for row in rows] for column in columns}


_PAIRED = ("difference", "standard_error", "variance_ratio", "fewer", "more")


def _of_either(ledger: Ledger, baseline: Ledger) -> Ids:
    """Families of either run: a sibling may be born in one alone."""
    ids = ledger.families.id, baseline.families.id
    if len(ids[0]) > 0 and len(np.intersect1d(*ids)) == 0:
        raise ValueError("the two runs hold different families; they cannot be paired")
    return np.union1d(*ids)


def _by_family(counts: Counts, ids: Ids, everybody: Ids) -> Counts:
    """Counts of `ids` in the order of everybody: nothing for who is not among them."""
    table = np.zeros(len(everybody), counts.dtype)
    table[np.searchsorted(everybody, ids)] = counts
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
