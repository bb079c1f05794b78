"""Siblings share what is their mother's, and are families of their own."""

from collections.abc import Callable

import numpy as np
import pytest

from hvsim.population import Families, siblings_of, synthesize
from hvsim.population.synthesis import MONTH_BITS, SERIAL_BITS
from hvsim.population.traits import Traits, draw_traits
from hvsim.randomness import purpose
from hvsim.scenario.schema import Scenario

Place = Callable[..., Scenario]

OF_MOTHER = ("frailty", "detection", "willingness_noise")


@pytest.fixture
def families(place: Place) -> Families:
    own = {"x": {"label": "X", "otherwise": "not-x", "levels": {"is-x": {"share": 0.3}}}}
    return synthesize(place(births=20_000, attributes=own), seed=8)


def siblings(families: Families, seed: int = 8) -> Families:
    rows = np.arange(len(families))
    return siblings_of(families, rows, families.birth_month + 24, seed)


def test_a_sibling_has_its_mother_s_traits_and_its_own_screen(families: Families) -> None:
    younger = siblings(families)
    for name in ("mother", "region", *OF_MOTHER):
        assert np.array_equal(getattr(younger, name), getattr(families, name)), name
    assert np.array_equal(younger.birth_month, families.birth_month + 24)
    between = np.corrcoef(younger.screen_noise, families.screen_noise)[0, 1]
    assert abs(between) < 4.5 / np.sqrt(len(families))  # error rate 1 in 100,000
    assert abs(younger.screen_noise.std() - 1) < 4.5 / np.sqrt(2 * len(families))


def test_copied_traits_are_those_that_would_be_drawn(families: Families) -> None:
    younger = siblings(families)
    drawn = Traits.empty(len(younger))
    draw_traits(8, younger.id, younger.mother, drawn)
    for name, column in drawn._asdict().items():
        assert np.array_equal(column, getattr(younger, name)), name


def test_only_a_first_birth_moves_in_parity(families: Families) -> None:
    younger = siblings(families)
    parity = list(families.attributes).index("parity")
    others = [column for column in range(len(families.attributes)) if column != parity]
    assert np.array_equal(younger.levels[:, others], families.levels[:, others])
    assert families.has("first-birth").any()
    assert not younger.has("first-birth").any()
    fourth = "fourth-or-later-birth"
    assert np.array_equal(younger.has(fourth), families.has(fourth))


def test_nothing_happens_to_the_elder(families: Families) -> None:
    before = families.chosen(np.arange(len(families)))
    siblings(families)
    for name, column in before.columns().items():
        assert np.array_equal(column, getattr(families, name)), name


def test_ids_follow_from_the_parent_s_alone(families: Families) -> None:
    one, other = siblings(families, seed=8), siblings(families, seed=9)
    assert np.array_equal(one.id, other.id)
    some = siblings_of(families, np.array([5, 2]), np.array([24300, 24301]), 8)
    assert np.array_equal(some.id, one.id[[5, 2]])
    assert list(some.birth_month) == [24300, 24301]


def test_ids_of_siblings_are_no_ids_of_synthetic_families(families: Families) -> None:
    """Three generations of 20,000: a coincidence has a chance below 1 in a billion."""
    child = siblings(families)
    grandchild = siblings(child)
    ids = np.concatenate((families.id, child.id, grandchild.id))
    assert len(np.unique(ids)) == len(ids)
    # Nor could later births of these regions coincide: none begins with the hash of a region.
    starts = child.id >> np.uint64(MONTH_BITS + SERIAL_BITS)
    regions = [purpose("region", name) for name in ("north", "south")]
    assert not np.isin(starts, np.array(regions, np.uint64)).any()


def test_families_go_after_one_another(families: Families) -> None:
    younger = siblings(families)
    both = families.followed_by(younger)
    n = len(families)
    assert len(both) == 2 * n
    for name, column in both.columns().items():
        assert np.array_equal(column[:n], getattr(families, name))
        assert np.array_equal(column[n:], getattr(younger, name))
    assert both.has("is-x")[n:].sum() == families.has("is-x").sum()


def test_families_of_other_attributes_do_not(families: Families, place: Place) -> None:
    others = synthesize(place(), seed=8)
    with pytest.raises(ValueError, match="different attributes"):
        families.followed_by(others)


def test_nobody_has_no_sibling(families: Families) -> None:
    none = siblings_of(families, np.array([], np.int64), np.array([], np.int32), 8)
    assert len(none) == 0
    assert len(families.followed_by(none)) == len(families)
