"""What every cell of the page's tables should say, from the run folder alone.

Each function takes a table's heads and rows and gives the rows as they should be. None stands for a
cell of words, which must hold no number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reporting.folder import EFFECTS, SPENDING, Folder, between, finer, share, usd, whole

Rows = Sequence[Sequence[str]]
Expected = Iterator[list[str | None]]

REACH = {
    "Births": "births",
    "Families contacted": "contacted",
    "Families screened": "screened",
    "Referred to a hub": "referred",
    "Reached by the hub": "reached",
    "Families enrolled": "enrolled",
    "Visits made": "visits",
    "Mean wait for a place, in months": "mean_wait",
    "Cut off: no visitor": "withdrawn_no_visitor",
    "Cut off: no money": "withdrawn_no_money",
    "Gain a place they lacked before": "gained_service",
    "Lose a place they had before": "lost_service",
}
MONEY = {
    "Spent": "spent",
    "on salaries": "spent_on:salaries",
    "on hiring": "spent_on:hires",
    "on supervisors": "spent_on:supervision",
    "Received and not spent": "unspent",
    "Spent after the last births": "spent_after_last_births",
    "Spent per enrollment": "spent_per_enrollment",
}
WANTS = {"A visitor": "withdrawn-no-visitor", "Money": "withdrawn-no-money"}
AFTER = "after the last births"
VACANT = "Positions vacant, of those with money"
STEPS: Mapping[str, str | tuple[str, ...]] = {
    "Births": "births",
    "Screened": "screened",
    "Score high": "flagged",
    "Referred to a hub": "referred",
    "Reached by the hub": "reached",
    "Offers made": "offered",
    "Offers accepted": "waitlisted",
    "Enrolled": "enrolled",
    "Completed": "completed",
    "Declined the offer": "declined",
    "Gave up waiting": "gave-up",
    "Waited too long, let go": "expired",
    "Child too old for a place": "aged-out",
    "Cut off: no visitor": "withdrawn-no-visitor",
    "Cut off: no money": "withdrawn-no-money",
    "Cut off after the last births": tuple(WANTS.values()),
    "Dropped out": "dropped-out",
    "Moved to another program": "transferred",
    "Moved out of the area": "moved",
    "The child died": "deceased",
}
CAPACITY = {
    "Places": "places",
    "In service": "enrolled",
    "On hold": "on_hold",
    "Waiting": "waiting",
    "Visitors": "visitors",
    "Vacancies": "vacancies",
    "Visitors at work": "visitors",
}


def reach_or_money(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """The sections of scenarios side by side: rows of the summary, programs below their sum."""
    names = [folder.titles[head] for head in heads[1:]]
    above = ""
    for label, *_ in rows:
        if label == VACANT:
            yield [label, *(_vacant(folder, name) for name in names)]
            continue
        if label in folder.programs:
            measure = f"{above}:{folder.programs[label]}"
        elif label == AFTER:
            measure = f"{above}_after_last_births"
        else:
            measure = above = (REACH | MONEY).get(label, "")
        told = [folder.said(name, measure) for name in names]
        yield [label, *([""] * len(names) if measure in ("", "mean_wait") else told)]


def _vacant(folder: Folder, scenario: str) -> str:
    """Positions to the year of the last births, averages over its months."""
    own = folder.table("capacity", scenario=scenario)
    counted = own[[_fiscal_year(folder, month) <= folder.last_year for month in own["month"]]]
    months = counted["month"].nunique() * folder.replicates
    vacant, filled = (counted[column].sum() / months for column in ("vacancies", "visitors"))
    told = [whole(number, int(number < 10)) for number in (vacant, vacant + filled)]
    return f"{told[0]} of {told[1]} ({share(100 * vacant / (vacant + filled))})"


def _fiscal_year(folder: Folder, month: str) -> int:
    year, number = map(int, month.split("-"))
    return year + (number >= folder.starts > 1)


def prevented(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """What is prevented and gained, and the same with intervals of chance."""
    names = [folder.titles[head] for head in heads[1:]]
    measures = folder.titled(folder.measures)
    parts = {"of the baseline's": "_percent", "if no effect": "_if_no_effect"}
    own = ""
    for label, *_ in rows:
        suffix = parts.get(label, "_months" if label == "months in that state" else "")
        title = label.removesuffix(": more")
        if title in measures:
            own = measures[title]
        elif label not in (*parts, "months in that state"):
            yield [label, *[""] * len(names)]  # a heading
            continue
        word = "gained" if folder.measures[own]["desirable"] else "prevented"
        yield [label, *(folder.said(name, f"{word}{suffix}:{own}") for name in names)]


def by_chance(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Intervals of chance, or words in their place."""
    names = [folder.titles[head] for head in heads[1:]]
    measures = folder.titled(folder.measures)
    for label, *cells in rows:
        own = measures.get(label.removesuffix(": more"))
        word = "gained" if own and folder.measures[own]["desirable"] else "prevented"
        told = [folder.said(name, f"{word}:{own}", "chance only") for name in names]
        found = zip(cells, told, strict=True)
        yield [label, *(text if any(map(str.isdigit, cell)) else None for cell, text in found)]


