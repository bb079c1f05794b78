"""What the pictures of the system find, in a sentence or two each: their titles.

Each function gives candidates from the fullest to the shortest; a picture takes the first that
fits above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hvsim.months import fiscal_year_label
from hvsim.reporting.figures import Figures
from hvsim.reporting.shares import visible
from hvsim.reporting.words import amount, count, listed, percent, quoted, span
from hvsim.runs import ScenarioNote

_LONGEST = 44
_NEARLY_FULL = 85
_MUCH_EMPTY = 60
_MOSTLY = 90
CLIFF = 20.0
"""Percent of families in service whose loss from one year to the next is a finding."""
_RECEIVED = " of the money received"


def short(title: str, longest: int = _LONGEST) -> str:
    """A scenario's title, cut if no headline could hold it."""
    return title if len(title) <= longest else f"{title[: longest - 1].rstrip()}…"


def called(note: ScenarioNote) -> str:
    """A scenario inside a sentence."""
    return quoted(short(note.title))


def named(notes: Sequence[ScenarioNote]) -> str:
    """Scenarios in a row."""
    return listed([called(note) for note in notes])


def between(values: Sequence[float]) -> str:
    """Least to most, once if they read alike; dollars and counts have their own."""
    low, high = percent(min(values)), percent(max(values))
    return low if low == high else span(low, high)


# The way through the system


def screens(figures: Figures, shares: Mapping[str, float]) -> list[str]:
    """Who screens most.

    Parameters
    ----------
    figures
        The numbers.
    shares
        Percent of births screened, by scenario.
    """
    notes = [note for note in figures.manifest.scenarios if note.name in shares]
    if not any(shares.values()):
        return ["No family is screened."]
    texts = {percent(share) for share in shares.values()}
    if len(notes) == 1:
        return [f"{texts.pop()} of births are screened."]
    if len(texts) == 1:
        return [f"{texts.pop()} of births are screened in every scenario."]
    top, most, reference = _top(figures, notes, shares)
    one = "screens" if len(top) == 1 else "screen"
    against = f"{percent(shares[reference.name])} under {called(reference)}"
    return [
        f"{named(top)} {one} the most births: {most}, against {against}.",
        f"{len(top)} of {len(notes)} scenarios screen the most births: {most}, against {against}.",
        f"Scenarios screen {between(list(shares.values()))} of births.",
    ]


def _top(
    figures: Figures, notes: Sequence[ScenarioNote], shares: Mapping[str, float]
) -> tuple[list[ScenarioNote], str, ScenarioNote]:
    """Those with the most, how much, and whom to hold against them: the baseline or the least."""
    most = percent(max(shares.values()))
    top = [note for note in notes if percent(shares[note.name]) == most]
    base = figures.baseline
    if base is None or base.name not in shares or base in top:
        return top, most, min(notes, key=lambda note: shares[note.name])
    return top, most, base


def way(
    figures: Figures, track: str, found: Mapping[str, Mapping[str, float]], waits: Mapping[str, str]
) -> list[str]:
    """How many accepted offers lead to a place, and why others do not.

    Parameters
    ----------
    figures
        The numbers.
    track
        A track of programs.
    found
        Transitions of its programs by scenario.
    waits
        In words, the transitions of families who accept and never get a place.
    """
    notes = [note for note in figures.manifest.scenarios if note.name in found]
    if not any(counts["offered"] for counts in found.values()):
        return [f"No family is offered a place in {track} programs."]
    rates = {
        name: min(100.0, 100 * counts["enrolled"] / counts["waitlisted"])
        for name, counts in found.items()
        if counts["waitlisted"]
    }
    notes = [note for note in notes if note.name in rates]
    if not rates:
        return [f"No offer of {track} visits is accepted."]
    low, high = (extreme(notes, key=lambda note: rates[note.name]) for extreme in (min, max))
    low_rate = rates[low.name]
    ends = between([low_rate, rates[high.name]])
    if len(notes) == 1:
        lead = f"{ends} of accepted offers of {track} visits lead to a place."
    elif percent(low_rate) == percent(rates[high.name]):
        lead = f"{ends} of accepted offers of {track} visits lead to a place in every scenario."
    else:
        lead = (
            f"Of accepted offers of {track} visits, {percent(low_rate)} lead to a place "
            f"under {called(low)}, {percent(rates[high.name])} under {called(high)}."
        )
    reason = _why(found[notes[0].name], waits) if len(notes) == 1 and low_rate < _MOSTLY else ""
    full = [f"{lead} {reason}"] if reason else []
    return [*full, lead, f"{ends} of accepted {track} offers lead to a place."]


