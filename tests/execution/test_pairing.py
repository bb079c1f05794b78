"""Families counted once, and against themselves."""

from dataclasses import replace

import numpy as np
import pytest

from hvsim.execution.pairing import count_families
from hvsim.simulation.ledger import FamilyRecord, Ledger
from runs.ledgers import MEASURES, made_up


def with_events(events: list[list[int]], scale: float = 1.0) -> Ledger:
    n = len(events)
    record = FamilyRecord(
        id=np.arange(n, dtype=np.uint64),
        events=np.array(events, dtype=np.uint16),
        enrolled=np.array([[i < 2, i == 1] for i in range(n)]),
        contacted=np.ones(n, bool),
    )
    return replace(made_up(), families=record, scale=scale)


def row(columns: dict[str, list[object]], quantity: str, name: str) -> dict[str, object]:
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return next(r for r in rows if (r["quantity"], r["name"]) == (quantity, name))


def test_a_family_in_two_programs_is_enrolled_once() -> None:
    columns = count_families(with_events([[0, 0, 0]] * 4), None)
    assert row(columns, "enrolled", "")["total"] == 2
    assert row(columns, "enrolled", "intensive")["total"] == 1
    assert row(columns, "contacted", "")["total"] == 4
    assert row(columns, "events", "harm")["difference"] is None


def test_a_run_against_itself_prevents_exactly_nothing() -> None:
    ledger = made_up()
    columns = count_families(ledger, ledger)
    for column in ("difference", "standard_error", "variance_ratio", "fewer", "more"):
        assert set(columns[column]) == {0}


def test_differences_by_hand() -> None:
    before = with_events([[3, 0, 0], [1, 0, 0], [0, 0, 0], [2, 0, 0]], scale=0.1)
    after = with_events([[1, 0, 0], [1, 0, 0], [1, 0, 0], [2, 0, 0]], scale=0.1)
    harm = row(count_families(after, before), "events", "harm")
    assert (harm["total"], harm["difference"]) == (50, 10)
    assert (harm["fewer"], harm["more"]) == (10, 10)
    saved = np.array([2, 0, -1, 0])
    assert harm["standard_error"] == pytest.approx(10 * np.sqrt(4 * saved.var()))
    independent = np.var([3, 1, 0, 2]) + np.var([1, 1, 1, 2])
    assert harm["variance_ratio"] == pytest.approx(saved.var() / independent)


def test_differences_are_those_of_the_totals() -> None:
    before, after = made_up(), made_up(fewer=0.3)
    columns, whole = count_families(after, before), count_families(before, None)
    for measure in MEASURES:
        saved = row(columns, "events", measure)
        total = row(whole, "events", measure)["total"]
        assert saved["difference"] == total - saved["total"]  # type: ignore[operator]  # cells of a table


def test_other_families_cannot_be_paired() -> None:
    ledger = made_up()
    others = replace(ledger.families, id=ledger.families.id + np.uint64(10**6))
    with pytest.raises(ValueError, match="different families"):
        count_families(ledger, replace(ledger, families=others))


def test_to_who_is_born_in_one_run_alone_nothing_happens_in_the_other() -> None:
    before = with_events([[3, 0, 0], [1, 0, 0], [2, 0, 0]])
    after = with_events([[1, 0, 0], [1, 0, 0], [4, 0, 0], [5, 0, 0]])
    order = np.array([3, 0, 2, 1])
    record = after.families
    turned = replace(
        record,
        id=np.array([0, 1, 9, 4], np.uint64)[order],
        **{what: getattr(record, what)[order] for what in ("events", "enrolled", "contacted")},
    )
    harm = row(count_families(replace(after, families=turned), before), "events", "harm")
    saved = np.array([2, 0, 2, -4, -5])  # families 0, 1, 2 and the siblings 9 and 4
    assert (harm["total"], harm["difference"]) == (11, saved.sum())
    assert (harm["fewer"], harm["more"]) == (2, 2)
    assert harm["standard_error"] == pytest.approx(np.sqrt(5 * saved.var()))


def test_an_outcome_that_the_baseline_lacks_is_counted_and_not_compared() -> None:
    ledger = made_up()
    record = ledger.families
    before = replace(
        ledger,
        measures=MEASURES[1:],
        families=replace(record, events=record.events[:, 1:]),
    )
    columns = count_families(ledger, before)
    harm = row(columns, "events", MEASURES[0])
    assert harm["total"] == record.events[:, 0].sum()
    assert harm["difference"] is None
    assert row(columns, "events", MEASURES[1])["difference"] == 0
