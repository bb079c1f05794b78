"""What moves the answer, and what it would be worth to know."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics import (
    evpi,
    evppi_by_luck,
    evppi_estimate,
    increments,
    information_rank,
    swings,
)
from hvsim.randomness import generator
from hvsim.runs.evaluating.arrays import Asked, FloatArray
from hvsim.runs.evaluating.families import family_of

ENOUGH: Final = 20
"""Draws without which regression on a parameter shows luck."""

SHUFFLES: Final = 9
"""Luck alone comes out above all of them once in ten times."""

_COLUMNS: Final = [
    "kind",
    "name",
    "parameters",
    "wtp",
    "evppi",
    "standard_error",
    "by_luck",
    "share_of_evpi",
    "evppi_per_birth",
]


def partial_information(asked: Asked) -> pd.DataFrame:
    """What it would be worth to know some parameters: each set, then each alone.

    Returns
    -------
    `kind` (``group`` or ``parameter``), `name`, `parameters` (how many), `wtp`, `evppi` in dollars
    with its `standard_error`, `by_luck` (the most that `SHUFFLES` deals of the draws at random give
    the same set, or any single parameter: less than that says nothing), `share_of_evpi`, and
    `evppi_per_birth`. Groups at every willingness
    to pay, single parameters at `Asked.at` alone. Empty with fewer than `ENOUGH` draws.
    """
    if len(asked.cost) < ENOUGH:
        return pd.DataFrame(columns=_COLUMNS)
    dealer = generator(asked.sample.run.manifest.seed, "shuffled draws")
    orders = np.array([dealer.permutation(len(asked.cost)) for _ in range(SHUFFLES)])
    table = pd.concat([_sets(asked, orders), _alone(asked, orders)], ignore_index=True)
    return table.assign(evppi_per_birth=table["evppi"] / asked.births)[_COLUMNS]


def _sets(asked: Asked, orders: npt.NDArray[np.intp]) -> pd.DataFrame:
    wtp = asked.wtp
    everything = evpi(asked.cost, asked.gain, wtp)
    parts = []
    for name, members in asked.groups.items():
        given = (asked.cost, asked.gain, asked.parameters, members, wtp)
        found = evppi_estimate(*given)
        own = pd.DataFrame(
            {
                "wtp": wtp,
                "evppi": found.value,
                "standard_error": found.standard_error,
                "by_luck": evppi_by_luck(*given, orders).max(axis=0),
                "share_of_evpi": _share(found.value, everything),
            }
        )
        parts.append(own.assign(kind="group", name=name, parameters=len(members)))
    return pd.concat(parts, ignore_index=True)


def _alone(asked: Asked, orders: npt.NDArray[np.intp]) -> pd.DataFrame:
    columns = _columns(asked)
    ranked = information_rank(asked.cost, asked.gain, columns, asked.at)
    by_luck = max(
        float(evppi_by_luck(asked.cost, asked.gain, columns, name, asked.at, orders).max())
        for name in columns
    )
    ranked = ranked.rename(columns={"parameter": "name"})
    return ranked.assign(kind="parameter", parameters=1, wtp=asked.at, by_luck=by_luck)


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """A share of what there is to gain; NaN where that is nothing."""
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def tornado(asked: Asked) -> pd.DataFrame:
    """How far the result of each strategy moves with one parameter, from the draws there are.

    Returns
    -------
    `strategy`, `outcome` (``effect`` or, at `Asked.at`, ``net benefit``; both against the
    baseline), the columns of `swings`, and `family`, what the parameter is about. Empty with fewer
    than `ENOUGH` draws.
    """
    if len(asked.cost) < ENOUGH:
        return pd.DataFrame(columns=["strategy", "outcome", "parameter", "family"])
    more, better = increments(asked.cost, asked.gain)
    parts = []
    for place, name in enumerate(asked.names[1:], start=1):
        results = {
            "effect": better[:, place],
            "net benefit": asked.at * better[:, place] - more[:, place],
        }
        for outcome, values in results.items():
            own = swings(_columns(asked), values, asked.level)
            own.insert(0, "strategy", name)
            own.insert(1, "outcome", outcome)
            parts.append(own)
    table = pd.concat(parts, ignore_index=True)
    return table.assign(family=[family_of(str(name)) for name in table["parameter"]])


def _columns(asked: Asked) -> dict[str, FloatArray]:
    """Draws of each parameter that varies, by name."""
    found = {str(name): asked.parameters[name].to_numpy(np.float64) for name in asked.parameters}
    return {name: values for name, values in found.items() if np.ptp(values) > 0}
