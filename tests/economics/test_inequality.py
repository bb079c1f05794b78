import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from economics.outcomes import FloatArray
from hvsim.economics import (
    atkinson_ede,
    atkinson_index,
    concentration_curve,
    concentration_index,
    equity_impact,
    equity_weights,
    extended_gini_ede,
    gini,
    kolm_ede,
    net_of_opportunity_cost,
    relative_slope_index,
    slope_index,
)

LEVELS = st.integers(1, 6).flatmap(lambda n: arrays(np.float64, n, elements=st.floats(0.1, 100)))
AVERSION = st.floats(0, 10)

# DCEA, data/three_individuals.csv: levels of three people after each of six decisions, then their
# equivalents under Atkinson (0.5, 1, 2, 5, 10), Kolm (0.02, 0.1, 0.15), extended Gini (2, 3).
DECISIONS: list[tuple[list[float], list[float], list[float], list[float]]] = [
    (
        [20, 40, 60],
        [38.2033516121118, 36.3424118566428, 32.7272727272727, 25.8507876757097, 22.5915935328682],
        [37.3680887469808, 29.5568066016821, 26.9844435009674],
        [31.1111111111111, 26.6666666666667],
    ),
    (
        [30, 45, 60],
        [44.1400616088904, 43.2674871092222, 41.5384615384615, 37.2654416480552, 33.7912130410224],
        [43.5111059380993, 38.5730099201095, 36.589374220793],
        [38.3333333333333, 35],
    ),
    (
        [20, 45, 70],
        [42.4536521487441, 39.7905720789639, 34.6788990825688, 26.02917281161, 22.5948892221078],
        [40.9171309013188, 30.135150423038, 27.165510628668],
        [33.8888888888889, 28.3333333333333],
    ),
    (
        [35, 40, 72],
        [47.7292904266175, 46.5393354290112, 44.4705882352941, 40.6914968923229, 38.4008230290481],
        [46.5346124430087, 41.092631303401, 39.7273632254052],
        [40.7777777777778, 37.6666666666667],
    ),
    (
        [26, 46, 69],
        [45.2838075965976, 43.5371594224389, 40.1641791044776, 33.2455853224566, 29.3559541467751],
        [43.9891759479306, 35.5980398151171, 32.990136698637],
        [37.4444444444444, 32.7777777777778],
    ),
    (
        [26, 46, 81],
        [48.4478618671208, 45.9274217791065, 41.3528742174161, 33.3166518456262, 29.3563334313139],
        [46.1935407401267, 35.680911243975, 32.9985073327654],
        [38.7777777777778, 33.2222222222222],
    ),
]
FIVE = [60.0, 63, 66, 69, 72]


@pytest.mark.parametrize(("levels", "atkinson", "kolm", "ranked"), DECISIONS)
def test_equivalents_of_three_people(
    levels: list[float], atkinson: list[float], kolm: list[float], ranked: list[float]
) -> None:
    mean = np.mean(levels)
    assert atkinson_ede(levels, 0) == kolm_ede(levels, 0) == pytest.approx(mean)
    assert extended_gini_ede(levels, 1) == pytest.approx(mean)
    found = [float(atkinson_ede(levels, aversion)) for aversion in (0.5, 1, 2, 5, 10)]
    assert found == pytest.approx(atkinson, rel=1e-9)
    found = [float(kolm_ede(levels, aversion)) for aversion in (0.02, 0.1, 0.15)]
    assert found == pytest.approx(kolm, rel=1e-9)
    found = [float(extended_gini_ede(levels, aversion)) for aversion in (2, 3)]
    assert found == pytest.approx(ranked, rel=1e-9)


# dceasimR, R/02_inequality_indices.R and R/06_social_welfare.R
def test_indices_of_five_groups() -> None:
    rel = 1e-9
    assert gini(FIVE) == pytest.approx(0.0363636363636364, rel=rel)
    assert concentration_index(FIVE, FIVE) == pytest.approx(0.0363636363636364, rel=rel)
    assert slope_index(FIVE, FIVE) == pytest.approx(15, rel=rel)
    assert relative_slope_index(FIVE, FIVE) == pytest.approx(0.227272727272727, rel=rel)
    for aversion, index in [
        (0.5, 0.00103506714458923),
        (1, 0.00207126314364015),
        (2, 0.0041442444485682),
    ]:
        assert atkinson_index(FIVE, aversion) == pytest.approx(index, rel=rel)
    assert equity_weights(FIVE, 1) == pytest.approx(
        [
            1.09544133110658,
            1.04327745819674,
            0.995855755551432,
            0.952557679223109,
            0.912867775922146,
        ],
        rel=rel,
    )
    one_more = equity_impact(FIVE, np.ones(5), 1)
    assert atkinson_ede(FIVE, 1) == pytest.approx(65.8632966325197, rel=rel)
    assert one_more.welfare == pytest.approx(1.00205031077775, rel=rel)
    assert one_more.efficiency == pytest.approx(1, rel=rel)
    assert one_more.equity == pytest.approx(0.0020503107777472, rel=1e-7)  # a small difference


