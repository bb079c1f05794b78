"""What cells of tables by group, of dollars and on the first screen should say, from the folder."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hvsim.economics import concentration_index
from hvsim.evidence import load_evidence
from hvsim.runs import read_run
from reporting.folder import EFFECTS, SPENDING, Folder, between, share, short_usd, whole
from reporting.tracing import Expected, Rows

DIMENSIONS = {
    "risk": "risk_group",
    "race and ethnicity": "race_ethnicity",
    "who pays for the birth": "payer",
    "area": "region",
}
NEED = "harm"
REPORTS = "reported"
SMALL = " (small group)"
COLUMNS = {
    "Pays more for programs": "added_cost",
    "Saves in cash": "cashable_saving",
    "Benefits": "benefit",
    "Capacity freed": "capacity_freed",
    "Net cost": "net_cost",
}


def dimension_of(caption: str) -> str:
    """What divides families in a table, as its caption says it."""
    return DIMENSIONS[caption.partition(", by ")[2]]


def group_of(folder: Folder, dimension: str, label: str) -> str:
    """Name of a group in the tables."""
    label = label.removesuffix(SMALL)
    regions = {r["label"] or r["name"]: r["name"] for r in folder.notes[folder.baseline]["regions"]}
    if dimension == "region":
        return str(regions[label])
    words = label.removesuffix(" risk") if dimension == "risk_group" else label
    return words.lower().replace(" ", "-")


def places(folder: Folder, caption: str, heads: Sequence[str], rows: Rows) -> Expected:
    """Births, need and places of each group."""
    dimension = dimension_of(caption)
    names = [folder.titles[head.removeprefix("Share of places: ")] for head in heads[4:]]

    def counted(of: dict[str, Any]) -> list[float]:
        births = folder.families(folder.baseline, "births", **of)
        need = folder.events(folder.baseline, NEED, **of)
        return [births, need, *(folder.families(name, "enrolled", **of) for name in names)]

    everyone = counted({"dimension": dimension})
    for label, *_ in rows:
        own = counted({"dimension": dimension, "group": group_of(folder, dimension, label)})
        parts = [share(100 * x / total) for x, total in zip(own, everyone, strict=True)]
        taken = [
            f"{part} ({whole(100 * x / own[0])} per 100 births)"
            for part, x in zip(parts[2:], own[2:], strict=True)
        ]
        yield [label, whole(own[0]), *parts[:2], *taken]


def indices(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Concentration indices of need and of places."""
    names = [folder.titles[head.removeprefix("Places: ")] for head in heads[2:]]
    for label, *_ in rows:
        dimension = DIMENSIONS[label.lower()]
        groups = folder.table("funnel", dimension=dimension, transition="births")["group"].unique()
        of = [{"dimension": dimension, "group": group} for group in groups]
        births = [folder.families(folder.baseline, "births", **own) for own in of]
        need = [folder.events(folder.baseline, NEED, **own) for own in of]
        per_birth = [n / b for n, b in zip(need, births, strict=True)]
        values = [per_birth]
        for name in names:
            taken = (folder.families(name, "enrolled", **own) for own in of)
            values.append([t / b for t, b in zip(taken, births, strict=True)])
        found = (concentration_index(own, per_birth, births) for own in values)
        yield [label, *(f"{round(index, 2) + 0.0:.2f}" for index in found)]


def benefits(folder: Folder, caption: str, heads: Sequence[str], rows: Rows) -> Expected:
    """Harm prevented in each group, reports caused, and how many for each prevented."""
    dimension = dimension_of(caption)
    for label, title, *_ in rows:
        of = {"dimension": dimension, "group": group_of(folder, dimension, label)}
        name = folder.titles[title]
        found = {e: folder.better(name, NEED, e, **of) for e in ("central", "low", "high")}
        ends = (min(found.values()), max(found.values()))
        told = f"{share(found['central'])} ({share(ends[0])} to {share(ends[1])})"
        seen, less = (
            sign * (folder.events(name, o, e, **of) - folder.events(folder.baseline, o, e, **of))
            for o, e, sign in ((REPORTS, "zero", 1), (NEED, "central", -1))
        )
        each = f"{max(seen, 0) / less:.2f}" if less > 0 else None
        yield [label, title, told, None, whole(seen), each]


