"""From a finished run to its pictures and its page."""

from __future__ import annotations

import shutil
from pathlib import Path

from hvsim.reporting.figures import Figures
from hvsim.reporting.money import draw_money
from hvsim.reporting.outcomes import draw_outcomes
from hvsim.reporting.page import write_page
from hvsim.reporting.service import draw_service
from hvsim.reporting.style import styled
from hvsim.reporting.way import draw_way
from hvsim.reporting.years import draw_years
from hvsim.runs import read_run
from hvsim.runs.files import write_text

_SECTIONS = (
    ("What is prevented and gained", draw_outcomes),
    ("Year by year", draw_years),
    ("The way through the system", draw_way),
    ("Places, families and visitors", draw_service),
    ("Money by fiscal year", draw_money),
)


def report(folder: str | Path) -> Path:
    """Draw the pictures of a complete run and write its page.

    Parameters
    ----------
    folder
        The run folder; only ``plots`` and ``report.html`` in it change.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    RunFolderError
        If the folder holds no complete run.
    """
    run = read_run(folder)
    plots = run.folder / "plots"
    shutil.rmtree(plots, ignore_errors=True)
    plots.mkdir()
    figures = Figures(run)
    with styled():
        drawn = [(title, draw(figures, plots)) for title, draw in _SECTIONS]
    page = run.folder / "report.html"
    write_text(page, write_page(figures, [(title, found) for title, found in drawn if found]))
    return page
