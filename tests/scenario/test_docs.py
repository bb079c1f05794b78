"""Tables of docs/scenario-fields.md are the schema's, examples of scenario-files.md scenarios."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from hvsim.scenario import fragment_schema
from hvsim.scenario.errors import Origin
from hvsim.scenario.reading import read_text
from scenario.field_tables import BEGIN, DOCS, tables

TABLES = DOCS.read_text(encoding="utf-8")
TEXT = (DOCS.parent / "scenario-files.md").read_text(encoding="utf-8")


def test_tables_are_those_of_the_schema() -> None:
    assert TABLES.partition(BEGIN)[2].strip() == tables().strip(), (
        "update with: python tests/scenario/field_tables.py"
    )


def test_every_field_has_a_meaning() -> None:
    assert [line for line in tables().split("\n") if line.endswith("|  |")] == []


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL))
def test_examples_are_parts_of_scenarios(example: str) -> None:
    node, problems = read_text(example, Origin("example", Path("example.yaml")))
    assert not problems
    assert not list(Draft202012Validator(fragment_schema()).iter_errors(node.plain()))
