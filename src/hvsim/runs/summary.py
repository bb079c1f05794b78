"""The summary of a run: one row per scenario and measure, each saying what its interval holds.

Measures are named ``what`` or ``what:of``, for example ``enrolled:welcome-baby`` (program) or
``prevented:ed-visits`` (outcome measure); of what is desirable it is ``gained:school-readiness``.
Values are averages over replicates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from hvsim.runs.dollars import dollar_rows
from hvsim.runs.intervals import with_parameters
from hvsim.runs.manifest import Measure
from hvsim.runs.postponing import early_rows
from hvsim.runs.reading import Run
from hvsim.runs.rows import CHANCE, COLUMNS, TWO_SIDED_95, Row, interval
from hvsim.runs.years import UNITS, years_of
from hvsim.simulation.ledger import SPENDING, WITHDRAWN

if TYPE_CHECKING:
    import pandas as pd

Totals: TypeAlias = Mapping[tuple[Any, ...], float]

_CUT_OFF: Final = {
    "withdrawn": WITHDRAWN,
    "withdrawn_no_visitor": ("withdrawn-no-visitor",),
    "withdrawn_no_money": ("withdrawn-no-money",),
}
"""Measures of families cut off, and the transitions that each counts."""


def summarize(run: Run) -> pd.DataFrame:
    """Compute the summary from the tables of a run."""
    import pandas as pd

    tables = _Tables(run)
    rows = [row for note in run.manifest.scenarios for row in tables.rows(note.name)]
    return pd.DataFrame([vars(row) for row in rows], columns=list(COLUMNS))


def summary_csv(run: Run) -> str:
    """Text of ``summary.csv``: six decimals, or as many as six digits of a small number need."""
    frame = summarize(run)
    if run.manifest.parameter_draws is not None:
        frame = with_parameters(frame, run.draws("summary"))
    return str(frame.to_csv(index=False, float_format=_number, lineterminator="\n"))


def _number(value: Any) -> str:
    number = float(value)
    if number.is_integer():
        return f"{number:.0f}"
    if abs(number) >= 1:
        return f"{number:.6f}".rstrip("0").rstrip(".")
    return np.format_float_positional(number, precision=6, unique=False, fractional=False, trim="-")


def _better(measure: Measure, before: float, after: float) -> float:
    """How much better a scenario is than the baseline: fewer, or more of what is desirable."""
    return after - before if measure.desirable else before - after


class _Tables:
    """Averages over replicates, of all families and all years."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.manifest = run.manifest
        self.replicates = len(run.manifest.seeds)
        self.first = run.manifest.draws[0].draw

    @cached_property
    def funnel(self) -> Totals:
        """By whether the year comes after the last births, scenario, program and transition.

        Of the first draw: effects hardly move service.
        """
        frame = self.run.funnel
        everyone = frame[(frame["dimension"] == "all") & (frame["draw"] == self.first)]
        keys = ("after", "scenario", "program", "transition")
        return self._average(self._dated(everyone), keys, "families")

    @cached_property
    def outcomes(self) -> Totals:
        """By scenario, draw, outcome and measure."""
        frame = self.run.outcomes
        everyone = frame[frame["dimension"] == "all"]
        return self._average(everyone, ("scenario", "draw", "outcome", "measure"), "value")

    @cached_property
    def money(self) -> Totals:
        """By whether the year comes after the last births, scenario, category and program.

        Streams go on paying while the last families are followed up; what they then pay for,
        in truth families born later, is no cost of the families of the run.
        """
        frame = self.run.costs[self.run.costs["draw"] == self.first]
        keys = ("after", "scenario", "category", "program")
        return self._average(self._dated(frame), keys, "dollars")

    @cached_property
    def waiting(self) -> Totals:
        """Family-months of waiting by scenario and program."""
        return self._average(self.run.capacity, ("scenario", "program"), "waiting")

    @cached_property
    def families(self) -> Mapping[str, Totals]:
        """By scenario, draw, quantity and name, for each column of that table."""
        keys = ("scenario", "draw", "quantity", "name")
        columns = ("total", "standard_error", "variance_ratio", "fewer", "more")
        return {column: self._average(self.run.families, keys, column) for column in columns}

    def _dated(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows with whether their year comes after that of the last births."""
        return frame.assign(after=frame["year"] > self.manifest.last_births)

    def _average(self, frame: pd.DataFrame, keys: tuple[str, ...], column: str) -> Totals:
        totals: dict[Any, float] = frame.groupby(list(keys))[column].sum().to_dict()
        return {key: total / self.replicates for key, total in totals.items()}

    def rows(self, scenario: str) -> Iterator[Row]:
        """All rows of one scenario."""
        yield from self._reach(scenario)
        yield from self._money(scenario)
        yield from self._by_year(scenario)
        yield from self._events(scenario)
        if self.manifest.baseline not in (None, scenario):
            yield from self._compared_outcomes(scenario)
            yield from early_rows(self.run, scenario)
            yield from self._places(scenario)
            yield from dollar_rows(self.run, scenario)

    def _reach(self, scenario: str) -> Iterator[Row]:
        yield Row(scenario, "births", "births", self._stepped(scenario, "births"))
        yield Row(scenario, "contacted", "families", self._once(scenario, "contacted", ""))
        for step in ("screened", "flagged", "referred", "reached"):
            yield Row(scenario, step, "families", self._stepped(scenario, step))
        yield Row(scenario, "enrolled", "families", self._once(scenario, "enrolled", ""))
        programs = self.manifest.scenario(scenario).programs
        for program in programs:
            enrolled = self._once(scenario, "enrolled", program.name)
            yield Row(scenario, f"enrolled:{program.name}", "families", enrolled)
        yield Row(scenario, "visits", "visits", self._stepped(scenario, "visits-completed"))
        for program in programs:
            visits = self._stepped(scenario, "visits-completed", program.name)
            yield Row(scenario, f"visits:{program.name}", "visits", visits)
        for program in programs:
            joined = self._stepped(scenario, "waitlisted", program.name)
            if joined:
                # Little's law: mean wait is family-months spent waiting by families who joined.
                wait = self.waiting.get((scenario, program.name), 0.0) / joined
                yield Row(scenario, f"mean_wait:{program.name}", "months", wait)
        for what, steps in _CUT_OFF.items():
            for name, of in (("", None), *((f":{own.name}", own.name) for own in programs)):
                families = sum(self._stepped(scenario, step, of, after=False) for step in steps)
                yield Row(scenario, f"{what}{name}", "families", families)
            # Streams may end with the births: that cuts off families whom nobody meant to.
            later = sum(self._stepped(scenario, step, after=True) for step in steps)
            yield Row(scenario, f"{what}_after_last_births", "families", later)

    def _money(self, scenario: str) -> Iterator[Row]:
        programs = [program.name for program in self.manifest.scenario(scenario).programs]
        spent = {program: self._spent(scenario, program) for program in programs}
        yield Row(scenario, "spent", "USD", sum(spent.values()))
        for program, dollars in spent.items():
            yield Row(scenario, f"spent:{program}", "USD", dollars)
        for category in SPENDING:
            paid = sum(self.money.get((False, scenario, category, p), 0.0) for p in programs)
            yield Row(scenario, f"spent_on:{category}", "USD", paid)
        unspent = self.money.get((False, scenario, "unspent", ""), 0.0)
        yield Row(scenario, "unspent", "USD", unspent)
        later = sum(self._spent(scenario, program, after=True) for program in programs)
        yield Row(scenario, "spent_after_last_births", "USD", later)
        yield from self._per_enrollment(scenario, "", sum(spent.values()), None)
        for program, dollars in spent.items():
            yield from self._per_enrollment(scenario, f":{program}", dollars, program)

    def _per_enrollment(
        self, scenario: str, of: str, dollars: float, program: str | None
    ) -> Iterator[Row]:
        """Dollars over the enrollments of the years in which they are spent.

        Each family once is known for the whole run alone, whose last years hold no such dollars.
        """
        enrolled = self._stepped(scenario, "enrolled", program, after=False)
        if enrolled:
            unit = "USD per enrollment"
            yield Row(scenario, f"spent_per_enrollment{of}", unit, dollars / enrolled)

    def _spent(self, scenario: str, program: str, *, after: bool = False) -> float:
        return sum(
            self.money.get((after, scenario, category, program), 0.0) for category in SPENDING
        )

    def _by_year(self, scenario: str) -> Iterator[Row]:
        """What the end of money, or of hiring, does from one fiscal year to the next."""
        for year, found in years_of(self.run, scenario).items():
            for what, value in found.items():
                yield Row(scenario, f"{what}:{year}", UNITS[what], value)

    def _events(self, scenario: str) -> Iterator[Row]:
        for measure in self.manifest.measures:
            counts = self._by_effects(scenario, measure.name, "events")
            yield interval(scenario, f"events:{measure.name}", measure.unit, counts)
            if measure.kind == "state":
                months = self._by_effects(scenario, measure.name, "person_months")
                yield interval(scenario, f"months:{measure.name}", "months", months)

    def _compared_outcomes(self, scenario: str) -> Iterator[Row]:
        for measure in self.manifest.measures:
            yield from self._benefit(scenario, measure, "", "events", measure.unit)
            yield from self._families(scenario, measure)
            if measure.kind == "state":
                yield from self._benefit(scenario, measure, "_months", "person_months", "months")

    def _benefit(
        self, scenario: str, measure: Measure, of: str, count: str, unit: str
    ) -> Iterator[Row]:
        """What is prevented, or gained, as a count and as a percent of the baseline's."""
        assert self.manifest.baseline is not None
        before = self._by_effects(self.manifest.baseline, measure.name, count)
        after = self._by_effects(scenario, measure.name, count)
        better = {effects: _better(measure, before[effects], after[effects]) for effects in before}
        percent = {
            effects: 100 * better[effects] / before[effects] if before[effects] else 0.0
            for effects in before
        }
        what = f"{measure.benefit}{of}"
        yield interval(scenario, f"{what}:{measure.name}", unit, better)
        of_baseline = "percent of the baseline's"
        yield interval(scenario, f"{what}_percent:{measure.name}", of_baseline, percent)
        if "zero" in better:
            unaided = f"{what}_if_no_effect"
            yield Row(scenario, f"{unaided}:{measure.name}", unit, better["zero"])
            yield Row(scenario, f"{unaided}_percent:{measure.name}", of_baseline, percent["zero"])

    def _families(self, scenario: str, measure: Measure) -> Iterator[Row]:
        """What chance alone does, and how many families fare better and worse."""
        draw = self.manifest.draw_of("central")
        if draw is None:
            return
        found = self._compared(scenario, draw, "events", measure.name)
        before = self.outcomes.get((self.manifest.baseline, draw, measure.name, "events"), 0.0)
        after = self.outcomes.get((scenario, draw, measure.name, "events"), 0.0)
        # The error of an average over replicates, each with its own families.
        spread = TWO_SIDED_95 * found["standard_error"] / self.replicates**0.5
        better = _better(measure, before, after)
        ends = better - spread, better + spread
        name = f"{measure.benefit}:{measure.name}"
        yield Row(scenario, name, measure.unit, better, *ends, CHANCE)
        yield Row(scenario, f"families_fewer:{measure.name}", "families", found["fewer"])
        yield Row(scenario, f"families_more:{measure.name}", "families", found["more"])
        yield Row(
            scenario,
            f"variance_ratio:{measure.name}",
            "paired / independent",
            found["variance_ratio"],
        )

    def _places(self, scenario: str) -> Iterator[Row]:
        """Families who gain a place that the baseline did not give them, and who lose one."""
        programs = [program.name for program in self.manifest.scenario(scenario).programs]
        for name in ("", *programs):
            found = self._compared(scenario, self.first, "enrolled", name)
            suffix = f":{name}" if name else ""
            yield Row(scenario, f"gained_service{suffix}", "families", found["more"])
            yield Row(scenario, f"lost_service{suffix}", "families", found["fewer"])

    def _stepped(
        self,
        scenario: str,
        transition: str,
        program: str | None = None,
        *,
        after: bool | None = None,
    ) -> float:
        """Transitions of a kind; of one program or of all, until the last births, after or ever."""
        return sum(
            families
            for (when, where, which, step), families in self.funnel.items()
            if where == scenario
            and step == transition
            and program in (None, which)
            and after in (None, when)
        )

    def _once(self, scenario: str, quantity: str, name: str) -> float:
        """Families, each counted once."""
        return self.families["total"].get((scenario, self.first, quantity, name), 0.0)

    def _compared(self, scenario: str, draw: int, quantity: str, name: str) -> dict[str, float]:
        key = (scenario, draw, quantity, name)
        return {column: totals.get(key, 0.0) for column, totals in self.families.items()}

    def _by_effects(self, scenario: str, outcome: str, measure: str) -> dict[str, float]:
        return {
            draw.effects: float(self.outcomes.get((scenario, draw.draw, outcome, measure), 0.0))
            for draw in self.manifest.draws
        }
