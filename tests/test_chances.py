"""A stated share stays the average, whatever moves single families."""

import math

import numpy as np
import pytest

from hvsim.chances import attenuated_logit, logistic

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(60)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.7, 0.95])
@pytest.mark.parametrize("variance", [0.0, 0.3, 1.0, 2.0])
def test_the_average_over_normal_log_odds_is_the_share(share: float, variance: float) -> None:
    """To within the two percentage points that ``docs/model.md`` (section 4) states."""
    center = attenuated_logit(share, variance)
    chances = [logistic(center + math.sqrt(variance) * node) for node in NODES.tolist()]
    average = float(np.dot(chances, WEIGHTS) / WEIGHTS.sum())
    assert average == pytest.approx(share, abs=0.02 if variance else 1e-12)


def test_nobody_and_everybody_stay_so() -> None:
    assert logistic(attenuated_logit(0.0, 2.0) + 9.0) == 0.0
    assert logistic(attenuated_logit(1.0, 2.0) - 9.0) == 1.0
