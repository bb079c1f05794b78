"""Global sensitivity by designed runs: Sobol indices and Morris screening, through SALib.

Both are for independent parameters. A design lays out values between the ends of each range; for
a distribution lay them out from 0 to 1 and hand them to its quantile function (Sobol only: Morris
also visits the ends). Run the model at every row, then hand the outcomes back in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from hvsim.economics.evaluation.arrays import FloatArray, finite, whole

_OFF = 1e-6
"""By how much of a step a value may lie off its level, for rounding."""

Ranges = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class SobolIndices:
    """Shares of an outcome's variance.

    Attributes
    ----------
    single
        Rows of `parameter`; `first_order`, explained by it alone; `total`, by it and all that it
        takes part in; each with `_margin`, half the width of the 95% bootstrap interval.
    pairs
        Rows of `first`, `second`; `second_order`, explained by the two only together; its
        `_margin`.
    """

    single: pd.DataFrame
    pairs: pd.DataFrame


def _problem(ranges: Ranges) -> dict[str, object]:
    for name, ends in ranges.items():
        low, high = _pair(ends, name)
        if not low < high:
            raise ValueError(f"{name}: low must lie below high; found {low:g} and {high:g}")
    if len(ranges) < 2:
        raise ValueError("at least two parameters needed")
    return {
        "num_vars": len(ranges),
        "names": list(ranges),
        "bounds": [list(ends) for ends in ranges.values()],
    }


def _pair(ends: tuple[float, float], name: str) -> tuple[float, float]:
    both = finite(ends, f"range of {name}")
    if both.shape != (2,):
        raise ValueError(f"range of {name} must be its low and high end; found {ends!r}")
    low, high = both.tolist()
    return low, high


def _seed(rng: np.random.Generator) -> int:
    """A seed for SALib, which wants generators that can spawn; zero would be none to it."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a generator, as numpy.random.default_rng(1); found {rng!r}")
    return int(rng.integers(1, 2**31))


def _varying(outcomes: npt.ArrayLike, rows: int) -> FloatArray:
    array = finite(outcomes, "outcomes")
    if array.shape != (rows,):
        raise ValueError(f"{rows} outcomes needed, one per row; found shape {array.shape}")
    if np.ptp(array) == 0:
        raise ValueError("the outcome does not vary: there is nothing to explain")
    return array


def _power_of_two(size: int) -> None:
    if whole(size, "size", 2) & (size - 1):
        raise ValueError(f"size must be a power of two; found {size}")


