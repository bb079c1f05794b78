"""The table of scenarios, side by side: reach, service, money, what is prevented and gained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hvsim.months import fiscal_year, parse_month
from hvsim.reporting.figures import benefit_row
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
    heading: bool = False


@dataclass(frozen=True)
class Section:
    """Lines under a heading, what to know when reading them, and the scenarios in the columns."""

    title: str
    lines: tuple[Line, ...]
    note: str
    columns: tuple[ScenarioNote, ...]


def side_by_side(figures: Figures) -> list[Section]:
    """The table of scenarios: reach, service, money, what is prevented and gained."""
    return list(sections(figures).values())


def sections(figures: Figures) -> dict[str, Section]:
    """The same by name, where there is something to say."""
    found = {"reach": _reach(figures), "money": _money(figures)}
    if figures.others:
        found |= {"benefits": _benefits(figures), "chance": _chance(figures, figures.groups)}
    else:
        found["events"] = _events(figures)
    return {name: section for name, section in found.items() if section.lines}


def in_brief(figures: Figures) -> list[Section]:
    """The same for a terminal: one line per outcome, and chance for the foremost group only."""
    sections = [_reach(figures, brief=True), _money(figures, brief=True)]
    if figures.others:
        first = dict(list(figures.groups.items())[:1])
        sections += [_benefits(figures, brief=True), _chance(figures, first)]
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
        tuple(replace(line, cells=tuple(line.cells[place] for place in kept)) for line in found),
        note,
        tuple(notes[place] for place in kept),
    )


def _by_program(figures: Figures, measure: str, *, if_any: bool = False) -> list[Line | None]:
    return [
        line
        for name, label in figures.programs.items()
        for line in (
            _if_any(figures, label, f"{measure}:{name}", indented=True)
            if if_any
            else [_line(figures, label, f"{measure}:{name}", indented=True)]
        )
    ]


def _reach(figures: Figures, *, brief: bool = False) -> Section:
    return _section(
        figures,
        "Whom it reaches",
        [
            _line(figures, "Births", "births"),
            _line(figures, "Families contacted", "contacted"),
            _line(figures, "Families screened", "screened"),
            *_if_any(figures, "Referred to a hub", "referred"),
            *_if_any(figures, "Reached by the hub", "reached", indented=True),
            _line(figures, "Families enrolled", "enrolled"),
            *_by_program(figures, "enrolled"),
            _line(figures, "Visits made", "visits"),
            *([] if brief else _by_program(figures, "visits")),
            *_headed("Mean wait for a place, in months", _by_program(figures, "mean_wait")),
            *_cut_off(figures, "Cut off: no visitor", "withdrawn_no_visitor", brief=brief),
            *_cut_off(figures, "Cut off: no money", "withdrawn_no_money", brief=brief),
            _line(figures, "Gain a place they lacked before", "gained_service"),
            _line(figures, "Lose a place they had before", "lost_service"),
        ],
        "Each family is counted once, however many doors and programs it meets; referred, reached "
        "and cut off: as often as it happens. No visitor: positions with money stood vacant, or "
        "their visitors were still in training; no money: no position was paid any longer. Cut off "
        "is counted up to the fiscal year of the last births, as money is; who is cut off "
        "afterward stands apart, as streams may end with the period that is simulated. Waits "
        "are family-months of waiting divided by the families who joined the queue.",
    )


def _if_any(
    figures: Figures, label: str, measure: str, *, indented: bool = False
) -> list[Line | None]:
    """A line, unless it is of nobody in any scenario."""
    if not any(figures.value(note.name, measure) for note in figures.manifest.scenarios):
        return []
    return [_line(figures, label, measure, indented=indented)]


def _cut_off(figures: Figures, label: str, measure: str, *, brief: bool) -> list[Line | None]:
    """Families cut off for one reason, until the last births and after, unless nobody is."""
    programs = [] if brief else _by_program(figures, measure, if_any=True)
    after = f"{measure}_after_last_births"
    later = _if_any(figures, "after the last births", after, indented=True)
    until = [_line(figures, label, measure)] if later else _if_any(figures, label, measure)
    return [*until, *programs, *later]


def _headed(label: str, lines: list[Line | None], *, heading: bool = False) -> list[Line | None]:
    found = [line for line in lines if line is not None]
    if not found:
        return []
    return [Line(label, tuple("" for _ in found[0].cells), heading=heading), *found]


_PAID = {
    "spent_on:salaries": "on salaries",
    "spent_on:hires": "on hiring",
    "spent_on:supervision": "on supervisors",
}


def _money(figures: Figures, *, brief: bool = False) -> Section:
    year = figures.manifest.price_year
    paid = [
        line
        for measure, label in _PAID.items()
        for line in _if_any(figures, label, measure, indented=True)
    ]
    return _section(
        figures,
        "What it costs",
        [
            _line(figures, "Spent", "spent"),
            *_by_program(figures, "spent"),
            *_headed("Of it", paid),
            _line(figures, "Received and not spent", "unspent"),
            _vacant(figures),
            _line(figures, "Spent after the last births", "spent_after_last_births"),
            _line(figures, "Spent per enrollment", "spent_per_enrollment"),
            *([] if brief else _by_program(figures, "spent_per_enrollment")),
        ],
        f"Undiscounted, in prices of {year}, up to the fiscal year of the last births. What is "
        "paid afterward, while the last families are followed, is shown apart: in truth it serves "
        "families born later. “Spent per enrollment” divides what is spent up to then by the "
        "enrollments up to then, a family in two programs twice: it serves to compare scenarios "
        "over the same years, and is not the full cost of a family, whose later visits are paid "
        "out of “Spent after the last births”. "
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
    judged = {measure.name for measure in figures.judged}
    others = [measure for measure in figures.manifest.measures if measure.name not in judged]
    groups = figures.groups | ({_UNJUDGED: others} if others else {})
    return _section(
        figures,
        "What happens to families",
        _grouped(groups, lambda measure: _happens(figures, measure)),
    )


_UNJUDGED = "Neither better nor worse by themselves"


def _happens(figures: Figures, measure: Measure) -> list[Line | None]:
    return [
        _line(figures, measure.title, f"events:{measure.name}"),
        _line(figures, "months in that state", f"months:{measure.name}", indented=True),
    ]


def _grouped(
    groups: Mapping[str, Sequence[Measure]], lines: Callable[[Measure], list[Line | None]]
) -> list[Line | None]:
    """Lines of each measure, under headings if there are several."""
    found: list[Line | None] = []
    for heading, measures in groups.items():
        own = [line for measure in measures for line in lines(measure)]
        found += _headed(heading, own, heading=True) if len(groups) > 1 else own
    return found


def _benefits(figures: Figures, *, brief: bool = False) -> Section:
    gained = any(measure.desirable for measure in figures.judged)
    told = _told_in_brief if brief else _told
    return _section(
        figures,
        f"What it prevents{' and gains' * gained}{', percent of the baseline' * brief}",
        _grouped(figures.groups, lambda measure: told(figures, measure)),
        "Baseline minus scenario, the same families with the same luck"
        + ("; of what is desirable (“more”), scenario minus baseline" if gained else "")
        + ": the value under the central effect sizes and, in parentheses, the least and the most "
        "that the effect sets (low, central, high) give. A minus means "
        + ("worse: more of what is to be prevented, fewer of" if gained else "more, not less.")
        + (" what is desirable." if gained else "")
        + " Rows “if no effect”: what agencies would record more or less of because visitors "
        "report; seen, not caused."
        + _left_out(figures)
        + _unidentified(figures)
        + _siblings(figures)
        + figures.not_shared(),
        compared=True,
    )


def _told(figures: Figures, measure: Measure) -> list[Line | None]:
    """A measure in counts, in percent, and without effects where that makes a difference."""
    unaided = benefit_row(measure, "if_no_effect")
    months = benefit_row(measure, "months")
    return [
        _line(figures, _named(measure), benefit_row(measure)),
        _line(figures, "of the baseline's", benefit_row(measure, "percent"), indented=True),
        *_if_any(figures, "if no effect", unaided, indented=True),
        _line(figures, "months in that state", months, indented=True),
    ]


def _told_in_brief(figures: Figures, measure: Measure) -> list[Line | None]:
    unaided = benefit_row(measure, "if_no_effect_percent")
    return [
        _line(figures, _named(measure), benefit_row(measure, "percent")),
        *_if_any(figures, "if no effect", unaided, indented=True),
    ]


def _named(measure: Measure) -> str:
    """A measure in a table of what is prevented, where fewer go without saying."""
    return f"{measure.title}: more" if measure.desirable else measure.title


def _siblings(figures: Figures) -> str:
    """That births differ, where they do."""
    births = {round(figures.value(note.name, "births")) for note in figures.manifest.scenarios}
    if len(births) < 2:
        return ""
    return (
        " Births differ, as mothers who are visited may have a next child sooner or later: what "
        "happens to siblings born in one scenario alone counts there alone."
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
    hidden = [measure.label for measure in figures.judged if measure.kind == "harm"]
    if not hidden:
        return ""
    return (
        f" {listed(hidden)}: only a part is ever reported, so that no data fix the number; read "
        "the percentages, not the counts."
    )


def _chance(figures: Figures, groups: Mapping[str, Sequence[Measure]]) -> Section:
    return _section(
        figures,
        "Chance only" + (f": {next(iter(groups))}" if len(groups) < len(figures.groups) else ""),
        _grouped(groups, lambda measure: [_by_chance(figures, measure)]),
        "Prevented, or gained, under the central effect sizes, with the 95% interval of chance "
        "alone: how far the number would move among places alike in everything but luck. It says "
        "nothing about how well the effects are known." + _left_out(figures),
        compared=True,
    )


def _by_chance(figures: Figures, measure: Measure) -> Line | None:
    """A line of chance; words where there is no interval to be had."""
    line = _line(figures, _named(measure), benefit_row(measure), chance=True)
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
