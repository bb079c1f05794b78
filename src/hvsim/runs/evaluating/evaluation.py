"""The evaluation of a run, as a set of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from hvsim.economics import Prices, prices_hash
from hvsim.runs.evaluating import learning, money, spread, tables
from hvsim.runs.evaluating.arrays import Asked, asked_of, drawn_in
from hvsim.runs.evaluating.quality import quality_remarks
from hvsim.runs.evaluating.question import QALYS, Question
from hvsim.runs.manifest import Part
from hvsim.runs.reading import Run


class Settled(Part):
    """What was asked, every default settled: the evaluation's own manifest.

    Attributes
    ----------
    question
        As it was asked.
    effect, effect_label, effect_unit, effect_one
        What is counted, in words, its unit in the plural, and one of it.
    perspective, perspective_label
        Whose costs count.
    wtp
        Willingness to pay, dollars per unit of effect.
    at
        The one at which single numbers are given.
    level
        Share of draws that intervals hold.
    groups
        Sets of parameters by name.
    draws, replicates, births
        How many there are; births are those that the decision concerns.
    price_year, prices_title, prices_sha256
        Of the prices.
    payers, views, costs, quality_of_life
        Labels of those of the prices.
    costs_per_year, effects_per_year
        Discount rates.
    inflation
        Per year, in nominal dollars of years beyond the price index.
    parameters, left_out
        Numbers that were drawn, and those of them that not every draw has.
    remarks
        What a reader must know of what is counted.
    """

    question: Question
    effect: str
    effect_label: str
    effect_unit: str
    effect_one: str
    perspective: str
    perspective_label: str
    wtp: tuple[float, ...]
    at: float
    level: float
    groups: dict[str, tuple[str, ...]]
    draws: int
    replicates: int
    births: float
    price_year: int
    prices_title: str
    prices_sha256: str
    payers: dict[str, str]
    views: dict[str, str]
    costs: dict[str, str]
    quality_of_life: dict[str, str]
    costs_per_year: float
    effects_per_year: float
    inflation: float
    parameters: int
    left_out: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Evaluation:
    """Tables of an evaluation; the functions of `TABLES` say what each holds.

    Attributes
    ----------
    settled
        What was asked.
    """

    settled: Settled
    outcomes: pd.DataFrame
    prices: pd.DataFrame
    strategies: pd.DataFrame
    plane: pd.DataFrame
    curves: pd.DataFrame
    perfect_information: pd.DataFrame
    partial_information: pd.DataFrame
    tornado: pd.DataFrame
    returns: pd.DataFrame
    budgets: pd.DataFrame
    uncertainty: pd.DataFrame
    components: pd.DataFrame


TABLES: Final[Mapping[str, Callable[[Asked], pd.DataFrame]]] = {
    "outcomes": tables.outcomes,
    "prices": tables.prices,
    "strategies": tables.strategies,
    "plane": tables.plane,
    "curves": tables.curves,
    "perfect_information": tables.perfect_information,
    "partial_information": learning.partial_information,
    "tornado": learning.tornado,
    "returns": money.returns,
    "budgets": money.budgets,
    "uncertainty": spread.kinds,
    "components": spread.components,
}
"""Tables by name, and what makes each."""


def evaluate(
    run: Run, question: Question | None = None, prices: Prices | None = None
) -> Evaluation:
    """Economic evaluation of a run with draws of parameters; nothing is simulated.

    Parameters
    ----------
    run
        From `hvsim compare` with draws.
    question
        What is asked; by default the cost of harm prevented.
    prices
        Prices and discount rates; by default those of the run.

    Raises
    ------
    RunFolderError
        If the run has no draws, or a single one, or the prices do not fit it.
    EvaluationError
        If it cannot answer the question.
    """
    question = question or Question()
    asked = asked_of(run, question, prices)
    return Evaluation(
        _settled(question, asked), **{name: made(asked) for name, made in TABLES.items()}
    )


def _settled(question: Question, asked: Asked) -> Settled:
    discounting = asked.prices.discounting
    drawn = drawn_in(asked.priced)
    years, views = [asked.prices.price_year], asked.prices.views
    return Settled(
        question=question,
        effect=asked.effect.name,
        effect_label=asked.effect.label,
        effect_unit=asked.effect.unit,
        effect_one=asked.effect.one,
        perspective=asked.perspective_name,
        perspective_label=asked.perspective.label,
        wtp=tuple(asked.wtp.tolist()),
        at=asked.at,
        level=asked.level,
        groups={name: tuple(members) for name, members in asked.groups.items()},
        draws=len(asked.sample.draws),
        replicates=asked.costs.shape[1],
        births=asked.births,
        price_year=asked.prices.price_year,
        prices_title=asked.prices.title,
        prices_sha256=prices_hash(asked.prices),
        payers={name: payer.label for name, payer in asked.prices.payers.items()},
        views={"fiscal": views.fiscal.label, "lifetime": views.lifetime.label},
        costs={name: cost.label for name, cost in asked.prices.costs.items()},
        quality_of_life={name: one.label for name, one in asked.prices.quality_of_life.items()},
        costs_per_year=discounting.costs_per_year.value,
        effects_per_year=discounting.of_effects.value,
        inflation=money.price_path(asked.prices, years, asked.inflation)[1],
        parameters=drawn.shape[1],
        left_out=tuple(str(name) for name in drawn if name not in asked.parameters),
        remarks=tuple(_remarks(asked)),
    )


def _remarks(asked: Asked) -> Iterator[str]:
    views = {"fiscal": asked.prices.views.fiscal, "lifetime": asked.prices.views.lifetime}
    view = views[asked.perspective.view]
    if view.years is not None:
        last = asked.sample.run.manifest.first_year + view.years - 1
        yield (
            f"Costs and effects count to the end of fiscal year {last}, as in “{view.label}”; what "
            "each kind of uncertainty does to events is told of all years."
        )
    if asked.effect.name == QALYS:
        yield from quality_remarks(asked.sample.run.manifest, asked.prices)
