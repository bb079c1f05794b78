"""What moves the answer, and what it would be worth to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics import (
    evpi,
    evppi_by_luck,
    evppi_estimate,
    increments,
    swings,
)
from hvsim.randomness import generator
from hvsim.runs.evaluating.arrays import Asked, FloatArray
from hvsim.runs.evaluating.families import family_of
from hvsim.scenario.layering import AXIS

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
    parts = [
        _worth(asked, members, asked.wtp, orders).assign(name=name, parameters=len(members))
        for name, members in asked.groups.items()
    ]
    return pd.concat(parts, ignore_index=True).assign(kind="group")


def _alone(asked: Asked, orders: npt.NDArray[np.intp]) -> pd.DataFrame:
    at = np.array([asked.at])
    parts = [
        _worth(asked, [name], at, orders).assign(name=name, parameters=1)
        for name in _columns(asked)
    ]
    ranked = pd.concat(parts).sort_values("evppi", ascending=False, kind="stable")
    return ranked.assign(kind="parameter", by_luck=ranked["by_luck"].max())


def _worth(
    asked: Asked, names: Sequence[str], wtp: FloatArray, orders: npt.NDArray[np.intp]
) -> pd.DataFrame:
    """What it would be worth to know some parameters together, at each willingness to pay."""
    known = _regressed(asked, names)
    given = (asked.cost, asked.gain, known, list(known), wtp)
    found = evppi_estimate(*given)
    return pd.DataFrame(
        {
            "wtp": wtp,
            "evppi": found.value,
            "standard_error": found.standard_error,
            "by_luck": evppi_by_luck(*given, orders).max(axis=0),
            "share_of_evpi": _share(found.value, evpi(asked.cost, asked.gain, wtp)),
        }
    )


def _regressed(asked: Asked, names: Sequence[str]) -> dict[str, FloatArray]:
    """Draws as a regression takes them: of structures, which have no order, by alternative."""
    found: dict[str, FloatArray] = {}
    for name in names:
        draws = asked.parameters[name].to_numpy(np.float64)
        if name.startswith(AXIS):
            picked = {f"{name}={one:g}": draws == one for one in np.unique(draws)}
            found |= {own: given.astype(np.float64) for own, given in picked.items()}
        else:
            found[name] = draws
    return found


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """A share of what there is to gain; NaN where that is nothing."""
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def tornado(asked: Asked) -> pd.DataFrame:
    """How far the result of each strategy moves with one parameter, from the draws there are.

    Returns
    -------
    `strategy`, `outcome` (``effect`` or, at `Asked.at`, ``net benefit``; both against the
    baseline), the columns of `swings`, structures as categorical, and `family`, what the parameter
    is about. Empty with fewer than `ENOUGH` draws.
    """
    if len(asked.cost) < ENOUGH:
        return pd.DataFrame(columns=["strategy", "outcome", "parameter", "family"])
    more, better = increments(asked.cost, asked.gain)
    columns = _columns(asked)
    axes = [name for name in columns if name.startswith(AXIS)]
    parts = []
    for place, name in enumerate(asked.names[1:], start=1):
        results = {
            "effect": better[:, place],
            "net benefit": asked.at * better[:, place] - more[:, place],
        }
        for outcome, values in results.items():
            own = swings(columns, values, asked.level, categorical=axes)
            own.insert(0, "strategy", name)
            own.insert(1, "outcome", outcome)
            parts.append(own)
    table = pd.concat(parts, ignore_index=True)
    return table.assign(family=[family_of(str(name)) for name in table["parameter"]])


def _columns(asked: Asked) -> dict[str, FloatArray]:
    """Draws of each parameter that varies, by name."""
    found = {str(name): asked.parameters[name].to_numpy(np.float64) for name in asked.parameters}
    return {name: values for name, values in found.items() if np.ptp(values) > 0}
