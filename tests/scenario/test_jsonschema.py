"""Both JSON Schemas agree with the files that ship and with the loader."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hvsim.cli.prices import prices_schema
from hvsim.scenario import complete_schema, fragment_schema, load_scenario
from hvsim.scenario.addresses import TEMPLATES
from hvsim.scenario.reading import read_file
from hvsim.scenario.resolved import content

HERE = Path(__file__).parent
LA_COUNTY = HERE.parents[1] / "scenarios" / "la-county"
SHIPPED = [
    *(
        file
        for folder in (TEMPLATES, HERE.parents[1] / "scenarios")
        for file in sorted(folder.rglob("*.yaml"))
        # Files of valuation and of structures are no parts of scenarios.
        if not {"prices", "structures"} & {file.stem, file.parent.name}
    ),
    HERE / "today.yaml",
    HERE / "expansion.yaml",
    HERE / "whole.yaml",
]


def plain(file: Path) -> Any:
    return read_file(file, file.name)[0].plain()


def complaints(schema: dict[str, Any], document: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(schema).iter_errors(document)]


def test_they_are_schemas() -> None:
    for schema in (fragment_schema(), complete_schema()):
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_shipped_files_are_fragments(file: Path) -> None:
    assert complaints(fragment_schema(), plain(file)) == []


@pytest.mark.parametrize("name", ["expansion", "whole"])
def test_resolved_content_is_complete(name: str) -> None:
    written = content(load_scenario(HERE / f"{name}.yaml"))
    assert complaints(complete_schema(), written) == []
    assert complaints(fragment_schema(), written) == []
    assert complaints(complete_schema(), {"title": "A"}) != []


PRICES = [TEMPLATES / "prices" / "united-states.yaml", LA_COUNTY / "prices.yaml"]


@pytest.mark.parametrize("file", PRICES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_shipped_prices_fit_their_schema(file: Path) -> None:
    Draft202012Validator.check_schema(prices_schema())
    assert complaints(prices_schema(), plain(file)) == []


@pytest.mark.parametrize(
    "document",
    [
        {"cost": {}},
        {"discounting": {"costs_per_year": 30}},
        {"costs": {"visit": {"per": "visit"}}},
        {"views": {"fiscal": {"counts": "visit"}}},
        {"doors": {}},
    ],
)
def test_mistakes_in_prices_are_seen(document: Any) -> None:
    assert complaints(prices_schema(), document) != []


def test_names_can_be_removed_in_fragments_only() -> None:
    document = {"funding": {"county": None}}
    assert complaints(fragment_schema(), document) == []
    assert "$.funding.county" in complaints(complete_schema(), document)


@pytest.mark.parametrize("amount", ["3 million USD", "1.2 B USD", "700 USD"])
def test_amounts_may_be_spelled_out(amount: str) -> None:
    assert complaints(fragment_schema(), {"funding": {"county": {"per_year": amount}}}) == []


@pytest.mark.parametrize(
    "document",
    [
        {"fundings": {}},
        {"doors": {"Clinic": {}}},
        {"screening": {"flagged": 40}},
        {"screening": {"flagged": {"2023-13": 0.4}}},
        {"screening": {"flagged": {"low": 0.4}}},
        {"funding": {"county": {"per_year": 45}}},
        {"programs": {"a": {"offer_to": "everybody"}}},
        {"start": "July 2023"},
        {"structure": {"dose": "visits"}},
        {"outcomes": {"ready": {"desirable": "often"}}},
        {"outcomes": {"stays": {"amount": {"mean": "3 nights"}}}},
        {"chains": {"cps": {"stages": {"removed": {"if_true": {"2023-07": "10%"}}}}}},
        {"doors": {"court": {"closure": {"off": "care"}}}},
        {"funding": {"county": {"pays": "salaries"}}},
        {"population": {"attributes": {"language": {"levels": {"spanish": "30%"}}}}},
    ],
)
def test_mistakes_are_seen(document: Any) -> None:
    assert complaints(fragment_schema(), document) != []