@example(np.array([10.0, 3.0]), 5e-324)
@given(LEVELS, AVERSION)
def test_equivalents_lie_between_the_worst_off_and_the_mean(
    levels: FloatArray, aversion: float
) -> None:
    for ede in (
        atkinson_ede(levels, aversion),
        kolm_ede(levels, aversion),
        extended_gini_ede(levels, 1 + aversion),
    ):
        assert levels.min() * (1 - 1e-9) <= ede <= levels.mean() * (1 + 1e-9)


@given(LEVELS, AVERSION)
def test_more_aversion_never_raises_the_equivalent(levels: FloatArray, aversion: float) -> None:
    for ede in (atkinson_ede, kolm_ede, extended_gini_ede):
        one, other = ede(levels, 1 + aversion), ede(levels, 1.5 + aversion)
        assert other <= one * (1 + 1e-9)


@given(LEVELS, AVERSION, st.floats(0.1, 10))
def test_relative_and_absolute_aversion_are_what_they_are_called(
    levels: FloatArray, aversion: float, by: float
) -> None:
    scaled = atkinson_ede(levels * by, aversion)
    assert scaled == pytest.approx(atkinson_ede(levels, aversion) * by)
    assert kolm_ede(levels + by, aversion) == pytest.approx(kolm_ede(levels, aversion) + by)


@given(LEVELS, AVERSION, st.data())
def test_weights_count_people(levels: FloatArray, aversion: float, data: st.DataObject) -> None:
    people = data.draw(arrays(np.int64, levels.shape, elements=st.integers(0, 4)))
    people[0] += 1
    everybody = np.repeat(levels, people)
    rank = data.draw(arrays(np.int64, levels.shape, elements=st.integers(0, 3)))
    for ede in (atkinson_ede, kolm_ede, extended_gini_ede):
        grouped, single = ede(levels, 1 + aversion, people), ede(everybody, 1 + aversion)
        assert grouped == pytest.approx(single, rel=1e-9)
    assert gini(levels, people) == pytest.approx(gini(everybody), abs=1e-9)
    ranks = np.repeat(rank, people)
    for index in (concentration_index, slope_index):
        assert index(levels, rank, people) == pytest.approx(index(everybody, ranks), abs=1e-7)


@given(LEVELS)
def test_gini_is_half_the_mean_difference_over_the_mean(levels: FloatArray) -> None:
    differences = np.abs(levels[:, None] - levels[None, :]).mean()
    assert gini(levels) == pytest.approx(differences / 2 / levels.mean(), abs=1e-12)
    assert concentration_index(levels, levels) == pytest.approx(float(gini(levels)), abs=1e-12)


@given(LEVELS, st.data())
def test_the_concentration_index_is_twice_the_area_to_the_diagonal(
    levels: FloatArray, data: st.DataObject
) -> None:
    rank = data.draw(arrays(np.int64, levels.shape, elements=st.integers(0, 3)))
    people, held = concentration_curve(levels, rank)
    assert (people[0], held[0]) == (0, 0)
    assert (people[-1], held[-1]) == pytest.approx((1, 1))
    assert len(people) == 1 + len(np.unique(rank))
    index = concentration_index(levels, rank)
    assert index == pytest.approx(1 - 2 * np.trapezoid(held, people), abs=1e-12)
    assert concentration_index(levels, -rank) == pytest.approx(-index, abs=1e-12)


def test_who_gets_the_places_against_who_has_the_need() -> None:
    # Three places in four go to the half at low need (rank 1): worked by hand.
    people, held = concentration_curve([0.5, 1.5], [2, 1])
    assert people.tolist() == [0, 0.5, 1]
    assert held.tolist() == [0, 0.75, 1]
    assert concentration_index([0.5, 1.5], [2, 1]) == -0.25
    assert concentration_index([1, 3], [7, 7]) == 0  # of equal rank: nothing to tell
    assert slope_index([1, 3], [7, 7]) == 0


