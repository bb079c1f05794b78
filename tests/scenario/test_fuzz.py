"""Whatever a file holds, there is a scenario or a `ScenarioError`, never anything else."""

import copy
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hvsim.scenario import ScenarioError, load_scenario
from hvsim.scenario.building import Builder
from hvsim.scenario.checks import check
from hvsim.scenario.errors import Origin
from hvsim.scenario.reading import Node, read_text
from hvsim.scenario.resolved import content
from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import shape_of

ORIGIN = Origin("fuzz", Path("fuzz.yaml"))
WHOLE: Any = content(load_scenario(Path(__file__).parent / "whole.yaml"))

yaml_like = st.text(alphabet="ab:-[]{}!&*%'\"|>?,#\n\t 01.<~@`\\", max_size=60)


@given(st.one_of(st.text(max_size=80), yaml_like))
@settings(deadline=None)
def test_any_text(text: str) -> None:
    with suppress(ScenarioError):
        read_text(text, ORIGIN)[0].plain()


@given(st.one_of(st.binary(max_size=200), yaml_like.map(str.encode)))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "any.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError):
        load_scenario(file)


def node(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: node(part) for key, part in value.items()}, ORIGIN)
    if isinstance(value, list):
        return Node([node(part) for part in value], ORIGIN)
    return Node(value, ORIGIN)


words = st.sampled_from(
    ["value", "low", "a", "harm", "medicaid", "risk", "2023-07", "0", "40%", "3 USD", "5 years"]
)
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**18), 10**18), st.floats(-1e300, 1e300), words
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=6,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(p for key, part in below for p in paths(part, (*path, key)))]


@given(st.lists(st.tuples(st.sampled_from(paths(WHOLE)[1:]), values | st.just(...)), max_size=3))
@settings(deadline=None, max_examples=200)
def test_any_change_of_a_good_scenario(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    document = copy.deepcopy(WHOLE)
    for path, value in changes:
        place = document
        try:
            for step in path[:-1]:
                place = place[step]
            if value is ...:
                del place[path[-1]]
            else:
                place[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
    builder = Builder()
    scenario = builder.build(node(document), shape_of(Scenario))
    findings = list(check(scenario, complete=not builder.problems))
    assert all(str(problem).count("\n") == 0 for problem in builder.problems)
    assert all("\n" not in finding.message for finding in findings)
    if not builder.problems and not findings:
        assert scenario.model_dump()
