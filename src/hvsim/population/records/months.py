"""When births are needed, and whether a file has them."""

from __future__ import annotations

import numpy as np

from hvsim.months import format_month
from hvsim.population.records.cells import Cells
from hvsim.population.records.mapping import Bools, IntArray
from hvsim.population.records.problems import Complaints
from hvsim.scenario.records import BIRTH_DATE, BIRTH_YEAR, REFUSE
from hvsim.scenario.schema import Records, Scenario


def run_months(scenario: Scenario) -> tuple[int, int]:
    """First and last month in which families of a run are born."""
    entry = scenario.start - round(scenario.warm_start.months.value)
    return entry + round(scenario.population.enters_before_birth.value), scenario.end


def outside(
    scenario: Scenario,
    records: Records,
    months: IntArray,
    left_out: Bools,
    cells: Cells,
    complaints: Complaints,
) -> Bools:
    """Births outside the months of the run; what the scenario refuses is noted.

    Months for which the file has no births are noted as well.

    Parameters
    ----------
    scenario, records
        The run, and how it uses the file.
    months
        Month of each birth.
    left_out
        Births that are left out already.
    cells, complaints
        Where the births stand, and where to note what is wrong.
    """
    if records.use == "every-year":
        _check_calendar(months[~left_out], complaints)
        return np.zeros(len(months), np.bool_)
    first, last = run_months(scenario)
    beyond = ~left_out & ((months < first) | (months > last))
    if records.outside == REFUSE and beyond.any():
        _refuse(beyond, (first, last), records, months, cells, complaints)
    else:
        _check_span(months[~(left_out | beyond)], (first, last), complaints)
    return np.asarray(beyond)


def _refuse(
    beyond: Bools,
    run: tuple[int, int],
    records: Records,
    months: IntArray,
    cells: Cells,
    complaints: Complaints,
) -> None:
    dated = BIRTH_DATE if BIRTH_DATE in records.columns else BIRTH_YEAR
    column = records.columns[dated].column or ""
    for row in np.flatnonzero(beyond).tolist():
        message = (
            f"born in {format_month(int(months[row]))}, but families of the run are born from "
            f"{_span(*run)}; set 'outside: leave-out', or 'use: every-year'"
        )
        complaints.add("outside", message, int(cells.places[row]), column)


def _check_span(held: IntArray, run: tuple[int, int], complaints: Complaints) -> None:
    """Births are there from the first month of the run to the last."""
    if len(held) and (held.min(), held.max()) == run:
        return
    found = f"the file holds {_span(held.min(), held.max())}" if len(held) else "the file has none"
    message = f"the run needs births from {_span(*run)}, {found}"
    complaints.add("months", f"{message}; set 'use: every-year', or move the run")


def _check_calendar(held: IntArray, complaints: Complaints) -> None:
    """Each month of the calendar has births, of one year."""
    distinct = np.unique(held)
    for month in range(12):
        years = (distinct[distinct % 12 == month] // 12).tolist()
        if not years:
            complaints.add("months", f"no births in month {month + 1}; every-year needs all twelve")
        elif len(years) > 1:
            several = f"births in month {month + 1} of {years[0]} and {years[1]}"
            complaints.add("months", f"{several}; keep those of one year")


def _span(first: int, last: int) -> str:
    return f"{format_month(int(first))} to {format_month(int(last))}"
