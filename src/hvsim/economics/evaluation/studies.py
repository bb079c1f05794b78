"""What a study would be worth before it is done: the expected value of sample information.

Two ways. `evsi` takes results of the study as simulated from each draw's parameters, one for each
draw, whatever the design, and regresses on them (Strong, Oakley, Brennan and Breeze 2015, Med Decis
Making 35: 570-583). `evsi_gaussian` needs no simulated results, only how many observations the
present knowledge is worth (Jalal and Alarid-Escudero 2018, Med Decis Making 38: 174-188).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import (
    FloatArray,
    Grid,
    draws,
    number,
    number_or_array,
    same_rows,
    together,
)
from hvsim.economics.evaluation.partial_information import (
    InformationValue,
    Parameters,
    chosen_parameters,
    decision_value,
    evppi_estimate,
    regressed_outcomes,
)


def evsi(
    costs: npt.ArrayLike,
    effects: npt.ArrayLike,
    results: Parameters,
    names: str | Sequence[str],
    wtp: float | Grid,
) -> InformationValue:
    """Value of a study, from results of it simulated for every draw.

    To decide after the study is to decide by the mean net benefit given its results, and that is
    what is regressed. The results must hold all that the study will tell: sufficient statistics, or
    good estimates of what it measures.

    Parameters
    ----------
    costs, effects
        Dollars and units of effect. Shape (draws, strategies).
    results
        Results of the study, each simulated with the parameters of that draw: by name, or of shape
        (draws, names).
    names
        The results that the study will give.
    wtp
        Willingness to pay, in dollars per unit of effect: a number, or several.

    Raises
    ------
    ValueError
        As `evppi`.
    """
    return evppi_estimate(costs, effects, results, names, wtp)


def evsi_gaussian(
    costs: npt.ArrayLike,
    effects: npt.ArrayLike,
    parameters: Parameters,
    names: str | Sequence[str],
    wtp: float | Grid,
    prior_size: float,
    sample_size: float,
) -> InformationValue:
    """Value of a study of some parameters, by the Gaussian approximation.

    What will be known of the expected net benefit after the study is taken to vary around its
    mean as it would with perfect knowledge of the parameters, only less, by the square root of
    ``sample_size / (prior_size + sample_size)``. That is exact if net benefit is linear in a
    normal parameter with normal data; otherwise it improves with the size of the study. The value
    rises with the sample size and never exceeds `evppi`.

    Parameters
    ----------
    costs, effects, parameters, names, wtp
        As in `evppi`.
    prior_size
        How many observations of the study would tell as much as is known now: for a mean, the
        variance of one observation over that of the parameter; for a proportion with a beta
        distribution, the sum of its two parameters.
    sample_size
        Observations in the study.

    Raises
    ------
    ValueError
        As `evppi`, or if the prior size is not above zero or the sample size is negative.
    """
    if number(prior_size, "prior_size") <= 0 or number(sample_size, "sample_size") < 0:
        raise ValueError(
            f"prior_size must be above and sample_size at or above zero; "
            f"found {prior_size:g} and {sample_size:g}"
        )
    cost, effect = draws(costs, effects)
    same_rows(costs=costs, parameters=parameters)
    known = chosen_parameters(parameters, names, len(cost))
    learned = np.sqrt(sample_size / (prior_size + sample_size))
    expected = regressed_outcomes(cost, effect, known)
    return decision_value(cost, effect, expected, wtp, float(learned))


def net_benefit_of_sampling(value: npt.ArrayLike, study_cost: npt.ArrayLike) -> float | FloatArray:
    """Population value of a study less what the study costs; worth doing if above zero.

    Other tools call it ENBS, the expected net benefit of sampling.

    Parameters
    ----------
    value
        Value of the study for all whom the decision concerns (see `population_value`), in dollars.
    study_cost
        Dollars; a shape that goes with `value`, such as one cost for each sample size.

    Raises
    ------
    ValueError
        If a value is missing or infinite, or the shapes do not go together.
    """
    worth, cost = together(value=value, study_cost=study_cost)
    return number_or_array(np.asarray(worth - cost))
