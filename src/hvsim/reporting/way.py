"""Pictures of the way through the system: who reaches each step, and who is lost where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from hvsim.months import parse_month
from hvsim.reporting import findings, style
from hvsim.reporting.figures import Figures
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.words import count, month_name, percent
from hvsim.simulation.ledger import WITHDRAWN

CONTACTS = {"contacted": "Meet a door", "screened": "Screened", "flagged": "Score high"}
INTAKE = {"referred": "Referred to a hub", "reached": "Reached by the hub"}
"""Steps where doors refer to hubs; a family is counted at each door."""
STEPS = {
    "offered": "Offers made",
    "waitlisted": "Offers accepted",
    "enrolled": "Enrolled",
    "completed": "Completed",
}
_LATER = "withdrawn-later"
"""Those cut off after the last births, for whichever reason: streams may end with the births."""
LOSSES = {
    "declined": "Declined the offer",
    "gave-up": "Gave up waiting",
    "expired": "Waited too long, let go",
    "aged-out": "Child too old for a place",
    "withdrawn-no-visitor": "Cut off: no visitor",
    "withdrawn-no-money": "Cut off: no money",
    _LATER: "Cut off after the last births",
    "dropped-out": "Dropped out",
    "transferred": "Moved to another program",
    "moved": "Moved out of the area",
    "deceased": "The child died",
}
WAITS = {
    "gave-up": "families give up waiting",
    "expired": "they wait too long and are let go",
    "aged-out": "the child gets too old",
}
"""Losses between accepting an offer and having a place, as a title tells them."""

Counts = Mapping[str, Mapping[str, float]]


def draw_way(figures: Figures, folder: Path) -> list[Picture]:
    """One picture of all families up to the screen, one of each track."""
    return [_contacts(figures, folder), *(_track(figures, folder, t) for t in tracks(figures))]


def tracks(figures: Figures) -> list[str]:
    """Tracks of the programs that scenarios run."""
    return list(
        dict.fromkeys(program.track for note in figures.visiting for program in note.programs)
    )


def _contacts(figures: Figures, folder: Path) -> Picture:
    notes = figures.visiting or list(figures.manifest.scenarios)
    steps = CONTACTS | {
        step: label
        for step, label in INTAKE.items()
        if any(figures.value(note.name, step) for note in notes)
    }
    found = {
        note.name: {step: figures.value(note.name, step) for step in ("births", *steps)}
        for note in notes
    }
    shares = {name: _share(counts, "screened", "births") for name, counts in found.items()}
    title = style.fitting(*findings.screens(figures, shares))
    drawing = style.figure(0.6 + len(steps) * (0.12 + 0.16 * len(found)))
    axes = drawing.subplots()
    entries = bars(
        axes,
        found,
        steps,
        figures,
        lambda name, step: (
            f"{count(found[name][step])} ({percent(_share(found[name], step, 'births'))})"
        ),
    )
    axes.set_xlabel("families (percent of births)")
    style.headline(drawing, title, entries if len(entries) > 1 else None)
    style.save(drawing, folder, "way-to-the-screen")
    return Picture(
        "way-to-the-screen",
        title,
        f"Beside {count(max(counts['births'] for counts in found.values()))} births in the period: "
        f"families{' (also of children born before)' if figures.born_before else ''} who meet a "
        "door of the system, are screened, and have a high score."
        + (" Referred and reached: once for each door." if len(steps) > len(CONTACTS) else "")
        + _left_out(figures, found),
        _table(figures, {"births": "Births", **steps}, found),
    )


def _left_out(figures: Figures, found: Counts) -> str:
    """Which scenarios the picture does not show."""
    missing = [note for note in figures.manifest.scenarios if note.name not in found]
    return f" Nothing to show: {findings.named(missing)}." if missing else ""


def _share(counts: Mapping[str, float], part: str, whole: str) -> float:
    return 100 * counts[part] / counts[whole] if counts[whole] else 0.0


def _track(figures: Figures, folder: Path, track: str) -> Picture:
    found = _by_transition(figures, track)
    title = style.fitting(*findings.way(figures, track, found, WAITS))
    losses = {
        step: label for step, label in LOSSES.items() if any(own[step] for own in found.values())
    }
    rows = len(STEPS) + len(losses)
    drawing = style.figure(1.2 + rows * (0.1 + 0.145 * len(found)))
    above, below = drawing.subplots(2, 1, height_ratios=(len(STEPS), max(1, len(losses))))
    entries = bars(above, found, STEPS, figures)
    above.set_title("Who reaches each step")
    bars(below, found, losses, figures)
    below.set_title("Who leaves, and where")
    # One scale: a loss is to be seen against those who came that far.
    below.set_xlim(above.get_xlim())
    below.set_xlabel("families (offers: each one made)")
    style.headline(drawing, title, entries if len(entries) > 1 else None)
    style.save(drawing, folder, f"way-{track}")
    programs = ", ".join(
        dict.fromkeys(
            program.label
            for note in figures.manifest.scenarios
            for program in note.programs
            if program.track == track
        )
    )
    return Picture(
        f"way-{track}",
        title,
        f"Programs of the {track} track: {programs}. A family can be offered a place more than "
        "once; it is enrolled at most once. " + counted_from(figures) + _left_out(figures, found),
        _table(figures, {**STEPS, **LOSSES}, found, counted_from(figures)),
    )


def _by_transition(figures: Figures, track: str) -> dict[str, dict[str, float]]:
    """Transitions of a track's programs, by scenario, averaged over replicates."""
    run, manifest = figures.run, figures.manifest
    frame = run.funnel[
        (run.funnel["dimension"] == "all") & (run.funnel["draw"] == manifest.draws[0].draw)
    ]
    found = {}
    for note in figures.visiting:
        if not any(program.track == track for program in note.programs):
            continue
        programs = [program.name for program in note.programs if program.track == track]
        own = frame[(frame["scenario"] == note.name) & frame["program"].isin(programs)]
        later = own["transition"].isin(WITHDRAWN) & (own["year"] > manifest.last_births)
        steps = own["transition"].mask(later, _LATER)
        sums = own["families"].groupby(steps).sum() / len(manifest.seeds)
        found[note.name] = {step: float(sums.get(step, 0.0)) for step in (*STEPS, *LOSSES)}
    return found