def every_outcome(folder: Folder, caption: str, heads: Sequence[str], rows: Rows) -> Expected:
    """Percent prevented or gained of every outcome in each group; chance adds a star."""
    dimension = dimension_of(caption)
    measures = folder.titled(folder.measures)
    for label, title, *cells in rows:
        outcome, name = measures[label.rpartition(": ")[0]], folder.titles[title]
        told = []
        for head, cell in zip(heads[2:], cells, strict=True):
            of = {"dimension": dimension, "group": group_of(folder, dimension, head)}
            told.append(share(folder.better(name, outcome, **of)) + "*" * cell.endswith("*"))
        yield [label, title, *told]


def screen(folder: Folder, caption: str, heads: Sequence[str], rows: Rows) -> Expected:
    """Screened, flagged, and flagged without need."""
    dimension = dimension_of(caption)
    for label, title, *_ in rows:
        of = {"dimension": dimension, "group": group_of(folder, dimension, label)}
        steps = ("screened", "flagged", "false-positive")
        found = [folder.families(folder.titles[title], step, **of) for step in steps]
        parts = (
            f"{whole(part)} ({share(100 * part / of_all) if of_all else 'none'})"
            for of_all, part in pairwise(found)
        )
        yield [label, title, whole(found[0]), *parts]


def under_each_answer(folder: Folder, caption: str, heads: Sequence[str], rows: Rows) -> Expected:
    """Harm and what is prevented of it in each group, under each alternative of an axis."""
    heading, _, axis = caption.removeprefix("Under each answer, by ").partition(": ")
    dimension = DIMENSIONS[heading]
    names = [folder.titles[head.removeprefix("Prevented: ")] for head in heads[3:]]
    for label, answer, *cells in rows:
        draw = _answers(folder, axis)[answer]
        of = {"dimension": dimension, "group": group_of(folder, dimension, label)}
        base = folder.baseline
        harm = _harm_alone(folder, base, draw, **of)
        part = 100 * harm / _harm_alone(folder, base, draw, dimension="all")
        births = _births_alone(folder, draw, **of)
        told = [f"{_per_1000(harm, births)} ({share(part)})"]
        for name, cell in zip(names, cells[1:], strict=True):
            less = harm - _harm_alone(folder, name, draw, **of)
            text = f"{whole(1000 * less / births, 2)} ({share(100 * less / harm)})"
            told.append(text + "*" * cell.endswith("*"))
        yield [label, answer, *told]


