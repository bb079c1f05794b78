"""Distributions that have a given mean and spread (method of moments).

Each can be made from a mean and a standard deviation, or from a mean and an interval, and turns
uniform numbers into values, so that whoever draws decides on the luck. From an interval the
standard deviation is its width over that of a standard normal's interval, for a lognormal on the
logarithmic scale; the interval of what results (`quantile`) then agrees nearly, and for a normal
one that is symmetric, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, gammaincinv, ndtri

from hvsim.economics.evaluation.arrays import FloatArray, finite, number, tail_shares, whole


def sd_of_interval(low: float, high: float, level: float = 0.95) -> float:
    """Standard deviation of a normal whose central interval has this width.

    Raises
    ------
    ValueError
        If the ends are not in order, or the level does not lie between 0 and 1.
    """
    if not -np.inf < low < high < np.inf:
        raise ValueError(f"low must lie below high; found {low:g} and {high:g}")
    return float((high - low) / (2.0 * ndtri(tail_shares(level)[1])))


def _uniform(u: npt.ArrayLike) -> FloatArray:
    numbers = finite(u, "u")
    if numbers.min() <= 0 or numbers.max() >= 1:
        raise ValueError("uniform numbers must lie strictly between 0 and 1")
    return numbers


class _ByMoments:
    """What distributions of one number share."""

    @classmethod
    def from_moments(cls, mean: float, sd: float) -> Self:
        """The distribution with this mean and standard deviation.

        Raises
        ------
        ValueError
            If there is none; the message says why.
        """
        raise NotImplementedError

    @classmethod
    def from_interval(cls, mean: float, low: float, high: float, level: float = 0.95) -> Self:
        """The distribution with this mean whose central interval is about as wide as this one.

        Raises
        ------
        ValueError
            If there is none, the mean lies outside the interval, or the level not in (0, 1).
        """
        if not low <= mean <= high:
            raise ValueError(f"the mean {mean:g} lies outside its interval {low:g} to {high:g}")
        return cls.from_moments(mean, sd_of_interval(low, high, level))


def _positive(value: float, what: str = "the standard deviation") -> None:
    if number(value, what) <= 0:
        raise ValueError(f"{what} must be above zero; found {value:g}")


@dataclass(frozen=True)
class Beta(_ByMoments):
    """For proportions.

    Attributes
    ----------
    alpha, beta
        Counts of events and of their absence, less the usual fractions.
    """

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        _positive(self.alpha, "alpha")
        _positive(self.beta, "beta")

    @classmethod
    def from_moments(cls, mean: float, sd: float) -> Self:
        _positive(sd)
        if not 0 < mean < 1:
            raise ValueError(f"the mean of a beta distribution lies in (0, 1); found {mean:g}")
        size = mean * (1 - mean) / sd**2 - 1
        if size <= 0:
            most = np.sqrt(mean * (1 - mean))
            raise ValueError(f"with mean {mean:g} the sd must be below {most:.4g}; found {sd:g}")
        return cls(mean * size, (1 - mean) * size)

    @property
    def mean(self) -> float:
        return self.alpha / (self.alpha + self.beta)

    @property
    def sd(self) -> float:
        return float(np.sqrt(self.mean * (1 - self.mean) / (self.alpha + self.beta + 1)))

    def quantile(self, u: npt.ArrayLike) -> FloatArray:
        return np.asarray(betaincinv(self.alpha, self.beta, _uniform(u)))


@dataclass(frozen=True)
class Gamma(_ByMoments):
    """For costs and rates.

    Attributes
    ----------
    shape, scale
        Mean is their product.
    """

    shape: float
    scale: float

    def __post_init__(self) -> None:
        _positive(self.shape, "shape")
        _positive(self.scale, "scale")

    @classmethod
    def from_moments(cls, mean: float, sd: float) -> Self:
        _positive(sd)
        if not 0 < mean < np.inf:
            raise ValueError(f"the mean of a gamma distribution is above zero; found {mean:g}")
        return cls((mean / sd) ** 2, sd**2 / mean)

    @property
    def mean(self) -> float:
        return self.shape * self.scale

    @property
    def sd(self) -> float:
        return float(np.sqrt(self.shape) * self.scale)

    def quantile(self, u: npt.ArrayLike) -> FloatArray:
        return np.asarray(gammaincinv(self.shape, _uniform(u)) * self.scale)


@dataclass(frozen=True)
class Normal(_ByMoments):
    """For differences.

    Attributes
    ----------
    mean, sd
        Mean and standard deviation.
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _positive(self.sd)
        number(self.mean, "the mean")

    @classmethod
    def from_moments(cls, mean: float, sd: float) -> Self:
        return cls(mean, sd)

    def quantile(self, u: npt.ArrayLike) -> FloatArray:
        return np.asarray(self.mean + self.sd * ndtri(_uniform(u)))


