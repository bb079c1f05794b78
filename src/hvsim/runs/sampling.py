"""A run folder with draws of parameters, as the arrays that an economic evaluation takes.

All arrays are (draws, strategies), or (draws, replicates, strategies) where chance is wanted too:
draws in the order of their numbers, strategies in that of the comparison, the baseline first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics import Prices, Tables, events_by_view, value_tables
from hvsim.runs.draws import Kind
from hvsim.runs.manifest import ParameterDraws, StructuresNote
from hvsim.runs.reading import Run, RunFolderError
from hvsim.runs.valuing import counted_of
from hvsim.scenario.errors import dotted
from hvsim.scenario.layering import AXIS
from hvsim.uncertainty import drawn_prices

FloatArray = npt.NDArray[np.float64]

_AT_A_TIME: Final = 50
"""Draws that are given prices at a time: what is held in memory."""

_RUN: Final = ["draw", "replicate", "scenario"]
_COUNTED: Final = ["view", "outcome", "measure"]


@dataclass(frozen=True)
class Sample:
    """A run's draws: what they hold, without its tables.

    Attributes
    ----------
    run
        The run.
    strategies
        Names of the scenarios, the baseline first.
    draws
        Numbers of the draws, or of alternatives.
    kind
        Which of both.
    """

    run: Run
    strategies: tuple[str, ...]
    draws: tuple[int, ...]
    kind: Kind = "draws"

    def effects(self, measure: str, *, by_replicate: bool = False) -> FloatArray:
        """A measure of the summary, such as ``events:harm`` or ``prevented:harm``.

        Parameters
        ----------
        measure
            Its name. What a strategy lacks is zero: the baseline prevents nothing of itself.
        by_replicate
            Keep replicates apart, as the second axis.

        Raises
        ------
        RunFolderError
            If the summary has no such measure.
        """
        frame = self._table("summary")
        own = frame[frame["measure"] == measure]
        if own.empty:
            raise RunFolderError(f"the summary of {self.run.folder} has no measure '{measure}'")
        return self.array(own, "value", by_replicate=by_replicate)

    def parameters(self) -> pd.DataFrame:
        """Drawn parameters, a row each draw, a column each parameter.

        A parameter whose values differ among scenarios has a column of each, ``NAME @ SCENARIO``.
        """
        frame = self._table("parameters")
        shared = frame["scenario"] == ""
        name = frame["parameter"].where(shared, frame["parameter"] + " @ " + frame["scenario"])
        wide = frame.assign(name=name).pivot(index="draw", columns="name", values="value")
        return wide.rename_axis(columns=None)

    def structures(self) -> pd.DataFrame:
        """Name of the alternative that each draw picked: a row each draw, a column each axis.

        With `by_alternative` and `structural_components` of `hvsim.economics` it takes results
        apart: ``structural_components(values, sample.structures())``.

        Raises
        ------
        RunFolderError
            If the run holds no structures.
        """
        about = _structures_of(self.run)
        frame = self._table("parameters").set_index(["parameter", "draw"])["value"]
        return pd.DataFrame(
            {
                axis.name: frame[f"{AXIS}{axis.name}"].map(
                    dict(enumerate(one.name for one in axis.alternatives))
                )
                for axis in about.axes
            }
        )

    def priced(self, prices: Prices) -> Priced:
        """What every draw costs by these prices, and what happens, of everybody.

        Unit costs and cashable shares whose file states a range are drawn with the draws of
        parameters; under an alternative they are as written.

        Raises
        ------
        ValuationError
            If the prices do not fit the run.
        """
        keys = [*_RUN, "view", "year", "payer", "kind"]
        dollars, events = [], []
        drawn: dict[int, dict[str, float]] = {}
        for only, tables in self._tables():
            at_draw = {}
            for number in only:
                drawn[number] = {}
                if self.kind == "draws":
                    at_draw[number], values = drawn_prices(prices, self.run.manifest.seed, number)
                    drawn[number] = {dotted(path): value for path, value in values.items()}
            found = value_tables(tables, prices, at_draw).costs
            dollars.append(found.groupby(keys)[["dollars", "discounted"]].sum().reset_index())
            counted = events_by_view(tables, prices).groupby([*_RUN, *_COUNTED])
            events.append(counted["discounted"].sum().reset_index())
        return Priced(
            self,
            dollars=pd.concat(dollars, ignore_index=True),
            events=pd.concat(events, ignore_index=True),
            drawn=pd.DataFrame.from_dict(drawn, orient="index"),
        )

    def _table(self, name: str, only: Sequence[int] | None = None) -> pd.DataFrame:
        read = self.run.draws if self.kind == "draws" else self.run.structures
        return read(name, only=only)

    def _tables(self) -> Iterator[tuple[Sequence[int], Tables]]:
        """Numbers of some draws, and their stored tables."""
        manifest = self.run.manifest
        for place in range(0, len(self.draws), _AT_A_TIME):
            only = self.draws[place : place + _AT_A_TIME]
            yield (
                only,
                Tables(
                    funnel=self._table("funnel", only),
                    outcomes=self._table("outcomes", only),
                    costs=self._table("costs", only),
                    capacity=self.run.capacity,
                    counted=counted_of(manifest),
                    baseline=manifest.baseline,
                    first_year=manifest.first_year,
                    last_births=manifest.last_births,
                    fiscal_year_starts=manifest.fiscal_year_starts,
                    price_year=manifest.price_year,
                ),
            )

    def array(self, frame: pd.DataFrame, value: str, *, by_replicate: bool = False) -> FloatArray:
        """Values of a table by draw, replicate and strategy; absent ones are zero.

        Parameters
        ----------
        frame
            With columns `draw`, `replicate` and `scenario`, which identify its rows.
        value
            Column of the values.
        by_replicate
            Keep replicates apart, as the second axis; otherwise their average.
        """
        replicates = range(len(self.run.manifest.seeds))
        every = pd.MultiIndex.from_product([self.draws, replicates, self.strategies], names=_RUN)
        found = frame.set_index(_RUN)[value].reindex(every, fill_value=0.0)
        shape = (len(self.draws), len(replicates), len(self.strategies))
        array = found.to_numpy(np.float64).reshape(shape)
        return array if by_replicate else np.asarray(array.mean(axis=1))


@dataclass(frozen=True)
class Priced:
    """Draws by some prices: what strategies spend, what outcomes cost under them, what happens.

    Attributes
    ----------
    sample
        The draws.
    dollars
        Columns `draw`, `replicate`, `scenario`, `view`, `year`, `payer`, `kind`, and `dollars`,
        constant and `discounted`.
    events
        Columns `draw`, `replicate`, `scenario`, `view`, `outcome`, `measure`, and `discounted`, the
        count of the view's years as the prices discount effects.
    drawn
        Prices that were drawn: a row each draw, a column each number by its path.
    """

    sample: Sample
    dollars: pd.DataFrame
    events: pd.DataFrame
    drawn: pd.DataFrame

    def counts(self, outcome: str, measure: str, *, view: str) -> FloatArray:
        """Events, person-months or children of an outcome, discounted.

        Parameters
        ----------
        outcome, measure
            As in the table of outcomes.
        view
            ``fiscal`` or ``lifetime``: whose years count, so that effects end with costs.

        Returns
        -------
        Shape (draws, replicates, strategies).
        """
        own = self.events[self.events["outcome"] == outcome]
        own = own[(own["measure"] == measure) & (own["view"] == view)]
        return self.sample.array(own, "discounted", by_replicate=True)

    def costs(
        self,
        *,
        view: str = "fiscal",
        kinds: Sequence[str] | None = None,
        payers: Sequence[str] | None = None,
        discounted: bool = True,
        by_replicate: bool = False,
    ) -> FloatArray:
        """Dollars of all years.

        Parameters
        ----------
        view
            ``fiscal`` or ``lifetime``.
        kinds, payers
            Kinds of dollars (`hvsim.economics.valuation.valuing`) and payers to count; by default
            all. Dollars of several kinds may be added: no view holds one twice.
        discounted
            Discount to the first year.
        by_replicate
            Keep replicates apart, as the second axis.
        """
        value = "discounted" if discounted else "dollars"
        own = self._chosen(view, kinds, payers).groupby(_RUN)[value].sum().reset_index()
        return self.sample.array(own, value, by_replicate=by_replicate)

    def by_year(
        self, years: Sequence[int], *, view: str, kinds: Sequence[str], payers: Sequence[str]
    ) -> FloatArray:
        """Constant dollars of each year, undiscounted. Shape (draws, strategies, years)."""
        own = self._chosen(view, kinds, payers)
        parts = [
            self.sample.array(
                own[own["year"] == year].groupby(_RUN)["dollars"].sum().reset_index(), "dollars"
            )
            for year in years
        ]
        return np.stack(parts, axis=-1)

    def _chosen(
        self, view: str, kinds: Sequence[str] | None, payers: Sequence[str] | None
    ) -> pd.DataFrame:
        chosen = self.dollars["view"] == view
        for column, wanted in (("kind", kinds), ("payer", payers)):
            if wanted is not None:
                chosen &= self.dollars[column].isin(wanted)
        return self.dollars[chosen]


def sample_of(run: Run) -> Sample:
    """The draws of parameters of a run.

    Raises
    ------
    RunFolderError
        If it holds none.
    """
    drawn: ParameterDraws | None = run.manifest.parameter_draws
    if drawn is None:
        raise RunFolderError(
            f"the run in {run.folder} holds no draws of parameters; run it with --draws"
        )
    return Sample(run, _strategies(run), tuple(drawn.numbers))


def alternatives_of(run: Run) -> Sample:
    """Structural alternatives of a run, each by itself under central effects.

    The first row is the scenarios as they are written; the others change one axis, in the order of
    `StructuresNote.alone`.

    Raises
    ------
    RunFolderError
        If it holds none.
    """
    numbers = range(len(_structures_of(run).alone))
    return Sample(run, _strategies(run), tuple(numbers), "structures")


def _strategies(run: Run) -> tuple[str, ...]:
    return tuple(note.name for note in run.manifest.scenarios)


def _structures_of(run: Run) -> StructuresNote:
    if run.manifest.structures is None:
        raise RunFolderError(
            f"the run in {run.folder} holds no structures; run it with --structures"
        )
    return run.manifest.structures