def _why(counts: Mapping[str, float], waits: Mapping[str, str]) -> str:
    """What keeps most of those who accept from a place, if one thing does."""
    lost = {why: counts[step] for step, why in waits.items()}
    most = max(lost, key=lambda why: lost[why])
    if lost[most] <= sum(lost.values()) / 2:
        return ""
    return f"Most others miss out because {most}."


# Years, places and money


@dataclass(frozen=True)
class Fall:
    """Families in service in one fiscal year, and fewer in the next, `year`."""

    year: int
    before: float
    after: float

    @property
    def share(self) -> float:
        """Percent lost."""
        return 100 * (self.before - self.after) / self.before


def steepest(figures: Figures, rows: Mapping[int, Mapping[str, float]]) -> Fall | None:
    """The steepest fall in service from one full fiscal year to the next while children are born.

    Parameters
    ----------
    figures
        The numbers.
    rows
        What is told of each fiscal year.
    """
    partial = figures.partial_years
    falls = [
        Fall(year, rows[year - 1]["year_in_service"], row["year_in_service"])
        for year, row in rows.items()
        if year <= figures.through() and year - 1 in rows and not {year, year - 1} & set(partial)
    ]
    falls = [fall for fall in falls if fall.after < fall.before]
    return max(falls, key=lambda fall: fall.share, default=None)


def years(figures: Figures, found: Mapping[str, Mapping[int, Mapping[str, float]]]) -> list[str]:
    """Where service falls most from one year to the next, and whom that cuts off."""
    notes = [note for note in figures.manifest.scenarios if note.name in found]
    falls = {note.name: steepest(figures, found[note.name]) for note in notes}
    worst = max(notes, key=lambda note: _lost(falls[note.name]))
    fall = falls[worst.name]
    if fall is None or fall.share < CLIFF:
        lead = "Families in service never fall from one year to the next"
        if visible(_lost(fall)):
            lead = f"Families in service fall by at most {percent(_lost(fall))} in a year"
        most = _most_cut_off(figures, found, notes)
        return [f"{lead}{most}.", f"{lead}."]
    year = fiscal_year_label(fall.year, figures.manifest.fiscal_year_starts)
    lead = (
        f"{called(worst)} falls from {count(fall.before)} families in service to "
        f"{count(fall.after)} in {year}"
    )
    cut = sum(found[worst.name][y]["year_withdrawn"] for y in (fall.year - 1, fall.year))
    bare = f"Families in service fall by {percent(fall.share)} in {year}."
    if not round(cut):
        return [f"{lead}; nobody is cut off.", f"{lead}.", bare]
    return [f"{lead}; {count(cut)} are cut off within two years.", f"{lead}.", bare]


def _most_cut_off(
    figures: Figures,
    found: Mapping[str, Mapping[int, Mapping[str, float]]],
    notes: Sequence[ScenarioNote],
) -> str:
    """Where and when most families are cut off while children are born; empty if nowhere."""
    cuts = [
        (row["year_withdrawn"], year, note)
        for note in notes
        for year, row in found[note.name].items()
        if year <= figures.through()
    ]
    most, year, note = max(cuts, key=lambda cut: cut[0], default=(0.0, 0, notes[0]))
    if not round(most):
        return ", and nobody is cut off"
    label = fiscal_year_label(year, figures.manifest.fiscal_year_starts)
    where = f"; {called(note)} cuts off {count(most)} in {label}"
    return f"{where}, the most of any" if len(notes) > 1 else where


def _lost(fall: Fall | None) -> float:
    return 0.0 if fall is None else fall.share


