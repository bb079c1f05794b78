"""Harm under each structure alone: which axes are told, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from execution.harbor_run import harbor
from hvsim.reporting.bounds import Bounds, draw_bounds
from hvsim.reporting.figures import Figures
from hvsim.runs import read_run

RECURRENCE = 1
"""Number of the alternative of the axis 'recurrence'; those of the other axis are 2 and 3."""
MOST = "Intensive visits for more families"


def told(folder: Path, outcomes: pd.DataFrame) -> list[Bounds]:
    """What is told of Harbor County if its structures give such outcomes."""
    run = read_run(harbor().folder)
    stored = run.structures

    def read(name: str, *, groups: bool = False) -> pd.DataFrame:
        return outcomes if name == "outcomes" else stored(name, groups=groups)

    run.structures = read  # type: ignore[method-assign,assignment]  # the outcomes that are asked for
    return draw_bounds(Figures(run), folder)


@pytest.fixture
def same() -> pd.DataFrame:
    """Outcomes that are the same under each alternative."""
    written = harbor().structures("outcomes", groups=True).query("draw == 0")
    every = pd.concat([written.assign(draw=draw) for draw in range(4)], ignore_index=True)
    return every.astype({"value": float})


def test_axes_that_move_no_harm_are_not_told(same: pd.DataFrame, tmp_path: Path) -> None:
    assert told(tmp_path, same) == []


def test_who_comes_to_more_harm_stands_in_the_title(same: pd.DataFrame, tmp_path: Path) -> None:
    more = (
        (same["draw"] == RECURRENCE) & (same["outcome"] == "harm") & (same["group"] == "medicaid")
    )
    same.loc[more, "value"] *= 1.5
    (found,) = told(tmp_path, same)
    assert found.heading == "What a first report raises"
    assert "Medicaid: " in found.picture.title
    assert found.finding == f"Under each answer “{MOST}” prevents most."
    rows = found.tables["Who pays for the birth"].rows
    written, otherwise = (
        next(r for r in rows if r[:2] == ("Medicaid (small group)", answer))
        for answer in ("as written: reporting", "harm itself")
    )
    assert written[3:] != otherwise[3:]


def test_that_the_best_strategy_depends_on_the_answer_is_said(
    same: pd.DataFrame, tmp_path: Path
) -> None:
    own = (same["draw"] == RECURRENCE) & (same["outcome"] == "harm")
    same.loc[own, "value"] *= 1.1
    same.loc[own & (same["scenario"] == "universal"), "value"] *= 0.5
    (found,) = told(tmp_path, same)
    assert found.finding == (
        "Which strategy prevents most depends on the answer: "
        f"“{MOST}” if as written: reporting; “Light visits for <b>every</b> birth” if harm itself."
    )


def test_runs_without_structures_tell_of_none(tmp_path: Path) -> None:
    run = read_run(harbor().folder)
    run.manifest = run.manifest.model_copy(update={"structures": None})
    assert draw_bounds(Figures(run), tmp_path) == []
