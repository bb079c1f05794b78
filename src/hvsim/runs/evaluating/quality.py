"""Quality of life: the QALYs that outcomes take, in every draw."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hvsim.economics import Prices
from hvsim.economics.valuation.valuing import MEASURES, MONTHS, no_months
from hvsim.runs.evaluating.question import EvaluationError
from hvsim.runs.manifest import Manifest
from hvsim.runs.sampling import FloatArray, Priced
from hvsim.runs.valuing import counted_of


def qalys_lost(priced: Priced, prices: Prices, view: str) -> FloatArray:
    """QALYs that outcomes take under each strategy, discounted as the prices discount effects.

    Parameters
    ----------
    priced
        Draws with their counts, and with the losses that were drawn.
    prices
        What one event, child or year of an outcome takes.
    view
        View of the prices whose years count.

    Returns
    -------
    Shape (draws, replicates, strategies).

    Raises
    ------
    EvaluationError
        If the prices say nothing of the quality of life of any outcome of the run.
    """
    known = counted_of(priced.sample.run.manifest)
    counted = [
        name
        for name, loss in prices.quality_of_life.items()
        if MEASURES[loss.per] in known.get(loss.outcome, ())
    ]
    if not counted:
        raise EvaluationError(
            "the prices say of no outcome of this run what it takes from quality of life "
            "('quality_of_life'; per month or year of states alone)"
        )
    return np.asarray(sum(_lost(priced, prices, view, name) for name in counted))


def quality_remarks(manifest: Manifest, prices: Prices) -> Iterator[str]:
    """What a reader of QALYs must know: what is not counted, and of their discounting."""
    known = counted_of(manifest)
    for name, loss in prices.quality_of_life.items():
        if loss.outcome in known and MEASURES[loss.per] not in known[loss.outcome]:
            yield no_months(name, loss)
    rate = prices.discounting.of_effects.value
    for loss in prices.quality_of_life.values():
        inside = loss.discounted_at
        if inside is not None and inside.value != rate:
            yield (
                f"QALYs of “{loss.label}” are discounted at {100 * inside.value:g}% a year to the "
                f"event, and events at {100 * rate:g}%."
            )


def _lost(priced: Priced, prices: Prices, view: str, name: str) -> FloatArray:
    loss = prices.quality_of_life[name]
    counts = priced.counts(loss.outcome, MEASURES[loss.per], view=view)
    column = f"quality_of_life.{name}.loss"
    each = (
        priced.drawn[column].to_numpy(np.float64)[:, np.newaxis, np.newaxis]
        if column in priced.drawn
        else loss.loss.value
    )
    return np.asarray(counts * each / MONTHS.get(loss.per, 1))