def capacity(
    figures: Figures, label: str, full: Mapping[str, float], queues: Mapping[str, float]
) -> list[str]:
    """How full a program is while families are born, and where most wait.

    Parameters
    ----------
    figures
        The numbers.
    label
        The program's.
    full
        Percent of places in use, by scenario.
    queues
        The longest queue, by scenario.
    """
    notes = [note for note in figures.manifest.scenarios if note.name in full]
    if not notes:
        return [f"{label} has no places."]
    low, high, ends = min(full.values()), max(full.values()), between(list(full.values()))
    everywhere = " in every scenario" if len(notes) > 1 else ""
    if low >= _NEARLY_FULL:
        bare = f"Places in {label} are nearly full{everywhere}"
        lead = f"{bare} ({ends})"
    elif high < _MUCH_EMPTY:
        bare = f"Many places in {label} stay empty{everywhere}"
        lead = f"{bare} ({ends} in use)"
    else:
        bare = lead = f"Places in {label} are {ends} full"
    longest = max(notes, key=lambda note: queues[note.name])
    families = count(queues[longest.name])
    if not float(families.replace(",", "")):
        return [f"{lead}; nobody waits.", f"{lead}."]
    if len(notes) == 1:
        return [f"{lead}; up to {families} families wait at a time.", f"{lead}."]
    return [
        f"{lead}; up to {families} families wait under {called(longest)}.",
        f"{bare}; up to {families} families wait under {called(longest)}.",
        f"{lead}; up to {families} families wait.",
        f"{lead}.",
    ]


def money(figures: Figures) -> list[str]:
    """What strategies spend beyond the baseline, and what stays unspent."""
    notes, base = figures.visiting, figures.baseline
    if not notes:
        return ["No money is spent."]
    year = fiscal_year_label(figures.through(), figures.manifest.fiscal_year_starts)
    shares = [unspent_share(figures, note.name) for note in notes]
    rest = f"{between(shares)}{_RECEIVED} stays unspent"
    if not any(map(visible, shares)):
        rest = "all money received is spent"
    strategies = figures.strategies
    if base is None or not strategies:
        spent = amount(figures.value(notes[0].name, "spent"))
        lead = f"{called(notes[0])} spends {spent} through {year}"
        return [f"{lead}; {rest}.", f"{lead}; {rest.replace(_RECEIVED, '')}.", f"{lead}."]
    before = figures.value(base.name, "spent")
    extra = {note.name: figures.value(note.name, "spent") - before for note in strategies}
    who = "Each strategy" if len(strategies) > 1 else called(strategies[0])
    low, high = min(extra.values()), max(extra.values())
    if amount(low) == amount(high) and not round(low):
        lead = f"{who} spends as much as {called(base)}: {amount(before)} through {year}"
    elif low >= 0 or high <= 0:
        least, most = sorted((abs(low), abs(high)))
        lead = (
            f"{who} spends {_dollars_between(least, most)} {'more' if high > 0 else 'less'} than "
            f"{called(base)} through {year}"
        )
    else:
        saver, spender = (
            extreme(strategies, key=lambda note: extra[note.name]) for extreme in (min, max)
        )
        lead = (
            f"Against {called(base)}, {called(spender)} spends {amount(high)} more, "
            f"{called(saver)} {amount(-low)} less through {year}"
        )
    return [f"{lead}; {rest}.", f"{lead}; {rest.replace(_RECEIVED, '')}.", f"{lead}."]


def _dollars_between(low: float, high: float) -> str:
    """Two amounts, once if they read alike, the unit once if they share it."""
    first, last = amount(low), amount(high)
    if first == last:
        return first
    number, _, unit = first.partition(" ")
    return span(number, last) if unit and last.endswith(f" {unit}") else span(first, last)


def unspent_share(figures: Figures, scenario: str) -> float:
    """Percent of the money received until the year of the last births that is not spent."""
    unspent = figures.value(scenario, "unspent")
    received = unspent + figures.value(scenario, "spent")
    return 100 * unspent / received if received else 0.0
