"""The table of scenarios, side by side: reach, service, money, and what is prevented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hvsim.months import fiscal_year, parse_month
from hvsim.reporting.rows import said
from hvsim.reporting.words import count, listed, percent, quoted
from hvsim.runs import Measure, ScenarioNote

if TYPE_CHECKING:
    from hvsim.reporting.figures import Figures


@dataclass(frozen=True)
class Line:
    """A line of the table of scenarios: a cell per scenario, empty where nothing is to be said."""

    label: str
    cells: tuple[str, ...]
    indented: bool = False


@dataclass(frozen=True)
class Section:
    """Lines under a heading, what to know when reading them, and the scenarios in the columns."""

    title: str
    lines: tuple[Line, ...]
    note: str
    columns: tuple[ScenarioNote, ...]


def side_by_side(figures: Figures) -> list[Section]:
    """The table of scenarios: reach, service, money, and what is prevented."""
    sections = [_reach(figures), _money(figures)]
    if figures.others:
        sections += [_prevented(figures), _chance(figures)]
    else:
        sections.append(_events(figures))
    return [section for section in sections if section.lines]


def _line(
    figures: Figures, label: str, measure: str, *, indented: bool = False, chance: bool = False
) -> Line | None:
    rows = [figures.row(note.name, measure, chance=chance) for note in figures.manifest.scenarios]
    if not any(row is not None for row in rows):
        return None
    return Line(label, tuple(map(said, rows)), indented)


def _section(
    figures: Figures,
    title: str,
    lines: list[Line | None],
    note: str = "",
    *,
    compared: bool = False,
) -> Section:
    """Section of the lines that there are; a scenario without a cell in any has no column.

    Nor has a yardstick, where strategies are compared with the baseline.
    """
    found = [line for line in lines if line is not None]
    notes = figures.manifest.scenarios
    apart = figures.yardsticks if compared and figures.strategies else []
    kept = [
        place
        for place, own in enumerate(notes)
        if own not in apart and any(line.cells[place] for line in found)
    ]
    return Section(
        title,
        tuple(
            Line(line.label, tuple(line.cells[place] for place in kept), line.indented)
            for line in found
        ),
        note,
        tuple(notes[place] for place in kept),
    )


def _by_program(figures: Figures, measure: str) -> list[Line | None]:
    return [
        _line(figures, label, f"{measure}:{name}", indented=True)
        for name, label in figures.programs.items()
    ]


def _reach(figures: Figures) -> Section:
    return _section(
        figures,
        "Whom it reaches",
        [
            _line(figures, "Births", "births"),
            _line(figures, "Families contacted", "contacted"),
            _line(figures, "Families screened", "screened"),
            _line(figures, "Families enrolled", "enrolled"),
            *_by_program(figures, "enrolled"),
            _line(figures, "Visits made", "visits"),
            *_by_program(figures, "visits"),
            *_headed("Mean wait for a place, in months", _by_program(figures, "mean_wait")),
            _line(figures, "Gain a place they lacked before", "gained_service"),
            _line(figures, "Lose a place they had before", "lost_service"),
        ],
        "Each family is counted once, however many doors and programs it meets. Waits are "
        "family-months of waiting divided by the families who joined the queue.",
    )


def _headed(label: str, lines: list[Line | None]) -> list[Line | None]:
    found = [line for line in lines if line is not None]
    return [Line(label, tuple("" for _ in found[0].cells)), *found] if found else []


def _money(figures: Figures) -> Section:
    year = figures.manifest.price_year
    return _section(
        figures,
        "What it costs",
        [
            _line(figures, "Spent", "spent"),
            *_by_program(figures, "spent"),
            _line(figures, "Received and not spent", "unspent"),
            _vacant(figures),
            _line(figures, "Spent after the last births", "spent_after_last_births"),
            _line(figures, "Spent per family enrolled", "spent_per_family"),
            *_by_program(figures, "spent_per_family"),
        ],
        f"Undiscounted, in prices of {year}, up to the fiscal year of the last births. What is "
        "paid afterward, while the last families are followed, is shown apart: in truth it serves "
        "families born later. “Spent per family enrolled” divides what is spent up to then by the "
        "families enrolled: it serves to compare scenarios over the same years, and is not the "
        "full cost of a family, whose later visits are paid out of “Spent after the last births”. "
        "“Received and not spent” lapses: it is the money of positions that stand vacant, and "
        "what is left of a provider's money when it does not pay another whole position.",
    )


def _vacant(figures: Figures) -> Line | None:
    """Funded positions without a visitor, on average up to the year of the last births."""
    starts, staff = figures.manifest.fiscal_year_starts, figures.run.capacity
    counted = {
        month: fiscal_year(parse_month(month), starts) <= figures.through()
        for month in staff["month"].unique()
    }
    staff = staff[staff["month"].map(counted).astype(bool)]
    months = sum(counted.values()) * len(figures.manifest.seeds)
    cells = []
    for note in figures.manifest.scenarios:
        own = staff[staff["scenario"] == note.name]
        vacant, filled = (float(own[column].sum()) for column in ("vacancies", "visitors"))
        cells.append(
            f"{_positions(vacant / months)} of {_positions((vacant + filled) / months)} "
            f"({percent(100 * vacant / (vacant + filled))})"
            if vacant + filled
            else ""
        )
    return Line("Positions vacant, of those with money", tuple(cells)) if any(cells) else None


def _positions(number: float) -> str:
    return count(number, int(number < 10))


def _events(figures: Figures) -> Section:
    lines: list[Line | None] = []
    for measure in figures.manifest.measures:
        lines.append(_line(figures, measure.title, f"events:{measure.name}"))
        lines.append(
            _line(figures, "months in that state", f"months:{measure.name}", indented=True)
        )
    return _section(figures, "What happens to families", lines)


def _prevented(figures: Figures) -> Section:
    lines: list[Line | None] = []
    for measure in figures.adverse:
        name = measure.name
        lines.append(_line(figures, measure.title, f"prevented:{name}"))
        lines.append(
            _line(figures, "of the baseline's", f"prevented_percent:{name}", indented=True)
        )
        lines.append(
            _line(figures, "if no effect", f"prevented_if_no_effect:{name}", indented=True)
        )
        lines.append(
            _line(figures, "months in that state", f"prevented_months:{name}", indented=True)
        )
    return _section(
        figures,
        "What it prevents",
        lines,
        "Baseline minus scenario, the same families with the same luck: the value under the "
        "central effect sizes and, in parentheses, the least and the most that the effect sets "
        "(low, central, high) give. A minus means more, not less. Rows “if no effect”: what "
        "agencies would record more or less of because visitors report; seen, not caused."
        + _left_out(figures)
        + _unidentified(figures),
        compared=True,
    )


def _left_out(figures: Figures) -> str:
    """The yardsticks, which stand in no column where there are strategies."""
    base, notes = figures.baseline, figures.yardsticks
    if base is None or not notes:
        return ""
    titles, ours = listed([quoted(note.title) for note in notes]), quoted(base.title)
    if figures.strategies:
        return (
            f" Without a column: {titles}, the yardstick for what {ours} itself prevents, which "
            "stands with the picture below."
        )
    return f" {titles}: no strategy but a yardstick; minus its numbers is what {ours} prevents."


def _unidentified(figures: Figures) -> str:
    hidden = [measure.label for measure in figures.adverse if measure.kind == "harm"]
    if not hidden:
        return ""
    return (
        f" {listed(hidden)}: only a part is ever reported, so that no data fix the number; read "
        "the percentages, not the counts."
    )


def _chance(figures: Figures) -> Section:
    return _section(
        figures,
        "Chance only",
        [_by_chance(figures, measure) for measure in figures.adverse],
        "Prevented under the central effect sizes, with the 95% interval of chance alone: how far "
        "the number would move among counties alike in everything but luck. It says nothing "
        "about how well the effects are known." + _left_out(figures),
        compared=True,
    )


def _by_chance(figures: Figures, measure: Measure) -> Line | None:
    """A line of chance; words where there is no interval to be had."""
    name = f"prevented:{measure.name}"
    line = _line(figures, measure.title, name, chance=True)
    if line is None:
        return None
    told = [
        cell and (without_chance(figures, note, measure) or cell)
        for note, cell in zip(figures.manifest.scenarios, line.cells, strict=True)
    ]
    return Line(line.label, tuple(told), line.indented)


def without_chance(figures: Figures, note: ScenarioNote, measure: Measure) -> str:
    """Why an interval of chance would claim too much; empty where it does not."""
    if not figures.too_few(note, measure):
        return ""
    exchanged = (figures.value(note.name, f"{what}_service") for what in ("gained", "lost"))
    if not figures.changed(note, measure) and not any(exchanged):
        return "no difference"
    if figures.no_effect_assumed(note, measure):
        return "no effect assumed"
    return "too few to tell" + (" at this scale" if figures.manifest.scale < 1 else "")
