"""The page: one self-contained file that a county board can read, print and pass on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hvsim.months import parse_month
from hvsim.reporting.assumptions import sources, stated
from hvsim.reporting.chapters import Chapter
from hvsim.reporting.drivers import drivers, not_varied
from hvsim.reporting.explore import Explorer
from hvsim.reporting.figures import Figures
from hvsim.reporting.payers import valued
from hvsim.reporting.readings import answers, at_a_glance, certainties, reading
from hvsim.reporting.repeating import command, wanting
from hvsim.reporting.style import Table
from hvsim.reporting.words import age_of, month_name, quoted
from hvsim.runs import Manifest

NOT_HELD = (
    "Adoption, deaths of parents, and families who move in.",
    "Programs, doors and funding streams that the scenarios do not name.",
    "How well caseworkers and visitors work together.",
)
"""What a reader may miss, and does not find in this version."""

_PLAIN = " !$'()*+,-./:;=?@_~"
"""What may stand as it is in an address inside quotation marks."""


def write_page(
    figures: Figures, chapters: Sequence[Chapter], checklists: Sequence[tuple[str, Table]] = ()
) -> str:
    """HTML of the page.

    Parameters
    ----------
    figures
        Those of the run, whose pictures are in its folder.
    chapters
        What stands below the first screen.
    checklists
        Captions and tables of the checklists.
    """
    run = figures.run
    values = stated(figures)
    environment = Environment(
        loader=PackageLoader("hvsim.reporting"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["embedded"] = lambda name: _embedded(run.folder, name)
    assumed = [value for value in values if value.assumption]
    explorer = Explorer(figures)
    return environment.get_template("report.html.j2").render(
        manifest=run.manifest,
        heading=_heading(figures),
        period=_period(figures),
        readings=[(note, reading(figures, note)) for note in run.manifest.scenarios],
        answers=answers(figures),
        glance=at_a_glance(figures),
        main=figures.main if figures.strategies else None,
        certainties=certainties(figures),
        valued=valued(figures),
        fiscal_years=run.prices.views.fiscal.years if valued(figures) else None,
        explorer=explorer,
        outcomes=figures.groups,
        chapters=chapters,
        checklists=checklists,
        drivers=drivers(figures),
        not_varied=not_varied(figures, len(assumed), sum(bool(own.range) for own in assumed)),
        assumptions=assumed,
        sources=sources(values),
        not_held=(_held_fixed(run.manifest), *NOT_HELD),
        command=command(run.manifest),
        wanting=wanting(run.manifest),
    )


def _held_fixed(manifest: Manifest) -> str:
    """What of uncertainty the run does not hold."""
    if manifest.parameter_draws is None:
        return (
            "Uncertainty in anything but the programs' effects: reach, acceptance, staff and risks "
            "are held at their central values."
        )
    return (
        "Uncertainty in numbers whose files state no range, and in who the families "
        "are: they are the same in all draws."
    )


def _heading(figures: Figures) -> str:
    """The question of the page."""
    manifest, base = figures.manifest, figures.baseline
    if base is None:
        note = manifest.scenarios[0]
        return note.question or note.title
    if not figures.strategies:
        return f"{manifest.place}: what does {quoted(base.title)} prevent?"
    one = quoted(figures.strategies[0].title) if len(figures.strategies) == 1 else "each strategy"
    return f"{manifest.place}: what would {one} prevent, compared with {quoted(base.title)}?"


def _period(figures: Figures) -> str:
    """Which births, how long children are followed, and who else is counted."""
    manifest = figures.manifest
    until = age_of(manifest.follow_up_months)
    first, last = (month_name(parse_month(month)) for month in (manifest.start, manifest.end))
    births = f"Births from {first} to {last}, each child followed to {until}"
    if not figures.born_before:
        return f"{births}."
    return f"{births}; what happens from {first} on to children born before is counted too."


def _embedded(folder: Path, name: str) -> Markup:
    """A picture as part of the page; written as text it is shorter than in base 64."""
    drawing = (folder / "plots" / f"{name}.svg").read_text("utf-8")
    return Markup("data:image/svg+xml," + quote(drawing.replace("\n", " "), safe=_PLAIN))
