"""What strategies prevent and what they gain, in a sentence or two: titles and answers.

Each list of titles goes from the fullest to the shortest; a picture takes the first that fits.
"""

from __future__ import annotations

from collections.abc import Sequence

from hvsim.reporting.figures import Figures
from hvsim.reporting.findings import between, called, named
from hvsim.reporting.shares import Share, visible
from hvsim.reporting.words import percent, quoted
from hvsim.runs import Measure, ScenarioNote


def things(measure: Measure) -> str:
    """What is counted: ``episodes of harm``, ``placements``, ``onsets of depression``."""
    label = lower(measure.label)
    if measure.kind == "state":
        return label if measure.unit in label.lower() else f"{measure.unit} of {label}"
    return measure.unit if measure.kind in ("report", "stage") else label


def lower(label: str) -> str:
    """A label inside a sentence; one that begins with an abbreviation stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def amount(share: Share, measure: Measure) -> str:
    """A result in percent, with its range: ``1.1% of episodes (-0.2% to 1.5%)``."""
    value, _, ends = share.said().partition(" ")
    if measure.desirable:
        return f"{value} more {measure.unit} {ends}".strip()
    return f"{value} of {_counts(measure)} {ends}".strip()


def does(measure: Measure, share: Share) -> str:
    """What somebody does: ``prevents 1.1% of episodes``."""
    if measure.desirable:
        return f"gains in {quoted(measure.label)}: {amount(share, measure)}"
    return f"prevents {amount(share, measure)}"


def _counts(measure: Measure) -> str:
    return f"{measure.unit} of harm" if measure.kind == "harm" else things(measure)


def _noun(measure: Measure) -> str:
    if measure.desirable:
        return f"in {quoted(measure.label)}"
    return "harm" if measure.kind == "harm" else things(measure)


def benefits(figures: Figures, measures: Sequence[Measure]) -> list[str]:
    """Which strategy prevents or gains most of the foremost measure, and whether any is sure to."""
    measure = figures.main_of(measures)
    if measure is None:
        of = "of these outcomes" if len(measures) < len(figures.judged) else "outcome"
        return [f"Nothing is prevented, and nothing added: no {of} differs from the baseline's."]
    if not figures.strategies:
        return _by_today(figures, figures.yardsticks[0], measure)
    found = [(note, figures.share(note, measure)) for note in figures.strategies]
    found.sort(key=lambda pair: -pair[1].value)
    best, share = found[0]
    sure = _sureness(found, measure)
    if not visible(share.value) or share.value < 0:
        return _none_helps(found, measure)
    near = [note for note, own in found if alike(share, own)]
    only = Share(share.value, None, None, None, share.chance)
    if len(found) == 1:
        lead = f"{called(best)} {does(measure, share)}."
        bare = f"{called(best)} {does(measure, only)}."
    elif len(near) == 1:
        most = "gains most" if measure.desirable else "prevents the most"
        lead = f"{called(best)} {most} {_noun(measure)}: {amount(share, measure)}."
        bare = f"{called(best)} {most} {_noun(measure)}: {percent(share.value)}."
    else:
        span = between([own.value for note, own in found if note in near])
        who = named(near) if len(near) == 2 else f"{len(near)} of {len(found)} strategies"
        if len(near) == len(found) > 2:
            who = f"All {len(near)} strategies"
        alike_ = "gain about equally" if measure.desirable else "prevent about equally much"
        of = f"more {measure.unit}" if measure.desirable else f"of {_counts(measure)}"
        lead = f"{who} {alike_} {_noun(measure)}: {span} {of}."
        bare = f"{len(near)} strategies {alike_} {_noun(measure)}: {span}."
    return _candidates(lead, sure, bare)


def alike(best: Share, own: Share) -> bool:
    """Whether a result is no different from the best but for rounding and chance."""
    if own.value <= 0:
        return False
    return percent(own.value) == percent(best.value) or own.value >= best.value - best.chance


def _candidates(lead: str, more: str, bare: str) -> list[str]:
    """With and without the second sentence, then the shortest."""
    full = [f"{lead} {more}"] if more else []
    return [*full, *([f"{bare} {more}"] if more else []), lead, bare]


def _sureness(found: Sequence[tuple[ScenarioNote, Share]], measure: Measure) -> str:
    """How many improve the measure under whichever effects were tried."""
    if any(own.low is None for _, own in found):
        return ""
    sure = [note for note, own in found if own.helps]
    if len(found) == 1:
        if sure:
            return "It helps under all effects tried."
        if not visible(found[0][1].least):
            return "It may gain none." if measure.desirable else "It may prevent none."
        return "It could also lose some." if measure.desirable else _could_add(measure)
    if not sure:
        if measure.desirable:
            return "No strategy is sure to gain any."
        return f"No strategy is sure to reduce {_noun(measure)}."
    if len(sure) == len(found):
        return "All help under all effects tried."
    if len(sure) == 1:
        return f"Only {called(sure[0])} helps under all effects tried."
    return f"{len(sure)} of {len(found)} help under all effects tried."


def _could_add(measure: Measure) -> str:
    return f"It could also add {_noun(measure)}."


def _none_helps(found: Sequence[tuple[ScenarioNote, Share]], measure: Measure) -> list[str]:
    """No strategy prevents or gains anything under central effects."""
    worst, share = found[-1]
    verb = "gain" if measure.desirable else "prevent"
    who = f"no strategy {verb}s" if len(found) > 1 else f"{called(worst)} does not {verb}"
    lead = f"At central effects {who} {_noun(measure)}."
    adds = ""
    if share.value < 0 and visible(share.value):
        worse = "loses" if measure.desirable else "adds"
        adds = f"{called(worst)} {worse} {percent(-share.value)}."
    elif all(own.low is not None for _, own in found):
        low = min(own.least for _, own in found)
        high = max(own.most for _, own in found)
        adds = f"Results range from {percent(low)} to {percent(high)}."
    return _candidates(lead, adds, lead)


def _by_today(figures: Figures, yardstick: ScenarioNote, measure: Measure) -> list[str]:
    """What the baseline does against a scenario without programs."""
    share, base = figures.share(yardstick, measure), figures.baseline
    assert base is not None
    today = called(base)
    if not visible(share.value) or share.value < 0:
        verb = "gains nothing" if measure.desirable else "prevents no"
        return [f"At central effects {today} {verb} {_noun(measure)}."]
    lead = f"{today} {does(measure, share)}."
    return _candidates(lead, _sureness([(base, share)], measure), lead)
