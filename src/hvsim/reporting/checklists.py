"""The checklists that reviewers ask for, filled from a run: on the page and as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from hvsim.reporting.assumptions import stated
from hvsim.reporting.cheers import cheers
from hvsim.reporting.figures import Figures
from hvsim.reporting.inventory import inventory
from hvsim.reporting.style import Table
from hvsim.reporting.sure import Sure
from hvsim.runs.files import write_text


def checklists(figures: Figures, sure: Sure | None) -> dict[str, tuple[str, Table]]:
    """Captions and tables by the name of their file; none where nothing is compared.

    Parameters
    ----------
    figures
        Of the run.
    sure
        Its evaluation, if it has draws.
    """
    if figures.baseline is None:
        return {}
    found = {"cheers": ("Reporting checklist CHEERS 2022", cheers(figures, stated(figures), sure))}
    if figures.manifest.valued is not None:
        found["impact_inventory"] = (
            "Impact inventory: what is counted in dollars",
            inventory(figures.run.prices),
        )
    return found


def write_checklists(lists: Mapping[str, tuple[str, Table]], folder: Path) -> None:
    """Write each as a CSV file."""
    for name, (_, table) in lists.items():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(table.rows)
        write_text(folder / f"{name}.csv", text.getvalue())
