"""Attributes that a birth record leaves open, drawn given those that it holds.

The known levels of a family say between which cuts its latent normals lie (see ``copula``). What is
open is drawn from the distribution that this leaves, by Gibbs sampling: each latent normal in turn
given the others (Geweke 1991), and the group, where it is not known, given all of them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hvsim.compiled import compiled
from hvsim.population import copula
from hvsim.population.associations import GROUPING, Associations
from hvsim.population.families import FloatArray
from hvsim.population.synthesis import Margins, checked_shares
from hvsim.population.traits import KeyArray
from hvsim.randomness import purpose, uniform
from hvsim.scenario.vocabulary import ATTRIBUTES

LevelArray = npt.NDArray[np.int8]

OPEN = -1
"""In place of a level: it is to be drawn."""

SWEEPS = 8
AT_ONCE = 25_000
FARTHEST_CUT = 4.0
"""Cuts stay within as many standard deviations, so that a level without share has a range."""


@dataclass(frozen=True)
class CompletionModel:
    """What the conditional draws need. Attributes are those of the associations, in their order.

    Attributes
    ----------
    edges
        Of each attribute the ends of its levels' latent ranges, infinite at both ends.
    steps
        Of each attribute the latent step of each level, and the level of each step.
    columns
        Column of each attribute among the levels.
    log_shares
        Logarithm of each group's share.
    shifts
        Mean of each latent normal by group. Shape (groups, attributes).
    precision
        Inverse of the correlation matrix.
    """

    edges: tuple[FloatArray, ...]
    steps: tuple[tuple[npt.NDArray[np.int64], LevelArray], ...]
    columns: tuple[int, ...]
    log_shares: FloatArray
    shifts: FloatArray
    precision: FloatArray


def completion_model(shares: Margins, associations: Associations) -> CompletionModel:
    """Latent ranges of all levels, under a scenario's margins and associations.

    Raises
    ------
    ValueError
        If an attribute has no margin, or its shares do not sum to one.
    """
    names = list(ATTRIBUTES)
    groups = checked_shares(shares, GROUPING, associations.groups)
    edges, steps = [], []
    for j, (attribute, order) in enumerate(
        zip(associations.attributes, associations.orders, strict=True)
    ):
        stated = checked_shares(shares, attribute, order)
        cuts = copula.thresholds(stated, groups, associations.shifts[:, j])
        inner = np.clip(cuts, -FARTHEST_CUT, FARTHEST_CUT)
        edges.append(np.concatenate(([-np.inf], inner, [np.inf])))
        levels = np.array([ATTRIBUTES[attribute].index(level) for level in order], np.int8)
        steps.append((np.argsort(levels), levels))
    with np.errstate(divide="ignore"):
        log_shares = np.log(groups)
    return CompletionModel(
        tuple(edges),
        tuple(steps),
        tuple(names.index(attribute) for attribute in associations.attributes),
        log_shares,
        associations.shifts,
        np.linalg.inv(associations.correlation).astype(np.float64),
    )


def complete(
    seed: int, model: CompletionModel, keys: KeyArray, levels: LevelArray, threads: int = 1
) -> None:
    """Draw the open attributes of birth records among `levels`; further ones stay open."""
    width = len(ATTRIBUTES)
    rows = np.flatnonzero((levels[:, :width] == OPEN).any(axis=1))

    def fill(first: int) -> None:
        some = rows[first : first + AT_ONCE]
        part = levels[some, :width]
        _Chains(seed, model, keys[some], part).complete()
        levels[some, :width] = part

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, range(0, len(rows), AT_ONCE)))


class _Chains:
    """Gibbs samplers of some families, side by side."""

    def __init__(
        self, seed: int, model: CompletionModel, keys: KeyArray, levels: LevelArray
    ) -> None:
        self.seed = np.uint64(seed)
        self.model = model
        self.keys = keys
        self.levels = levels
        self.grouping = list(ATTRIBUTES).index(GROUPING)
        self.groupless = np.flatnonzero(levels[:, self.grouping] == OPEN)
        self.group = levels[:, self.grouping].astype(np.int64)
        self.low, self.high = np.empty((2, len(model.columns), len(keys)))
        for j, column in enumerate(model.columns):
            known = levels[:, column]
            step = model.steps[j][0][np.maximum(known, 0)]
            self.low[j] = np.where(known == OPEN, -np.inf, model.edges[j][step])
            self.high[j] = np.where(known == OPEN, np.inf, model.edges[j][step + 1])
        self.latent = np.empty_like(self.low)

    def complete(self) -> None:
        """Draw, and write the levels."""
        shares = self.model.log_shares
        self._draw_groups(np.broadcast_to(shares, (len(self.groupless), len(shares))), 0)
        self.latent[:] = self.model.shifts[self.group].T
        np.clip(self.latent, self.low, self.high, out=self.latent)
        for sweep in range(1, SWEEPS + 1):
            for j in range(len(self.latent)):
                self._draw_latent(j, sweep)
            self._draw_groups(self._log_weights(), sweep)
        self.levels[:, self.grouping] = self.group
        for j, column in enumerate(self.model.columns):
            open_ = self.levels[:, column] == OPEN
            step = np.searchsorted(self.model.edges[j][1:-1], self.latent[j, open_], side="right")
            self.levels[open_, column] = self.model.steps[j][1][step]

    def _draw_latent(self, j: int, sweep: int) -> None:
        """Latent normal of one attribute, given the others and its range."""
        from scipy.special import ndtr, ndtri  # slow to import, and most runs have no records

        precision = self.model.precision[j]
        others = self.latent - self.model.shifts[self.group].T
        others[j] = 0.0
        mean = self.model.shifts[self.group, j] - precision @ others / precision[j]
        sd = precision[j] ** -0.5
        low, high = (self.low[j] - mean) / sd, (self.high[j] - mean) / sd
        flipped = low > 0.0  # the upper tail has its precision on the other side
        low, high = np.where(flipped, -high, low), np.where(flipped, -low, high)
        u = self._uniforms(list(ATTRIBUTES)[self.model.columns[j]], self.keys, sweep)
        below = ndtr(low)
        drawn = np.clip(ndtri(below + u * (ndtr(high) - below)), low, high)
        self.latent[j] = mean + sd * np.where(flipped, -drawn, drawn)

    def _log_weights(self) -> FloatArray:
        """Log of how likely each group is, given the latent normals; up to a constant."""
        shifts = self.model.shifts @ self.model.precision
        likely = self.latent[:, self.groupless].T @ shifts.T
        size = 0.5 * (shifts * self.model.shifts).sum(axis=1)
        return np.asarray(self.model.log_shares + likely - size)

    def _draw_groups(self, log_weights: FloatArray, sweep: int) -> None:
        weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True, initial=-np.inf))
        reached = np.cumsum(weights, axis=1)
        u = self._uniforms(GROUPING, self.keys[self.groupless], sweep)
        below = u[:, None] * reached[:, -1:] >= reached
        self.group[self.groupless] = below.sum(axis=1)

    def _uniforms(self, attribute: str, keys: KeyArray, k: int) -> FloatArray:
        drawn = np.empty(len(keys))
        _fill(self.seed, keys, np.uint64(purpose("attribute", attribute)), k, drawn)
        return drawn


@compiled
def _fill(
    seed: np.uint64, keys: KeyArray, purpose_number: np.uint64, k: int, out: FloatArray
) -> None:
    for i in range(len(keys)):
        out[i] = uniform(seed, keys[i], purpose_number, k)
