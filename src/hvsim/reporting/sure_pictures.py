"""Pictures of how sure the answer is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from hvsim.economics.evaluation.plane import Ellipse
from hvsim.reporting import findings, style
from hvsim.reporting.findings import called
from hvsim.reporting.style import Picture
from hvsim.reporting.sure import Sure
from hvsim.reporting.sure_tables import (
    curves_table,
    group_rows,
    information_table,
    kinds_table,
    plane_table,
    tornado_rows,
    tornado_table,
)
from hvsim.reporting.way import scenario_colors
from hvsim.reporting.words import count, dollars, percent, price, span
from hvsim.scenario.layering import AXIS

_MOST_POINTS = 400
"""Draws of a strategy that a picture shows: more would hide one another."""

_ELLIPSE = ("inc_effect", "inc_cost", "ellipse_major", "ellipse_minor", "ellipse_angle")
_MILLION = 1e6
_BAR = 0.3
_UNCLEAR = 0.35
"""Opacity of what luck alone could show."""


def draw_sure(sure: Sure, folder: Path) -> list[Picture]:
    """The pictures that stand in the chapter itself."""
    found = [_kinds(sure, folder), _acceptability(sure, folder)]
    if not sure.evaluation.tornado.empty:
        found += [_tornado(sure, folder), _information(sure, folder)]
    return found


def draw_details(sure: Sure, folder: Path) -> list[Picture]:
    """Pictures for whoever opens the full evaluation."""
    return [
        _plane(sure, folder),
        _curves(sure, folder, "net_benefit", "sure-net-benefit"),
        _curves(sure, folder, "expected_loss", "sure-loss"),
    ]


def _kinds(sure: Sure, folder: Path) -> Picture:
    """How far the answer moves with each kind of uncertainty."""
    table = sure.evaluation.uncertainty
    shares = bool(table["percent"].notna().all())
    columns = [f"percent{end}" if shares else end[1:] or "value" for end in ("", "_low", "_high")]
    paint = scenario_colors(sure.figures)
    kinds = list(dict.fromkeys(table["kind"]))
    drawing = style.figure(0.6 + len(sure.others) * (0.32 + 0.34 * len(kinds)))
    grid = drawing.subplots(len(sure.others), 1, squeeze=False, sharex=True)[:, 0]
    for axes, note in zip(grid, sure.others, strict=True):
        own = table[table["strategy"] == note.name].set_index("kind")
        for place, kind in enumerate(kinds):
            if kind not in own.index:
                continue
            value, low, high = (float(own.loc[kind, column]) for column in columns)
            axes.plot([low, high], [place, place], color=paint[note.name], linewidth=5, alpha=0.45)
            axes.plot([value], [place], "o", color=paint[note.name], markersize=5)
        axes.axvline(0, color=style.INK, linewidth=1)
        axes.set_ylim(len(kinds) - 0.5, -0.6)
        axes.set_yticks(range(len(kinds)), [style.folded(sure.kind(kind), 30) for kind in kinds])
        axes.grid(visible=False, axis="y")
        axes.set_title(findings.short(note.title), parse_math=False, color=paint[note.name])
    if shares:
        grid[-1].xaxis.set_major_formatter(lambda value, _: f"{value:g}%")
        grid[-1].set_xlabel("percent of the baseline's; right of zero is better")
    else:
        _amounts(grid[-1], sure)
        _below(grid[-1], f"{sure.unit}; right of zero is better")
    title = style.fitting(*_kinds_titles(sure, shares))
    style.headline(drawing, title)
    style.save(drawing, folder, "sure-kinds")
    reading = (
        f"{sure.evaluation.settled.effect_label}. Each line is how far the result goes when one "
        "kind of uncertainty is let loose, the dot its middle. Chance alone: 95 times in 100, with "
        "the central effects. Effects: from the least to the most favorable that trials leave "
        f"possible. All that has a range: {sure.draws} draws of "
        f"{sure.evaluation.settled.parameters} numbers together, 95 in 100 of them."
    )
    if any(kind.startswith(AXIS) for kind in kinds):
        reading += (
            " Further lines: ways in which the world may work, from the least to the most of the "
            "means of draws by alternative."
        )
    return Picture("sure-kinds", title, reading, kinds_table(sure))


def _kinds_titles(sure: Sure, shares: bool) -> list[str]:
    table = sure.evaluation.uncertainty
    own = table[(table["strategy"] == sure.best.name) & (table["kind"] == "parameters")].iloc[0]
    if shares:
        ends = span(percent(own["percent_low"]), percent(own["percent_high"]))
        what = f"{ends} of {sure.unit}"
    else:
        said = sure.amounts([own["value"]])
        what = f"{span(said(own['low']), said(own['high']))} {_saved(sure)}"
    lead = f"{called(sure.best)}: {what}"
    return [f"{lead}, in 95 of 100 draws of all that is uncertain.", f"{lead}."]


def _acceptability(sure: Sure, folder: Path) -> Picture:
    """Acceptability curves, and the frontier of the strategy to choose."""
    drawing = style.figure(2.9)
    axes = drawing.subplots()
    entries = _lines(sure, axes, "acceptability")
    frontier = sure.evaluation.curves.dropna(subset=["frontier"])
    (line,) = axes.plot(
        frontier["wtp"], frontier["frontier"], color=style.INK, linewidth=1.2, linestyle=":"
    )
    entries["the one to choose (greatest mean net benefit)"] = line
    axes.set_ylim(-0.02, 1.02)
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g}%")
    axes.set_ylabel("of draws, in which it is best")
    _dollar_axis(axes, sure)
    title = style.fitting(*sure.choices())
    style.headline(drawing, title, entries)
    style.save(drawing, folder, "sure-acceptability")
    reading = (
        f"If whoever decides would pay the dollars on the axis {sure.per}"
        f"{sure.named and f' ({sure.named})'}, how often is each strategy the best choice? The "
        f"lines of all strategies add up to 100% of {sure.draws} draws. Costs: "
        f"{sure.evaluation.settled.perspective_label}. The dotted line follows the strategy with "
        "the greatest mean net benefit: the one to choose, however unsure."
    )
    table = curves_table(sure, "acceptability", money=False)
    return Picture("sure-acceptability", title, reading, table)


def _plane(sure: Sure, folder: Path) -> Picture:
    """Increments of every draw, with ellipses."""
    paint = scenario_colors(sure.figures)
    drawing = style.figure(3.2)
    axes = drawing.subplots()
    outcomes = sure.evaluation.outcomes.set_index(["draw", "strategy"])
    base = str(sure.figures.manifest.baseline)
    rims = sure.evaluation.plane.set_index("strategy")
    entries: dict[str, Any] = {}
    for note in sure.others:
        own = outcomes.xs(note.name, level="strategy") - outcomes.xs(base, level="strategy")
        shown = own.iloc[:: max(1, len(own) // _MOST_POINTS)]
        axes.plot(
            shown["effect"], shown["cost"] / _MILLION, ".", color=paint[note.name],
            markersize=3, alpha=0.5, markeredgewidth=0,
        )  # fmt: skip
        sizes = (float(rims[column][note.name]) for column in _ELLIPSE)
        across, up = Ellipse(*sizes).points(90)
        (rim,) = axes.plot(across, up / _MILLION, color=paint[note.name], linewidth=1.4)
        entries[findings.short(note.title)] = rim
    axes.axhline(0, color=style.INK, linewidth=1)
    axes.axvline(0, color=style.INK, linewidth=1)
    _amounts(axes, sure)
    style.thousands(axes, "y")
    _below(axes, f"{sure.unit}, more than under the baseline")
    axes.set_ylabel("million USD more")
    surely = "every draw" if sure.helps == 1 else f"{percent(100 * sure.helps)} of draws"
    title = style.fitting(
        f"{called(sure.best)} does more than the baseline in {surely}.",
        f"The best does more than the baseline in {surely}.",
    )
    style.headline(drawing, title, entries)
    style.save(drawing, folder, "sure-plane")
    reading = (
        "Each point is a draw: what a strategy costs more (up) and does more (right) than the "
        "baseline. Ellipses hold 95% of what normal distributions of the same spread would give."
    )
    return Picture("sure-plane", title, reading, plane_table(sure))


_CURVES = {
    "net_benefit": (
        "million USD against the baseline",
        "Net benefit: dollars for what a strategy does, less what it costs, on average; bands hold "
        "95% of draws. Above zero it is worth its cost.",
    ),
    "expected_loss": (
        "million USD lost on average",
        "What choosing a strategy loses on average, since another is better in some draws. The "
        "lowest line is the one to choose; its height is what knowing everything would be worth.",
    ),
}


def _curves(sure: Sure, folder: Path, column: str, name: str) -> Picture:
    drawing = style.figure(2.6)
    axes = drawing.subplots()
    entries = _lines(sure, axes, column, unit=_MILLION)
    label, reading = _CURVES[column]
    axes.set_ylabel(label)
    style.thousands(axes, "y")
    axes.axhline(0, color=style.INK, linewidth=1)
    _dollar_axis(axes, sure)
    titles = {
        "net_benefit": sure.choices(),
        "expected_loss": [
            f"At {sure.price}, knowing everything would be worth {dollars(sure.worth)}."
        ],
    }
    title = style.fitting(*titles[column])
    style.headline(drawing, title, entries)
    style.save(drawing, folder, name)
    return Picture(name, title, reading, curves_table(sure, column, money=True))


def _lines(sure: Sure, axes: Axes, column: str, unit: float = 1.0) -> dict[str, Any]:
    """A line of each strategy over the willingness to pay, a band where the table has one."""
    paint = scenario_colors(sure.figures)
    table = sure.evaluation.curves
    entries: dict[str, Any] = {}
    for note in sure.notes.values():
        own = table[table["strategy"] == note.name]
        (line,) = axes.plot(own["wtp"], own[column] / unit, color=paint[note.name], linewidth=2)
        if f"{column}_low" in own:
            low, high = (own[f"{column}_{end}"] / unit for end in ("low", "high"))
            axes.fill_between(
                own["wtp"], low, high, color=paint[note.name], alpha=0.12, linewidth=0
            )
        entries[findings.short(note.title)] = line
    return entries


def _dollar_axis(axes: Axes, sure: Sure) -> None:
    _in_dollars(axes)
    _below(axes, f"dollars paid {sure.per}{sure.named and f' ({sure.named})'}")
    axes.margins(x=0.01)


def _in_dollars(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(lambda value, _: _short(value))


def _amounts(axes: Axes, sure: Sure) -> None:
    """Effects along the axis."""
    axes.xaxis.set_major_locator(MaxNLocator(6))
    if sure.in_dollars:
        axes.xaxis.set_major_formatter(lambda value, _: _short(value))
    else:
        style.thousands(axes)


def _short(value: float) -> str:
    """Dollars beside an axis."""
    return (price(value) if 0 < value < _MILLION else dollars(value)).replace(" million", "M")


def _saved(sure: Sure) -> str:
    """What an amount is of, after it."""
    return "saved" if sure.in_dollars else sure.unit


def _below(axes: Axes, text: str) -> None:
    """A text below the whole picture, which is wider than axes with long names beside them."""
    drawing = axes.get_figure()
    assert drawing is not None
    drawing.supxlabel(text, fontsize=8.5, parse_math=False)


def _tornado(sure: Sure, folder: Path) -> Picture:
    """The parameters that move the best strategy's effect most."""
    rows = tornado_rows(sure)
    families = list(sure.evaluation.settled.groups)
    paint = style.program_colors(dict.fromkeys([*families, *rows["family"]]))
    drawing = style.figure(0.5 + _BAR * len(rows))
    axes = drawing.subplots()
    middle = float(sure.evaluation.plane.set_index("strategy")["inc_effect"][sure.best.name])
    entries: dict[str, Any] = {}
    for place, (_, row) in enumerate(rows.iterrows()):
        color = paint[str(row["family"])]
        alpha = 1.0 if row["clear"] else _UNCLEAR
        for end, at in (("low", row["at_low"]), ("high", row["at_high"])):
            axes.barh(
                place, at - middle, 0.62, middle, color=color, alpha=alpha,
                hatch="" if end == "high" else "////", edgecolor="white", linewidth=0,
            )  # fmt: skip
        entries.setdefault(str(row["family"]), Patch(color=color))
    entries["hatched: the low end of its range"] = Patch(
        facecolor="white", edgecolor=style.QUIET, hatch="////"
    )
    axes.axvline(middle, color=style.INK, linewidth=1)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    labels = [style.folded(sure.parameter(str(name)), 34) for name in rows["parameter"]]
    axes.set_yticks(range(len(rows)), labels, fontsize=7)
    for text in axes.get_yticklabels():
        text.set_parse_math(False)
    axes.grid(visible=False, axis="y")
    _amounts(axes, sure)
    _below(axes, f"{sure.unit}, more than under the baseline")
    clear = rows[rows["clear"]]
    foremost = str(clear.iloc[0]["parameter"]) if len(clear) else ""
    lead, means = "No single number moves the result by more than luck could show", ""
    if foremost:
        lead = f"“{sure.parameter(foremost)}” moves the result most"
        means = sure.meaning(foremost).rstrip(".")
    fullest = f"{lead} ({_inside(means)})" if means else lead
    title = style.fitting(
        f"{called(sure.best)}: {_inside(fullest)}.",
        f"{fullest}.",
        f"{called(sure.best)}: {_inside(lead)}.",
        f"{lead}.",
        _few(len(clear)),
    )
    style.headline(drawing, title, entries)
    style.save(drawing, folder, "sure-tornado")
    reading = (
        f"{called(sure.best)} against the baseline: where the result goes on average as one number "
        "goes from the low to the high end of its range, all others drawn as well; by regression "
        f"on {sure.draws} draws. The line is the mean. Pale bars could be luck: with so many "
        "numbers and so few draws, some must seem wide."
    )
    if any(str(name).startswith(AXIS) for name in rows["parameter"]):
        reading += (
            " Ways in which the world may work have no range: their bars go from the least to the "
            "greatest mean of draws by alternative."
        )
    return Picture("sure-tornado", title, reading, tornado_table(sure))


