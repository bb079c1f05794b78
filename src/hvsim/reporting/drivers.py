"""What moves the headline, and by how much."""

from __future__ import annotations

from hvsim.reporting.benefits import lower
from hvsim.reporting.figures import Figures
from hvsim.reporting.shares import Share, visible
from hvsim.reporting.style import Table
from hvsim.reporting.words import count, percent
from hvsim.runs import Measure, ScenarioNote


def verdict(share: Share, *, desirable: bool = False) -> str:
    """How sure a result is, in plain words.

    Parameters
    ----------
    share
        What is prevented or gained.
    desirable
        Whether more of it is better.
    """
    if share.low is None:
        return "Not known: effects were not varied"
    if share.helps:
        sure = "Helps under all effects tried"
        return sure if share.value > share.chance else f"{sure}, but within chance"
    if not visible(share.most) or share.most < 0:
        return "No: helps under no effect tried"
    if visible(share.least):
        return f"Unsure: could also {'lose' if desirable else 'add'} some"
    return "Unsure: could do nothing"


def drivers(figures: Figures) -> Table | None:
    """How far each source of uncertainty moves the measure of the headlines, by strategy."""
    measure = figures.main
    if measure is None or not figures.strategies:
        return None
    rows = []
    for note in figures.strategies:
        share = figures.share(note, measure)
        title = note.title
        if share.low is not None and share.high is not None:
            ends = f"{percent(share.low)} to {percent(share.high)}"
            rows.append((title, "How strongly visits work", ends, _times(share)))
        rows.extend(_draws(figures, note, measure))
        if share.chance and not figures.too_few(note, measure):
            ends = f"{percent(share.value - share.chance)} to {percent(share.value + share.chance)}"
            rows.append((title, "Chance alone", ends, "95 times in 100 within this range"))
        if share.unaided is not None:
            seen = "what is left when visits change nothing but what is seen"
            rows.append((title, "No effect at all", percent(share.unaided), seen))
        rows.extend(_places(figures, note))
    what = f"{measure.label}, {measure.benefit} (percent of the baseline's)"
    return Table(("Strategy", "What is varied", what, "How to read it"), tuple(rows))


def _draws(
    figures: Figures, note: ScenarioNote, measure: Measure
) -> list[tuple[str, str, str, str]]:
    """What draws of all that has a range give."""
    row, drawn = figures.benefit_over_draws(note, measure), figures.manifest.parameter_draws
    if drawn is None or row is None or row.low is None or row.high is None:
        return []
    ends = f"{percent(row.low)} to {percent(row.high)}"
    return [(note.title, "All that has a range", ends, f"95 in 100 of {drawn.count} draws")]


def _times(share: Share) -> str:
    """The width of the range against that of chance."""
    if not share.chance:
        return "the whole range comes from effects"
    return f"{count((share.most - share.least) / (2 * share.chance), 1)} times as wide as chance"


def _places(figures: Figures, note: ScenarioNote) -> list[tuple[str, str, str, str]]:
    gained, lost = (figures.value(note.name, f"{what}_service") for what in ("gained", "lost"))
    if not gained and not lost:
        return []
    return [
        (
            note.title,
            "Who is served",
            "in the draws" if figures.manifest.parameter_draws else "not varied",
            f"{count(gained)} families gain a place, {count(lost)} lose one",
        )
    ]


def not_varied(figures: Figures, assumed: int, ranged: int) -> str:
    """What ranges hold, and what not."""
    measure = figures.main
    what = f" of {lower(measure.label)}" if measure else ""
    drawn = figures.manifest.parameter_draws
    if drawn is not None:
        return (
            f"{assumed} values rest on an assumption; {ranged} of them have a range. In "
            f"{drawn.count} draws everything with a range was varied together, what is taken from "
            "sources too. What has none stayed as it is, so that the truth may lie further off."
        )
    return (
        f"{assumed} values rest on an assumption; {ranged} of them have a range. Only the effects "
        f"of programs were varied: the ranges{what} would be wider if the others were too."
    )
