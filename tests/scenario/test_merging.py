"""Records merge by field, collections by name, values are replaced whole."""

from hypothesis import given
from hypothesis import strategies as st

from hvsim.scenario.errors import Origin, Problem
from hvsim.scenario.merging import merged
from hvsim.scenario.reading import Node
from hvsim.scenario.shapes import shape_of
from hvsim.scenario.values import Coefficients, Named, Names, Record


class Inner(Record):
    number: int
    names: Names
    coefficients: Coefficients


class Outer(Record):
    inner: Inner
    items: Named[Inner]
    tables: Named[Coefficients]


SHAPE = shape_of(Outer)
ORIGIN = Origin("test")


def node(value: object) -> Node:
    if isinstance(value, dict):
        return Node({key: node(part) for key, part in value.items()}, ORIGIN)
    if isinstance(value, list):
        return Node([node(part) for part in value], ORIGIN)
    assert value is None or isinstance(value, str | int)
    return Node(value, ORIGIN)


def lay(*layers: object) -> object:
    problems: list[Problem] = []
    result = node(layers[0])
    for layer in layers[1:]:
        result = merged(result, node(layer), SHAPE, problems)
    assert not problems
    return result.plain()


names = st.sampled_from(["a", "b", "c"])
inner = st.fixed_dictionaries(
    {},
    optional={
        "number": st.integers(0, 9),
        "names": st.lists(names, max_size=2),
        "coefficients": st.dictionaries(names, st.integers(0, 9), max_size=2),
    },
)
outer = st.fixed_dictionaries(
    {},
    optional={
        "inner": inner,
        "items": st.dictionaries(names, inner, max_size=3),
        "tables": st.dictionaries(names, st.dictionaries(names, st.integers(0, 9)), max_size=2),
    },
)


@given(outer)
def test_a_layer_over_itself_changes_nothing(layer: object) -> None:
    assert lay(layer, layer) == layer


@given(outer)
def test_an_empty_layer_changes_nothing(layer: object) -> None:
    assert lay(layer, {}) == layer
    assert lay({}, layer) == layer


@given(outer, outer, outer)
def test_layers_may_be_merged_beforehand(first: object, second: object, third: object) -> None:
    """Holds as long as no layer removes a name."""
    assert lay(lay(first, second), third) == lay(first, lay(second, third))


def test_three_kinds_of_field() -> None:
    base = {
        "inner": {"number": 1, "names": ["a", "b"]},
        "items": {"a": {"number": 1}, "b": {"number": 2}},
        "tables": {"a": {"x": 1, "y": 2}},
    }
    over = {
        "inner": {"names": ["c"]},
        "items": {"b": {"names": []}, "c": {"number": 3}},
        "tables": {"a": {"x": 3}},
    }
    assert lay(base, over) == {
        "inner": {"number": 1, "names": ["c"]},
        "items": {"a": {"number": 1}, "b": {"number": 2, "names": []}, "c": {"number": 3}},
        "tables": {"a": {"x": 3}},
    }


def test_null_removes_a_name_and_only_a_name() -> None:
    assert lay({"items": {"a": {}, "b": {}}}, {"items": {"a": None}}) == {"items": {"b": {}}}
    assert lay({"inner": {"number": 1}}, {"inner": {"number": None}}) == {"inner": {"number": None}}


def test_removing_twice_is_a_problem() -> None:
    problems: list[Problem] = []
    merged(node({"items": {"a": {}}}), node({"items": {"b": None}}), SHAPE, problems)
    assert [str(problem) for problem in problems] == ["test: items.b: nothing to remove; known: a"]