def _inside(sentence: str) -> str:
    return sentence if sentence.startswith("“") else sentence[:1].lower() + sentence[1:]


def _few(clear: int) -> str:
    return f"{clear or 'No'} numbers move the result by more than luck could show."


def _information(sure: Sure, folder: Path) -> Picture:
    """What it would be worth to know each set of parameters."""
    rows = group_rows(sure)
    drawing = style.figure(0.6 + 0.34 * len(rows))
    axes = drawing.subplots()
    told = rows["evppi"] > rows["by_luck"]
    places = np.arange(len(rows))
    for place, (_, row) in enumerate(rows.iterrows()):
        alpha = 1.0 if told.iloc[place] else _UNCLEAR
        axes.barh(place, row["evppi"], 0.6, color=style.COLORS[0], alpha=alpha)
    axes.errorbar(
        rows["evppi"], places, xerr=rows["standard_error"], fmt="none", ecolor=style.INK,
        elinewidth=1, capsize=2,
    )  # fmt: skip
    axes.plot(rows["by_luck"], places, "|", color="#A3243B", markersize=12, markeredgewidth=1.6)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(left=0, right=None if rows["evppi"].any() or rows["by_luck"].any() else 1)
    names = [str(name)[:1].upper() + str(name)[1:] for name in rows["name"]]
    axes.set_yticks(places, [style.folded(name, 24) for name in names])
    axes.grid(visible=False, axis="y")
    _in_dollars(axes)
    axes.set_xlabel("worth of knowing it, for this decision")
    entries: dict[str, Any] = {
        "± one standard error": Line2D([], [], color=style.INK, linewidth=1),
        "what luck alone can show": Line2D(
            [], [], color="#A3243B", marker="|", markersize=9, linestyle="none"
        ),
    }
    if not sure.worth:
        titles = [
            f"At {sure.price} knowing more would change nothing: one strategy is best in every "
            "draw.",
            f"At {sure.price} knowing more would change nothing.",
        ]
    elif told.any():
        first = names[int(np.flatnonzero(told.to_numpy())[0])]
        lead = f"Worth finding out first: {first.lower()}"
        worth = dollars(float(rows[told]["evppi"].iloc[0]))
        titles = [f"{lead}; worth up to {worth} at {sure.price}.", f"{lead}."]
    else:
        titles = [
            f"With {sure.draws} draws no kind of evidence stands out as worth finding out first."
        ]
    title = style.fitting(*titles)
    style.headline(drawing, title, entries, columns=2)
    style.save(drawing, folder, "sure-information")
    reading = (
        f"What is gained on average, at {sure.price}, by knowing all numbers "
        "of a kind before deciding: no study can be worth more. The value is for one decision "
        f"about the {count(sure.evaluation.settled.births)} births of the run. Pale bars do not "
        "reach beyond the red mark: luck in few draws would show as much."
    )
    return Picture("sure-information", title, reading, information_table(sure))
