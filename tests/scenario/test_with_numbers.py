"""Other numbers at some paths of a scenario."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hvsim.scenario import load_scenario
from hvsim.scenario.resolved import quantities
from hvsim.scenario.variants import with_numbers

HERE = Path(__file__).parent
WHOLE = load_scenario(HERE / "whole.yaml")
NUMBERS = dict(quantities(WHOLE))
EXPANSION = load_scenario(HERE / "expansion.yaml")


@given(st.sets(st.sampled_from(sorted(NUMBERS)), max_size=5))
def test_the_numbers_named_change_and_no_others(paths: set[tuple[str, ...]]) -> None:
    hash_before = WHOLE.sha256()
    other = {path: replace(NUMBERS[path], note="another") for path in paths}
    copy = with_numbers(WHOLE, other, {})
    assert dict(quantities(copy)) == NUMBERS | other
    assert WHOLE.sha256() == hash_before
    assert copy.name == WHOLE.name
    assert copy.origins == WHOLE.origins


def test_what_was_in_force_before_has_numbers_of_its_own() -> None:
    path = next(path for path, _ in quantities(EXPANSION) if path[0] == "programs")
    number = dict(quantities(EXPANSION))[path]
    now, then = replace(number, note="now"), replace(number, note="then")
    copy = with_numbers(EXPANSION, {path: now}, {path: then})
    assert EXPANSION.before is not EXPANSION
    assert dict(quantities(copy))[path] == now
    assert dict(quantities(copy.before))[path] == then