def test_zeros_and_negatives() -> None:
    assert atkinson_ede([0, 4], 0.5) == 1  # the square of the mean root
    assert atkinson_ede([0, 4], 1) == atkinson_ede([0, 4], 3) == 0
    assert atkinson_ede([0, 4], 3, weights=[0, 1]) == 4
    assert atkinson_ede([0, 0], 0.5) == atkinson_ede([0, 0], 2) == 0
    assert atkinson_ede([-1, 3], 0) == 1
    with pytest.raises(ValueError, match="needs values from zero; found -1"):
        atkinson_ede([-1, 3], 1)
    assert kolm_ede([-1, 3], 0.5) < 1
    assert extended_gini_ede([-1, 3], 2) == 0
    with pytest.raises(ValueError, match="needs one above zero"):
        gini([-1, 1])
    with pytest.raises(ValueError, match="mean above zero"):
        concentration_index([-1, 1], [1, 2])


def test_the_last_axis_holds_people() -> None:
    several = np.array([[[20.0, 40, 60]], [[30, 45, 60]]])
    for ede in (atkinson_ede, kolm_ede, extended_gini_ede):
        each = [float(ede(levels, 2)) for levels in several[:, 0]]
        assert np.asarray(ede(several, 2)).tolist() == [[pytest.approx(value)] for value in each]
    assert equity_weights(several, 2).shape == several.shape


def test_opportunity_cost_falls_on_those_who_would_have_had_the_money() -> None:
    # 100 dollars a person buy one unit elsewhere; three quarters of it would go to the second half.
    net = net_of_opportunity_cost([[2.0, 0.0]], [100.0], 100.0, [0.25, 0.75])
    assert net.tolist() == [[2 - 0.5, -1.5]]
    assert net.mean() == np.mean([2.0, 0.0]) - 1  # what one gains another loses
    by_people = net_of_opportunity_cost([2.0, 0.0], 100.0, 100.0, [0.25, 0.75], weights=[3, 1])
    assert by_people.tolist() == pytest.approx([2 - 0.25 / 0.75, -0.75 / 0.25])


@given(LEVELS, AVERSION, st.data())
def test_equity_is_what_aversion_adds(
    levels: FloatArray, aversion: float, data: st.DataObject
) -> None:
    gains = data.draw(arrays(np.float64, (3, len(levels)), elements=st.floats(0, 5)))
    indifferent = equity_impact(levels, gains, 0.0)
    assert indifferent.equity == pytest.approx(np.zeros(3), abs=1e-9)
    averse = equity_impact(levels, gains, aversion)
    assert averse.efficiency == pytest.approx(indifferent.efficiency)
    assert averse.welfare == pytest.approx(averse.efficiency + averse.equity)
    if len(levels) > 1 and aversion > 0:
        poorest = np.eye(len(levels))[levels.argmin()] * 1e-3
        richest = np.eye(len(levels))[levels.argmax()] * 1e-3
        both = np.asarray(equity_impact(levels, np.stack((poorest, richest)), aversion).welfare)
        assert both[0] >= both[1] - 1e-9


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="3 weights needed"):
        gini([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="weights must not be negative"):
        gini([1, 2], [1, -2])
    with pytest.raises(ValueError, match="aversion must be 0 or more; found -1"):
        kolm_ede([1, 2], -1)
    with pytest.raises(ValueError, match="aversion must be 1 or more"):
        extended_gini_ede([1, 2], 0.5)
    with pytest.raises(ValueError, match="found a single number"):
        atkinson_ede(3.0, 1)
    with pytest.raises(ValueError, match="need values above zero"):
        equity_weights([0, 1], 1)
    with pytest.raises(ValueError, match=r"values\[1\] is nan"):
        concentration_index([1, np.nan], [1, 2])
    with pytest.raises(ValueError, match="one value and one rank"):
        concentration_index([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="sum to one"):
        net_of_opportunity_cost([1.0, 2.0], 5.0, 1.0, [0.5, 0.6])
    with pytest.raises(ValueError, match="wtp must be above zero"):
        net_of_opportunity_cost([1.0, 2.0], 5.0, 0.0, [0.5, 0.5])
    with pytest.raises(ValueError, match="without people"):
        net_of_opportunity_cost([1.0, 2.0], 5.0, 1.0, [0.5, 0.5], weights=[0, 1])
    with pytest.raises(ValueError, match=r"benefits \(\.\.\., groups\)"):
        net_of_opportunity_cost([1.0, 2.0], [5.0], 1.0, [0.5, 0.5])
    with pytest.raises(ValueError, match=r"gains must be \(\.\.\., 2 groups\)"):
        equity_impact([1.0, 2.0], [1.0], 1)
