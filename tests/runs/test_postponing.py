"""Prevented for good or only postponed: the same families followed to two ages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from execution.harbor_run import harbor
from hvsim.execution.ages import Pair, count_by_age
from hvsim.runs import Run, RunFolderError
from hvsim.runs.postponing import postponed
from hvsim.simulation.ledger import FamilyRecord, Ledger
from runs.ledgers import made_up


def with_events(first: list[int], ids: list[int]) -> Ledger:
    """A ledger whose families have so many events of the first measure."""
    made = made_up(families=len(ids))
    events = np.zeros((len(ids), len(made.measures)), np.uint16)
    events[:, 0] = first
    record = FamilyRecord(
        id=np.array(ids, np.uint64),
        events=events,
        enrolled=made.families.enrolled,
        contacted=made.families.contacted,
    )
    return replace(made, families=record, scale=0.5)


def test_each_child_is_followed_from_the_one_age_to_the_other() -> None:
    # Child:                  a  b  c  d  e, and f, a sibling whom only the baseline has
    ids = [1, 2, 3, 4, 5]
    early = Pair(
        after=with_events([0, 0, 2, 1, 0], ids),
        before=with_events([1, 1, 2, 0, 0, 1], [*ids, 9]),
    )
    late = Pair(
        after=with_events([0, 3, 2, 1, 1], ids),
        before=with_events([1, 1, 4, 1, 0, 1], [*ids, 9]),
    )
    table = pd.DataFrame(count_by_age({60: early, 216: late}))
    rows = table[table["outcome"] == "harm"].set_index("age").drop(columns="outcome")
    # a and f are spared for good, b until later; d is struck sooner; e comes to it only with 18.
    # Each child stands for two.
    assert rows.loc[60].to_dict() == {
        "events": 6,
        "children": 4,
        "prevented": 4,
        "spared": 6,
        "struck": 2,
        "postponed": 2,
        "hastened": 2,
    }
    assert rows.loc[216].to_dict() == {
        "events": 14,
        "children": 8,
        "prevented": 2,
        "spared": 4,
        "struck": 2,
        "postponed": 0,
        "hastened": 0,
    }
    others = table[table["outcome"] != "harm"].drop(columns=["outcome", "age"])
    assert (others == 0).all(axis=None)


def test_a_run_counts_the_same_events_at_its_last_age_as_everywhere() -> None:
    run = harbor()
    assert (run.manifest.also_at_months, run.manifest.follow_up_months) == (12, 24)
    families = run.families[run.families["quantity"] == "events"]
    keys = ["scenario", "replicate", "draw", "name"]
    ages = run.ages.rename(columns={"outcome": "name"})
    late = ages[ages["age"] == 24].set_index(keys)
    counted = families.set_index(keys).loc[late.index]
    assert (late["events"] == counted["total"]).all()
    assert (late["prevented"] == counted["difference"]).all()
    early = ages[ages["age"] == 12].set_index(keys)
    assert early["events"].sum() > 0
    again = run.ages[run.ages["scenario"] == "today-again"]
    assert (again[["prevented", "spared", "struck"]] == 0).all(axis=None)


def test_who_is_spared_stays_spared_or_is_postponed() -> None:
    """Children are followed one by one, so that the two ages differ by whom they should."""
    table = harbor().ages
    keys = ["scenario", "draw", "outcome"]
    early, late = (table[table["age"] == age].set_index(keys) for age in (12, 24))
    assert (early["postponed"] <= early["spared"]).all()
    assert (early["hastened"] <= early["struck"]).all()
    # Whoever is spared for good by 12 months is among those spared by 24.
    assert (early["spared"] - early["postponed"] <= late["spared"]).all()
    assert (early["postponed"] > 0).any()


def test_the_summary_has_both_ages_and_what_is_only_postponed() -> None:
    run = harbor()
    table = postponed(run).set_index(["scenario", "draw", "outcome"])
    rows = {
        (row["scenario"], row["measure"]): (row["value"], row["low"], row["high"])
        for row in run.summary[run.summary["uncertainty"] != "chance only"].to_dict("records")
    }
    columns = {
        "early_children_spared": "spared_early",
        "children_spared": "spared",
        "children_postponed": "postponed",
    }
    for measure, column in columns.items():
        found = rows["universal", f"{measure}:harm"]
        by = [table[column]["universal", draw, "harm"] for draw in (0, 1, 2)]
        assert found == (by[0], min(by), max(by))
    early = run.ages[(run.ages["age"] == 12) & (run.ages["outcome"] == "ed-visits")]
    by_scenario = early[early["draw"] == 0].set_index("scenario")
    less = by_scenario["prevented"]["targeted"]
    assert rows["targeted", "early_prevented:ed-visits"][0] == less
    percent, *_ = rows["targeted", "early_prevented_percent:ed-visits"]
    assert percent == pytest.approx(100 * less / by_scenario["events"]["today"], abs=1e-5)


def test_a_run_with_one_age_says_so() -> None:
    about = harbor().manifest.model_copy(update={"also_at_months": None})
    with pytest.raises(RunFolderError, match="counts outcomes at one age only; state 'also_at'"):
        postponed(Run(harbor().folder, about))
