"""From a finished run to its pictures and its page."""

from __future__ import annotations

import shutil
from pathlib import Path

from hvsim.reporting.chapters import chapters
from hvsim.reporting.figures import Figures
from hvsim.reporting.page import write_page
from hvsim.reporting.style import styled
from hvsim.runs import read_run
from hvsim.runs.files import write_text


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
        found = chapters(figures, plots)
    page = run.folder / "report.html"
    write_text(page, write_page(figures, found))
    return page
