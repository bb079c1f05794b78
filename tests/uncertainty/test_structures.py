"""Which alternatives draws pick, and what these make of scenarios."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hvsim.scenario import Origin, Scenario, ScenarioError, load_scenario
from hvsim.scenario.reading import Node
from hvsim.uncertainty import Alternatives, Drawing, Structures, load_structures
from hvsim.uncertainty.structures import Alternative, Axis
from runs.ledgers import HARBOR

STRUCTURES = load_structures(Path(__file__).parent / "structures.yaml")
SEED = 7


def scenarios() -> list[Scenario]:
    return [load_scenario(HARBOR / f"{name}.yaml") for name in ("today", "universal")]


def axis(name: str, weights: list[float]) -> Axis:
    nowhere = Origin("invented")
    return Axis(
        name,
        name,
        tuple(
            Alternative(f"a{n}", "", weight, (), "", Node({}, nowhere), {}, nowhere)
            for n, weight in enumerate(weights)
        ),
    )


@given(st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=6), st.floats(0, 1, exclude_max=True))
def test_an_alternative_is_picked_where_its_weight_lies(weights: list[float], u: float) -> None:
    place = axis("a", weights).pick(u)
    shares = [weight / sum(weights) for weight in weights]
    assert sum(shares[:place]) <= u + 1e-9
    assert u <= sum(shares[: place + 1]) + 1e-9


def test_draws_pick_by_weight_and_axes_independently() -> None:
    """Chi-square tests at a level of one in 10,000 each, of draws that are always the same."""
    draws = 4000
    structures = Structures("", (axis("one", [3, 1]), axis("two", [5, 3, 2])))
    picked = Counter(structures.drawn(SEED, draw) for draw in range(4, 4 + draws))
    expected = [
        [draws * one / 4 * two / 10 for two in (5, 3, 2)] for one in (3, 1)
    ]  # fmt: skip
    found = [[picked[one, two] for two in range(3)] for one in range(2)]
    observed = [count for row in found for count in row]
    assert stats.chisquare(observed, [e for row in expected for e in row]).pvalue > 1e-4
    assert stats.chi2_contingency(found).pvalue > 1e-4


@given(st.integers(0, 2**32), st.integers(4, 10_000))
def test_a_draw_depends_on_seed_axis_and_number_alone(seed: int, draw: int) -> None:
    one, two = axis("one", [1, 1, 1]), axis("two", [1, 2])
    together = Structures("", (one, two)).drawn(seed, draw)
    assert Structures("x", (two, one)).drawn(seed, draw) == together[::-1]
    assert Structures("", (two,)).drawn(seed, draw) == together[1:]


def test_alternatives_alone_change_one_axis_at_a_time() -> None:
    assert STRUCTURES.alone() == ((0, 0), (1, 0), (0, 1), (0, 2))


def test_an_alternative_is_what_the_same_override_gives() -> None:
    alternatives = Alternatives(scenarios(), STRUCTURES)
    both = alternatives.at((1, 1))
    for name, found in zip(("today", "universal"), both, strict=True):
        overrides = ["structure.recurrence=harm", "structure.several_programs=sum"]
        again = load_scenario(HARBOR / f"{name}.yaml", overrides)
        assert found.model_dump() == again.model_dump()
        assert found.before.structure == found.structure  # the world is the same before the start
        assert found.name == name
    assert all(
        one is other
        for one, other in zip(alternatives.at((0, 0)), alternatives.alone()[:2], strict=True)
    )


def test_a_part_is_laid_over(tmp_path: Path) -> None:
    (tmp_path / "more-harm.yaml").write_text("outcomes: {harm: {per_month: 0.02}}\n")
    file = tmp_path / "structures.yaml"
    file.write_text(
        "title: T\naxes: {a: {label: A, alternatives: {\n"
        "  low: {weight: {value: 1, assumption: a}},\n"
        "  high: {weight: {value: 1, assumption: a}, part: more-harm.yaml, set: {\n"
        "    chains.cps.detected: 50%}}}}}\n"
    )
    high = Alternatives(scenarios(), load_structures(file)).at((1,))[0]
    assert high.outcomes["harm"].per_month.value == 0.02
    assert high.chains["cps"].detected.value == 0.5
    assert high.outcomes["depression"] == scenarios()[0].outcomes["depression"]


def test_what_a_scenario_lacks_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "structures.yaml"
    file.write_text(
        "title: T\naxes: {a: {label: A, alternatives: {\n"
        "  one: {weight: {value: 1, assumption: a}},\n"
        "  two: {weight: {value: 1, assumption: a}, set: {funding.state.per_year: 1 M USD}}}}}\n"
    )
    without, has = Alternatives(scenarios(), load_structures(file)).at((1,))
    assert has.funding["state"].per_year.value == 1e6
    assert without.funding == scenarios()[0].funding


def test_what_draws_mix_is_checked_before() -> None:
    file = Path(__file__).parent / "broken" / "together.yaml"
    structures = load_structures(file)
    alternatives = Alternatives(scenarios(), structures)
    alternatives.check([(0, 1), (1, 0)])
    with pytest.raises(ScenarioError, match="exclude each other"):
        alternatives.check([(0, 0), (1, 1)])


def test_numbers_are_drawn_within_the_alternative_that_is_picked() -> None:
    """The same luck with every number that alternatives share; their own ranges where they set."""
    together = scenarios()
    plain, mixed = Drawing(together, SEED), Drawing(together, SEED, structures=STRUCTURES)
    accepts, picked = ("programs", "intensive", "accepts"), set()
    for number in range(4, 24):
        without, found = plain.draw(number), mixed.draw(number)
        choice = STRUCTURES.drawn(SEED, number)
        picked.add(choice)
        for one, other in zip(without, found, strict=True):
            values = {path: value for path, value in other.values.items() if len(path) > 1}
            named = {path[0]: value for path, value in other.values.items() if len(path) == 1}
            assert named == {
                "structure:recurrence": choice[0],
                "structure:several-programs": choice[1],
            }
            differ = {path for path in values if values[path] != one.values.get(path)}
            assert differ <= {accepts}
            assert other.scenario.structure.recurrence == ("reporting", "harm")[choice[0]]
            if choice[1] == 2:
                assert 0.8 < other.scenario.programs["intensive"].accepts.value < 1
    assert {second for _, second in picked} == {0, 1, 2}
