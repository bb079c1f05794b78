import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.economics import Beta, Dirichlet, Gamma, Lognormal, Normal, sd_of_interval

GRID = (np.arange(200_000) + 0.5) / 200_000


# dampack, R/gen_psa_samp.R
@pytest.mark.parametrize(
    ("mean", "sd", "alpha", "beta"),
    [(0.5, 0.2, 2.625, 2.625), (0.1, 0.02, 22.4, 201.6), (0.85, 0.05, 42.5, 7.5)],
)
def test_beta_of_dampack(mean: float, sd: float, alpha: float, beta: float) -> None:
    found = Beta.from_moments(mean, sd)
    assert (found.alpha, found.beta) == pytest.approx((alpha, beta), rel=1e-9)


@pytest.mark.parametrize(
    ("mean", "sd", "shape", "scale"),
    [
        (100, 1, 10000, 0.01),
        (5294, 500, 112.105744, 47.2232716282584),
        (12.5, 12.5, 1, 12.5),
    ],
)
def test_gamma_of_dampack(mean: float, sd: float, shape: float, scale: float) -> None:
    found = Gamma.from_moments(mean, sd)
    assert (found.shape, found.scale) == pytest.approx((shape, scale), rel=1e-9)


@pytest.mark.parametrize(
    ("mean", "sd", "mu", "sigma"),
    [
        (1, 3, -1.15129254649702, 1.51742712938515),
        (120, 40, 4.73481148495313, 0.324592845974501),
    ],
)
def test_lognormal_of_dampack(mean: float, sd: float, mu: float, sigma: float) -> None:
    found = Lognormal.from_moments(mean, sd)
    assert (found.mu, found.sigma) == pytest.approx((mu, sigma), rel=1e-9)


@pytest.mark.parametrize(
    ("means", "sd", "alpha"),
    [
        ([0.1, 0.4, 0.5], 0.05, [3.5, 14, 17.5]),
        ([0.5, 0.15, 0.35], 0.035, [101.540816326533, 30.4622448979598, 71.0785714285728]),
    ],
)
def test_dirichlet_of_dampack(means: list[float], sd: float, alpha: list[float]) -> None:
    # dampack takes a standard deviation per category and uses the first only; ours takes one.
    assert Dirichlet.from_moments(means, sd).alpha == pytest.approx(alpha, rel=1e-9)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_moments_come_back(mean: float, share: float) -> None:
    sd = share * np.sqrt(mean * (1 - mean))
    for kind in (Beta, Gamma, Lognormal, Normal):
        found = kind.from_moments(mean, sd)
        assert (found.mean, found.sd) == pytest.approx((mean, sd), rel=1e-9)
    shares = Dirichlet.from_moments([mean, 1 - mean], sd)
    assert shares.means == pytest.approx([mean, 1 - mean])
    assert shares.sds == pytest.approx([sd, sd])


@pytest.mark.parametrize("kind", [Beta, Gamma, Lognormal, Normal])
def test_quantiles_have_the_moments(kind: type[Beta | Gamma | Lognormal | Normal]) -> None:
    found = kind.from_moments(0.3, 0.1)
    values = found.quantile(GRID)
    assert (np.diff(values) > 0).all()
    assert (values.mean(), values.std()) == pytest.approx((0.3, 0.1), rel=1e-3)


def test_intervals_come_back_where_they_can() -> None:
    ends = np.array([0.025, 0.975])
    assert Normal.from_interval(1, 0, 2).quantile(ends) == pytest.approx([0, 2])
    ratio = Lognormal.from_median(0.5, 0.25, 1)
    assert ratio.quantile([0.025, 0.5, 0.975]) == pytest.approx([0.25, 0.5, 1])
    mean = Lognormal.from_interval(0.6, 0.25, 1)
    assert (mean.mean, mean.sigma) == pytest.approx((0.6, ratio.sigma))
    nearly = Beta.from_interval(0.2, 0.15, 0.26)
    assert nearly.mean == pytest.approx(0.2)
    assert nearly.quantile(ends) == pytest.approx([0.15, 0.26], abs=0.005)
    assert sd_of_interval(-1.959963984540054, 1.959963984540054) == pytest.approx(1)
    assert sd_of_interval(-1.6448536269514722, 1.6448536269514722, 0.9) == pytest.approx(1)


def test_shares_are_drawn_with_their_moments() -> None:
    shares = Dirichlet.from_moments([0.2, 0.3, 0.5], 0.1)
    side = (np.arange(60) + 0.5) / 60
    uniform = np.stack(np.meshgrid(side, side, side), axis=-1).reshape(-1, 3)
    drawn = shares.quantile(uniform)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(len(drawn)))
    assert drawn.mean(axis=0) == pytest.approx(shares.means, abs=2e-3)
    assert drawn.std(axis=0) == pytest.approx(shares.sds, rel=0.03)


def test_moments_that_no_distribution_has_are_refused() -> None:
    with pytest.raises(ValueError, match=r"with mean 0.5 the sd must be below 0.5; found 0.5"):
        Beta.from_moments(0.5, 0.5)
    with pytest.raises(ValueError, match=r"lies in \(0, 1\); found 1"):
        Beta.from_moments(1, 0.1)
    with pytest.raises(ValueError, match="gamma distribution is above zero"):
        Gamma.from_moments(0, 1)
    with pytest.raises(ValueError, match="lognormal distribution is above zero"):
        Lognormal.from_moments(-1, 1)
    with pytest.raises(ValueError, match="standard deviation must be above zero"):
        Normal.from_moments(0, 0)
    with pytest.raises(ValueError, match="the mean is inf; only finite numbers"):
        Normal.from_moments(np.inf, 1)
    with pytest.raises(ValueError, match="the mean 3 lies outside its interval 0 to 2"):
        Gamma.from_interval(3, 0, 2)
    with pytest.raises(ValueError, match="0 < low <= mean"):
        Lognormal.from_interval(1, 0, 2)
    with pytest.raises(ValueError, match="low must lie below high"):
        sd_of_interval(1, 1)
    with pytest.raises(ValueError, match="level must lie between"):
        sd_of_interval(0, 1, 95)
    with pytest.raises(ValueError, match="sum to one"):
        Dirichlet.from_moments([0.5, 0.6], 0.1)
    with pytest.raises(ValueError, match="3 numbers per draw"):
        Dirichlet((1.0, 2.0, 3.0)).quantile([0.5, 0.5])
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        Normal(0, 1).quantile([0, 0.5])
