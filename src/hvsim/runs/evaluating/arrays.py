"""The costs and effects of a question, draw by draw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics import Prices, ValuationError, icer_table, refuse_other_place
from hvsim.economics.valuation.valuing import PROGRAM_COST
from hvsim.runs.evaluating.families import chosen, families
from hvsim.runs.evaluating.quality import qalys_lost
from hvsim.runs.evaluating.question import (
    DOLLARS,
    MOST,
    PERSPECTIVES,
    Effect,
    EvaluationError,
    Perspective,
    Question,
    effect_of,
    perspective_of,
)
from hvsim.runs.reading import Run, RunFolderError
from hvsim.runs.sampling import Priced, Sample, sample_of

FloatArray = npt.NDArray[np.float64]

FEWEST: Final = 2
"""Draws without which nothing can be said of their spread."""

_STEPS: Final = 40
_BEYOND: Final = 2.0
"""Values of the willingness to pay, if nobody chose them; as a multiple of the frontier's last."""


@dataclass(frozen=True)
class Asked:
    """A question that is settled, with the arrays that answer it.

    Attributes
    ----------
    sample, priced
        The draws of the run, and what they cost.
    prices
        By which.
    effect, perspective
        What is counted.
    wtp
        Willingness to pay, dollars per unit of effect, rising. Shape (wtp,).
    at
        The one of them at which single numbers are given.
    level
        Share of draws that intervals hold.
    inflation
        As in the question.
    groups
        Sets of parameters by name.
    costs, effects
        By replicate. Shape (draws, replicates, strategies).
    parameters
        Drawn numbers of scenarios and of prices, a row each draw; only those that every draw has.
    """

    sample: Sample
    priced: Priced
    prices: Prices
    effect: Effect
    perspective_name: str
    wtp: FloatArray
    at: float
    level: float
    inflation: float | None
    groups: dict[str, list[str]]
    costs: FloatArray
    effects: FloatArray
    parameters: pd.DataFrame

    @property
    def names(self) -> tuple[str, ...]:
        """Strategies, the baseline first."""
        return self.sample.strategies

    @property
    def perspective(self) -> Perspective:
        """Whose costs count."""
        return PERSPECTIVES[self.perspective_name]

    @property
    def cost(self) -> FloatArray:
        """Dollars, averaged over replicates. Shape (draws, strategies)."""
        return np.asarray(self.costs.mean(axis=1))

    @property
    def gain(self) -> FloatArray:
        """Effects, averaged over replicates. Shape (draws, strategies)."""
        return np.asarray(self.effects.mean(axis=1))

    @cached_property
    def births(self) -> float:
        """Births that the decision concerns, averaged over draws and replicates."""
        return float(self.sample.effects("births")[:, 0].mean())


def asked_of(run: Run, question: Question, prices: Prices | None = None) -> Asked:
    """Settle a question, and compute the costs and effects of every draw.

    Parameters
    ----------
    run
        A run with draws of parameters.
    question
        What is asked.
    prices
        Prices; by default those of the run.

    Raises
    ------
    RunFolderError
        If the run has no draws, or no prices and none are given, or the prices do not fit it or
        were made for another place.
    EvaluationError
        If it cannot answer the question.
    """
    sample = sample_of(run)
    if len(sample.draws) < FEWEST:
        raise RunFolderError(
            f"the run in {run.folder} holds {len(sample.draws)} draw of parameters; "
            "an evaluation needs the spread of several: run it with --draws 200 or so"
        )
    effect = effect_of(run.manifest, question.effect)
    name = perspective_of(question.perspective, effect)
    if prices is None and run.manifest.valued is None:
        raise RunFolderError(
            f"the run in {run.folder} has no prices ({run.manifest.not_valued}); "
            "name a file with --prices"
        )
    prices = run.prices if prices is None else prices
    try:
        refuse_other_place(run.manifest.place, prices)
        priced = sample.priced(prices)
    except ValuationError as error:
        raise RunFolderError(f"the run in {run.folder} cannot be valued: {error}") from error
    costs, effects = _outcomes(priced, prices, effect, PERSPECTIVES[name])
    wtp, at = _thresholds(question, effect, costs.mean(axis=(0, 1)), effects.mean(axis=(0, 1)))
    parameters = drawn_in(priced).dropna(axis="columns")
    drawn = [str(parameter) for parameter in parameters]
    groups = chosen(drawn, question.groups) if question.groups else families(drawn)
    return Asked(
        sample,
        priced,
        prices,
        effect,
        name,
        wtp,
        at,
        question.level,
        question.inflation,
        groups,
        costs,
        effects,
        parameters,
    )


def drawn_in(priced: Priced) -> pd.DataFrame:
    """All numbers that were drawn, of scenarios and of prices: a row each draw."""
    return priced.sample.parameters().join(priced.drawn)


def _outcomes(
    priced: Priced, prices: Prices, effect: Effect, perspective: Perspective
) -> tuple[FloatArray, FloatArray]:
    """Costs and effects by draw, replicate and strategy."""

    def of(*kinds: str) -> FloatArray:
        return priced.costs(view=perspective.view, kinds=kinds, by_replicate=True)

    spent = of(PROGRAM_COST)
    others = of(*perspective.saves)
    if effect.name == DOLLARS:
        return spent, others[..., :1] - others
    if effect.measure is None:
        lost = qalys_lost(priced, prices, perspective.view)
        return spent + others, lost[..., :1] - lost
    counts = priced.counts(effect.measure.name, effect.count, view=perspective.view)
    better = counts - counts[..., :1] if effect.measure.desirable else counts[..., :1] - counts
    return spent + others, better


def _thresholds(
    question: Question, effect: Effect, cost: FloatArray, gain: FloatArray
) -> tuple[FloatArray, float]:
    """Willingness to pay: all values, and the one at which single numbers are given."""
    for given in (*question.wtp, 0.0 if question.at is None else question.at):
        if not 0 <= given <= MOST:
            raise EvaluationError(
                f"a willingness to pay of {given:g}; it must be zero or more, up to {MOST:g}"
            )
    steps = icer_table(cost, gain, [str(place) for place in range(len(cost))])["icer"].dropna()
    first, last = (float(steps.min()), float(steps.max())) if len(steps) else (0.0, 0.0)
    if effect.name == DOLLARS:
        first, last = 1.0, 1.0
    last = max(last, question.at or 0.0, 1.0)
    wtp = question.wtp or tuple(np.linspace(0.0, _nice(_BEYOND * last), _STEPS + 1).tolist())
    # A ratio has no more digits than that, and single numbers stand at a round one.
    at = float(f"{first:.2g}") if question.at is None else question.at
    return np.unique([*wtp, at]), at


def _nice(value: float) -> float:
    """The next of 1, 2, 4, 5 or 8 times a power of ten: a fortieth of it reads well."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1, 2, 4, 5, 8, 10) if m * power >= value * (1 - 1e-9))