def sobol_design(ranges: Ranges, size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Parameter values at which to run a model for `sobol_indices`.

    Parameters
    ----------
    ranges
        Lowest and highest value of each parameter, at least two.
    size
        A power of two; there are ``size * (2 * parameters + 2)`` runs (Saltelli 2002).
    rng
        A generator, such as `numpy.random.default_rng(1)`; scrambles the sequence.

    Raises
    ------
    ValueError
        If a range is empty, there are fewer than two parameters, or the size is no power of two.
    """
    from SALib.sample import sobol  # takes a second to import, for who needs it

    _power_of_two(size)
    return pd.DataFrame(sobol.sample(_problem(ranges), size, seed=_seed(rng)), columns=list(ranges))


def sobol_indices(
    ranges: Ranges, size: int, outcomes: npt.ArrayLike, rng: np.random.Generator
) -> SobolIndices:
    """First-order, total and second-order indices of an outcome.

    (Saltelli et al. 2010, Comput Phys Comm 181: 259-270.)

    Parameters
    ----------
    ranges, size
        Those of the design.
    outcomes
        Outcome of each row of the design, in its order. Shape (rows,).
    rng
        A generator, such as `numpy.random.default_rng(1)`; resamples for the margins.

    Raises
    ------
    ValueError
        If the size is no power of two, or the outcomes are not one per row, not finite, or do not
        vary.
    """
    from SALib.analyze import sobol  # takes a second to import, for who needs it

    _power_of_two(size)
    outcome = _varying(outcomes, size * (2 * len(ranges) + 2))
    found = sobol.analyze(_problem(ranges), outcome, seed=_seed(rng))
    names = list(ranges)
    single = pd.DataFrame(
        {
            "parameter": names,
            "first_order": found["S1"],
            "first_order_margin": found["S1_conf"],
            "total": found["ST"],
            "total_margin": found["ST_conf"],
        }
    )
    pairs = pd.DataFrame(
        [
            (names[a], names[b], found["S2"][a, b], found["S2_conf"][a, b])
            for a, b in combinations(range(len(names)), 2)
        ],
        columns=["first", "second", "second_order", "second_order_margin"],
    )
    return SobolIndices(single, pairs)


def _even(levels: int) -> None:
    if whole(levels, "levels", 2) % 2:
        raise ValueError(f"levels must be an even number; found {levels}")


def _refuse_other_design(ranges: Ranges, design: pd.DataFrame, levels: int) -> None:
    """Refuse rows that are no walks through these ranges at so many levels."""
    _even(levels)
    if list(design) != list(ranges):
        raise ValueError("design must be the table of `morris_design` for the same parameters")
    if len(design) % (len(ranges) + 1):
        raise ValueError(
            f"design must have {len(ranges) + 1} rows for each trajectory; found {len(design)}"
        )
    for name, ends in ranges.items():
        low, high = _pair(ends, name)
        steps = (finite(design[name], name) - low) / (high - low) * (levels - 1)
        if np.any(np.abs(steps - np.clip(steps.round(), 0, levels - 1)) > _OFF):
            raise ValueError(
                f"{name}: the design holds values that are none of {levels} levels "
                f"from {low:g} to {high:g}"
            )


def morris_design(
    ranges: Ranges, trajectories: int, levels: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Parameter values at which to run a model for `morris_effects`.

    Parameters
    ----------
    ranges
        Lowest and highest value of each parameter, at least two.
    trajectories
        Walks through the ranges; there are ``trajectories * (parameters + 1)`` runs.
    levels
        Values of each parameter, an even number; 4 is usual.
    rng
        A generator, such as `numpy.random.default_rng(1)`.

    Raises
    ------
    ValueError
        If a range is empty, or a number is out of range.
    """
    from SALib.sample import morris  # takes a second to import, for who needs it

    whole(trajectories, "trajectories", 2)
    _even(levels)
    values = morris.sample(_problem(ranges), trajectories, num_levels=levels, seed=_seed(rng))
    return pd.DataFrame(values, columns=list(ranges))


def morris_effects(
    ranges: Ranges,
    design: pd.DataFrame,
    levels: int,
    outcomes: npt.ArrayLike,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Elementary effects (Morris 1991, Technometrics 33: 161-174): which parameters matter at all.

    Parameters
    ----------
    ranges, design, levels
        Those of `morris_design`, and what it gave.
    outcomes
        Outcome of each row of the design, in its order. Shape (rows,).
    rng
        A generator, such as `numpy.random.default_rng(1)`; resamples for the margin.

    Returns
    -------
    Rows of `parameter`; `mean_absolute`, the mean size of the effect of crossing its range, with
    `mean_absolute_margin`, half its 95% interval; `mean`, with sign; `sd`, large beside the mean if
    the effect is curved or depends on others.

    Raises
    ------
    ValueError
        If the design is not one of these ranges and levels, or the outcomes are not one per row,
        not finite, or do not vary.
    """
    from SALib.analyze import morris  # takes a second to import, for who needs it

    _refuse_other_design(ranges, design, levels)
    outcome = _varying(outcomes, len(design))
    found = morris.analyze(
        _problem(ranges), design.to_numpy(), outcome, num_levels=levels, seed=_seed(rng)
    )
    return pd.DataFrame(
        {
            "parameter": list(ranges),
            "mean_absolute": np.asarray(found["mu_star"]),
            "mean_absolute_margin": np.asarray(found["mu_star_conf"]),
            "mean": np.asarray(found["mu"]),
            "sd": np.asarray(found["sigma"]),
        }
    )
