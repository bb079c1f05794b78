"""Lists of families or numbers, one for each organization, as compiled code reads them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np

from hvsim.compiled import compiled
from hvsim.simulation.tables import IntArray

NOBODY = np.zeros(0, np.int64)


class Lists(NamedTuple):
    """A list for each organization, end to end; `starts` has the end of the last one, too."""

    items: IntArray
    starts: IntArray


def distinct(*parts: IntArray) -> IntArray:
    """Families that stand in any of the parts, in order."""
    everyone = np.sort(np.concatenate([NOBODY, *parts]))
    return everyone[np.diff(everyone, prepend=-1) > 0]


def _starts(lengths: Iterable[int]) -> IntArray:
    return np.array([0, *accumulate(lengths)], np.int64)


def laid(lists: Iterable[IntArray]) -> Lists:
    """Families end to end."""
    parts = list(lists)
    starts = _starts(map(len, parts))
    return Lists(np.concatenate([starts[:0], *parts]), starts)


def noted(lists: Iterable[list[int]]) -> Lists:
    """Numbers end to end."""
    parts = list(lists)
    return Lists(np.array(list(chain.from_iterable(parts)), np.int64), _starts(map(len, parts)))


def parted(lists: Lists, first: IntArray, end: IntArray) -> list[IntArray]:
    """Of each list the part between two positions."""
    begin = lists.starts[:-1]
    bounds = zip((begin + first).tolist(), (begin + end).tolist(), strict=True)
    return [lists.items[a:b] for a, b in bounds]


@compiled
def of(lists: Lists, r: int) -> IntArray:
    """List of one organization."""
    return lists.items[lists.starts[r] : lists.starts[r + 1]]
