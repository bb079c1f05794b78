"""Families drawn from a scenario's margins and the associations of real births.

Everything a family is follows from its id and the seed: one more family, another region or a
smaller scale changes no other. Births per month and region are rounded cumulatively, so that
none are lost; a scaled population is the first part of each month's families.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from hvsim.compiled import compiled
from hvsim.population import copula
from hvsim.population.associations import GROUPING, Associations, load_associations
from hvsim.population.families import Families, FloatArray
from hvsim.population.further import KIND, FurtherModel, draw_further, further_model, level_names
from hvsim.population.siblings import KEY
from hvsim.population.traits import TRAITS, KeyArray, Traits, draw_traits
from hvsim.randomness import normal, purpose, refuse_collisions, uniform
from hvsim.scenario.checks.numbers import TOLERANCE
from hvsim.scenario.schema import Population, Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES

MONTH_BITS, SERIAL_BITS = 15, 17
"""Parts of an id: 32 bits for the region's name, then birth month, then serial."""

Margins = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class AttributeModel:
    """What the attribute draws need, ready for compiled code.

    Attributes
    ----------
    grouping
        Column of the grouping attribute among `ATTRIBUTES`.
    groups
        Cumulative shares of its levels.
    columns
        Column among `ATTRIBUTES` of each ordered attribute of the copula.
    purposes
        Purpose of the draw of each attribute, by column.
    mixing
        Lower triangular root of the copula's correlation matrix.
    cuts
        Latent cuts less the mean of the group; infinite beyond an attribute's last.
        Shape (groups, ordered attributes, most levels - 1).
    levels
        Position of each latent step's level within its attribute.
        Shape (ordered attributes, most levels).
    """

    grouping: int
    groups: FloatArray
    columns: npt.NDArray[np.int64]
    purposes: KeyArray
    mixing: FloatArray
    cuts: FloatArray
    levels: npt.NDArray[np.int8]


def synthesize(scenario: Scenario, seed: int, scale: float = 1.0, *, threads: int = 1) -> Families:
    """Families of a scenario.

    Parameters
    ----------
    scenario
        Its population block, regions and months of birth.
    seed
        Seed of the run.
    scale
        1/n for a whole number n: one family in n, the first of each month and region.
    threads
        Threads that share the draws; they do not change the families.

    Raises
    ------
    ValueError
        If `scale` is not one over a whole number, two draws would coincide, or the scenario's
        families are those of a birth file.
    """
    population = scenario.population
    if population.records is not None:
        raise ValueError("the scenario names a birth file; get its families from hvsim.families_of")
    refuse_collisions(draws(population))
    first = (
        scenario.start
        - round(scenario.warm_start.months.value)
        + round(population.enters_before_birth.value)
    )
    births = births_by_month(population, first, scenario.end, one_in(scale))
    model = attribute_model(margins(population), load_associations(population.associations))
    further = further_model(scenario)
    return _families(list(population.regions), first, births, model, further, seed, threads)


def draws(population: Population) -> list[tuple[str, str]]:
    """Every purpose for which families are drawn."""
    attributes = [("attribute", name) for name in ATTRIBUTES]
    return [*attributes, *((KIND, name) for name in level_names(population)), *TRAITS, KEY]


