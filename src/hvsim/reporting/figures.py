"""The numbers of a run as reports look them up and say them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from hvsim.months import fiscal_year, fiscal_year_label, parse_month
from hvsim.reporting.rows import said
from hvsim.reporting.shares import Share
from hvsim.reporting.words import listed
from hvsim.runs import Measure, Run, ScenarioNote
from hvsim.runs.summary import CHANCE, Row
from hvsim.simulation.ledger import SPENDING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Figures", "central", "said", "totals"]

_FEW = 10
"""Simulated families that a comparison must change for chance to have an interval."""


class Figures:
    """Rows of ``summary.csv`` by scenario and measure.

    Parameters
    ----------
    run
        The run folder.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.manifest = run.manifest
        self._contents: dict[str, Any] = {}
        self._rows: dict[tuple[str, str, bool], Row] = {}
        for cells in run.summary.to_dict("records"):
            stated = {str(name): cell for name, cell in cells.items() if cell == cell}  # not NaN
            row = Row(**stated)
            self._rows[row.scenario, row.measure, row.uncertainty == CHANCE] = row

    def row(self, scenario: str, measure: str, *, chance: bool = False) -> Row | None:
        """The row, or none; of those with an interval by chance only if asked for."""
        return self._rows.get((scenario, measure, chance))

    def value(self, scenario: str, measure: str) -> float:
        """The value, zero where there is none."""
        row = self.row(scenario, measure)
        return 0.0 if row is None else row.value

    @property
    def baseline(self) -> ScenarioNote | None:
        """The scenario that the others are compared with."""
        name = self.manifest.baseline
        return None if name is None else self.manifest.scenario(name)

    @property
    def others(self) -> list[ScenarioNote]:
        """Scenarios that are compared with the baseline."""
        if self.manifest.baseline is None:
            return []
        return [note for note in self.manifest.scenarios if note.name != self.manifest.baseline]

    @property
    def strategies(self) -> list[ScenarioNote]:
        """Those of the others that serve families."""
        return [note for note in self.others if self.serves(note)]

    @property
    def yardsticks(self) -> list[ScenarioNote]:
        """Those of the others without programs, which tell what the baseline itself prevents."""
        base = self.baseline
        if base is None or not self.serves(base):
            return []
        return [note for note in self.others if not self.serves(note)]

    @property
    def visiting(self) -> list[ScenarioNote]:
        """Scenarios that serve families, the baseline first as in the manifest."""
        return [note for note in self.manifest.scenarios if self.serves(note)]

    @property
    def programs(self) -> dict[str, str]:
        """Label of each program of any scenario."""
        found: dict[str, str] = {}
        for note in self.manifest.scenarios:
            for program in note.programs:
                found.setdefault(program.name, program.label)
        return found

    def serves(self, note: ScenarioNote) -> bool:
        """Whether a scenario has programs."""
        made = (self.value(note.name, measure) for measure in ("enrolled", "visits", "spent"))
        return bool(note.programs) and any(made)

    @property
    def adverse(self) -> list[Measure]:
        """Measures of which fewer are better."""
        return [measure for measure in self.manifest.measures if measure.is_adverse]

    def share(self, note: ScenarioNote, measure: Measure) -> Share:
        """What a scenario prevents of a measure, in percent of the baseline's.

        Of a yardstick it is what the baseline prevents compared with it.
        """
        row = self.row(note.name, f"prevented_percent:{measure.name}")
        if row is None:
            return Share(0.0, None, None, None, 0.0)
        unaided = self.row(note.name, f"prevented_if_no_effect_percent:{measure.name}")
        chance = self.row(note.name, f"prevented:{measure.name}", chance=True)
        before = self.value(str(self.manifest.baseline), f"events:{measure.name}")
        spread = 0.0
        if chance is not None and chance.high is not None and before:
            spread = 100 * (chance.high - chance.value) / before
        found = Share(
            row.value, row.low, row.high, None if unaided is None else unaided.value, spread
        )
        return found.turned() if note in self.yardsticks else found

    def changed(self, note: ScenarioNote, measure: Measure) -> float:
        """Simulated families, of all replicates, who fare better or worse under central effects."""
        fewer, more = (
            self.value(note.name, f"families_{way}:{measure.name}") for way in ("fewer", "more")
        )
        return (fewer + more) * self.manifest.scale * len(self.manifest.seeds)

    def too_few(self, note: ScenarioNote, measure: Measure) -> bool:
        """Whether so few simulated families change that chance cannot be told."""
        return round(self.changed(note, measure)) < _FEW

    def no_effect_assumed(self, note: ScenarioNote, measure: Measure) -> bool:
        """Whether no program changes an outcome under central effects."""
        if self.baseline is None or round(self.changed(note, measure)):
            return False
        contents = [self.content(name) for name in (self.baseline.name, note.name)]
        if not all(measure.name in content.get("outcomes", {}) for content in contents):
            return False  # a report, or what follows it
        ratios = [
            central(effect.get(ratio, 1))
            for content in contents
            for system in (content, content.get("before") or {})
            for program in (system.get("programs") or {}).values()
            for effect in [(program.get("effects") or {}).get(measure.name, {})]
            for ratio in ("hazard_ratio", "exit_hazard_ratio")
        ]
        return bool(ratios) and all(ratio in (1, None) for ratio in ratios)

    def content(self, scenario: str) -> Any:
        """What a scenario says as it was run, read once."""
        if scenario not in self._contents:
            self._contents[scenario] = self.run.content(scenario)
        return self._contents[scenario]

    def prevented(self, note: ScenarioNote, measure: Measure) -> float:
        """Number prevented under central effects; of a yardstick, by the baseline."""
        sign = -1 if note in self.yardsticks else 1
        return sign * self.value(note.name, f"prevented:{measure.name}")

    @property
    def main(self) -> Measure | None:
        """The measure of the headlines: harm if anything moves it, else what is moved most."""
        notes = self.strategies or self.yardsticks
        found = [m for m in self.adverse if any(self.share(n, m).moves for n in notes)]
        harms = [measure for measure in found if measure.kind == "harm"]
        if harms:
            return harms[0]
        sizes = [(max(abs(self.share(n, m).value) for n in notes), m) for m in found]
        return max(sizes, key=lambda pair: pair[0])[1] if sizes else None

    def through(self) -> int:
        """Fiscal year of the last births, with which sums of money end."""
        return fiscal_year(parse_month(self.manifest.end), self.manifest.fiscal_year_starts)

    def payers(self, scenario: str) -> dict[str, float]:
        """Dollars spent by payer, the largest first, until the year of the last births."""
        costs = self.run.costs
        own = costs[
            (costs["scenario"] == scenario)
            & (costs["draw"] == self.manifest.draws[0].draw)
            & (costs["year"] <= self.through())
            & costs["category"].isin(SPENDING)
        ]
        sums = own.groupby("payer")["dollars"].sum() / len(self.manifest.seeds)
        ordered = sums.sort_values(ascending=False, kind="stable")
        return {str(payer): float(dollars) for payer, dollars in ordered.items() if dollars}

    def partial_years(self) -> dict[int, int]:
        """Months simulated of each fiscal year that the run covers only in part."""
        starts, months = self.manifest.fiscal_year_starts, self.run.capacity["month"].unique()
        covered = Counter(fiscal_year(parse_month(month), starts) for month in months)
        return {year: count for year, count in sorted(covered.items()) if count < 12}

    def year_labels(self, years: Iterable[int]) -> list[str]:
        """Names of fiscal years, a star at those that the run covers only in part."""
        starts, partial = self.manifest.fiscal_year_starts, self.partial_years()
        return [f"{fiscal_year_label(year, starts)}{'*' * (year in partial)}" for year in years]

    def partial_note(self) -> str:
        """What the stars say; empty if there are none."""
        starts = self.manifest.fiscal_year_starts
        parts = [
            f"{months} {'month' if months == 1 else 'months'} of {fiscal_year_label(year, starts)}"
            for year, months in self.partial_years().items()
        ]
        return f"* only {listed(parts)}" if parts else ""

    def foremost(self, scenario: str, most: int) -> list[Measure]:
        """The adverse measures that a scenario moves most, in percent of the baseline's."""

        def size(measure: Measure) -> float:
            return abs(self.value(scenario, f"prevented_percent:{measure.name}"))

        return [m for m in sorted(self.adverse, key=size, reverse=True)[:most] if size(m) > 0]


def totals(frame: pd.DataFrame, keys: Sequence[str], column: str) -> dict[tuple[Any, ...], float]:
    """Sums of a column by several keys, in their order."""
    sums: Any = frame.groupby(list(keys))[column].sum().to_dict()
    return dict(sums)


def central(value: Any) -> Any:
    """The value of an annotated or plain number."""
    return value.get("value") if isinstance(value, dict) else value
