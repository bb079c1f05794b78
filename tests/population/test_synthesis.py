"""Families: numbers, ids, independence of one another, margins and associations.

The statistical tests use fixed seeds, so they are reproducible; their stated error rate is the
chance that a correct program would fail them at a seed chosen at random.
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import chi2

from hvsim.months import parse_month
from hvsim.population import Families, synthesize
from hvsim.population.associations import GROUPING, load_associations
from hvsim.population.copula import thresholds
from hvsim.population.description import counted, describe, pair_table
from hvsim.population.synthesis import births_by_month, margins
from hvsim.randomness import normal, purpose, uniform
from hvsim.scenario.schema import Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES

Place = Callable[..., Scenario]


def rows(families: Families, chosen: np.ndarray) -> list[np.ndarray]:
    """All columns of some families, in order of id."""
    order = np.argsort(families.id[chosen])
    return list(families.chosen(chosen).chosen(order).columns().values())


def assert_same(one: Families, other: Families, *, but: tuple[str, ...] = ()) -> None:
    """Families that both hold are equal in every column."""
    common = np.intersect1d(one.id, other.id)
    assert len(common)
    pairs = zip(
        one.columns(),
        rows(one, np.isin(one.id, common)),
        rows(other, np.isin(other.id, common)),
        strict=True,
    )
    for name, first, second in pairs:
        if name not in but:
            assert np.array_equal(first, second), name


def test_births_begin_when_the_first_family_can_enter(place: Place) -> None:
    families = synthesize(place(start="2023-07", end="2024-06", warm=12), seed=1)
    assert families.birth_month.min() == parse_month("2022-12")
    assert families.birth_month.max() == parse_month("2024-06")


def test_no_birth_is_lost_to_rounding(place: Place) -> None:
    months, scenario = 19, place(births=1000, regions={"a": 0.21, "b": 0.333, "c": 0.457})
    families = synthesize(scenario, seed=1)
    counts = np.bincount(families.region)
    expected = 1000 / 12 * months * np.array([0.21, 0.333, 0.457])
    assert np.abs(counts - expected).max() <= 0.5 + 1e-6


def test_shares_of_regions_that_nearly_sum_to_one_neither_make_nor_lose_births(
    place: Place,
) -> None:
    """A check lets half a percent pass."""
    first, last = parse_month("2023-01"), parse_month("2023-12")
    for shares in ({"a": 0.4, "b": 0.604}, {"a": 0.4, "b": 0.596}):
        population = place(births=100_000, regions=shares).population
        born = births_by_month(population, first, last).sum(axis=0)
        expected = [100_000 * share / sum(shares.values()) for share in shares.values()]
        assert np.abs(born - expected).max() <= 0.5 + 1e-6


def test_levels_are_linked_normals_of_their_own_cut_at_the_margins(place: Place) -> None:
    """The draws of some families by hand."""
    seed, scenario = 5, place(births=120)
    families = synthesize(scenario, seed)
    shares = margins(scenario.population)
    table = load_associations(scenario.population.associations)
    groups = np.array([shares[GROUPING][group] for group in table.groups])
    root = np.linalg.cholesky(table.correlation)
    columns = list(ATTRIBUTES)
    for i, family in enumerate(families.id):
        u = uniform(seed, family, purpose("attribute", GROUPING), 0)
        group = int(np.searchsorted(np.cumsum(groups), u, side="right"))
        assert families.levels[i, columns.index(GROUPING)] == group
        own = [normal(seed, family, purpose("attribute", name), 0) for name in table.attributes]
        latent = table.shifts[group] + root @ own
        for j, (name, order) in enumerate(zip(table.attributes, table.orders, strict=True)):
            stated = np.array([shares[name][level] for level in order])
            cuts = thresholds(stated, groups, table.shifts[:, j])
            level = order[int((latent[j] >= cuts).sum())]
            assert families.levels[i, columns.index(name)] == ATTRIBUTES[name].index(level)


def test_dated_births(place: Place) -> None:
    families = synthesize(place(births={"2022-01": 12_000, "2024-01": 6_000}), seed=1)
    months, counts = np.unique(families.birth_month, return_counts=True)
    assert set(counts[months < parse_month("2024-01")]) == {1000}
    assert set(counts[months >= parse_month("2024-01")]) == {500}


def test_order_is_month_region_serial_and_ids_are_unique(place: Place) -> None:
    families = synthesize(place(), seed=1)
    key = families.birth_month.astype(np.int64) * 10 + families.region
    assert (np.diff(key) >= 0).all()
    assert len(np.unique(families.id)) == len(families)
    assert np.array_equal(families.mother, families.id)


def test_a_scaled_population_is_a_subset(place: Place) -> None:
    scenario = place(births=12_345)
    whole = synthesize(scenario, seed=3)
    tenth = synthesize(scenario, seed=3, scale=0.1)
    assert len(tenth) == pytest.approx(len(whole) / 10, abs=2)
    assert np.isin(tenth.id, whole.id).all()
    assert_same(whole, tenth)


@pytest.mark.parametrize("scale", [0.0, -1.0, 0.3, 2.0])
def test_a_scale_that_is_not_one_over_a_whole_number_is_refused(place: Place, scale: float) -> None:
    with pytest.raises(ValueError, match="one over a whole number"):
        synthesize(place(), seed=1, scale=scale)


def test_more_births_leave_the_others_alone(place: Place) -> None:
    some, more = (synthesize(place(births=births), seed=5) for births in (12_000, 12_013))
    assert np.isin(some.id, more.id).all()
    assert len(more) > len(some)
    assert_same(some, more)


def test_another_region_or_start_leaves_the_others_alone(place: Place) -> None:
    before = synthesize(place(regions={"north": 0.5, "south": 0.5}), seed=5)
    after = synthesize(place(regions={"west": 0.25, "south": 0.5, "north": 0.25}, warm=24), seed=5)
    assert_same(before, after, but=("region",))


def test_poorer_margins_move_levels_one_way_and_no_trait(place: Place) -> None:
    poorer = {"medicaid": 0.8, "private-insurance": 0.15, "other-payer": 0.05}
    one, other = synthesize(place(), seed=5), synthesize(place(payer=poorer), seed=5)
    payer = list(ATTRIBUTES).index("payer")
    others = [column for column in range(len(ATTRIBUTES)) if column != payer]
    assert np.array_equal(one.levels[:, others], other.levels[:, others])
    assert np.array_equal(one.frailty, other.frailty)
    assert other.has("medicaid")[one.has("medicaid")].all()


def test_threads_change_nothing(place: Place) -> None:
    one, three = (synthesize(place(), seed=5, threads=threads) for threads in (1, 3))
    for name, column in one.columns().items():
        assert np.array_equal(column, getattr(three, name))


def test_seeds_change_luck_and_not_numbers(place: Place) -> None:
    one, other = (synthesize(place(), seed=seed) for seed in (1, 2))
    assert np.array_equal(one.id, other.id)
    assert abs(np.corrcoef(one.frailty, other.frailty)[0, 1]) < 4.5 / np.sqrt(len(one))


def test_shares_that_do_not_sum_to_one_are_refused(place: Place) -> None:
    wrong = {"term": 0.9, "preterm": 0.2}
    with pytest.raises(ValueError, match=r"shares of 'gestation' sum to 1\.1"):
        synthesize(place(gestation=wrong), seed=1)


def test_an_empty_level_stays_empty(place: Place) -> None:
    nobody = {"medicaid": 0.6, "private-insurance": 0.4, "other-payer": 0.0}
    assert not synthesize(place(payer=nobody), seed=1).has("other-payer").any()


def test_margins_and_pairs_match(place: Place) -> None:
    """Chi-square of every margin and pair, 45 tests at 1e-5 each: error rate below 0.05%."""
    scenario = place(births=200_000)
    families = synthesize(scenario, seed=11)
    n = len(families)
    shares = margins(scenario.population)
    associations = load_associations(scenario.population.associations)
    tables = {
        (one, other): (counted(families, one, other), pair_table(shares, associations, one, other))
        for one, other in combinations(ATTRIBUTES, 2)
    }
    for names, (found, expected) in tables.items():
        assert expected.sum() == pytest.approx(1.0, abs=1e-9)
        used = expected * n > 5
        statistic = ((found - n * expected)[used] ** 2 / (n * expected)[used]).sum()
        assert statistic < chi2.isf(1e-5, used.sum() - 1), names
    worst = (lambda m: ((m.share - m.target) / m.standard_error).abs().max())(
        describe(families, scenario).margins
    )
    assert worst < 4.7


def test_traits_are_independent_standard_normals(place: Place) -> None:
    """Means, variances, correlations of four traits, 14 tests at 4.5 sd: error rate 0.01%."""
    families = synthesize(place(births=100_000), seed=12)
    names = ("frailty", "detection", "willingness_noise", "screen_noise")
    traits = np.array([getattr(families, name) for name in names])
    bound = 4.5 / np.sqrt(len(families))
    assert np.abs(traits.mean(axis=1)).max() < bound
    assert np.abs(traits.var(axis=1) - 1).max() < bound * np.sqrt(2)
    correlations = np.corrcoef(traits)[np.triu_indices(4, 1)]
    assert np.abs(correlations).max() < bound


def test_description_of_pairs(place: Place) -> None:
    scenario = place(births=100_000)
    pairs = describe(synthesize(scenario, seed=13), scenario).pairs
    assert len(pairs) == 36
    assert (pairs.target - pairs.found).abs().max() < 0.01
    assert pairs.distance.max() < 0.01


def test_margins_may_miss_one_by_their_rounding(place: Place) -> None:
    thirds = {"medicaid": 0.333, "private-insurance": 0.333, "other-payer": 0.333}
    families = synthesize(place(births=30_000, payer=thirds), seed=14)
    # Standard errors at 4.5 sd for three shares: error rate 0.002%.
    bound = 4.5 * np.sqrt(2 / 9 / len(families))
    for level in thirds:
        assert families.has(level).mean() == pytest.approx(1 / 3, abs=bound)
