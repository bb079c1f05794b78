from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hvsim.reference.clocks import Events, Spells

INTENSITIES = st.lists(st.floats(0, 3), max_size=12)
THRESHOLDS = st.lists(st.floats(0.01, 2), min_size=40, max_size=40)


def test_events_by_hand() -> None:
    events = Events([0.5, 0.25, 0.25, 10.0].__getitem__)
    # Accumulated 0.25, 0.5, 0.75, 1.75 against 0.5, 0.75, 1, 11.
    months = [list(events.pass_month(rate)) for rate in (0.25, 0.25, 0.25, 1.0)]
    assert months == [[], [0], [1], [2]]


def test_several_events_in_a_month() -> None:
    events = Events([0.5, 0.25, 0.25, 10.0].__getitem__)
    assert list(events.pass_month(1)) == [0, 1, 2]
    assert list(events.pass_month(1)) == []


def test_spells_by_hand() -> None:
    spells = Spells(present=False, onset=[1.0, 0.5].__getitem__, exit=[0.3, 9.0].__getitem__)
    # Onset in the second month; in force in the third and fourth; at risk again in the fifth.
    changes = [spells.pass_month(rate) for rate in (0.6, 0.6, 0.2, 0.2, 0.4, 0.4)]
    assert changes == [False, True, False, True, False, True]
    assert spells.in_force


def test_a_spell_present_at_entry_is_spell_zero() -> None:
    spells = Spells(present=True, onset=[9.0, 0.5].__getitem__, exit=[0.3, 9.0].__getitem__)
    assert spells.in_force
    assert spells.pass_month(0.3)
    assert not spells.in_force
    assert spells.pass_month(0.5)


@given(INTENSITIES, THRESHOLDS)
def test_months_do_not_matter_to_how_many_events_an_intensity_brings(
    intensities: list[float], thresholds: list[float]
) -> None:
    thresholds = [t + 1 for t in thresholds]  # at most 36 events
    apart, together = Events(thresholds.__getitem__), Events(thresholds.__getitem__)
    numbers = [n for rate in intensities for n in apart.pass_month(rate)]
    assert numbers == list(range(apart.count))
    total = 0.0
    for rate in intensities:
        total += rate
    assert list(together.pass_month(total)) == numbers


@given(INTENSITIES, THRESHOLDS, st.floats(0, 1))
def test_a_lower_intensity_never_brings_an_event_earlier(
    intensities: list[float], thresholds: list[float], ratio: float
) -> None:
    thresholds = [t + 1 for t in thresholds]
    usual, fewer = Events(thresholds.__getitem__), Events(thresholds.__getitem__)
    for rate in intensities:
        usual.pass_month(rate)
        fewer.pass_month(ratio * rate)
        assert fewer.count <= usual.count
