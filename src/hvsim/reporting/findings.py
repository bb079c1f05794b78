"""What the pictures find, in a sentence or two each: their titles.

Each function gives candidates from the fullest to the shortest; a picture takes the first that
fits above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hvsim.months import fiscal_year_label
from hvsim.reporting.figures import Figures
from hvsim.reporting.shares import Share, visible
from hvsim.reporting.words import count, dollars, listed, percent, quoted, span
from hvsim.runs import Measure, ScenarioNote

_LONGEST = 44
_NEARLY_FULL = 85
_MUCH_EMPTY = 60
_MOSTLY = 90
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


def things(measure: Measure) -> str:
    """What is counted: ``episodes of harm``, ``placements``, ``onsets of depression``."""
    label = measure.label[:1].lower() + measure.label[1:]
    if measure.label[1:2].isupper():
        label = measure.label
    if measure.kind == "state":
        return label if measure.unit in label.lower() else f"{measure.unit} of {label}"
    return measure.unit if measure.kind in ("report", "stage") else label


def amount(share: Share, measure: Measure) -> str:
    """A result in percent, with its range: ``1.1% of episodes (-0.2% to 1.5%)``."""
    value, _, between = share.said().partition(" ")
    return f"{value} of {_counts(measure)} {between}".strip()


def _counts(measure: Measure) -> str:
    return f"{measure.unit} of harm" if measure.kind == "harm" else things(measure)


def _noun(measure: Measure) -> str:
    return "harm" if measure.kind == "harm" else things(measure)


# What is prevented


def harms(figures: Figures) -> list[str]:
    """Which strategy prevents most, and whether any is sure to."""
    measure = figures.main
    if measure is None:
        return ["Nothing is prevented, and nothing added: no outcome differs from the baseline's."]
    if not figures.strategies:
        return _by_today(figures, figures.yardsticks[0], measure)
    found = [(note, figures.share(note, measure)) for note in figures.strategies]
    found.sort(key=lambda pair: -pair[1].value)
    best, share = found[0]
    noun = _noun(measure)
    sure = _sureness(found, noun)
    if not visible(share.value) or share.value < 0:
        return _none_helps(found, noun)
    near = [note for note, own in found if alike(share, own)]
    if len(found) == 1:
        lead = f"{called(best)} prevents {amount(share, measure)}."
        bare = f"{called(best)} prevents {percent(share.value)} of {things(measure)}."
    elif len(near) == 1:
        lead = f"{called(best)} prevents the most {noun}: {amount(share, measure)}."
        bare = f"{called(best)} prevents the most {noun}: {percent(share.value)}."
    else:
        between = _between([own.value for note, own in found if note in near])
        who = named(near) if len(near) == 2 else f"{len(near)} of {len(found)} strategies"
        if len(near) == len(found) > 2:
            who = f"All {len(near)} strategies"
        lead = f"{who} prevent about equally much {noun}: {between} of {_counts(measure)}."
        bare = f"{len(near)} strategies prevent about equally much {noun}: {between}."
    return _candidates(lead, sure, bare)


def alike(best: Share, own: Share) -> bool:
    """Whether a result is no different from the best but for rounding and chance."""
    if own.value <= 0:
        return False
    return percent(own.value) == percent(best.value) or own.value >= best.value - best.chance


def _between(values: Sequence[float]) -> str:
    """Least to most, once if they read alike; dollars and counts have their own."""
    low, high = percent(min(values)), percent(max(values))
    return low if low == high else span(low, high)


def _candidates(lead: str, more: str, bare: str) -> list[str]:
    """With and without the second sentence, then the shortest."""
    full = [f"{lead} {more}"] if more else []
    return [*full, *([f"{bare} {more}"] if more else []), lead, bare]


def _sureness(found: Sequence[tuple[ScenarioNote, Share]], noun: str) -> str:
    """How many reduce the measure under whichever effects were tried."""
    if any(own.low is None for _, own in found):
        return ""
    sure = [note for note, own in found if own.least > 0 and visible(own.least)]
    if len(found) == 1:
        least = found[0][1].least
        if sure:
            return "It helps under all effects tried."
        return f"It could also add {noun}." if visible(least) else "It may prevent none."
    if not sure:
        return f"No strategy is sure to reduce {noun}."
    if len(sure) == len(found):
        return "All help under all effects tried."
    if len(sure) == 1:
        return f"Only {called(sure[0])} helps under all effects tried."
    return f"{len(sure)} of {len(found)} help under all effects tried."


def _none_helps(found: Sequence[tuple[ScenarioNote, Share]], noun: str) -> list[str]:
    """No strategy prevents anything under central effects."""
    worst, harm = found[-1]
    who = "no strategy prevents" if len(found) > 1 else f"{called(worst)} does not prevent"
    lead = f"At central effects {who} {noun}."
    adds = ""
    if harm.value < 0 and visible(harm.value):
        adds = f"{called(worst)} adds {percent(-harm.value)}."
    elif all(own.low is not None for _, own in found):
        low = min(own.least for _, own in found)
        high = max(own.most for _, own in found)
        adds = f"Results range from {percent(low)} to {percent(high)}."
    return _candidates(lead, adds, lead)


def _by_today(figures: Figures, yardstick: ScenarioNote, measure: Measure) -> list[str]:
    """What the baseline prevents against a scenario without programs."""
    share, base = figures.share(yardstick, measure), figures.baseline
    assert base is not None
    today = called(base)
    if not visible(share.value) or share.value < 0:
        return [f"At central effects {today} prevents no {_noun(measure)}."]
    lead = f"{today} prevents {amount(share, measure)}."
    return _candidates(lead, _sureness([(base, share)], _noun(measure)), lead)


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
        f"Scenarios screen {_between(list(shares.values()))} of births.",
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
    between = _between([low_rate, rates[high.name]])
    if len(notes) == 1:
        lead = f"{between} of accepted offers of {track} visits lead to a place."
    elif percent(low_rate) == percent(rates[high.name]):
        lead = f"{between} of accepted offers of {track} visits lead to a place in every scenario."
    else:
        lead = (
            f"Of accepted offers of {track} visits, {percent(low_rate)} lead to a place "
            f"under {called(low)}, {percent(rates[high.name])} under {called(high)}."
        )
    reason = _why(found[notes[0].name], waits) if len(notes) == 1 and low_rate < _MOSTLY else ""
    full = [f"{lead} {reason}"] if reason else []
    return [*full, lead, f"{between} of accepted {track} offers lead to a place."]


def _why(counts: Mapping[str, float], waits: Mapping[str, str]) -> str:
    """What keeps most of those who accept from a place, if one thing does."""
    lost = {why: counts[step] for step, why in waits.items()}
    most = max(lost, key=lambda why: lost[why])
    if lost[most] <= sum(lost.values()) / 2:
        return ""
    return f"Most others miss out because {most}."


# Places and money


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
    low, high, between = min(full.values()), max(full.values()), _between(list(full.values()))
    everywhere = " in every scenario" if len(notes) > 1 else ""
    if low >= _NEARLY_FULL:
        bare = f"Places in {label} are nearly full{everywhere}"
        lead = f"{bare} ({between})"
    elif high < _MUCH_EMPTY:
        bare = f"Many places in {label} stay empty{everywhere}"
        lead = f"{bare} ({between} in use)"
    else:
        bare = lead = f"Places in {label} are {between} full"
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
    rest = f"{_between(shares)}{_RECEIVED} stays unspent"
    if not any(map(visible, shares)):
        rest = "all money received is spent"
    strategies = figures.strategies
    if base is None or not strategies:
        spent = dollars(figures.value(notes[0].name, "spent"))
        lead = f"{called(notes[0])} spends {spent} through {year}"
        return [f"{lead}; {rest}.", f"{lead}; {rest.replace(_RECEIVED, '')}.", f"{lead}."]
    before = figures.value(base.name, "spent")
    extra = {note.name: figures.value(note.name, "spent") - before for note in strategies}
    who = "Each strategy" if len(strategies) > 1 else called(strategies[0])
    low, high = min(extra.values()), max(extra.values())
    if dollars(low) == dollars(high) and not round(low):
        lead = f"{who} spends as much as {called(base)}: {dollars(before)} through {year}"
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
            f"Against {called(base)}, {called(spender)} spends {dollars(high)} more, "
            f"{called(saver)} {dollars(-low)} less through {year}"
        )
    return [f"{lead}; {rest}.", f"{lead}; {rest.replace(_RECEIVED, '')}.", f"{lead}."]


def _dollars_between(low: float, high: float) -> str:
    """Two amounts, once if they read alike, the unit once if they share it."""
    first, last = dollars(low), dollars(high)
    if first == last:
        return first
    number, _, unit = first.partition(" ")
    return span(number, last) if unit and last.endswith(f" {unit}") else span(first, last)


def unspent_share(figures: Figures, scenario: str) -> float:
    """Percent of the money received until the year of the last births that is not spent."""
    unspent = figures.value(scenario, "unspent")
    received = unspent + figures.value(scenario, "spent")
    return 100 * unspent / received if received else 0.0
