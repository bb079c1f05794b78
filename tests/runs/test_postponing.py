"""Prevented for good or only postponed: two follow-ups of the same families."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hvsim.execution.pairing import count_families
from hvsim.runs import Run, RunFolderError, RunWriter, claim
from hvsim.runs.postponing import postponed
from hvsim.simulation.ledger import OUTCOME_COUNTS
from runs.ledgers import made_up, manifest

CHILDREN = OUTCOME_COUNTS.index("children")


def comparison(folder: Path, months: int, children: dict[str, tuple[int, int, int]]) -> Run:
    """A comparison in which so many children have any of each outcome."""
    claim(folder)
    about = manifest("today", "more", baseline="today")
    about = about.model_copy(update={"follow_up_months": months})
    with RunWriter(folder, about, dict.fromkeys(children, "title: x\n")) as writer:
        for name, counts in children.items():
            ledger = made_up(name)
            outcomes = np.zeros_like(ledger.outcomes)
            outcomes[:, CHILDREN, 3, 0] = counts
            ledger = replace(ledger, outcomes=outcomes)
            writer.add(ledger, 0, count_families(ledger, ledger), seconds=0)
        return writer.finish()


def test_what_happens_later_after_all_is_postponed(tmp_path: Path) -> None:
    five = comparison(tmp_path / "5", 60, {"today": (100, 50, 10), "more": (80, 40, 12)})
    adult = comparison(tmp_path / "18", 216, {"today": (300, 90, 30), "more": (293, 70, 29)})
    table = postponed(five, adult).set_index("outcome")
    # Harm: 20 fewer by 5, 7 fewer by 18: 13 postponed. Depression: 10 by 5, 20 by 18: none.
    # Recovery: two more by 5, so nothing that could be postponed.
    found = table[["by_short", "by_long", "postponed"]].T.to_dict("list")
    assert found == {
        "harm": [20, 7, 13],
        "depression": [10, 20, 0],
        "depression-recovery": [-2, 1, 0],
    }
    assert set(table["scenario"]) == {"more"}


def test_only_the_same_comparison_followed_longer_is_set_beside(tmp_path: Path) -> None:
    five = comparison(tmp_path / "5", 60, {"today": (1, 1, 1), "more": (1, 1, 1)})
    with pytest.raises(RunFolderError, match="the second must be longer"):
        postponed(five, five)
