"""The solver of mixed hazards against closed forms and against plain simulation."""

import numpy as np
import pytest
from scipy.stats import gamma

from hvsim.calibration.frailty import (
    Mixture,
    Reports,
    first_event_hazard,
    lognormal,
    normal_grid,
    solve_increasing,
    weighted_auc,
)


@pytest.mark.parametrize("shape", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("share", [0.01, 0.14, 0.6])
def test_gamma_frailty_is_the_closed_form(shape: float, share: float) -> None:
    """For gamma frailty of mean one, L(s) = (1 + s / k)^-k."""
    u = (np.arange(200_000) + 0.5) / 200_000
    relative = gamma.ppf(u, shape, scale=1 / shape)
    weights = np.full(len(u), 1 / len(u))
    exact = shape * ((1 - share) ** (-1 / shape) - 1)
    assert first_event_hazard(relative, weights, share) == pytest.approx(exact, rel=2e-3)


def test_equal_families_have_the_plain_hazard() -> None:
    hazard = first_event_hazard(np.ones(1), np.ones(1), 0.052)
    assert hazard == pytest.approx(-np.log(1 - 0.052), rel=1e-10)


def test_quadrature_integrates_normals_exactly() -> None:
    (one, other), weights = normal_grid((5, 7))
    assert weights.sum() == pytest.approx(1)
    assert weights @ (one**2 * other**4) == pytest.approx(3)
    frailty = lognormal((0.8, 0.5), (one, other))
    assert weights @ frailty == pytest.approx(1, rel=1e-3)


def test_coarse_and_fine_quadrature_agree() -> None:
    found = []
    for count in (11, 41):
        (z,), weights = normal_grid((count,))
        found.append(first_event_hazard(lognormal((1.0,), (z,)), weights, 0.14))
    assert found[0] == pytest.approx(found[1], rel=1e-3)


def test_binning_keeps_the_solution() -> None:
    (z, own), weights = normal_grid((31, 31))
    true, false = 0.5 * lognormal((0.9, 0.4), (z, own)), 0.5 * lognormal((0.9,), (z,))
    whole = Mixture(true, false, weights, true / 0.2)
    small = whole.binned()
    assert small.mean(small.true) == pytest.approx(whole.mean(whole.true), rel=1e-12)
    assert small.hazard(0.14) == pytest.approx(whole.hazard(0.14), rel=1e-3)


def test_re_reports_of_equal_families() -> None:
    monthly = np.full(80, 0.01)
    one = Mixture(np.array([0.4]), np.array([0.6]), np.ones(1), np.array([1.0]))
    once, again = one.re_reported(monthly, 2.0, first=12, within=60)
    assert once[0] == pytest.approx(1 - np.exp(-0.12))
    assert again[0] / once[0] == pytest.approx(1 - np.exp(-2 * 0.6))
    # No more episodes than there are can be reported: 1.0 and 4 * 0.6, not 4 * 0.4 and 4 * 0.6.
    once, again = one.re_reported(monthly, 4.0, first=12, within=60)
    assert again[0] / once[0] == pytest.approx(1 - np.exp(-0.6 * (1.0 + 2.4)))


def test_marked_reports_agree_with_simulation() -> None:
    """Two kinds of family, 200,000 each, event by event; 4.5 sd: error rate 3 in 100,000."""
    rng = np.random.default_rng(1)
    monthly, factor = np.linspace(0.03, 0.01, 60), 2.5
    chances = np.array([np.linspace(0.6, 0.3, 60), np.linspace(0.05, 0.15, 60)])
    halves = np.array([0.5, 0.5])
    mixture = Mixture(np.array([0.3, 1.2]), np.array([0.4, 0.1]), halves, np.full(2, 1e9))
    n, simulated, marks_late, marked_first = 200_000, [], [], []
    for u_true, u_false in zip(mixture.true, mixture.false, strict=True):
        reported = np.zeros(n, dtype=bool)
        marked = np.zeros(n, dtype=bool)
        late = np.zeros(n, dtype=np.int64)
        first: list[np.ndarray] = [np.zeros(2, np.int64)]
        for age, rate in enumerate(monthly):
            raised = np.where(reported, factor, 1.0) * rate
            kinds = [rng.poisson(raised * u) for u in (u_true, u_false)]
            marks = [rng.binomial(k, p) for k, p in zip(kinds, chances[:, age], strict=True)]
            marked |= sum(marks) > 0
            late += sum(marks) * (age >= 30)
            alone = ~reported & (sum(kinds) == 1)  # two in the first month have no first
            first.append(np.array([alone.sum(), sum(marks)[alone].sum()]))
            reported |= sum(kinds) > 0
        simulated.append(marked.mean())
        marks_late.append(late)
        marked_first += first
    found = mixture.marked(monthly, factor, chances)
    assert found == pytest.approx(np.mean(simulated), abs=4.5 * np.sqrt(0.25 / (2 * n)))
    late = np.concatenate(marks_late)
    found = mixture.marks(monthly, factor, chances)[30:].sum()
    assert found == pytest.approx(late.mean(), abs=4.5 * late.std() / np.sqrt(2 * n))
    of, with_mark = np.sum(marked_first, axis=0)
    found = Reports(mixture, monthly, factor).of_first(chances)
    # Half a percentage point for the months with two reports, which are left out above.
    assert found == pytest.approx(with_mark / of, abs=0.005 + 4.5 * np.sqrt(0.25 / of))


def test_a_target_out_of_reach_is_named() -> None:
    with pytest.raises(ValueError, match="2 is out of reach: 0 to 1 is possible"):
        solve_increasing(lambda x: x, 2.0, 0.0, 1.0)


def test_auc_of_certain_events_is_the_plain_one() -> None:
    score = np.array([3.0, 1.0, 2.0, 0.0])
    assert weighted_auc(score, np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(3 / 4)
    assert weighted_auc(score, np.full(4, 0.3)) == pytest.approx(0.5)
