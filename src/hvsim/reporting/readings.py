"""One-sentence readings of each scenario, composed from the numbers."""

from __future__ import annotations

from hvsim.reporting.figures import Figures, said
from hvsim.reporting.words import count, dollars, listed, percent
from hvsim.runs import Measure, ScenarioNote
from hvsim.runs.summary import Row

_NAMED = 3


def reading(figures: Figures, note: ScenarioNote) -> dict[str, str]:
    """What a scenario does, a sentence each on whom it serves, what it costs, what it prevents."""
    enrolled, spent, visits = (
        figures.value(note.name, measure) for measure in ("enrolled", "spent", "visits")
    )
    baseline = figures.manifest.baseline
    if baseline in (None, note.name):
        return {
            "Reaches": f"It enrolls {count(enrolled)} families and makes {count(visits)} visits.",
            "Costs": f"It spends {dollars(spent)}.",
        }
    before = figures.manifest.scenario(str(baseline))
    more = enrolled - figures.value(before.name, "enrolled")
    extra = spent - figures.value(before.name, "spent")
    sentences = {
        "Reaches": f"It enrolls {count(enrolled)} families, {count(abs(more))} "
        f"{'more' if more >= 0 else 'fewer'} than {before.title}.",
        "Costs": f"It spends {dollars(spent)}, {_against(extra)}.",
        "Prevents": _prevents(figures, note),
        "If the programs have no effect": _without_effect(figures, note),
    }
    return {label: sentence for label, sentence in sentences.items() if sentence}


def _against(extra: float) -> str:
    return f"{dollars(abs(extra))} {'more' if extra >= 0 else 'less'}"


def _prevents(figures: Figures, note: ScenarioNote) -> str:
    """The measures that it moves most."""
    parts = []
    for measure in figures.foremost(note.name, _NAMED):
        share = said(figures.row(note.name, f"prevented_percent:{measure.name}"))
        counted = said(figures.row(note.name, f"prevented:{measure.name}"))
        # Only the share of hidden harm can be known.
        amount = share if measure.kind == "harm" else f"{counted}, {share}"
        parts.append(f"{_lower(measure.title)}: {amount}")
    if not parts:
        return "At the central effect sizes it prevents nothing."
    return (
        f"At the central effect sizes (low to high), and in percent of the baseline's: "
        f"{'; '.join(parts)}."
    )


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _without_effect(figures: Figures, note: ScenarioNote) -> str:
    """What remains if the programs do nothing: seeing more, and what that entails."""
    measured = [
        (measure, row)
        for measure in figures.adverse
        if (row := figures.row(note.name, f"prevented_if_no_effect:{measure.name}")) is not None
    ]
    changed = [(measure, row) for measure, row in measured if row.value]
    if not measured:
        return ""
    if not changed:
        return "Nothing is prevented."
    what = listed([_change(measure, row) for measure, row in changed[:_NAMED]])
    return f"Nothing is prevented. As visitors see and report more, there are {what}."


def _change(measure: Measure, row: Row) -> str:
    return f"{count(abs(row.value))} {'more' if row.value < 0 else 'fewer'} {measure.unit}"


def certainty(figures: Figures, note: ScenarioNote) -> str:
    """How many measures improve whichever effects are true, and how far chance alone reaches."""
    rows = {m.name: figures.row(note.name, f"prevented:{m.name}") for m in figures.adverse}
    least = {name: row.value if row.low is None else row.low for name, row in rows.items() if row}
    sure = [m.label for m in figures.adverse if least[m.name] > 0]
    worse = [m.label for m in figures.adverse if least[m.name] < 0]
    named = f" ({listed([_lower(label) for label in sure])})" if sure else ""
    return (
        f"{note.title}: of {len(rows)} measures, {len(sure)} improve under low, central and high "
        f"effects alike{named}, and {len(worse)} could turn out worse than under the baseline."
    )


def by_chance(figures: Figures) -> str:
    """How far chance alone moves the largest result."""
    best: tuple[float, ScenarioNote, Measure] | None = None
    for note in figures.others:
        for measure in figures.foremost(note.name, 1):
            size = abs(figures.value(note.name, f"prevented_percent:{measure.name}"))
            if best is None or size > best[0]:
                best = (size, note, measure)
    if best is None:
        return ""
    _, note, measure = best
    row = figures.row(note.name, f"prevented:{measure.name}", chance=True)
    sets = figures.row(note.name, f"prevented:{measure.name}")
    if row is None or row.high is None or sets is None or sets.low is None or sets.high is None:
        return ""
    spread, half = row.high - row.value, (sets.high - sets.low) / 2
    share = abs(figures.value(note.name, f"prevented_percent:{measure.name}") * spread / row.value)
    return (
        f"By chance alone the largest of these results ({note.title}, {_lower(measure.label)}) "
        f"would move by {percent(share)} of the baseline's up or down (95%), "
        f"{'less' if spread < half else 'no less'} than between the effect sets."
    )