def reference_births(shares: Margins, associations: str, n: int, year: int, seed: int) -> Families:
    """Reference population: `n` births of one year with the given margins.

    It serves only to normalize risks and to solve baselines, before anything is simulated.
    """
    model = attribute_model(shares, load_associations(associations))
    births = np.diff([n * month // 12 for month in range(13)])[:, None]
    return _families(["reference"], year * 12, births, model, None, seed)


def margins(population: Population) -> dict[str, dict[str, float]]:
    """Share of each level of each attribute, as plain numbers."""
    return {
        attribute: {level: share.value for level, share in shares.items()}
        for attribute, shares in population.margins.items()
    }


def births_by_month(
    population: Population, first: int, last: int, one_in: int = 1
) -> npt.NDArray[np.int64]:
    """Simulated births. Shape (months from `first` to `last`, regions)."""
    months = range(first, last + 1)
    yearly = np.array([population.births_per_year.at(month) for month in months])
    shares = np.array([r.share_of_births.value for r in population.regions.values()])
    # One more decimal than float noise: a total of exactly k.5 must not depend on the summing.
    expected = np.round(np.outer(np.cumsum(yearly / 12.0), shares / shares.sum()), 6)
    born = np.floor(expected + 0.5).astype(np.int64) // one_in
    before = np.zeros((1, len(shares)), dtype=np.int64)
    return np.asarray(np.diff(born, axis=0, prepend=before), dtype=np.int64)


def attribute_model(shares: Margins, associations: Associations) -> AttributeModel:
    """Solve the latent cuts that give every attribute its margin over the groups' mixture.

    Raises
    ------
    ValueError
        If an attribute has no margin, or shares do not sum to one.
    """
    columns = {attribute: column for column, attribute in enumerate(ATTRIBUTES)}
    groups = checked_shares(shares, GROUPING, associations.groups)
    most = max(len(order) for order in associations.orders)
    cuts = np.full((len(groups), len(associations.attributes), most - 1), np.inf)
    levels = np.zeros((len(associations.attributes), most), dtype=np.int8)
    for j, (attribute, order) in enumerate(
        zip(associations.attributes, associations.orders, strict=True)
    ):
        means = associations.shifts[:, j]
        solved = copula.thresholds(checked_shares(shares, attribute, order), groups, means)
        cuts[:, j, : len(solved)] = solved - means[:, None]
        levels[j, : len(order)] = [ATTRIBUTES[attribute].index(level) for level in order]
    return AttributeModel(
        grouping=columns[GROUPING],
        groups=np.cumsum(groups),
        columns=np.array([columns[a] for a in associations.attributes], dtype=np.int64),
        purposes=np.array([purpose("attribute", a) for a in ATTRIBUTES], dtype=np.uint64),
        mixing=np.ascontiguousarray(np.linalg.cholesky(associations.correlation), np.float64),
        cuts=cuts,
        levels=levels,
    )


def checked_shares(shares: Margins, attribute: str, order: Sequence[str]) -> FloatArray:
    """Shares of an attribute's levels in the order given.

    Raises
    ------
    ValueError
        If the attribute has no margin, or its shares do not sum to one but for their rounding.
    """
    if attribute not in shares:
        raise ValueError(f"no margin for '{attribute}'")
    array = np.array([shares[attribute].get(level, 0.0) for level in order])
    total = sum(shares[attribute].values())
    if abs(total - 1.0) > TOLERANCE or abs(array.sum() - total) > 1e-6:
        raise ValueError(f"the shares of '{attribute}' sum to {array.sum():g}, not 1")
    return np.asarray(array / array.sum())


def one_in(scale: float) -> int:
    """Real families for which a simulated one stands.

    Raises
    ------
    ValueError
        If `scale` is not one over a whole number.
    """
    real = round(1.0 / scale) if 0.0 < scale <= 1.0 else 0
    if real < 1 or not math.isclose(scale * real, 1.0, rel_tol=1e-6):
        raise ValueError(f"scale {scale:g} is not one over a whole number, such as 0.1 or 0.05")
    return real


def _families(
    regions: Sequence[str],
    first: int,
    births: npt.NDArray[np.int64],
    model: AttributeModel,
    further: FurtherModel | None,
    seed: int,
    threads: int = 1,
) -> Families:
    if births.max(initial=0) >= 1 << SERIAL_BITS:
        raise ValueError(f"more than {1 << SERIAL_BITS:,} births in one month and region")
    refuse_collisions(("region", name) for name in regions)
    blocks = births.ravel()  # by month, then region
    n = int(blocks.sum())
    month, region = np.divmod(np.repeat(np.arange(len(blocks)), blocks), len(regions))
    serial = np.arange(n) - np.repeat(np.cumsum(blocks) - blocks, blocks)
    month += first
    names: KeyArray = np.array([purpose("region", name) for name in regions], dtype=np.uint64)
    keys: KeyArray = np.left_shift(names[region], np.uint64(MONTH_BITS + SERIAL_BITS))
    keys |= np.left_shift(month.astype(np.uint64), np.uint64(SERIAL_BITS))
    keys |= serial.astype(np.uint64)
    mothers = keys.copy()  # a synthetic family is its own mother
    attributes = ATTRIBUTES if further is None else further.attributes
    levels = np.empty((n, len(attributes)), dtype=np.int8)
    traits = Traits.empty(n)

    def draw(part: slice) -> None:
        _draw_attributes(
            np.uint64(seed),
            keys[part],
            model.grouping,
            model.groups,
            model.columns,
            model.purposes,
            model.mixing,
            model.cuts,
            model.levels,
            levels[part],
        )
        draw_traits(seed, keys[part], mothers[part], traits.part(part))
        if further is not None:
            draw_further(seed, further, keys[part], traits.frailty[part], levels[part])

    edges = np.linspace(0, n, threads + 1).astype(np.int64)
    parts = [slice(a, b) for a, b in pairwise(edges.tolist())]
    if threads == 1:
        draw(parts[0])
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(draw, parts))
    return Families(
        id=keys,
        mother=mothers,
        region=region.astype(np.int16),
        birth_month=month.astype(np.int32),
        levels=levels,
        **traits._asdict(),
        attributes=attributes,
    )


@compiled
def _step(value: float, ascending: FloatArray) -> int:
    """Number of ascending cuts that `value` has reached."""
    step = 0
    while step < len(ascending) and value >= ascending[step]:
        step += 1
    return step


@compiled
def _draw_attributes(
    seed: np.uint64,
    keys: KeyArray,
    grouping: int,
    groups: FloatArray,
    columns: npt.NDArray[np.int64],
    purposes: KeyArray,
    mixing: FloatArray,
    cuts: FloatArray,
    level_of_step: npt.NDArray[np.int8],
    levels: npt.NDArray[np.int8],
) -> None:
    """Fill `levels`: the group first, then the ordered attributes from linked normals."""
    ordered = len(columns)
    latent = np.empty(ordered)
    for i in range(len(keys)):
        group = _step(uniform(seed, keys[i], purposes[grouping], 0), groups[:-1])
        levels[i, grouping] = group
        for j in range(ordered):
            latent[j] = normal(seed, keys[i], purposes[columns[j]], 0)
            value = 0.0
            for other in range(j + 1):
                value += mixing[j, other] * latent[other]
            levels[i, columns[j]] = level_of_step[j, _step(value, cuts[group, j])]
