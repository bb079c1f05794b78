"""Tables of a cost-effectiveness analysis: strategies, frontier, plane, curves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hvsim.economics import (
    ceac,
    ceac_pairwise,
    ceaf,
    ellipse,
    evpi,
    expected_loss,
    icer_table,
    increments,
    net_monetary_benefit,
    optimal_strategy,
    pairwise_table,
    strategy_summary,
)
from hvsim.economics.evaluation.arrays import tail_shares
from hvsim.runs.evaluating.arrays import Asked, FloatArray


def outcomes(asked: Asked) -> pd.DataFrame:
    """Costs and effects of every draw, for whoever goes on with other tools.

    Returns
    -------
    Columns `draw`, `strategy`, `cost` and `effect`.
    """
    draws, names = asked.sample.draws, asked.names
    return pd.DataFrame(
        {
            "draw": np.repeat(draws, len(names)),
            "strategy": np.tile(np.array(names, dtype=object), len(draws)),
            "cost": asked.cost.ravel(),
            "effect": asked.gain.ravel(),
        }
    )


def prices(asked: Asked) -> pd.DataFrame:
    """Prices that were drawn, as `draws/parameters` holds the numbers of scenarios.

    Returns
    -------
    Columns `draw`, `parameter` and `value`.
    """
    drawn = asked.priced.drawn
    return pd.DataFrame(
        {
            "draw": np.repeat(drawn.index.to_numpy(), drawn.shape[1]),
            "parameter": np.tile(drawn.columns.to_numpy(dtype=object), len(drawn)),
            "value": drawn.to_numpy(np.float64).ravel(),
        }
    )


def strategies(asked: Asked) -> pd.DataFrame:
    """Costs, effects and net benefit of each strategy, and its place on the frontier.

    Returns
    -------
    The rows and columns of `icer_table`; then of `cost` and `effect` their `_low`, `_high` and
    `_error` (standard error of the mean, from the finite number of draws), `icer_low` and
    `icer_high` (over draws; NaN unless both increments are above zero in every draw),
    `on_frontier` (share of draws in which it is), and `net_benefit` at `Asked.at`, likewise.
    """
    cost, gain, names = asked.cost, asked.gain, asked.names
    table = icer_table(cost, gain, names).set_index("strategy")
    spread = strategy_summary(cost, gain, names, asked.level).set_index("strategy")
    for what in ("cost", "effect"):
        table[f"{what}_low"] = spread[f"{what}_low"]
        table[f"{what}_high"] = spread[f"{what}_high"]
        table[f"{what}_error"] = spread[f"{what}_sd"] / np.sqrt(len(cost))
    frontier = list(table.index[table["status"] == "ND"])
    steps = {name: frontier[place - 1] for place, name in enumerate(frontier) if place}
    for name, below in steps.items():
        one, other = names.index(str(name)), names.index(str(below))
        more, better = cost[:, one] - cost[:, other], gain[:, one] - gain[:, other]
        ends = (np.nan, np.nan)
        if more.min() > 0 and better.min() > 0:
            ends = tuple(np.quantile(more / better, tail_shares(asked.level)))
        table.loc[name, ["icer_low", "icer_high"]] = ends
    if not steps:
        table[["icer_low", "icer_high"]] = np.nan
    on = np.array([_frontier(*draw, names) for draw in zip(cost, gain, strict=True)])
    table["on_frontier"] = pd.Series(on.mean(axis=0), index=list(names))
    benefit = pd.DataFrame(
        _spread(net_monetary_benefit(cost, gain, asked.at), "net_benefit", asked.level),
        index=list(names),
    )
    return table.join(benefit).reset_index()


def _frontier(cost: FloatArray, gain: FloatArray, names: tuple[str, ...]) -> list[bool]:
    found = icer_table(cost, gain, names).set_index("strategy")["status"]
    return [found[name] == "ND" for name in names]


def plane(asked: Asked) -> pd.DataFrame:
    """Each strategy against the baseline, with the ellipse that would hold its increments.

    Returns
    -------
    The columns of `pairwise_table`, then `ellipse_major`, `ellipse_minor` (half axes, in the units
    of the plane) and `ellipse_angle` (radians from the axis of effects).
    """
    table = pairwise_table(asked.cost, asked.gain, asked.names, level=asked.level)
    more, better = increments(asked.cost, asked.gain)
    rims = [ellipse(more[:, e], better[:, e], asked.level) for e in range(1, len(asked.names))]
    return table.assign(
        ellipse_major=[rim.major for rim in rims],
        ellipse_minor=[rim.minor for rim in rims],
        ellipse_angle=[rim.angle for rim in rims],
    )


def curves(asked: Asked) -> pd.DataFrame:
    """What follows from each willingness to pay, by strategy.

    Returns
    -------
    One row per willingness to pay (`wtp`) and `strategy`: `net_benefit` against the baseline,
    with `_low`, `_high` and `_error`; `acceptability`, the share of draws in which it is the best
    of all, and `acceptability_pairwise`, in which it is better than the baseline; `frontier`, the
    share of the strategy to choose, empty for others; `expected_loss`. Each share and loss with
    the standard error that the finite number of draws leaves, `_error`.
    """
    cost, gain, count = asked.cost, asked.gain, len(asked.cost)
    shares, pairs = ceac(cost, gain, asked.wtp), ceac_pairwise(cost, gain, asked.wtp)
    best, top = optimal_strategy(cost, gain, asked.wtp), np.atleast_1d(ceaf(cost, gain, asked.wtp))
    losses = expected_loss(cost, gain, asked.wtp)
    parts = []
    for place, wtp in enumerate(asked.wtp):
        benefit = net_monetary_benefit(cost, gain, float(wtp))
        lost = benefit.max(axis=1, keepdims=True) - benefit
        chosen = np.arange(len(asked.names)) == best[place]
        parts.append(
            pd.DataFrame(
                {
                    "wtp": wtp,
                    "strategy": list(asked.names),
                    **_spread(benefit - benefit[:, :1], "net_benefit", asked.level),
                    "acceptability": shares[place],
                    "acceptability_error": _binomial(shares[place], count),
                    "acceptability_pairwise": pairs[place],
                    "acceptability_pairwise_error": _binomial(pairs[place], count),
                    "frontier": np.where(chosen, top[place], np.nan),
                    "expected_loss": losses[place],
                    "expected_loss_error": lost.std(axis=0, ddof=1) / np.sqrt(count),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def perfect_information(asked: Asked) -> pd.DataFrame:
    """What it would be worth to know all parameters, at each willingness to pay.

    Returns
    -------
    `wtp`; `best`, the strategy to choose; `evpi` in dollars, for all births that the run's decision
    concerns, with its `standard_error`, and `evpi_per_birth`.
    """
    cost, gain = asked.cost, asked.gain
    best = optimal_strategy(cost, gain, asked.wtp)
    value = np.atleast_1d(evpi(cost, gain, asked.wtp))
    errors = []
    for wtp, chosen in zip(asked.wtp, best, strict=True):
        benefit = net_monetary_benefit(cost, gain, float(wtp))
        lost = benefit.max(axis=1) - benefit[:, chosen]
        errors.append(float(lost.std(ddof=1)) / np.sqrt(len(cost)))
    return pd.DataFrame(
        {
            "wtp": asked.wtp,
            "best": [asked.names[chosen] for chosen in best],
            "evpi": value,
            "standard_error": errors,
            "evpi_per_birth": value / asked.births,
        }
    )


def _spread(values: FloatArray, name: str, level: float) -> dict[str, FloatArray]:
    """Means over draws with intervals and standard errors. Values of shape (draws, strategies)."""
    low, high = np.quantile(values, tail_shares(level), axis=0)
    return {
        name: values.mean(axis=0),
        f"{name}_low": low,
        f"{name}_high": high,
        f"{name}_error": values.std(axis=0, ddof=1) / np.sqrt(len(values)),
    }


def _binomial(shares: FloatArray, count: int) -> FloatArray:
    """Standard error of a share of so many draws."""
    return np.asarray(np.sqrt(shares * (1 - shares) / count))
