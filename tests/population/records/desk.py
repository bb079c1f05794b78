"""A planner's desk: a birth file and the scenario that reads it."""

import json
from pathlib import Path
from typing import Any

from hvsim.scenario import Scenario, load_scenario

COUNTY = Path(__file__).parent / "county.yaml"
HEADER = "CERT,MOM,AREA,DOB,PAY,GRAMS"
COLUMNS: dict[str, dict[str, Any]] = {
    "id": {"column": "CERT"},
    "mother": {"column": "MOM"},
    "region": {"column": "AREA", "codes": {"N": "north", "S": "south"}},
    "birth-date": {"column": "DOB"},
    "payer": {
        "column": "PAY",
        "codes": {"1": "medicaid", "2": "private-insurance", "3": "other-payer", "9": "missing"},
    },
    "birth-weight": {
        "column": "GRAMS",
        "codes": {"9999": "missing", "<2500": "low-birth-weight", "2500+": "normal-birth-weight"},
    },
}


def rows(births: int = 48) -> list[str]:
    """Lines of a file without fault: births in every month of the run, in both regions."""
    lines = []
    for i in range(births):
        month = 6 + i % 12
        dob = f"{2023 + month // 12}-{month % 12 + 1:02}-{i % 28 + 1:02}"
        grams = 2400 + 100 * (i % 5)
        lines.append(f"c{i:07},m{i:07},{'NS'[i // 12 % 2]},{dob},{(i + i // 12) % 3 + 1},{grams}")
    return lines


def text(*lines: str, header: str = HEADER) -> str:
    return "\n".join([header, *lines]) + "\n"


class Desk:
    """A folder with a birth file and a scenario."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, content: str | bytes, name: str = "births.csv") -> str:
        """Write a birth file."""
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return name

    def path(
        self,
        file: str = "births.csv",
        columns: dict[str, dict[str, Any] | None] | None = None,
        **records: Any,
    ) -> Path:
        """Write a scenario that reads it."""
        given = {k: v for k, v in (COLUMNS | (columns or {})).items() if v is not None}
        stated = {"file": file, "columns": given} | records
        path = self.folder / "plan.yaml"
        written = {"extends": str(COUNTY), "population": {"records": stated}}
        path.write_text(json.dumps(written), encoding="utf-8")
        return path

    def scenario(self, *args: Any, **records: Any) -> Scenario:
        """The scenario that reads it."""
        return load_scenario(self.path(*args, **records))