@dataclass(frozen=True)
class Lognormal(_ByMoments):
    """For ratios, and costs with a long tail.

    Attributes
    ----------
    mu, sigma
        Mean and standard deviation of the logarithm.
    """

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        number(self.mu, "mu")
        _positive(self.sigma, "sigma")

    @classmethod
    def from_moments(cls, mean: float, sd: float) -> Self:
        _positive(sd)
        if not 0 < mean < np.inf:
            raise ValueError(f"the mean of a lognormal distribution is above zero; found {mean:g}")
        variance = float(np.log1p((sd / mean) ** 2))
        return cls(float(np.log(mean)) - variance / 2, float(np.sqrt(variance)))

    @classmethod
    def from_interval(cls, mean: float, low: float, high: float, level: float = 0.95) -> Self:
        """As the others, with the width taken on the logarithmic scale."""
        if not 0 < low <= mean <= high:
            raise ValueError(f"0 < low <= mean <= high needed; found {low:g}, {mean:g}, {high:g}")
        sigma = sd_of_interval(float(np.log(low)), float(np.log(high)), level)
        return cls(float(np.log(mean)) - sigma**2 / 2, sigma)

    @classmethod
    def from_median(cls, median: float, low: float, high: float, level: float = 0.95) -> Self:
        """For a published ratio, whose point estimate is the center on the logarithmic scale."""
        sigma = cls.from_interval(median, low, high, level).sigma
        return cls(float(np.log(median)), sigma)

    @property
    def mean(self) -> float:
        return float(np.exp(self.mu + self.sigma**2 / 2))

    @property
    def sd(self) -> float:
        return float(self.mean * np.sqrt(np.expm1(self.sigma**2)))

    def quantile(self, u: npt.ArrayLike) -> FloatArray:
        return np.asarray(np.exp(self.mu + self.sigma * ndtri(_uniform(u))))


@dataclass(frozen=True)
class Dirichlet:
    """For shares of a whole.

    Attributes
    ----------
    alpha
        One number above zero per category; the mean shares are in proportion to them.
    """

    alpha: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.alpha) < 2:
            raise ValueError(f"alpha must hold two numbers or more; found {self.alpha}")
        for each in self.alpha:
            _positive(each, "alpha")

    @classmethod
    def from_moments(cls, means: Sequence[float], sd: float, category: int = 0) -> Self:
        """The distribution with these mean shares, and this standard deviation of one of them.

        A Dirichlet distribution has a single number for the spread of all categories: the standard
        deviation of one of them settles those of the others.

        Parameters
        ----------
        means
            Mean shares, each above zero, of sum one.
        sd
            Standard deviation of the share of `category`.
        category
            Number of the category that the standard deviation belongs to, from 0.

        Raises
        ------
        ValueError
            If the shares are not such, or no distribution has that standard deviation.
        """
        shares = finite(means, "means")
        if shares.ndim != 1 or shares.min() <= 0 or abs(shares.sum() - 1) > 1e-9:
            raise ValueError("mean shares must be above zero and sum to one")
        if whole(category, "category", 0) >= len(shares):
            raise ValueError(f"categories are numbered 0 to {len(shares) - 1}; found {category}")
        one = Beta.from_moments(float(shares[category]), sd)
        return cls(tuple((shares * (one.alpha + one.beta)).tolist()))

    @property
    def means(self) -> FloatArray:
        return np.array(self.alpha) / sum(self.alpha)

    @property
    def sds(self) -> FloatArray:
        return np.sqrt(self.means * (1 - self.means) / (sum(self.alpha) + 1))

    def quantile(self, u: npt.ArrayLike) -> FloatArray:
        """Shares from independent uniform numbers, one per category on the last axis.

        Each makes a gamma variable; the shares are theirs of the sum.
        """
        numbers = _uniform(u)
        if numbers.shape[-1:] != (len(self.alpha),):
            raise ValueError(f"{len(self.alpha)} numbers per draw needed, on the last axis")
        parts = gammaincinv(np.array(self.alpha), numbers)
        return np.asarray(parts / parts.sum(axis=-1, keepdims=True))
