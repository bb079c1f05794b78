"""Levels of outcomes from published shares, on families that are all alike."""

import copy
import math
from pathlib import Path

import numpy as np
import pytest

from hvsim.calibration.baseline import read_spec, solve
from hvsim.calibration.leaves import Tree
from hvsim.calibration.rates import solve_state
from hvsim.population import synthesize
from hvsim.scenario import load_scenario
from runs.ledgers import HARBOR

SPEC = Path(__file__).parents[2] / "calibration" / "la-county" / "baseline.yaml"
TARGET: Tree = {"at_month": 4, "in_state": "13%", "ever_by_then": "20%", "onset": {-5: 1, 0: 2}}


@pytest.mark.parametrize(
    "exits",
    [{"value": 0.1}, {"value": {-5: 0.02, 0: 0.12}}, {"value": {0: 0.12}}, {-5: 0.02, 0: 0.12}],
    ids=["always", "in steps", "none at first", "plain"],
)
def test_a_state_is_left_at_the_rate_of_each_age(exits: Tree) -> None:
    people = synthesize(load_scenario(HARBOR / "today.yaml"), 1, 0.1)
    outcome: Tree = {
        "log_hazard_ratios": {},
        "shared_frailty_sd": 0,
        "own_frailty_sd": 0,
        "exit_per_month": exits,
        "present_at_entry": {"solved": True},
        "per_month": {"solved": True},
    }
    solve_state(outcome, TARGET, people, "")
    steps = exits.get("value", exits)
    rates = steps if isinstance(steps, dict) else {-5: steps}
    onsets = outcome["per_month"]["value"]
    state = ever = outcome["present_at_entry"]["value"]
    for age in range(-5, 4):
        leave = -math.expm1(-max((a, r) for a, r in [(-9, 0.0), *rates.items()] if a <= age)[1])
        onset = -math.expm1(-onsets[max(a for a in onsets if a <= age)])
        state, ever = state * (1 - leave) + (1 - state) * onset, ever + (1 - ever) * onset
    assert (state, ever) == pytest.approx((0.13, 0.2), rel=2e-3)  # four digits are written


def test_figures_end_where_the_targets_do() -> None:
    spec = copy.deepcopy(read_spec(SPEC))
    stages = spec["targets"]["reports"]["stages"]
    spec["targets"]["reports"]["stages"] = [
        target for target in stages if target.get("before", 0) <= 60
    ]
    figures = solve(spec, families=2000).figures
    yearly = figures["per 1,000 children and year, from age in months"]["substantiated"]
    assert list(yearly) == [0, 12, 48]
    assert np.isfinite(list(yearly.values())).all()
