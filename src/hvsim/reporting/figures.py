"""The numbers of a run as reports look them up and say them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hvsim.months import fiscal_year, fiscal_year_label, parse_month
from hvsim.reporting.rows import said
from hvsim.reporting.shares import Share
from hvsim.reporting.words import listed, quoted
from hvsim.runs import Measure, Run, ScenarioNote
from hvsim.runs.intervals import PARAMETERS
from hvsim.runs.rows import CHANCE, Row
from hvsim.scenario.variants import RATIOS
from hvsim.simulation.ledger import SPENDING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Figures", "central", "said", "totals"]

OUTCOMES, OTHERS = "Outcomes", "Other outcomes"
"""Headings of measures to which the scenario gives none: where no others have one, and where."""

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
        self._rows: dict[tuple[str, str, bool], Row] = {}
        self._over_draws: dict[tuple[str, str], Row] = {}
        for cells in run.summary.to_dict("records"):
            stated = {str(name): cell for name, cell in cells.items() if cell == cell}  # not NaN
            row = Row(**stated)
            if row.uncertainty == PARAMETERS:
                self._over_draws[row.scenario, row.measure] = row
                continue
            self._rows[row.scenario, row.measure, row.uncertainty == CHANCE] = row

    def row(self, scenario: str, measure: str, *, chance: bool = False) -> Row | None:
        """The row, or none; of those with an interval by chance only if asked for."""
        return self._rows.get((scenario, measure, chance))

    def over_draws(self, scenario: str, measure: str) -> Row | None:
        """The row of the draws of parameters, or none."""
        return self._over_draws.get((scenario, measure))

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

    def labels(self, *collections: str) -> dict[str, str]:
        """Labels that any scenario gives in some of its collections, by dotted path."""
        return {
            f"{collection}.{name}": own["label"]
            for note in self.manifest.scenarios
            for collection in collections
            for name, own in (self.content(note.name).get(collection) or {}).items()
            if own.get("label")
        }

    @property
    def born_before(self) -> bool:
        """Whether families of children born before the first month are followed and counted too.

        Scenarios that are compared are alike in this.
        """
        warm = self.content(self.manifest.scenarios[0].name).get("warm_start") or {}
        return bool(central(warm.get("months", 0)))

    def serves(self, note: ScenarioNote) -> bool:
        """Whether a scenario has programs."""
        made = (self.value(note.name, measure) for measure in ("enrolled", "visits", "spent"))
        return bool(note.programs) and any(made)

    @cached_property
    def groups(self) -> dict[str, list[Measure]]:
        """Measures that can turn out better or worse, under the headings of the scenario.

        Headings with harm stand first, what has none last; under each, harm, what agencies see of
        it, and the rest as in the scenario.
        """
        found: dict[str, list[Measure]] = {}
        for measure in self.manifest.measures:
            if measure.is_judged:
                found.setdefault(measure.group, []).append(measure)
        named = sorted(
            found,
            key=lambda group: (not group, not any(m.kind == "harm" for m in found[group])),
        )
        others = OTHERS if len(named) > 1 else OUTCOMES
        return {group or others: sorted(found[group], key=_rank) for group in named}

    @property
    def judged(self) -> list[Measure]:
        """Measures that can turn out better or worse, in the order of reports."""
        return [measure for measures in self.groups.values() for measure in measures]

    def benefit(
        self, note: ScenarioNote, measure: Measure, of: str = "", *, chance: bool = False
    ) -> Row | None:
        """The row of what is prevented, or gained: of the count, or ``percent`` and the like."""
        return self.row(note.name, benefit_row(measure, of), chance=chance)

    def benefit_over_draws(self, note: ScenarioNote, measure: Measure) -> Row | None:
        """What draws of parameters say of the percentage prevented, or gained; none without."""
        return self.over_draws(note.name, benefit_row(measure, "percent"))

    def share(self, note: ScenarioNote, measure: Measure) -> Share:
        """What a scenario prevents or gains of a measure, in percent of the baseline's.

        Of a yardstick it is what the baseline does compared with it.
        """
        row = self.benefit(note, measure, "percent")
        if row is None:
            return Share(0.0, None, None, None, 0.0)
        unaided = self.benefit(note, measure, "if_no_effect_percent")
        chance = self.benefit(note, measure, chance=True)
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
        ours, theirs = (_caused_by(own.get("outcomes") or {}, measure) for own in contents)
        if ours is None or ours != theirs:
            return False  # a report, or what follows it
        ratios = [
            central(effect.get(ratio, 1))
            for content in contents
            for system in (content, content.get("before") or {})
            for program in (system.get("programs") or {}).values()
            for effect in [(program.get("effects") or {}).get(ours, {})]
            for ratio in RATIOS
        ]
        return bool(ratios) and all(ratio in (1, None) for ratio in ratios)

    def not_shared(self) -> str:
        """Outcomes that are not compared, because only some scenarios have them; empty if none."""
        parts = [
            f"{quoted(own.label)} (only in "
            f"{listed([quoted(self.manifest.scenario(name).title) for name in own.scenarios])})"
            for own in self.manifest.left_out
        ]
        return f" Not compared, as not every scenario has it: {'; '.join(parts)}." if parts else ""

    def content(self, scenario: str) -> Any:
        """What a scenario says as it was run."""
        return self.run.content(scenario)

    def better(self, note: ScenarioNote, measure: Measure) -> float:
        """Number prevented, or gained, under central effects; of a yardstick, by the baseline."""
        sign = -1 if note in self.yardsticks else 1
        return sign * self.value(note.name, benefit_row(measure))

    @property
    def main(self) -> Measure | None:
        """The measure of the headlines."""
        return self.main_of(self.judged)

    def main_of(self, measures: Sequence[Measure]) -> Measure | None:
        """Of several measures, harm if anything moves it, else what is moved most."""
        notes = self.strategies or self.yardsticks
        found = [m for m in measures if any(self.share(n, m).moves for n in notes)]
        harms = [measure for measure in found if measure.kind == "harm"]
        if harms:
            return harms[0]

        def size(measure: Measure) -> tuple[bool, float]:
            # What few families have can move by much without being the finding.
            told = any(not self.too_few(note, measure) for note in notes)
            return told, max(abs(self.share(note, measure).value) for note in notes)

        return max(found, key=size, default=None)

    @property
    def need(self) -> Measure | None:
        """The measure by which groups need service: harm, else what strategies move most.

        None if nothing that is to be prevented happens under the baseline.
        """
        before = self.baseline or self.manifest.scenarios[0]
        found = [
            measure
            for measure in self.judged
            if not measure.desirable and self.value(before.name, f"events:{measure.name}")
        ]
        harms = [measure for measure in found if measure.kind == "harm"]
        return harms[0] if harms else self.main_of(found)

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

    @cached_property
    def partial_years(self) -> dict[int, int]:
        """Months simulated of each fiscal year that the run covers only in part."""
        starts, months = self.manifest.fiscal_year_starts, self.run.capacity["month"].unique()
        covered = Counter(fiscal_year(parse_month(month), starts) for month in months)
        return {year: count for year, count in sorted(covered.items()) if count < 12}

    def year_labels(self, years: Iterable[int]) -> list[str]:
        """Names of fiscal years, a star at those that the run covers only in part."""
        starts, partial = self.manifest.fiscal_year_starts, self.partial_years
        return [f"{fiscal_year_label(year, starts)}{'*' * (year in partial)}" for year in years]

    def partial_note(self) -> str:
        """What the stars say; empty if there are none."""
        starts = self.manifest.fiscal_year_starts
        parts = [
            f"{months} {'month' if months == 1 else 'months'} of {fiscal_year_label(year, starts)}"
            for year, months in self.partial_years.items()
        ]
        return f"* only {listed(parts)}" if parts else ""

    def foremost(self, note: ScenarioNote, most: int, *, desirable: bool = False) -> list[Measure]:
        """The measures that a scenario moves most, in percent of the baseline's.

        Those by which so few families change that chance cannot be told stand last.
        """

        def size(measure: Measure) -> tuple[bool, float]:
            return not self.too_few(note, measure), abs(self.share(note, measure).value)

        moved = [m for m in self.judged if m.desirable == desirable and size(m)[1] > 0]
        return sorted(moved, key=size, reverse=True)[:most]


def benefit_row(measure: Measure, of: str = "") -> str:
    """Name of the row of the summary that tells what is prevented, or gained, of a measure."""
    return f"{'_'.join(filter(None, (measure.benefit, of)))}:{measure.name}"


def _rank(measure: Measure) -> int:
    """Harm first, then what agencies see of it."""
    order = ("harm", "report", "stage")
    return order.index(measure.kind) if measure.kind in order else len(order)


def _caused_by(outcomes: Mapping[str, Any], measure: Measure) -> str | None:
    """The outcome on which a program must act to change a measure; none if it is what follows."""
    for name, outcome in outcomes.items():
        own = outcome.get("amount") or {}
        if measure.name in (name, own.get("name")):
            return None if outcome.get("begins_with") else name
    return None


def totals(frame: pd.DataFrame, keys: Sequence[str], column: str) -> dict[tuple[Any, ...], float]:
    """Sums of a column by several keys, in their order."""
    sums: Any = frame.groupby(list(keys))[column].sum().to_dict()
    return dict(sums)


def central(value: Any) -> Any:
    """The value of an annotated or plain number."""
    return value.get("value") if isinstance(value, dict) else value
