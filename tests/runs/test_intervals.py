"""Rows of the summary that draws of parameters add."""

import numpy as np
import pandas as pd

from hvsim.runs.intervals import PARAMETERS, with_parameters
from hvsim.runs.rows import COLUMNS


def summary(*rows: tuple[str, str, float]) -> pd.DataFrame:
    cells = [(s, m, "events", value, None, None, "") for s, m, value in rows]
    return pd.DataFrame(cells, columns=list(COLUMNS))


def draws(scenario: str, measure: str, values: np.ndarray) -> pd.DataFrame:
    """Values of shape (draws, replicates)."""
    d, r = np.indices(values.shape)
    return pd.DataFrame(
        {"draw": 4 + d.ravel(), "replicate": r.ravel(), "scenario": scenario, "measure": measure,
         "value": values.ravel()}
    )  # fmt: skip


def test_percentiles_are_of_averages_over_replicates() -> None:
    values = np.array([[0.0, 2.0], [3.0, 3.0], [4.0, 6.0], [9.0, 9.0]])
    found = with_parameters(summary(("a", "x", 1.0)), draws("a", "x", values))
    assert found["uncertainty"].tolist() == ["", PARAMETERS]
    row = found.iloc[1]
    means = [1, 3, 5, 9]
    assert (row["value"], row["unit"]) == (4.5, "events")
    assert np.allclose([row["low"], row["high"]], np.percentile(means, [2.5, 97.5]))


def test_each_row_is_followed_by_that_of_its_draws() -> None:
    ones = np.ones((3, 1))
    together = pd.concat([draws("b", "x", ones), draws("a", "x", ones), draws("a", "y", ones)])
    rows = [("a", "x", 1.0), ("a", "x", 2.0), ("a", "y", 1.0), ("b", "x", 1.0), ("b", "z", 1.0)]
    found = with_parameters(summary(*rows), together)
    assert list(zip(found["scenario"], found["measure"], found["uncertainty"], strict=True)) == [
        ("a", "x", ""),
        ("a", "x", ""),
        ("a", "x", PARAMETERS),
        ("a", "y", ""),
        ("a", "y", PARAMETERS),
        ("b", "x", ""),
        ("b", "x", PARAMETERS),
        ("b", "z", ""),
    ]


def test_a_measure_that_some_draws_lack_has_no_interval() -> None:
    some = draws("a", "x", np.ones((3, 1))).iloc[:2]
    others = draws("a", "y", np.ones((3, 1)))
    found = with_parameters(summary(("a", "x", 1.0), ("a", "y", 1.0)), pd.concat([some, others]))
    assert found.loc[found["uncertainty"] == PARAMETERS, "measure"].tolist() == ["y"]
