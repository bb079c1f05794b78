"""A run folder as its files say, numbers as a page writes them: nothing of the reports' own."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

EFFECTS = {"central": 0, "low": 1, "high": 2, "zero": 3}
SPENDING = ("salaries", "hires", "supervision")


def whole(value: float, digits: int = 0) -> str:
    """``1,234``; a zero without a sign."""
    return f"{round(value, digits) + 0.0:,.{digits}f}"


def finer(value: float) -> str:
    """A tenth where a number is small and no whole one."""
    return whole(value, tenths(value))


def tenths(value: float) -> int:
    return int(abs(value) < 10 and not float(value).is_integer())


def usd(value: float) -> str:
    sign = "-" if value < 0 and round(abs(value)) else ""
    for least, unit, digits, word in ((999.5e6, 1e9, 2, " billion"), (1e6, 1e6, 1, " million")):
        if abs(value) >= least:
            return f"{sign}${abs(value) / unit:,.{digits}f}{word}"
    return f"{sign}${abs(value):,.0f}"


def short_usd(value: float) -> str:
    """Two or three digits: ``$1.2 million``, ``$115 thousand``."""
    size = float(f"{abs(value):.3g}")
    power = int(math.log10(size) // 3) if size >= 1000 else 0
    if not power:
        return usd(value)
    scaled = size / 1000**power
    word = ("thousand", "million", "billion")[power - 1]
    return f"{'-' * (value < 0)}${scaled:.1f} {word}" if scaled < 10 else (
        f"{'-' * (value < 0)}${scaled:,.0f} {word}"
    )  # fmt: skip


def share(value: float) -> str:
    """A percentage with two digits at least, up to hundredths."""
    digits = 0 if not value or abs(value) >= 10 else 1 if abs(value) >= 1 else 2
    return f"{round(value, digits) + 0.0:.{digits}f}%"


def between(value: float, ends: Sequence[float], form: Any) -> str:
    """A value with the ends of its interval, which is left out where it reads as the value."""
    texts = [form(value), form(min(ends)), form(max(ends))]
    return texts[0] if len(set(texts)) == 1 else f"{texts[0]} ({texts[1]} to {texts[2]})"


class Folder:
    """Files of a run folder, read as anybody can."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: dict[str, Any] = json.loads((path / "manifest.json").read_text("utf-8"))
        self.baseline: str = self.manifest["baseline"]
        self.replicates = len(self.manifest["seeds"])
        self.notes: dict[str, dict[str, Any]] = {n["name"]: n for n in self.manifest["scenarios"]}
        self.titles = {" ".join(n["title"].split()): name for name, n in self.notes.items()}
        self.measures = {m["name"]: m for m in self.manifest["measures"]}
        self.programs = {
            program["label"]: program["name"]
            for note in self.notes.values()
            for program in note["programs"]
        }
        self.others = [name for name in self.notes if name != self.baseline]
        year, month = map(int, self.manifest["end"].split("-"))
        self.last_year = year + (month >= self.starts > 1)

    @property
    def starts(self) -> int:
        return int(self.manifest["fiscal_year_starts"])

    def table(self, name: str, /, **wanted: Any) -> pd.DataFrame:
        """Rows of a Parquet file whose columns have the values wanted."""
        frame = self._read(name, wanted.pop("scenario", None))
        for column, values in wanted.items():
            own = frame[column]
            frame = frame[own.isin(values) if isinstance(values, tuple) else own == values]
        return frame

    @cached_property
    def _held(self) -> dict[tuple[str, str | None], pd.DataFrame]:
        return {}

    def _read(self, name: str, scenario: str | None = None) -> pd.DataFrame:
        """A table, or its rows of one scenario, read once."""
        if (name, scenario) not in self._held:
            frame = pd.read_parquet(self.path / f"{name}.parquet") if scenario is None else (
                self._read(name)[self._read(name)["scenario"] == scenario]
            )  # fmt: skip
            self._held[name, scenario] = frame
        return self._held[name, scenario]

    def total(self, name: str, column: str, /, **wanted: Any) -> float:
        """Sum of a column over such rows, on average over replicates."""
        return float(self.table(name, **wanted)[column].sum()) / self.replicates

    @cached_property
    def summary(self) -> Mapping[tuple[str, str, str], dict[str, Any]]:
        """Rows of ``summary.csv`` by scenario, measure and what an interval holds."""
        frame = pd.read_csv(self.path / "summary.csv", keep_default_na=False, na_values=[""])
        rows = frame.to_dict("records")
        kinds = [row["uncertainty"] if row["uncertainty"] == "chance only" else "" for row in rows]
        return {
            (row["scenario"], row["measure"], kind): {str(k): v for k, v in row.items()}
            for row, kind in zip(rows, kinds, strict=True)
        }

    def said(self, scenario: str, measure: str, kind: str = "", *, turned: bool = False) -> str:
        """A row of the summary as a cell says it; empty if there is none."""
        row = self.summary.get((scenario, measure, kind))
        if row is None or math.isnan(row["value"]):
            return ""
        sign = -1 if turned else 1
        value, low, high = (sign * row[name] for name in ("value", "low", "high"))
        unit = str(row["unit"])
        form: Callable[[float], str] = partial(whole, digits=tenths(value))
        if unit.startswith(("USD", "percent")):
            form = usd if unit.startswith("USD") else share
        return form(value) if math.isnan(low) else between(value, (low, high), form)

    def events(self, scenario: str, outcome: str, effects: str = "central", **wanted: Any) -> float:
        """Events of all years."""
        wanted = {"dimension": "all", "draw": EFFECTS[effects]} | wanted
        own = {"scenario": scenario, "outcome": outcome, "measure": "events"}
        return self.total("outcomes", "value", **own, **wanted)

    def better(self, scenario: str, outcome: str, effects: str = "central", **wanted: Any) -> float:
        """Percent of the baseline's events that are prevented, or gained."""
        before = self.events(self.baseline, outcome, effects, **wanted)
        less = before - self.events(scenario, outcome, effects, **wanted)
        sign = -1 if self.measures[outcome]["desirable"] else 1
        return sign * 100 * less / before if before else 0.0

    def families(self, scenario: str, transition: str | tuple[str, ...], **wanted: Any) -> float:
        """Families at a step, under central effects."""
        wanted = {"dimension": "all"} | wanted
        return self.total(
            "funnel", "families", scenario=scenario, draw=0, transition=transition, **wanted
        )

    def spent(self, scenario: str, **wanted: Any) -> float:
        """Undiscounted dollars that streams pay, to the fiscal year of the last births."""
        years = tuple(y for y in self._read("costs")["year"].unique() if y <= self.last_year)
        wanted = {"category": SPENDING, "year": years} | wanted
        return self.total("costs", "dollars", scenario=scenario, draw=0, **wanted)

    def dollars(self, scenario: str, view: str, payer: str = "", **wanted: Any) -> float:
        """Discounted dollars of a view, under central effects unless said otherwise."""
        wanted = {"draw": 0, "dimension": "all"} | wanted
        payers = {"payer": payer} if payer else {}
        own = {"scenario": scenario, "view": view}
        return self.total("valuation", "discounted", **own, **payers, **wanted)

    def area(self, title: str, label: str) -> str:
        """Regions of an area, as its label names them."""
        regions = self.notes[self.titles[title]]["regions"]
        names = {own["label"] or own["name"]: own["name"] for own in regions}
        return "+".join(names[part] for part in label.split(" and "))

    def year(self, label: str) -> int:
        """Fiscal year of a label such as ``2024-25*``."""
        label = label.rstrip("*")
        return int(label[:4]) + 1 if "-" in label else int(label)

    def title(self, measure: Mapping[str, Any]) -> str:
        """A measure's name in tables."""
        label, unit = measure["label"], measure["unit"]
        return label if unit in label.lower() else f"{label} ({unit})"

    def titled(self, names: Iterable[str]) -> dict[str, str]:
        """Measures by their titles."""
        return {self.title(self.measures[name]): name for name in names}
