"""Pictures of the way through the system: who reaches each step, and who is lost where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from hvsim.reporting import style
from hvsim.reporting.figures import Figures
from hvsim.reporting.style import Picture, Table
from hvsim.reporting.words import count, percent

STEPS = {
    "offered": "Offers made",
    "waitlisted": "Offers accepted",
    "enrolled": "Enrolled",
    "completed": "Completed",
}
LOSSES = {
    "declined": "Declined the offer",
    "gave-up": "Gave up waiting",
    "expired": "Waited too long, let go",
    "aged-out": "Child too old for a place",
    "withdrawn": "Withdrawn: no visitor",
    "dropped-out": "Dropped out",
    "transferred": "Moved to another program",
}

Counts = Mapping[str, Mapping[str, float]]


def draw_way(figures: Figures, folder: Path) -> list[Picture]:
    """One picture of all families up to the screen, one of each track."""
    return [_contacts(figures, folder), *(_track(figures, folder, t) for t in tracks(figures))]


def tracks(figures: Figures) -> list[str]:
    """Tracks of all scenarios' programs."""
    return list(
        dict.fromkeys(
            program.track for note in figures.manifest.scenarios for program in note.programs
        )
    )


def _contacts(figures: Figures, folder: Path) -> Picture:
    steps = {
        "births": "Births",
        "contacted": "Contacted",
        "screened": "Screened",
        "flagged": "Screen high",
    }
    found = {
        note.name: {step: figures.value(note.name, step) for step in steps}
        for note in figures.manifest.scenarios
    }
    screened = [
        f"{note.title} {percent(_share(found[note.name], 'screened', 'births'))}"
        for note in figures.manifest.scenarios
    ]
    title = f"Share of births screened: {'; '.join(screened)}"
    drawing = style.figure(1.3 + len(steps) * (0.12 + 0.16 * len(found)))
    axes = drawing.subplots()
    bars(axes, found, steps, figures)
    axes.set_xlabel("families, each counted once")
    _legend(axes, figures)
    style.headline(drawing, title)
    style.save(drawing, folder, "way-to-the-screen")
    return Picture(
        "way-to-the-screen",
        title,
        "Families born in the period who meet a door, are screened, and have a high score.",
        _table(figures, steps, found),
    )


def _share(counts: Mapping[str, float], part: str, whole: str) -> float:
    return 100 * counts[part] / counts[whole] if counts[whole] else 0.0


def _track(figures: Figures, folder: Path, track: str) -> Picture:
    found = _by_transition(figures, track)
    title = _finding(figures, found, track)
    losses = {
        step: label for step, label in LOSSES.items() if any(own[step] for own in found.values())
    }
    rows = len(STEPS) + len(losses)
    drawing = style.figure(1.9 + rows * (0.12 + 0.16 * len(found)))
    above, below = drawing.subplots(2, 1, height_ratios=(len(STEPS), max(1, len(losses))))
    bars(above, found, STEPS, figures)
    above.set_title("Who reaches each step")
    bars(below, found, losses, figures)
    below.set_title("Who leaves the way, and where")
    # One scale: a loss is to be seen against those who came that far.
    below.set_xlim(above.get_xlim())
    below.set_xlabel("families (offers: each one made)")
    _legend(above, figures)
    style.headline(drawing, title)
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
        "once; it is enrolled at most once.",
        _table(figures, {**STEPS, **LOSSES}, found),
    )


def _by_transition(figures: Figures, track: str) -> dict[str, dict[str, float]]:
    """Transitions of a track's programs, by scenario, averaged over replicates."""
    run, manifest = figures.run, figures.manifest
    frame = run.funnel[
        (run.funnel["dimension"] == "all") & (run.funnel["draw"] == manifest.draws[0].draw)
    ]
    found = {}
    for note in manifest.scenarios:
        programs = [program.name for program in note.programs if program.track == track]
        own = frame[(frame["scenario"] == note.name) & frame["program"].isin(programs)]
        sums = own.groupby("transition")["families"].sum() / len(manifest.seeds)
        found[note.name] = {step: float(sums.get(step, 0.0)) for step in (*STEPS, *LOSSES)}
    return found


def _finding(figures: Figures, found: Counts, track: str) -> str:
    """Enrollment against the baseline."""
    baseline = figures.manifest.baseline
    parts = []
    for note in figures.manifest.scenarios:
        enrolled = found[note.name]["enrolled"]
        against = ""
        if baseline not in (None, note.name):
            more = enrolled - found[str(baseline)]["enrolled"]
            against = f" ({count(abs(more))} {'more' if more > 0 else 'fewer'})" if more else ""
        parts.append(f"{note.title} {count(enrolled)}{against}")
    return f"Families enrolled, {track} track: {'; '.join(parts)}"


def bars(axes: Axes, found: Counts, steps: Mapping[str, str], figures: Figures) -> None:
    """Horizontal bars, a group for each step, a bar in it for each scenario."""
    names = list(found)
    paint = style.colors(names, figures.manifest.baseline)
    height = 0.8 / len(names)
    most = max((found[name][step] for name in names for step in steps), default=0.0)
    for place, name in enumerate(names):
        values = [found[name][step] for step in steps]
        where = np.arange(len(steps)) + (place - (len(names) - 1) / 2) * height
        axes.barh(where, values, height * 0.9, color=paint[name], label=_title(figures, name))
        for y, value in zip(where, values, strict=True):
            axes.text(value + 0.008 * most, y, count(value), va="center", fontsize=7.5)
    axes.set_yticks(np.arange(len(steps)), [style.folded(label) for label in steps.values()])
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, 1.14 * most or 1)
    style.thousands(axes)


def _title(figures: Figures, name: str) -> str:
    return figures.manifest.scenario(name).title


def _legend(axes: Axes, figures: Figures) -> None:
    if len(figures.manifest.scenarios) > 1:
        legend = axes.legend(loc="lower right")
        for text in legend.get_texts():
            text.set_parse_math(False)


def _table(figures: Figures, steps: Mapping[str, str], found: Counts) -> Table:
    titles: Sequence[str] = [note.title for note in figures.manifest.scenarios]
    return Table(
        ("", *titles),
        tuple(
            (label, *(count(counts[step]) for counts in found.values()))
            for step, label in steps.items()
        ),
    )
