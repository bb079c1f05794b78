"""The same children followed to two ages: what is prevented, and what only postponed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hvsim.simulation.ledger import Ledger

Events = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pair:
    """A scenario and its baseline: the same families, the same luck, followed to the same age."""

    after: Ledger
    before: Ledger


def count_by_age(pairs: Mapping[int, Pair]) -> dict[str, list[Any]]:
    """Columns of the table 'ages' of one run.

    Parameters
    ----------
    pairs
        By age to which children were followed, in months, rising. Siblings may be born in one of
        the ledgers alone: nothing happens to them in the others.

    Returns
    -------
    One row per outcome measure that both have, and age: `events` and `children` (with any event)
    until then; `prevented`, events fewer than under the baseline; `spared`, children with an event
    under the baseline alone, and `struck`, under the scenario alone; `postponed`, of the spared
    those with an event under the scenario by the last age after all, and `hastened`, of the struck
    those with one under the baseline by then. At the last age the last two are zero.
    """
    last = list(pairs.values())[-1]
    names = [name for name in last.after.measures if name in last.before.measures]
    ids = _everybody(pairs)
    final = _Children(last, names, ids)
    rows: list[dict[str, Any]] = []
    for age, pair in pairs.items():
        own = _Children(pair, names, ids)
        spared, struck = own.before & ~own.after, own.after & ~own.before
        counts = {
            "events": own.events_after,
            "children": own.after.sum(axis=0),
            "prevented": own.events_before - own.events_after,
            "spared": spared.sum(axis=0),
            "struck": struck.sum(axis=0),
            "postponed": (spared & final.after).sum(axis=0),
            "hastened": (struck & final.before).sum(axis=0),
        }
        each = round(1 / pair.after.scale)
        rows += [
            {"outcome": name, "age": age}
            | {column: each * int(numbers[place]) for column, numbers in counts.items()}
            for place, name in enumerate(names)
        ]
    return {column: [row[column] for row in rows] for column in rows[0]}


def _everybody(pairs: Mapping[int, Pair]) -> npt.NDArray[np.uint64]:
    """Keys of the families of all ledgers."""
    each = [ledger.families.id for p in pairs.values() for ledger in (p.after, p.before)]
    return np.unique(np.concatenate(each))


class _Children:
    """Who has any event, by outcome, under scenario and baseline: shape (families, outcomes)."""

    def __init__(self, pair: Pair, names: list[str], ids: npt.NDArray[np.uint64]) -> None:
        self.after, self.events_after = _events(pair.after, names, ids)
        self.before, self.events_before = _events(pair.before, names, ids)


def _events(
    ledger: Ledger, names: list[str], ids: npt.NDArray[np.uint64]
) -> tuple[npt.NDArray[np.bool_], Events]:
    """Whether each family has any event, and events in all."""
    columns = [ledger.measures.index(name) for name in names]
    own = ledger.families.events[:, columns]
    found = np.zeros((len(ids), len(names)), np.bool_)
    found[np.searchsorted(ids, ledger.families.id)] = own > 0
    return found, own.sum(axis=0, dtype=np.int64)
