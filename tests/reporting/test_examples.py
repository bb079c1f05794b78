"""The examples on the page: a hub, and a program with outcomes of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from hvsim.execution import compare
from hvsim.reporting.figures import Figures
from hvsim.reporting.style import styled
from hvsim.reporting.table import side_by_side
from hvsim.reporting.way import draw_way
from hvsim.runs import Run
from hvsim.scenario import load_scenario

EXAMPLES = Path(__file__).parents[2] / "scenarios" / "examples"
HUB, OWN = "2-intake-hub", "3-own-program"
ALONE = {"asthma-attack", "school-days-lost", "smoke-free-home"}
"""What the program of one's own brings along."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The county with a hub against the one with a program and outcomes of its own."""
    hub, own = (load_scenario(EXAMPLES / f"{name}.yaml", ["end=2025-06"]) for name in (HUB, OWN))
    return compare(hub, [own], tmp_path_factory.mktemp("examples") / "out", effects=["central"])


def test_what_both_have_is_compared_and_the_rest_named(run: Run) -> None:
    own = run.families[(run.families["scenario"] == OWN) & (run.families["quantity"] == "events")]
    by_name = own.set_index("name")
    assert (by_name.loc[sorted(ALONE), "total"] > 0).all()
    assert set(by_name.index[by_name["difference"].isna()]) == ALONE
    told = {str(measure).partition(":")[2] for measure in run.summary["measure"]}
    assert not told & ALONE
    assert "ed-visit" in told
    notes = " ".join(section.note for section in side_by_side(Figures(run)))
    assert "Not compared, as not every scenario has it: “Asthma attacks treated” (only in" in notes


def test_the_hub_shows(run: Run, tmp_path: Path) -> None:
    figures = Figures(run)
    assert figures.value(HUB, "referred") >= figures.value(HUB, "reached") > 0
    with styled():
        first = draw_way(figures, tmp_path)[0]
    assert [row[0] for row in first.table.rows][-2:] == ["Referred to a hub", "Reached by the hub"]
    lines = {line.label for section in side_by_side(figures) for line in section.lines}
    assert {"Referred to a hub", "Reached by the hub"} <= lines
