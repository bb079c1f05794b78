"""Which of two regressions predicts better, beyond luck."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hvsim.economics.evaluation.arrays import FloatArray


def clearly_better(missed: FloatArray, before: FloatArray) -> npt.NDArray[np.bool_]:
    """Whether a richer regression misses less than a plainer one, by more than a standard error.

    The rule of one standard error (Breiman, Friedman, Olshen and Stone 1984, "Classification and
    regression trees", section 3.4.3), here of the difference in the same draws.

    Parameters
    ----------
    missed, before
        Squared errors of the richer and of the plainer one in predicting draws that they were not
        fitted to. Shape (draws, responses).

    Returns
    -------
    Shape (responses,).
    """
    gain = before - missed
    return np.asarray(gain.mean(axis=0) > gain.std(axis=0) / np.sqrt(len(gain)))
