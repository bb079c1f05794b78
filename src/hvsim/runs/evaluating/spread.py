"""How far the answer moves with each kind of uncertainty, and how much of the spread is chance."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from hvsim.economics import variance_components
from hvsim.economics.evaluation.arrays import tail_shares
from hvsim.runs.evaluating.arrays import Asked, FloatArray
from hvsim.runs.rows import CHANCE, EFFECT_SETS
from hvsim.scenario.layering import AXIS

PARAMETERS: Final = "parameters"


def kinds(asked: Asked) -> pd.DataFrame:
    """How far the effect of each strategy moves with each kind of uncertainty, one at a time.

    All are counts as they happen, undiscounted, of all years of the run; of QALYs and dollars,
    which are those of the question, there are parameters and structures alone.

    Returns
    -------
    `strategy`; `kind`: ``chance only`` (95% of chance, under the central effects), ``effect sets``
    (least to most of low, central and high), ``parameters`` (of the draws, between the percentiles
    of `Asked.level`), ``structure:AXIS`` (least to most of the means of its alternatives); `value`,
    `low`, `high`; and `percent`, `percent_low` and `percent_high`, the same of the percentage of
    the baseline's, NaN of QALYs and dollars. A kind that the run does not hold has no row.
    """
    name = asked.effect.name
    share = name.replace(":", "_percent:", 1)
    rows = []
    for place, strategy in enumerate(asked.names[1:], start=1):
        counts = _stored(asked, strategy, name) | _over_draws(asked, _of(asked, name)[:, place])
        shares = {}
        if asked.effect.measure is not None:
            shares = _stored(asked, strategy, share)
            shares |= _over_draws(asked, _of(asked, share)[:, place])
            before = _before(asked)
            if CHANCE in counts and before:  # chance is stored as a count alone
                value, low, high = (100 * each / before for each in counts[CHANCE])
                shares[CHANCE] = (value, low, high)
        for kind, ends in counts.items():
            rows.append((strategy, kind, *ends, *shares.get(kind, (np.nan,) * 3)))
    columns = ["strategy", "kind", "value", "low", "high", "percent", "percent_low", "percent_high"]
    return pd.DataFrame(rows, columns=columns)


def components(asked: Asked) -> pd.DataFrame:
    """How much of the spread of a single run is parameters, and how much is chance.

    Returns
    -------
    `strategy`; `quantity` (``effect``, ``cost``, ``net benefit`` at `Asked.at`; all against the
    baseline); `mean`, and standard deviations by `parameters`, by `chance` that all draws have in
    common, and by their `interaction`; `chance_left`, the standard deviation by chance that is left
    in the average over the run's replicates. Empty with a single replicate, in which they cannot
    be told apart.
    """
    columns = ["strategy", "quantity", "mean", "parameters", "chance", "interaction", "chance_left"]
    replicates = asked.costs.shape[1]
    if replicates < 2:
        return pd.DataFrame(columns=columns)
    more, better = (each - each[..., :1] for each in (asked.costs, asked.effects))
    quantities = {"effect": better, "cost": more, "net benefit": asked.at * better - more}
    rows = []
    for place, name in enumerate(asked.names[1:], start=1):
        for quantity, values in quantities.items():
            parts = variance_components(values[..., place])
            variances = (parts.parameters, parts.chance, parts.interaction)
            left = (parts.chance + parts.interaction) / replicates
            rows.append((name, quantity, parts.mean, *np.sqrt([*variances, left])))
    return pd.DataFrame(rows, columns=columns)


def _before(asked: Asked) -> float:
    """The baseline's number under central effects, as the summary has it."""
    what = "months" if asked.effect.count == "person_months" else "events"
    frame, measure = asked.sample.run.summary, asked.effect.measure
    assert measure is not None
    own = frame[
        (frame["scenario"] == asked.names[0]) & (frame["measure"] == f"{what}:{measure.name}")
    ]
    return float(own["value"].iloc[0])


def _of(asked: Asked, name: str) -> FloatArray:
    """A row of the summary in every draw, or dollars. Shape (draws, strategies)."""
    return asked.gain if asked.effect.measure is None else asked.sample.effects(name)


def _over_draws(asked: Asked, values: FloatArray) -> dict[str, tuple[float, float, float]]:
    """What parameters do together, and what each axis of structures does."""
    low, high = np.quantile(values, tail_shares(asked.level))
    found = {PARAMETERS: (float(values.mean()), float(low), float(high))}
    for axis in (str(one) for one in asked.parameters if str(one).startswith(AXIS)):
        means = pd.Series(values).groupby(asked.parameters[axis].to_numpy()).mean()
        found[axis] = (float(values.mean()), float(means.min()), float(means.max()))
    return found


def _stored(asked: Asked, strategy: str, name: str) -> dict[str, tuple[float, float, float]]:
    """What the summary says of chance and of sets of effects."""
    frame = asked.sample.run.summary
    own = frame[(frame["scenario"] == strategy) & (frame["measure"] == name)]
    own = own[own["low"].notna() & own["high"].notna()]
    return {
        kind: (float(row["value"]), float(row["low"]), float(row["high"]))
        for kind in (CHANCE, EFFECT_SETS)
        for _, row in own[own["uncertainty"] == kind].iterrows()
    }
