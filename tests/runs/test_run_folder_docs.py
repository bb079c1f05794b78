"""docs/run-folder.md names everything that a run folder holds."""

import re
from pathlib import Path

from hvsim.runs import Manifest
from hvsim.runs.tables import FAMILIES, KEYS
from hvsim.runs.years import UNITS
from hvsim.simulation.ledger import (
    CAPACITY_MEASURES,
    DOOR_TRANSITIONS,
    OUTCOME_COUNTS,
    PROGRAM_TRANSITIONS,
    SPENDING,
)

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "run-folder.md").read_text("utf-8")
SUMMARY = (ROOT / "src" / "hvsim" / "runs" / "summary.py").read_text("utf-8")


def test_every_table_has_its_columns() -> None:
    for table, keys in KEYS.items():
        assert f"{table}.parquet" in TEXT
        if table == "capacity_by_year":
            continue  # described by what it shares with 'capacity'
        columns = re.search(rf"\*\*{table}\*\*: `([^`]+)`", TEXT)
        assert columns is not None, table
        assert tuple(columns[1].split(", "))[: len(keys)] == keys
    (families,) = re.findall(r"\*\*families\*\*: `([^`]+)`", TEXT)
    assert families.split(", ") == list(dict.fromkeys([*KEYS["families"], *FAMILIES.names]))
    (capacity,) = re.findall(r"\*\*capacity\*\*: `([^`]+)`", TEXT)
    assert capacity.split(", ") == [*KEYS["capacity"], *CAPACITY_MEASURES]


def test_every_word_is_explained() -> None:
    words = {
        *DOOR_TRANSITIONS,
        *PROGRAM_TRANSITIONS,
        *OUTCOME_COUNTS,
        *SPENDING,
        *Manifest.model_fields,
        *UNITS,
        *re.findall(r'Row\(\s*scenario, f?"(\w+)', SUMMARY),
    }
    assert [word for word in sorted(words) if f"`{word}" not in TEXT] == []
