"""The page: one self-contained file that a county board can read, print and pass on."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from hvsim.reporting.assumptions import sources, stated
from hvsim.reporting.figures import Figures, side_by_side
from hvsim.reporting.readings import by_chance, certainty, reading
from hvsim.reporting.style import Picture
from hvsim.runs import Manifest, Run

NOT_HELD = (
    "Uncertainty in anything but the programs' effects: reach, acceptance, staff and risks "
    "are held at their central values.",
    "Deaths, and families who move away or into the county.",
    "Programs, doors and funding streams that the scenarios do not name.",
    "What harms cost, discounting, and savings to public budgets.",
    "Shared understanding between referring partners and visitors.",
)
"""What a reader may miss, and does not find in this version."""


def write_page(run: Run, sections: Sequence[tuple[str, Sequence[Picture]]]) -> str:
    """HTML of the page.

    Parameters
    ----------
    run
        The run, whose pictures are in its folder.
    sections
        Titles, and the pictures below each.
    """
    figures = Figures(run)
    values = stated(run)
    environment = Environment(
        loader=PackageLoader("hvsim.reporting"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["embedded"] = lambda name: _embedded(run.folder, name)
    return environment.get_template("report.html.j2").render(
        manifest=run.manifest,
        heading=_heading(run.manifest),
        period=_period(run.manifest),
        readings=[(note, reading(figures, note)) for note in run.manifest.scenarios],
        certainties=[certainty(figures, note) for note in figures.others],
        by_chance=by_chance(figures),
        table=side_by_side(figures),
        sections=sections,
        assumptions=[value for value in values if value.assumption],
        sources=sources(values),
        not_held=NOT_HELD,
        command=_command(run.manifest),
    )


def _heading(manifest: Manifest) -> str:
    if manifest.baseline is None:
        note = manifest.scenarios[0]
        return note.question or note.title
    before = manifest.scenario(manifest.baseline).title
    return f"{manifest.place}: what would each strategy prevent, compared with {before}?"


def _period(manifest: Manifest) -> str:
    age = manifest.follow_up_months
    until = f"age {age // 12}" if age % 12 == 0 else f"{age} months of age"
    return f"Births from {manifest.start} to {manifest.end}, each child followed to {until}."


def _command(manifest: Manifest) -> str:
    """The command that repeats the run from the scenarios in its folder."""
    files = [f"scenarios/{note.name}.yaml" for note in manifest.scenarios]
    options = [f"--seed {manifest.seed}", f"--scale {manifest.scale:.10g}"]
    options.append(f"--replicates {len(manifest.seeds)}")
    return f"hvsim {manifest.command} {shlex.join(files)} {' '.join(options)} --out again"


def _embedded(folder: Path, name: str) -> str:
    """A picture as part of the page."""
    drawing = (folder / "plots" / f"{name}.svg").read_bytes()
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}"
