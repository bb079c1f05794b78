"""Families counted once, and compared with themselves under the baseline."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hvsim.simulation.ledger import Ledger

Counts = npt.NDArray[Any]
Ids = npt.NDArray[np.uint64]
Key = tuple[str, str]


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
    keys, counts = _quantities(ledger)
    totals = counts.sum(axis=0, dtype=np.int64)
    differences = {} if baseline is None else _differences(ledger, baseline)
    rows = [
        {"quantity": key[0], "name": key[1], "total": each_stands_for * int(total)}
        | dict.fromkeys(_PAIRED)
        | differences.get(key, {})
        for key, total in zip(keys, totals, strict=True)
    ]
    return {column: [row[column] for row in rows] for column in rows[0]}


_PAIRED = ("difference", "standard_error", "variance_ratio", "fewer", "more")


def _differences(ledger: Ledger, baseline: Ledger) -> dict[Key, dict[str, Any]]:
    """Baseline minus scenario over all families, of each quantity that can be compared.

    The standard error is that of a total over families drawn at random with their luck: chance
    only. Families share places, so that it is approximate where places are short.
    """
    pairs = _Pairs(ledger.families.id, baseline.families.id)
    keys, counts = _quantities(ledger)
    before_keys, before_counts = _quantities(baseline)
    now, was = pairs.after(counts), pairs.before(before_counts)
    # A program that only this scenario has served nobody under the baseline; an outcome that only
    # this scenario has was not counted there, and cannot be compared.
    compared = [key for key in keys if key in before_keys or key[0] == "enrolled"]
    if keys != before_keys:
        now = now[:, [keys.index(key) for key in compared]]
        was = np.pad(was, ((0, 0), (0, 1)))  # a column of nobody
        places = {key: place for place, key in enumerate(before_keys)}
        was = was[:, [places.get(key, -1) for key in compared]]
    families = len(now)
    independent = (_variances(now) + _variances(was)).tolist()
    # Nearly all cells are the same in both: only the others are looked at one by one.
    cells = np.flatnonzero(now.ravel() != was.ravel())
    of = cells % len(compared)
    saved = was.ravel()[cells].astype(np.int64) - now.ravel()[cells]

    def added(numbers: Counts) -> list[int]:
        # Whole numbers of this size are exact as floats.
        return [round(total) for total in np.bincount(of, numbers, len(compared)).tolist()]

    each_stands_for = round(1 / ledger.scale)
    columns = (added(saved), added(saved * saved), added(saved > 0), added(saved < 0), independent)
    found = {}
    for key, total, squares, fewer, more, alone in zip(compared, *columns, strict=True):
        paired = (squares - total * total / families) / families
        found[key] = {
            "difference": each_stands_for * total,
            "standard_error": each_stands_for * (families * paired) ** 0.5,
            "variance_ratio": paired / alone if alone else 0.0,
            "fewer": each_stands_for * fewer,
            "more": each_stands_for * more,
        }
    return found


def _variances(counts: Counts) -> Counts:
    """Variance of each column, from exact sums."""
    families = len(counts)
    totals = counts.sum(axis=0, dtype=np.int64)
    squares = np.multiply(counts, counts, dtype=np.uint32).sum(axis=0, dtype=np.int64)
    return np.asarray((squares - totals * totals / families) / families)


class _Pairs:
    """Families of two runs side by side: who is born in one alone has nothing in the other."""

    def __init__(self, after: Ids, before: Ids) -> None:
        # Both begin with the same population; siblings come after it.
        shorter = min(len(after), len(before))
        unlike = after[:shorter] != before[:shorter]
        self._same = int(unlike.argmax()) if unlike.any() else shorter
        others = np.union1d(after[self._same :], before[self._same :])
        self._families = self._same + len(others)
        if len(after) and self._families == len(after) + len(before):
            raise ValueError("the two runs hold different families; they cannot be paired")
        self._after = self._same + np.searchsorted(others, after[self._same :])
        self._before = self._same + np.searchsorted(others, before[self._same :])

    def after(self, counts: Counts) -> Counts:
        return self._spread(counts, self._after)

    def before(self, counts: Counts) -> Counts:
        return self._spread(counts, self._before)

    def _spread(self, counts: Counts, places: npt.NDArray[np.intp]) -> Counts:
        table = np.zeros((self._families, counts.shape[1]), counts.dtype)
        table[: self._same] = counts[: self._same]
        table[places] = counts[self._same :]
        return table


def _quantities(ledger: Ledger) -> tuple[list[Key], Counts]:
    """Quantities with their names, and what each family has of them, one column each."""
    families = ledger.families
    keys = [
        ("contacted", ""),
        ("enrolled", ""),
        *(("enrolled", program) for program in ledger.programs),
        *(("events", measure) for measure in ledger.measures),
    ]
    once = np.column_stack((families.contacted, families.enrolled.any(axis=1), families.enrolled))
    return keys, np.concatenate((once.astype(np.uint16), families.events), axis=1)