def bars(
    axes: Axes,
    found: Counts,
    steps: Mapping[str, str],
    figures: Figures,
    written: Callable[[str, str], str] | None = None,
) -> dict[str, Any]:
    """Horizontal bars, a group for each step, a bar in it for each scenario; legend entries."""
    paint = scenario_colors(figures)
    height = 0.8 / len(found)
    most = max((counts[step] for counts in found.values() for step in steps), default=0.0)
    entries: dict[str, Any] = {}
    for place, (name, counts) in enumerate(found.items()):
        values = [counts[step] for step in steps]
        where = np.arange(len(steps)) + (place - (len(found) - 1) / 2) * height
        title = findings.short(figures.manifest.scenario(name).title)
        entries[title] = axes.barh(where, values, height * 0.9, color=paint[name])
        for y, step, value in zip(where, steps, values, strict=True):
            text = written(name, step) if written else count(value)
            axes.text(value + 0.008 * most, y, text, va="center", fontsize=7.5)
    axes.set_yticks(np.arange(len(steps)), [style.folded(label, 18) for label in steps.values()])
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, (1.34 if written else 1.18) * most or 1)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    style.thousands(axes)
    return entries


def scenario_colors(figures: Figures) -> dict[str, str]:
    """Color of each scenario, the same in every picture."""
    yardsticks = [note.name for note in figures.yardsticks]
    names = [note.name for note in figures.manifest.scenarios if note.name not in yardsticks]
    return style.colors(names, figures.manifest.baseline) | dict.fromkeys(
        yardsticks, style.BASELINE_COLOR
    )


def counted_from(figures: Figures) -> str:
    """Since when the way is counted, so that nobody expects exits to add up to enrollments."""
    first = month_name(parse_month(figures.manifest.start))
    joined = "; exits include families who joined before" if figures.born_before else ""
    return f"Steps and exits are counted from {first} on{joined}."


def _table(figures: Figures, steps: Mapping[str, str], found: Counts, note: str = "") -> Table:
    titles: Sequence[str] = [figures.manifest.scenario(name).title for name in found]
    return Table(
        ("", *titles),
        tuple(
            (label, *(count(counts[step]) for counts in found.values()))
            for step, label in steps.items()
        ),
        note,
    )
