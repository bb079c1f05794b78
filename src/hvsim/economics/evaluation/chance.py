"""What of the spread of results is parameters, and what is chance.

A stochastic model gives each draw of parameters a result that also holds luck. Replicates with the
same seeds in every draw make a crossed design: two-way analysis of variance with random effects
takes it apart (Searle, Casella and McCulloch 1992, "Variance components", section 4.5; for nested
seeds O'Hagan, Stevenson and Madan 2007, "Monte Carlo probabilistic sensitivity analysis for
patient level simulation models", Health Econ 16:1009-1023).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy.typing as npt

from hvsim.economics.evaluation.arrays import finite


@dataclass(frozen=True)
class VarianceComponents:
    """Variances that add up to that of a single run.

    Attributes
    ----------
    mean
        Over draws and replicates.
    parameters
        Variance of the expected result over draws of parameters.
    chance
        Variance over replicates that all draws have in common; zero if every run has luck of its
        own.
    interaction
        Variance of what luck does differently in each draw.
    """

    mean: float
    parameters: float
    chance: float
    interaction: float


def variance_components(values: npt.ArrayLike, *, crossed: bool = True) -> VarianceComponents:
    """Take the variance of results apart into parameters and chance.

    Parameters
    ----------
    values
        Results of shape (draws, replicates), two of each at least.
    crossed
        Whether replicate r has the same families and luck in every draw, as in run folders;
        otherwise every run has its own.

    Returns
    -------
    Unbiased estimates, cut at zero, which small ones can fall below by chance.

    Raises
    ------
    ValueError
        If the shape is another, or a value is not finite.
    """
    table = finite(values, "values")
    if table.ndim != 2 or min(table.shape) < 2:
        raise ValueError(
            f"values must be (draws, replicates), two of each at least; found {table.shape}"
        )
    draws, replicates = table.shape
    mean = float(table.mean())
    by_draw, by_replicate = table.mean(axis=1), table.mean(axis=0)
    between = replicates * float(by_draw.var(ddof=1))
    if not crossed:
        within = float(table.var(axis=1, ddof=1).mean())
        return VarianceComponents(mean, max(0.0, (between - within) / replicates), 0.0, within)
    left = table - by_draw[:, None] - by_replicate[None, :] + mean
    rest = float((left**2).sum()) / ((draws - 1) * (replicates - 1))
    seeds = draws * float(by_replicate.var(ddof=1))
    return VarianceComponents(
        mean,
        max(0.0, (between - rest) / replicates),
        max(0.0, (seeds - rest) / draws),
        rest,
    )
