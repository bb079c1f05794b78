"""Every number about the world that ships has a source, or says that it is assumed.

Two kinds of number: those that can be annotated carry `evidence` or `assumption`; whole numbers
that cannot (schedules, caseloads, ages) have a comment on their line or right above. Each file is
read by itself, so that a number is checked even where every scenario overrides it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hvsim.evidence import load_evidence
from hvsim.scenario import load_scenario
from hvsim.scenario.addresses import TEMPLATES
from hvsim.scenario.building import Builder
from hvsim.scenario.errors import ScenarioError
from hvsim.scenario.reading import Node, read_file
from hvsim.scenario.resolved import quantities, written_quantities
from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import Shape, shape_of
from hvsim.scenario.values import Record

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted(
    file
    for file in (ROOT / "scenarios").rglob("*.yaml")
    if file.stem not in ("prices", "structures")
)
FILES = [
    *SCENARIOS,
    *sorted(
        file for file in TEMPLATES.rglob("*.yaml") if file.parent.name not in ("layouts", "prices")
    ),
]
"""Files that hold numbers about the world. A layout holds somebody's codes; prices are no part
of a scenario and are looked at in tests/economics."""

CONVENTIONS = ("fiscal_year_starts", "price_year")
"""How we count, not how the world is."""

_ID = re.compile(r"\b(?:POP|SY|P[A-Z])\d{3}\b")


def unsourced(scenario: Scenario) -> list[str]:
    """Numbers that somebody wrote without evidence and without the word that they are assumed."""
    return [
        ".".join(path)
        for path, number in written_quantities(scenario)
        if not number.evidence and not number.assumption
    ]


def unsourced_plain(file: Path) -> list[str]:
    """Whole numbers of a file that no comment explains."""
    lines = file.read_text("utf-8").splitlines()
    return [
        f"{field} in {file.name}: no source and no 'assumption' beside it"
        for field, line in plain_numbers(file)
        if not _says_why(lines, line)
    ]


def plain_numbers(file: Path) -> Iterator[tuple[str, int]]:
    """Fields of a file that hold numbers without annotation, each with its line."""
    node, problems = read_file(file, file.name)
    assert not problems
    yield from _plain_numbers(node, shape_of(Scenario), part_of_a_scenario(file), "")


def part_of_a_scenario(file: Path) -> Scenario:
    """What one file says, whether or not it is complete."""
    node, _ = read_file(file, file.name)
    assert isinstance(node.value, dict)
    own = {key: part for key, part in node.value.items() if key != "extends"}
    builder = Builder()
    built: Scenario = builder.build(Node(own, node.origin), shape_of(Scenario))
    built._origins = builder.origins
    return built


def _plain_numbers(
    node: Node, shape: Shape, scenario: Record, path: str
) -> Iterator[tuple[str, int]]:
    if shape.merges and isinstance(node.value, dict):
        for step, part in node.value.items():
            inner = shape.inner(step)
            if inner is not None and step not in CONVENTIONS:
                field = f"{path}.{step}" if path else step
                yield from _plain_numbers(part, inner, scenario, field)
        return
    annotated = any(".".join((*at, "")).startswith(f"{path}.") for at, _ in quantities(scenario))
    if not annotated and _holds_number(node.plain()):
        assert node.origin.line is not None
        yield path, node.origin.line


def _holds_number(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_holds_number, value.values() if isinstance(value, dict) else value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def _says_why(lines: list[str], line: int) -> bool:
    """Whether a comment on this line, or the comment right above it, names a source."""
    said = [lines[line - 1].partition(" #")[2]]
    for above in reversed(lines[: line - 1]):
        if not above.lstrip().startswith("#"):
            break
        said.append(above)
    return any(_ID.search(text) or "assumption" in text for text in said)


def unknown_facts(text: str) -> list[str]:
    """Ids in a file, in fields or in comments, that the evidence does not hold."""
    return sorted({fact for fact in _ID.findall(text) if fact not in load_evidence()})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_number_of_a_file_has_a_source(file: Path) -> None:
    scenario = part_of_a_scenario(file)
    assert list(quantities(scenario)) or not re.search(r": *[\d.]", file.read_text("utf-8"))
    assert unsourced(scenario) == []


def test_every_whole_number_has_a_comment_that_says_why() -> None:
    assert [gap for file in FILES for gap in unsourced_plain(file)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_fact_that_a_file_names_exists(file: Path) -> None:
    assert unknown_facts(file.read_text("utf-8")) == []


def test_every_number_of_a_complete_scenario_has_a_source() -> None:
    complete = []
    for file in [*SCENARIOS, *sorted((TEMPLATES / "starter").glob("*.yaml"))]:
        try:
            scenario = load_scenario(file)
        except ScenarioError:
            continue  # a fragment; that the others load is seen below
        complete.append(file.stem)
        assert unsourced(scenario) == []
        facts = {fact for _, number in quantities(scenario) for fact in number.evidence}
        assert facts - set(load_evidence()) == set()
    assert {"no-service", "today", "universal", "targeted", "universal-targeted"} <= set(complete)


PLANTED = """\
# A number of births.
population: {births_per_year: 8000}
programs:
  visits:
    accepts: {value: 60%, note: nobody knows}
    wait_expires: {value: 3, assumption: no source}
    caseload: 25
    enroll_until_age: 3 # three months
    # Weekly, as SY999 says.
    levels: [{from_age: 0, until_age: 1, visits: 4, load: 1}]
doors:
  clinic:
    contact_age: {care-from-first-trimester: -4}
screening:
  risk_group_cuts: [0.25, 1.28]
outcomes:
  ready: {trend: 1, share: {value: 60%, assumption: a guess}, at_age: 58}
funding:
  county: {match: 50%}
"""


def test_planted_numbers_without_source_are_found(tmp_path: Path) -> None:
    file = tmp_path / "planted.yaml"
    file.write_text(PLANTED, "utf-8")
    assert unsourced(part_of_a_scenario(file)) == [
        "population.births_per_year",
        "outcomes.ready.trend",
        "programs.visits.accepts",
        "funding.county.match",
    ]
    assert [gap.partition(" in ")[0] for gap in unsourced_plain(file)] == [
        "programs.visits.caseload",
        "programs.visits.enroll_until_age",
        "doors.clinic.contact_age",
        "screening.risk_group_cuts",
        "outcomes.ready.at_age",
    ]
    assert unknown_facts(PLANTED) == ["SY999"]


@pytest.mark.parametrize(
    "comment",
    ["25 # SY598", "25 # assumption: as elsewhere", "25\n    # nothing\n    label: Visits"],
)
def test_a_comment_counts_only_where_it_stands(tmp_path: Path, comment: str) -> None:
    file = tmp_path / "planted.yaml"
    file.write_text(PLANTED.replace("25", comment, 1), "utf-8")
    found = "programs.visits.caseload" in " ".join(unsourced_plain(file))
    assert found == ("nothing" in comment)