def way(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Steps up to the screen, all programs."""
    for label, *_ in rows:
        names = [folder.titles[head] for head in heads[1:]]
        if label == "Meet a door":
            own = {"draw": 0, "quantity": "contacted"}
            found = [folder.total("families", "total", scenario=name, **own) for name in names]
        else:
            found = [folder.families(name, STEPS[label]) for name in names]
        yield [label, *map(whole, found)]


def track(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Steps in the programs of a track: that of the first row, whose numbers tell which."""
    names = [folder.titles[head] for head in heads[1:]]
    tracks: dict[str, set[str]] = {}
    for note in folder.notes.values():
        for program in note["programs"]:
            tracks.setdefault(program["track"], set()).add(program["name"])

    def told(programs: set[str], label: str) -> list[str]:
        step: dict[str, object] = {"program": tuple(programs)}
        if label.startswith("Cut off"):
            later = label.endswith(AFTER)
            held = folder.table("funnel")["year"].unique()
            step["year"] = tuple(year for year in held if (year > folder.last_year) == later)
        return [whole(folder.families(name, STEPS[label], **step)) for name in names]

    (own,) = (programs for programs in tracks.values() if told(programs, rows[0][0]) == rows[0][1:])
    for label, *_ in rows:
        yield [label, *told(own, label)]


def capacity(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Places, families and visitors of a program, by fiscal year; the first row tells which."""

    def told(program: str, title: str, label: str) -> list[str]:
        own = {"scenario": folder.titles[title], "program": program, "draw": 0}
        own["year"] = folder.year(label)
        found = (folder.total("capacity_by_year", CAPACITY[head], **own) for head in heads[2:])
        return [title, label, *map(whole, found)]

    (program,) = (own for own in folder.programs.values() if told(own, *rows[0][:2]) == rows[0])
    for title, label, *_ in rows:
        yield list(told(program, title, label))


def years(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """The system by fiscal year."""
    for title, label, *_ in rows:
        name, year = folder.titles[title], folder.year(label)
        own = {"scenario": name, "draw": 0, "year": year}
        wanting = [folder.families(name, step, year=year) for step in WANTS.values()]
        steps = (folder.families(name, "enrolled", year=year), sum(wanting), *wanting)
        yield [
            title,
            label,
            whole(folder.total("capacity_by_year", "enrolled", **own)),
            *map(whole, steps),
            whole(folder.total("capacity_by_year", "visitors", **own)),
            usd(folder.total("costs", "dollars", **own)),
            usd(folder.total("costs", "dollars", category=SPENDING, **own)),
        ]


def staffing(
    folder: Folder, heads: Sequence[str], rows: Rows, table: str, value: str, keys: Sequence[str]
) -> Expected:
    """Hires, visitors and families cut off by fiscal year and what the columns before it name."""
    extra = {"dimension": "all"} if table == "funnel" else {}
    for title, *cells in rows:
        labels = cells[: len(keys)]
        own: dict[str, object] = {"scenario": folder.titles[title], "draw": 0, **extra}
        for key, label in zip(keys, labels, strict=True):
            named = folder.area(title, label) if key == "area" else WANTS.get(label, label)
            own[key] = folder.programs.get(label, named)
        years = (folder.year(head) for head in heads[1 + len(keys) :])
        found = (folder.total(table, value, year=year, **own) for year in years)
        yield [title, *labels, *map(finer, found)]


def displaced(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Families who gain and who lose a place."""
    for title, label, *_ in rows:
        of = "" if label == "Any program" else folder.programs[label]
        own = {"scenario": folder.titles[title], "draw": 0, "quantity": "enrolled", "name": of}
        yield [
            title,
            label,
            *(whole(folder.total("families", c, **own)) for c in ("more", "fewer")),
        ]


def languages(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Places by area and language."""
    for title, area, language, *_ in rows:
        name = folder.titles[title]
        spoken = "any" if "Not stated" in language else language.lower().replace(" ", "-")
        own = {"scenario": name, "draw": 0, "area": folder.area(title, area), "language": spoken}
        found = (folder.total("languages", "places", year=folder.year(h), **own) for h in heads[3:])
        yield [title, area, language, *map(finer, found)]


def outcomes(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """The numbers behind the pictures of outcomes."""
    measures = folder.titled(folder.measures)
    for label, title, *_ in rows:
        own, name = measures[label], folder.titles[title]
        word = "gained" if folder.measures[own]["desirable"] else "prevented"
        parts = ("", "_percent", "_if_no_effect")
        yield [label, title, *(folder.said(name, f"{word}{part}:{own}") for part in parts)]


def two_ages(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Outcomes at an earlier and a later age, from families followed one by one."""
    measures = folder.titled(folder.measures)
    ages = (folder.manifest["also_at_months"], folder.manifest["follow_up_months"])
    for label, title, *_ in rows:
        words, _, word = label.rpartition(": ")
        outcome, name = measures[words], folder.titles[title]

        def total(column: str, age: int, draw: int = 0, of: str = name, o: str = outcome) -> float:
            return folder.total("ages", column, scenario=of, outcome=o, age=age, draw=draw)

        cells: list[str | None] = [label, title]
        for age in ages:
            found = {}
            for effects in ("central", "low", "high"):
                draw = EFFECTS[effects]
                before = total("events", age, draw, folder.baseline)
                less = total("prevented", age, draw) * (-1 if word == "gained" else 1)
                found[effects] = 100 * less / before if before else 0.0
            ends = found.values()
            cells += map(share, (min(ends), found["central"], max(ends)))
        if word == "gained":
            yield [*cells, "", ""]
            continue
        spared, later = (
            total(one, ages[0]) - total(other, ages[0])
            for one, other in (("spared", "struck"), ("postponed", "hastened"))
        )
        known = "" if folder.measures[outcome]["kind"] == "harm" else whole(spared)
        part = share(100 * min(max(later / spared, 0), 1)) if spared > 0 else None
        yield [*cells, known, part]


def streams(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Received and spent by stream, fiscal year and program."""
    for title, label, stream, payer, *_ in rows:
        name = folder.titles[title]
        (of,) = (s["name"] for s in folder.notes[name]["streams"] if s["label"] == stream)
        own = {"scenario": name, "draw": 0, "year": folder.year(label), "stream": of}

        def paid(own: dict[str, object] = own, **wanted: object) -> float:
            return folder.total("costs", "dollars", **own, **wanted)

        programs = [
            f"{words} {usd(paid(program=program))}"
            for words, program in folder.programs.items()
            if len(folder.table("costs", program=program, **own))
        ]
        rest = (usd(paid(category="supervision")), usd(paid(category="unspent")))
        yield [title, label, stream, payer, usd(paid()), "; ".join(programs), *rest]


def payers_by_year(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Spent by fiscal year and payer."""
    for title, label, *_ in rows:
        own = {"scenario": folder.titles[title], "draw": 0, "year": folder.year(label)}
        own["category"] = SPENDING
        payers = [{}, *({"payer": head.replace(" ", "-")} for head in heads[3:])]
        found = (folder.total("costs", "dollars", **own, **payer) for payer in payers)
        yield [title, label, *map(usd, found)]


def per_unit(folder: Folder, heads: Sequence[str], rows: Rows) -> Expected:
    """Dollars for each event: program spending over events, both discounted, as summarized."""
    measures = folder.titled(folder.measures)
    for label, *_ in rows:
        word = "gained" if folder.measures[measures[label]]["desirable"] else "prevented"
        cells: list[str | None] = [label]
        for head in heads[1:]:
            key = (folder.titles[head], f"cost_per_{word}:{measures[label]}", "")
            row = folder.summary.get(key)
            if row is None:
                cells.append(None)
            elif row["high"] != row["high"]:
                cells.append(f"{usd(row['value'])}; none under some effects")
            else:
                cells.append(between(row["value"], (row["low"], row["high"]), usd))
        yield cells
