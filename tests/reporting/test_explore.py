"""The numbers inside the page: no text ends them, and what is rounded stays exact."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from execution.harbor_run import harbor
from hvsim.reporting.drivers import verdict
from hvsim.reporting.explore import Explorer
from hvsim.reporting.figures import Figures
from hvsim.reporting.groups import WAY, Groups, cube
from hvsim.reporting.payers import returned
from hvsim.reporting.shares import Share
from hvsim.reporting.words import dollars
from hvsim.runs import Run
from hvsim.runs.rows import Row


def test_no_label_ends_the_numbers() -> None:
    wrong = "</script><script>alert(1)</script>"
    manifest = harbor().manifest
    measures = tuple(m.model_copy(update={"label": wrong}) for m in manifest.measures)
    run = Run(harbor().folder, manifest.model_copy(update={"measures": measures}))
    numbers = str(Explorer(Figures(run)).numbers())
    assert "<" not in numbers
    assert wrong in json.loads(numbers)["outcomes"]["harm"]["better"]


def test_groups_of_a_dimension_add_up_to_everybody() -> None:
    groups = Groups(Figures(harbor()))
    for dimension in ("region", "payer", "race_ethnicity", "risk_group"):
        own = groups.of(dimension)
        assert np.array_equal(groups.way[:, :, own].sum(axis=2), groups.way[:, :, 0])
        assert np.array_equal(groups.events[:, :, own].sum(axis=2), groups.events[:, :, 0])
    assert groups.way[WAY.index("births")].sum() > 0


def test_a_cube_leaves_out_what_has_no_place() -> None:
    frame = pd.DataFrame({"a": ["x", "y", "z", "x"], "b": [1, 1, 2, 1], "n": [1.0, 2, 4, 8]})
    found = cube(frame, "n", {"a": ["y", "x"], "b": [1, 2]})
    assert found.tolist() == [[2.0, 0.0], [9.0, 0.0]]


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (Share(1.0, 0.5, 2.0, 0.0, 0.2), "Helps under all effects tried"),
        (Share(1.0, 0.5, 2.0, 0.0, 1.5), "Helps under all effects tried, but within chance"),
        (Share(1.0, -0.5, 2.0, 0.0, 0.2), "Unsure: could also add some"),
        (Share(1.0, 0.0, 2.0, 0.0, 0.2), "Unsure: could do nothing"),
        (Share(-1.0, -2.0, -0.5, 0.0, 0.2), "No: helps under no effect tried"),
        (Share(1.0, None, None, None, 0.2), "Not known: effects were not varied"),
    ],
)
def test_how_sure_it_is_in_plain_words(share: Share, told: str) -> None:
    assert verdict(share) == told


def test_dollars_back_are_told_to_the_cent() -> None:
    def row(value: float, low: float | None, high: float | None) -> Row:
        return Row("wide", "return_per_dollar:fiscal", "", value, low, high)

    assert returned(row(0.254, -0.004, 1.5)) == "$0.25 ($0.00 to $1.50)"
    assert returned(row(-0.25, None, None)) == "-$0.25"
    assert returned(row(math.nan, None, None)) == returned(None) == "spends no more"
    assert dollars(-0.2) == "$0"


def test_the_page_stays_small() -> None:
    assert (Path(harbor().folder) / "report.html").stat().st_size < 5e6