def harm_under_each_answer(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Harm by group, alternatives of an axis in the columns."""
    labels = [own["label"] for own in folder.manifest["structures"]["axes"]]
    (answers,) = (
        found for axis in labels if set(heads[2:]) <= (found := _answers(folder, axis)).keys()
    )
    for heading, label, *_ in rows:
        dimension = DIMENSIONS[heading.lower()]
        of = {"dimension": dimension, "group": group_of(folder, dimension, label)}
        told = []
        for head in heads[2:]:
            harm = _harm_alone(folder, folder.baseline, answers[head], **of)
            told.append(_per_1000(harm, _births_alone(folder, answers[head], **of)))
        yield [heading, label, *told]


def _answers(folder: Folder, label: str) -> dict[str, int]:
    """Numbers of an axis's alternatives in ``structures``, by their labels on the page."""
    found, number = {}, 0
    for axis in folder.manifest["structures"]["axes"]:
        first, *others = axis["alternatives"]
        own = {f"as written: {first['label']}": 0}
        for alternative in others:
            number += 1
            own[alternative["label"]] = number
        if axis["label"].lower() == label.lower():
            found = own
    return found


def _harm_alone(folder: Folder, name: str, draw: int, **of: Any) -> float:
    own = {"scenario": name, "draw": draw, "outcome": NEED, "measure": "events"}
    return folder.total("structures/outcomes", "value", **own, **of)


def _births_alone(folder: Folder, draw: int, **of: Any) -> float:
    own = {"scenario": folder.baseline, "draw": draw, "transition": "births"}
    return folder.total("structures/funnel", "families", **own, **of)


def _per_1000(events: float, births: float) -> str:
    assert events / births > 0.01, "tenths would be told"
    return whole(1000 * events / births)


def payers(folder: Folder, view: str, heads: Sequence[str], rows: Rows, labels: Any) -> Expected:
    """Who pays and who saves: dollars of the valuation against the baseline's, as summarized."""
    for title, label, *cells in rows:
        name, payer = folder.titles[title], labels[label]
        of = ":".join(filter(None, (view, payer)))
        told: list[str | None] = [title, label]
        for head, cell in zip(heads[2:], cells, strict=True):
            if head in COLUMNS:
                told.append(folder.said(name, f"{COLUMNS[head]}:{of}"))
            elif head == "Back per dollar":
                told.append(_back(folder, name, of))
            else:
                row = folder.summary.get((name, f"break_even_year:{of}", ""))
                known = row is not None and not math.isnan(row["value"])
                told.append(_label(folder, row["value"]) if row and known else None)
                assert known or not any(map(str.isdigit, cell))
        yield told


def _back(folder: Folder, name: str, of: str) -> str | None:
    row = folder.summary.get((name, f"return_per_dollar:{of}", ""))
    if row is None or math.isnan(row["value"]):
        return None

    def cents(value: float) -> str:
        value = round(value, 2) + 0.0
        return f"{'-' * (value < 0)}${abs(value):,.2f}"

    return f"{cents(row['value'])} ({cents(row['low'])} to {cents(row['high'])})"


def _label(folder: Folder, year: float) -> str:
    return f"{round(year) - 1}-{round(year) % 100:02d}" if folder.starts > 1 else f"{round(year)}"


def spending_against(folder: Folder, name: str, view: str, kind: str, payer: str = "") -> float:
    """Discounted dollars of a kind over the baseline's; of savings, below them."""
    own, base = (folder.dollars(n, view, payer, kind=kind) for n in (name, folder.baseline))
    return own - base if kind == "program cost" else base - own


def first_screen(folder: Folder, rows: Rows, labels: Any, main: str) -> Expected:
    """The table of the first screen: reach, money, and the outcome of the headline."""
    for title, *cells in rows:
        name = next(own for words, own in folder.titles.items() if title.startswith(words))
        enrolled = {"draw": 0, "quantity": "enrolled", "name": ""}
        reach = whole(folder.total("families", "total", scenario=name, **enrolled))
        spent = folder.spent(name)
        if name == folder.baseline:
            yield [title, reach, short_usd(spent), _shares(folder, name, labels), None]
            continue
        extra = spent - folder.spent(folder.baseline)
        more = f"{short_usd(abs(extra))} {'more' if extra > 0 else 'less'}"
        costs = f"{more if round(extra) else 'nothing more'} {short_usd(spent)} in all"
        found = {e: folder.better(name, main, e) for e in EFFECTS}
        sets = [found[e] for e in ("low", "central", "high")]
        parts = (min(sets), found["central"], max(sets), found["zero"])
        who = _pays_and_saves(folder, name, labels)
        yield [title, reach, costs, who, *map(share, parts), None]
        assert len(cells) == 8


def _shares(folder: Folder, name: str, labels: Any) -> str:
    paid = {
        label: folder.total(
            "valuation",
            "dollars",
            scenario=name,
            view="lifetime",
            payer=payer,
            draw=0,
            dimension="all",
            category=SPENDING,
        )
        for label, payer in labels.items()
        if payer
    }
    ordered = sorted(paid.items(), key=lambda own: -own[1])
    return ", ".join(f"{k} {share(100 * v / sum(paid.values()))}" for k, v in ordered if v)


def _pays_and_saves(folder: Folder, name: str, labels: Any) -> str:
    def by_payer(kind: str) -> list[tuple[str, float]]:
        found = [
            (label, spending_against(folder, name, "fiscal", kind, payer))
            for label, payer in labels.items()
            if payer
        ]
        return sorted((own for own in found if round(own[1])), key=lambda own: -own[1])

    paid = by_payer("program cost")
    shown = paid if len(paid) <= 3 else paid[:2]
    told = [f"{label} {short_usd(value)}" for label, value in shown]
    if rest := paid[len(shown) :]:
        told.append(f"others {short_usd(sum(value for _, value in rest))}")
    saved = {}
    for effects in ("central", "low", "high"):
        own, base = (
            folder.dollars(n, "fiscal", kind="cashable saving", draw=EFFECTS[effects])
            for n in (name, folder.baseline)
        )
        saved[effects] = base - own
    ends = (min(saved.values()), max(saved.values()))
    text = between(saved["central"], ends, short_usd) if ends[0] < ends[1] else (
        short_usd(saved["central"])
    )  # fmt: skip
    most = by_payer("cashable saving")
    text += f"; most: {most[0][0]}" if saved["central"] > 0 and most else ""
    return f"Pays more: {', '.join(told) or 'nobody'}Saves: {text}"


def drivers(folder: Folder, rows: Rows, main: str) -> Expected:
    """How far effects, chance and places move the headline."""
    word = "gained" if folder.measures[main]["desirable"] else "prevented"
    before = folder.events(folder.baseline, main)
    for title, what, _, reading in rows:
        name = folder.titles[title]
        row = folder.summary[name, f"{word}:{main}", "chance only"]
        half = 100 * (row["high"] - row["value"]) / before
        central = folder.better(name, main)
        says: str | None
        sets = [folder.better(name, main, e) for e in ("low", "central", "high")]
        if what == "How strongly visits work":
            ends: tuple[float, ...] = (min(sets), max(sets))
            wide = max(sets) - min(sets)
            says = f"{wide / (2 * half):,.1f} times as wide as chance" if half else None
        elif what == "Chance alone":
            ends, says = (central - half, central + half), "95 times in 100 within this range"
        elif what == "No effect at all":
            ends, says = (folder.better(name, main, "zero"),), None
        else:
            own = {"scenario": name, "draw": 0, "quantity": "enrolled", "name": ""}
            more, fewer = (whole(folder.total("families", c, **own)) for c in ("more", "fewer"))
            ends, says = (), f"{more} families gain a place, {fewer} lose one"
        assert says is None or reading == says
        yield [title, what, " to ".join(map(share, ends)) if ends else None, says]


def assumed(folder: Folder, rows: Rows) -> Expected:
    """Values as the scenarios state them, number by number."""
    run = read_run(folder.path)
    for path, value, bounds, why, only in rows:
        name = folder.titles[only.split("; ")[0]] if only else folder.baseline
        stated = _at(run.content(name), path)
        numbers = [stated[key] for key in ("value", "low", "high") if stated.get(key) is not None]
        told = [*_numbers(value), *_numbers(bounds)]
        assert told == [number for own in numbers for number in _numbers(own)], path
        yield [path, value, bounds, why, only]


def _at(written: Any, path: str) -> Any:
    for step in path.split("."):
        written = written[int(step) - 1 if isinstance(written, list) else step]
    return written


def _numbers(written: Any) -> list[float]:
    """Numbers of a value, percentages as shares; months of a series are none."""
    if isinstance(written, dict):
        return [number for value in written.values() for number in _numbers(value)]
    found = re.findall(r"-?\d[\d,]*\.?\d*%?", re.sub(r"from [\d-]+: ", "", str(written)))
    return [
        round(float(text.rstrip("%").replace(",", "")) / (100 if text.endswith("%") else 1), 9)
        for text in found
    ]


def facts(rows: Rows) -> Expected:
    """Facts as the evidence has them."""
    evidence = load_evidence()
    for own, _, how, _ in rows:
        fact = evidence[own]
        what = f"{fact.parameter} ({fact.context}): {fact.amount}"
        yield [own, " ".join(what.split()), how, " ".join(f"{fact.citation} {fact.url}".split())]


def versions(folder: Folder, rows: Rows) -> Expected:
    """Versions and hashes of the manifest."""
    hashes = {f"scenario {n['name']}": n["sha256"] for n in folder.notes.values()}
    known = {**folder.manifest["versions"], **hashes}
    known["evidence"] = folder.manifest["evidence_sha256"]
    for name, _ in rows:
        yield [name, known[name]]
