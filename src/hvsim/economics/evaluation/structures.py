"""What of the spread of results is structure: draws that mix structures, taken apart again.

Each draw picks one alternative of every structural choice. By the law of total variance the
variance over draws is that of the means of the structures plus the mean of the variances within
them (Draper 1995, "Assessment and propagation of model uncertainty", J R Stat Soc B 57:45-97;
Strong, Oakley and Chilcott 2012, "Managing structural uncertainty in health economic decision
models", Appl Statist 61:25-45). One-way analysis of variance estimates both without bias (Searle,
Casella and McCulloch 1992, "Variance components", section 3.6), with structures as fixed levels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics.evaluation.arrays import finite
from hvsim.economics.evaluation.chance import variance_components

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StructuralComponents:
    """Variances of results; structures, parameters, chance and interaction add up.

    Attributes
    ----------
    mean
        Over draws and replicates.
    structures
        Variance of the mean result over structures, all axes together.
    by_axis
        The same of each axis alone. They add up to `structures` but for what axes do together, and
        but for the luck of which alternatives met.
    parameters
        Mean variance over draws within a structure.
    chance, interaction
        As in `VarianceComponents`; not a number with one replicate, whose luck is in `parameters`.
    """

    mean: float
    structures: float
    by_axis: Mapping[str, float]
    parameters: float
    chance: float
    interaction: float


def structural_components(
    values: npt.ArrayLike,
    structures: Mapping[str, npt.ArrayLike] | pd.DataFrame,
    *,
    crossed: bool = True,
) -> StructuralComponents:
    """Take the variance of results apart into structures, parameters and chance.

    Parameters
    ----------
    values
        Results of shape (draws, replicates), or (draws,).
    structures
        Of each axis the alternative of every draw, by name or number. Shape (draws,). A DataFrame
        with a column each axis does.
    crossed
        As for `variance_components`.

    Returns
    -------
    Unbiased estimates, cut at zero, which small ones can fall below by chance.

    Raises
    ------
    ValueError
        If shapes do not fit, a value is not finite, no axis is given, or draws are not more than
        structures.
    """
    table = finite(values, "values")
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim != 2:
        raise ValueError(f"values must be (draws, replicates) or (draws,); found {table.shape}")
    labels = _labels(structures, len(table))
    by_draw = np.asarray(table.mean(axis=1))
    together = np.unique(np.column_stack(list(labels.values())), axis=0, return_inverse=True)[1]
    between, within = _one_way(by_draw, together.ravel())
    chance = interaction = math.nan
    noise = 0.0
    if table.shape[1] > 1:
        parts = variance_components(table, crossed=crossed)
        chance, interaction = parts.chance, parts.interaction
        noise = interaction / table.shape[1]
    return StructuralComponents(
        mean=float(table.mean()),
        structures=between,
        by_axis={axis: _one_way(by_draw, own)[0] for axis, own in labels.items()},
        parameters=max(0.0, within - noise),
        chance=chance,
        interaction=interaction,
    )


def by_alternative(
    values: npt.ArrayLike, structures: Mapping[str, npt.ArrayLike] | pd.DataFrame
) -> pd.DataFrame:
    """Results under each alternative of each axis, over all else that draws mix.

    Parameters
    ----------
    values
        Results of shape (draws,).
    structures
        As for `structural_components`.

    Returns
    -------
    DataFrame
        Columns axis, alternative, draws, mean, standard_error (of the mean, by the number of draws;
        not a number with one), low and high (2.5 and 97.5 percentiles, type 7 of R); alternatives
        in the order of their names or numbers.

    Raises
    ------
    ValueError
        As for `structural_components`.
    """
    results = finite(values, "values")
    if results.ndim != 1:
        raise ValueError(f"values must be (draws,); found {results.shape}")
    _labels(structures, len(results))
    rows = []
    for axis, given in structures.items():
        names = np.asarray(given)
        for name in sorted(set(names.tolist())):
            own = results[names == name]
            low, high = np.quantile(own, [0.025, 0.975])
            error = own.std(ddof=1) / math.sqrt(len(own)) if len(own) > 1 else math.nan
            rows.append((axis, name, len(own), own.mean(), error, low, high))
    columns = ["axis", "alternative", "draws", "mean", "standard_error", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _labels(
    structures: Mapping[str, npt.ArrayLike] | pd.DataFrame, draws: int
) -> dict[str, npt.NDArray[np.intp]]:
    """Number of the alternative of each draw, by axis."""
    if len(structures.keys()) == 0:  # a table has no truth of its own
        raise ValueError("structures must name one axis or more")
    labels = {}
    for axis, given in structures.items():
        names = np.asarray(given)
        if names.shape != (draws,):
            raise ValueError(
                f"structures of '{axis}' must be one a draw, {draws}; found {names.shape}"
            )
        labels[str(axis)] = np.unique(names, return_inverse=True)[1].ravel()
    return labels


def _one_way(values: FloatArray, labels: npt.NDArray[np.intp]) -> tuple[float, float]:
    """Variance of the means of groups, cut at zero, and mean variance within them."""
    counts = np.bincount(labels)
    draws, groups = len(values), len(counts)
    if draws <= groups:
        raise ValueError(f"draws must be more than the structures that they hold, {groups}")
    means = np.bincount(labels, values) / counts
    within = float(((values - means[labels]) ** 2).sum()) / (draws - groups)
    between = float(counts @ (means - values.mean()) ** 2) / draws
    return max(0.0, between - (groups - 1) / draws * within), within
