"""From a finished run to its pictures and its page."""

from __future__ import annotations

import shutil
from pathlib import Path

from hvsim.reporting.chapters import chapters
from hvsim.reporting.checklists import checklists, write_checklists
from hvsim.reporting.figures import Figures
from hvsim.reporting.page import write_page
from hvsim.reporting.style import styled
from hvsim.reporting.sure import Sure
from hvsim.runs import read_run
from hvsim.runs.evaluating import read_evaluation
from hvsim.runs.files import write_text
from hvsim.runs.reading import EVALUATION


def report(folder: str | Path) -> Path:
    """Draw the pictures of a complete run and write its page.

    Parameters
    ----------
    folder
        The run folder; only ``plots``, ``report.html`` and the checklists in ``evaluation`` change.

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
    drawn = run.manifest.parameter_draws is not None
    evaluation = read_evaluation(run) if drawn else None
    sure = None if evaluation is None else Sure(figures, evaluation)
    with styled():
        found = chapters(figures, plots, sure)
    lists = checklists(figures, sure)
    if sure is not None:
        write_checklists(lists, run.folder / EVALUATION)
    page = run.folder / "report.html"
    write_text(page, write_page(figures, found, list(lists.values())))
    return page
