"""What is prevented by an earlier age and by the end of follow-up, and what is only postponed."""

from __future__ import annotations

from collections.abc import Sequence

from hvsim.reporting.figures import Figures, benefit_row
from hvsim.reporting.style import Table
from hvsim.reporting.words import age_of, count, percent
from hvsim.runs import Measure, ScenarioNote
from hvsim.runs.rows import Row


def two_ages(figures: Figures, measures: Sequence[Measure]) -> Table | None:
    """Outcomes at both ages, effect sets side by side; none where one age was counted."""
    early, late = figures.manifest.also_at_months, figures.manifest.follow_up_months
    if early is None or not figures.strategies or not measures:
        return None
    rows = [
        (
            f"{measure.title}: {measure.benefit}",
            note.title,
            *_effects(figures.row(note.name, f"early_{benefit_row(measure, 'percent')}")),
            *_effects(figures.benefit(note, measure, "percent")),
            *_children(figures, note, measure),
        )
        for measure in measures
        for note in figures.strategies
    ]
    by, until = age_of(early), age_of(late)
    effects = ("least favorable", "central", "most favorable")
    return Table(
        (
            "Outcome",
            "Scenario",
            *(f"By {by}, {effect}" for effect in effects),
            *(f"By {until}, {effect}" for effect in effects),
            f"Children spared by {by}",
            f"Of them only postponed to {until}",
        ),
        tuple(rows),
        "Percent of the baseline's number, by effects of the programs. Spared: children to whom it "
        f"happens by {by} under the baseline and not under the scenario, less the reverse, under "
        f"central effects. Only postponed: of them, those to whom it happens by {until} after all, "
        "less those who would have come to it anyway. As hidden harm has no known number, its "
        "children are not counted, only the part postponed.",
    )


def not_simulated(figures: Figures) -> str:
    """That nothing is known of later years, where outcomes are counted at one age."""
    if figures.manifest.also_at_months is not None or not figures.others:
        return ""
    until = age_of(figures.manifest.follow_up_months)
    return (
        f"Children are followed to {until}. Later years were not simulated: whether what is "
        "prevented by then is prevented for good, or only postponed, is not known."
    )


def _effects(row: Row | None) -> tuple[str, str, str]:
    """Percent under the least favorable, the central and the most favorable effects."""
    if row is None:
        return "", "", ""
    ends = (row.low, row.value, row.high)
    least, central, most = ("not run" if end is None else percent(end) for end in ends)
    return least, central, most


def _children(figures: Figures, note: ScenarioNote, measure: Measure) -> tuple[str, str]:
    """Children spared, and the part postponed; empty of what is desirable."""
    if measure.desirable:
        return "", ""
    spared, later = (
        figures.value(note.name, f"{row}:{measure.name}")
        for row in ("early_children_spared", "children_postponed")
    )
    known = "" if measure.kind == "harm" else count(spared)
    if spared <= 0:
        return known, "none spared"
    # Where few are spared, those postponed by chance can outnumber them.
    return known, percent(100 * min(max(later / spared, 0.0), 1.0))
