"""The notebooks run, and are shipped without what they printed."""

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

SHORT = ["end=2023-12", "follow_up=1 years", "warm_start.months=6"]
"""Makes the runs quick. A smaller scale is refused: teams would have no queue."""


def code_of(notebook: Path) -> list[str]:
    """Code cells, in order."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_code_runs_in_order(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    backend = mpl.get_backend()
    mpl.use("Agg")
    monkeypatch.chdir(notebook.parent)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    cells = code_of(notebook)
    assert sum(cell.count("\nSHORTER = []") for cell in cells) == 1
    names: dict[str, Any] = {"__name__": notebook.stem}
    try:
        for number, cell in enumerate(cells):
            text = cell.replace("\nSHORTER = []", f"\nSHORTER = {SHORT}")
            exec(compile(text, f"{notebook.name}, code cell {number}", "exec"), names)
        names["figure"].savefig(tmp_path / "picture.png")
    finally:
        plt.close("all")
        mpl.use(backend)
    assert not names["prevented"][["value", "low", "high"]].isna().to_numpy().any()
    assert (names["table"]["difference"] != 0).any()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_outputs_are_stripped(notebook: Path) -> None:
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS
