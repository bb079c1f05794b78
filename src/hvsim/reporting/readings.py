"""What the first screen of the page says, composed from the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hvsim.reporting import benefits, findings
from hvsim.reporting.benefits import lower
from hvsim.reporting.drivers import verdict
from hvsim.reporting.figures import Figures
from hvsim.reporting.findings import called
from hvsim.reporting.payers import pays, saved, saves, shares, valued
from hvsim.reporting.rows import said
from hvsim.reporting.shares import visible
from hvsim.reporting.words import amount, count, listed, percent, quoted, span
from hvsim.runs import Measure, ScenarioNote
from hvsim.runs.rows import Row

_NAMED = 3
_LISTED = 5
"""Outcomes that a sentence lists; it counts the others."""


@dataclass(frozen=True)
class Glance:
    """A line of the table on the first screen.

    Attributes
    ----------
    reach, costs
        Families enrolled, and money against the baseline.
    in_all
        Everything that is spent, where `costs` is only the difference.
    payers
        Who pays which share of it.
    money
        Who pays more and who saves, a line each; empty without dollars or for the baseline.
    sure, drawn
        Whether it is sure to help; and what most draws of parameters give, where there are any.
    better
        What is prevented or gained: percent of the baseline's under the least favorable, the
        central and the most favorable effects, and under none; empty where nothing is compared.
    """

    note: ScenarioNote
    reach: str
    costs: str
    in_all: str
    payers: str
    money: tuple[str, ...]
    better: tuple[str, ...]
    sure: str
    drawn: str


def at_a_glance(figures: Figures) -> list[Glance]:
    """A line per scenario that serves families; of a run without any, of its scenarios."""
    return [_glance(figures, note) for note in figures.visiting or figures.manifest.scenarios]


def _glance(figures: Figures, note: ScenarioNote) -> Glance:
    spent, costs, in_all = figures.value(note.name, "spent"), "", ""
    base = figures.baseline
    if base is None or base == note:
        costs = amount(spent)
    else:
        costs = _against(spent - figures.value(base.name, "spent"))
        in_all = f"{amount(spent)} in all"
    better: tuple[str, ...] = ()
    sure = ""
    if figures.main is not None and note in figures.strategies:
        share = figures.share(note, figures.main)
        sure = verdict(share, desirable=figures.main.desirable)
        ends = (share.low, share.value, share.high, share.unaided)
        better = tuple("not run" if end is None else percent(end) for end in ends)
    paid = figures.payers(note.name)
    payers = ", ".join(
        f"{payer} {percent(100 * own / sum(paid.values()))}" for payer, own in paid.items()
    )
    if valued(figures):
        payers = shares(figures, note)
    reach = count(figures.value(note.name, "enrolled"))
    money, drawn = _moved(figures, note), _in_draws(figures, note) if better else ""
    return Glance(note, reach, costs, in_all, payers, money, better, sure, drawn)


def _in_draws(figures: Figures, note: ScenarioNote) -> str:
    """What most draws of parameters give, where there are any."""
    row = None if figures.main is None else figures.benefit_over_draws(note, figures.main)
    if row is None or row.low is None or row.high is None:
        return ""
    return f"{span(percent(row.low), percent(row.high))} in 95 of 100 draws"


def _moved(figures: Figures, note: ScenarioNote) -> tuple[str, ...]:
    """Who pays more and who saves in public budgets."""
    if not valued(figures) or note not in figures.strategies:
        return ()
    pay, save = pays(figures, note), saves(figures, note)
    return f"Pays more: {pay or 'nobody'}", f"Saves: {save or 'nobody'}"


def _against(extra: float) -> str:
    if not round(extra):
        return "nothing more"
    return f"{amount(abs(extra))} {'more' if extra > 0 else 'less'}"


def answers(figures: Figures) -> list[str]:
    """The findings that answer the question of the page."""
    found = [findings.money(figures)[0]]
    if figures.others:
        found = [benefits.benefits(figures, figures.judged)[0], *found]
        if figures.strategies:
            found += [saved(figures), *(_yardstick(figures, n) for n in figures.yardsticks)]
    return [sentence for sentence in found if sentence]


def _yardstick(figures: Figures, note: ScenarioNote) -> str:
    """What the baseline itself prevents."""
    base, measure = figures.baseline, figures.main
    if base is None or measure is None:
        return ""
    share = figures.share(note, measure)
    does = benefits.does(measure, share)
    if not visible(share.value) or share.value < 0:
        does = f"prevents none of the {benefits.things(measure)} at central effects"
        if measure.desirable:
            does = f"gains nothing in {quoted(measure.label)} at central effects"
    return f"{called(base)} itself, measured against {called(note)}, {does}."


def reading(figures: Figures, note: ScenarioNote) -> dict[str, str | list[str]]:
    """What a scenario does, in a few words each: whom it serves, what it costs and prevents."""
    enrolled, spent, visits = (
        figures.value(note.name, measure) for measure in ("enrolled", "spent", "visits")
    )
    base = figures.baseline
    if base is None or base == note:
        return {
            "Reaches": f"It enrolls {count(enrolled)} families and makes {count(visits)} visits.",
            "Costs": f"It spends {amount(spent)}.",
        }
    if note in figures.yardsticks:
        told: dict[str, str | list[str]] = {
            "Yardstick": f"It has no programs. It shows what {called(base)} itself prevents.",
            f"{called(base)} prevents": _moves(figures, note) or ["nothing at central effects"],
            f"{called(base)} gains": _moves(figures, note, desirable=True),
        }
        return {label: sentence for label, sentence in told.items() if sentence}
    more = enrolled - figures.value(base.name, "enrolled")
    sentences: dict[str, str | list[str]] = {
        "Reaches": f"It enrolls {count(enrolled)} families, {count(abs(more))} "
        f"{'more' if more >= 0 else 'fewer'} than {called(base)}. {_exchanged(figures, note)}",
        "Costs": f"It spends {amount(spent)}, "
        f"{_against(spent - figures.value(base.name, 'spent'))}.",
        "Prevents most": _moves(figures, note) or ["nothing at central effects"],
        "Gains most": _moves(figures, note, desirable=True),
        "If the programs have no effect": _without_effect(figures, note),
    }
    return {label: sentence for label, sentence in sentences.items() if sentence}


def _exchanged(figures: Figures, note: ScenarioNote) -> str:
    """Families who gain a place and, often overlooked, those who lose one."""
    gained, lost = (figures.value(note.name, f"{what}_service") for what in ("gained", "lost"))
    if not lost:
        return ""
    return f"{count(gained)} gain a place that they lacked; {count(lost)} lose one."


def _moves(figures: Figures, note: ScenarioNote, *, desirable: bool = False) -> list[str]:
    """The measures that it moves most, their central results with what effects may give."""
    parts = []
    for measure in figures.foremost(note, _NAMED, desirable=desirable):
        share = figures.share(note, measure).said()
        if measure.kind == "harm" or note in figures.yardsticks:
            # Only the share of hidden harm can be known.
            parts.append(f"{lower(measure.label)}: {share}")
        else:
            counted = said(figures.benefit(note, measure))
            parts.append(f"{lower(measure.title)}: {counted}, {share}")
    return parts


def _without_effect(figures: Figures, note: ScenarioNote) -> str:
    """What remains if the programs do nothing: seeing more, and what that entails."""
    measured = [
        (measure, row)
        for measure in figures.judged
        if (row := figures.benefit(note, measure, "if_no_effect")) is not None
    ]
    changed = [(measure, row) for measure, row in measured if row.value]
    if not measured:
        return ""
    if not changed:
        return "Nothing is prevented."
    what = listed([_change(measure, row) for measure, row in changed[:_NAMED]])
    if all(row.value > 0 for _, row in changed):
        return (
            "Nothing is prevented. As visitors see fewer families, agencies record "
            f"{what}: unseen, not prevented."
        )
    return (
        "Nothing is prevented. As visitors see and report more, agencies record "
        f"{what}: seen, not caused."
    )


def _change(measure: Measure, row: Row) -> str:
    more = (row.value > 0) == measure.desirable
    return f"{count(abs(row.value))} {'more' if more else 'fewer'} {measure.unit}"


def certainties(figures: Figures) -> list[str]:
    """What holds whichever effects are true, what chance does, and what else to keep in mind."""
    found = [
        _by_draws(figures),
        *_by_effects(figures),
        reporting(figures),
        by_chance(figures),
        alike(figures),
        _budget(figures),
    ]
    return [sentence for sentence in found if sentence]


def _by_draws(figures: Figures) -> str:
    """What strategies do when all that has a range is varied together."""
    measure, drawn = figures.main, figures.manifest.parameter_draws
    if measure is None or drawn is None:
        return ""
    parts = [
        f"{called(note)} {percent(row.value)} ({span(percent(row.low), percent(row.high))})"
        for note in figures.strategies
        if (row := figures.benefit_over_draws(note, measure)) is not None
        and row.low is not None
        and row.high is not None
    ]
    if not parts:
        return ""
    return (
        f"Not only effects are uncertain. In {drawn.count} draws of all that has a range, 95 in "
        f"100 lie in parentheses: {lower(measure.label)}, {measure.benefit}: {listed(parts)}. "
        "Effects at their worst, or best, all at once, as in the ranges above, are rare in draws."
    )


def _by_effects(figures: Figures) -> list[str]:
    """Of each strategy, the outcomes that improve whichever effects are true; once if all alike."""
    base = figures.baseline
    if base is None or not figures.judged:
        return []
    told = {called(note): _judged(figures, note, base) for note in figures.strategies}
    if len(told) > 1 and len(set(told.values())) == 1:
        return [f"Every strategy: {next(iter(told.values()))}"]
    return [f"{title}: {sentence}" for title, sentence in told.items()]


def _judged(figures: Figures, note: ScenarioNote, base: ScenarioNote) -> str:
    shares = [(m, figures.share(note, m)) for m in figures.judged if figures.benefit(note, m)]
    helping = [own for _, own in shares if own.helps]
    sure = [lower(measure.label) for measure, own in shares if own.helps]
    more = [f"{len(sure) - _LISTED} others"] if len(sure) > _LISTED + 1 else []
    within = sum(own.value <= own.chance for own in helping)
    worse = sum(own.could_harm for _, own in shares)
    of_all = f"of {len(shares)} outcomes"
    helped = (
        f"{len(sure)} {of_all} improve under all effects tried "
        f"({listed([*sure[:_LISTED], *more] if more else sure)})"
        + (f", {within if within < len(sure) else 'all'} of them within chance" if within else "")
        if sure
        else f"none {of_all} improves under all effects tried"
    )
    if not worse:
        return f"{helped}; none turns out worse than under {called(base)}."
    number = f"all {worse}" if worse == len(shares) else str(worse)
    return f"{helped}; {number} could turn out worse than under {called(base)}."


def reporting(figures: Figures) -> str:
    """Why reports may rise while harm falls, where the numbers show it."""
    reports = next((m for m in figures.judged if m.kind == "report"), None)
    if reports is None:
        return ""
    added = [
        -row.value
        for note in figures.strategies
        if (row := figures.benefit(note, reports, "if_no_effect")) is not None
    ]
    if not added or max(added) <= 0:
        return ""
    more = _numbers([value for value in added if value > 0])
    sentence = (
        "Reports can rise while harm falls, because visitors see more and report it: if visits "
        f"had no other effect, there would be {more} more {reports.unit}."
    )
    harm = next((m for m in figures.judged if m.kind == "harm"), None)
    if harm is None or not figures.strategies:
        return sentence
    best = max(figures.strategies, key=lambda note: figures.share(note, harm).value)
    less, seen = (figures.share(best, measure).value for measure in (harm, reports))
    if less <= 0 or seen >= less or not visible(less):
        return sentence
    moved = f"fall by only {percent(seen)}" if seen > 0 else f"rise by {percent(-seen)}"
    if not visible(seen):
        moved = "stay the same"
    return (
        f"{sentence} Under {called(best)}, harm falls by {percent(less)} at central effects, "
        f"while {reports.unit} {moved}."
    )


def _numbers(values: Sequence[float]) -> str:
    low, high = count(min(values)), count(max(values))
    return low if low == high else span(low, high)


def by_chance(figures: Figures) -> str:
    """How far chance alone moves the result of the headline."""
    measure = figures.main
    notes = figures.strategies or figures.yardsticks
    if measure is None or not notes:
        return ""
    note = max(notes, key=lambda note: figures.share(note, measure).value)
    share = figures.share(note, measure)
    if figures.too_few(note, measure):
        if figures.no_effect_assumed(note, measure):
            return ""
        return (
            f"Too few simulated families fare better or worse under {called(note)} to "
            "tell what chance alone does: simulate more families."
        )
    if not share.chance or share.low is None or share.high is None:
        return ""
    half = (share.high - share.low) / 2
    base = figures.baseline
    whose = base if base is not None and note in figures.yardsticks else note
    return (
        "Chance is shown apart. It alone would move the result in the headline "
        f"({called(whose)}, {lower(measure.label)}) by {percent(share.chance)} of the "
        "baseline's number up or down, 95 times in 100: "
        f"{'less' if share.chance < half else 'no less'} than the effects."
    )


def alike(figures: Figures) -> str:
    """Which strategies do not differ from the best by more than chance."""
    measure = figures.main
    if measure is None or len(figures.strategies) < 2:
        return ""
    found = [(note, figures.share(note, measure)) for note in figures.strategies]
    best = max((share for _, share in found), key=lambda share: share.value)
    near = [note for note, own in found if benefits.alike(best, own)]
    if len(near) < 2 or not visible(best.value):
        return ""
    return (
        f"{findings.named(near)} differ by less than chance alone moves a result "
        f"({lower(measure.label)}): the numbers do not tell which of them is better."
    )


def _budget(figures: Figures) -> str:
    base = figures.baseline
    if base is None:
        return ""
    before = figures.value(base.name, "spent")
    if not any(figures.value(note.name, "spent") > before for note in figures.strategies):
        return ""
    return (
        f"Where a strategy spends more than {called(base)}, a part of what it prevents is the "
        "work of the larger budget."
    )
