"""Whose birth a record is: keys of families and mothers, from the texts of the file alone."""

from __future__ import annotations

import numpy as np

from hvsim.population.records.cells import Cells, Column
from hvsim.population.records.mapping import Bools
from hvsim.population.records.problems import Complaints
from hvsim.population.traits import KeyArray
from hvsim.randomness import key
from hvsim.scenario.codes import MISSING
from hvsim.scenario.records import ID, LEAVE_OUT, MOTHER, REFUSE, rule_if_missing
from hvsim.scenario.schema import Records


def _keys(kind: str, column: Column) -> KeyArray:
    return np.array([key(kind, text) for text in column.texts], np.uint64)[column.numbers]


def ids_of(records: Records, cells: Cells, complaints: Complaints) -> tuple[KeyArray, Bools]:
    """Key of each record, and which are left out for having none.

    Without a column of ids the place in the file is the id.
    """
    spec = records.columns.get(ID)
    if spec is None or spec.column is None:
        keys = np.array([key("birth-record", str(place)) for place in range(len(cells))], np.uint64)
        return keys, np.zeros(len(cells), np.bool_)
    column = cells.columns[spec.column]
    absent = _absent(records, ID, column)
    if rule_if_missing(ID, spec) == REFUSE:
        for place in cells.places[absent].tolist():
            complaints.add("id", "no id; each birth needs one of its own", place, column.name)
    keys = _keys("birth-id", column)
    order = np.argsort(keys, kind="stable")
    again = order[1:][(keys[order][1:] == keys[order][:-1]) & ~absent[order][1:]]
    if len(again):
        _, first = np.unique(keys, return_index=True)
        places = dict(zip(keys[first].tolist(), cells.places[first].tolist(), strict=True))
        where = "line" if complaints.counts_lines else "row"
        for row in np.sort(again).tolist():
            message = (
                f"the same id as on {where} {places[int(keys[row])]}; each birth needs its own"
            )
            complaints.add("same id", message, int(cells.places[row]), column.name)
    return keys, absent


def mothers_of(
    records: Records, cells: Cells, ids: KeyArray, complaints: Complaints
) -> tuple[KeyArray, int, Bools]:
    """Key of each record's mother, how many name none, and which are left out for it."""
    nobody = np.zeros(len(cells), np.bool_)
    spec = records.columns.get(MOTHER)
    if spec is None or spec.column is None:
        return ids, 0, nobody
    column = cells.columns[spec.column]
    absent = _absent(records, MOTHER, column)
    keys = np.where(absent, ids, _keys("birth-mother", column))
    rule = rule_if_missing(MOTHER, spec)
    if rule == REFUSE:
        for place in cells.places[absent].tolist():
            complaints.add("mother", "no mother", place, column.name)
    return keys, int(absent.sum()), absent if rule == LEAVE_OUT else nobody


def _absent(records: Records, name: str, column: Column) -> Bools:
    """Records whose cell is empty or a code for missing."""
    codes = records.columns[name].codes
    if codes.entries:
        said = [not text or codes.meaning(text) == MISSING for text in column.texts]
    else:
        said = [not text for text in column.texts]
    return np.array(said, np.bool_)[column.numbers]
