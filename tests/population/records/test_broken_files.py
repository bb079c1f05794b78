"""One broken birth file per message: what is printed is exactly this, and never an id or a row."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hvsim.population import read_records
from hvsim.scenario import ScenarioError
from population.records.desk import HEADER, Desk, rows, text

GOOD = rows()


def changed(line: int, old: str, new: str) -> str:
    """A file with one line changed, counted with the header."""
    lines = list(GOOD)
    assert old in lines[line - 2]
    lines[line - 2] = lines[line - 2].replace(old, new, 1)
    return text(*lines)


def parquet(**columns: Any) -> bytes:
    cells = zip(*(line.split(",") for line in GOOD), strict=True)
    table = {name: list(column) for name, column in zip(HEADER.split(","), cells, strict=True)}
    stream = io.BytesIO()
    pq.write_table(pa.table(table | columns), stream)
    return stream.getvalue()


BROKEN: dict[str, tuple[str | bytes, list[str]]] = {
    "empty": ("", [": the file is empty"]),
    "only-a-header": (text(), [": no births below the header"]),
    "header-below-an-empty-line": (
        "\n" + text(*GOOD),
        [":1: the file begins with an empty line; delete it"],
    ),
    "latin-1": (
        changed(7, ",N,", ",Ñ,").encode("latin-1"),
        [":7: not UTF-8 text; save the file as 'CSV UTF-8'"],
    ),
    "utf-16": (text(*GOOD).encode("utf-16"), [": UTF-16 text; save the file as 'CSV UTF-8'"]),
    "workbook": (
        b"PK\x03\x04" + bytes(100),
        [": an Excel workbook or a zip archive; save the sheet as 'CSV UTF-8'"],
    ),
    "old-workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(100),
        [": an Excel workbook; save the sheet as 'CSV UTF-8'"],
    ),
    "truncated-gzip": (
        gzip.compress(text(*GOOD).encode(), mtime=0)[:-20],
        [": the compressed data end too early or are damaged; copy the file again"],
    ),
    "damaged-gzip": (
        gzip.compress(text(*GOOD).encode(), mtime=0)[:-8] + bytes(8),
        [": the compressed data end too early or are damaged; copy the file again"],
    ),
    "title-row": (
        "Births of 2023,,,,,\n,,,,,\n" + text(*GOOD),
        [":1: the header stands on line 3; delete what is above it"],
    ),
    "no-header": (
        "\n".join(GOOD),
        [
            f":1: {name}: no such column; name the file's own in the scenario"
            for name in ("CERT", "MOM", "AREA", "DOB", "PAY")
        ]
        + [":1: GRAMS: no such column; name the file's own in the scenario"],
    ),
    "semicolons": (
        text(*GOOD).replace(",", ";"),
        [":1: columns are separated by semicolons; save the file with commas"],
    ),
    "tabs": (
        text(*GOOD).replace(",", "\t"),
        [":1: columns are separated by tabs; save the file with commas"],
    ),
    "semicolons-with-decimal-commas": (
        text(*GOOD).replace(",", ";").replace("00\n", ",5\n"),
        [":1: columns are separated by semicolons; save the file with commas"],
    ),
    "missing-column": (
        text(*GOOD, header="CERT,MOM,AREA,DOB,PAYER,GRAMS"),
        [":1: PAY: no such column; did you mean 'PAYER'?"],
    ),
    "one-name-twice": (
        text(*(f"{line},1" for line in GOOD), header=f"{HEADER},PAY"),
        [":1: PAY: 2 columns of this name; rename or remove the others"],
    ),
    "too-few-cells": (changed(9, ",N,", ","), [":9: found 5 cells; the header has 6"]),
    "too-many-cells": (
        changed(9, ",2900", "") if ",2900" in GOOD[7] else changed(9, ",2600", ",2600,5"),
        [
            ":9: found 7 cells; the header has 6; texts with commas need quotes, decimals a point",
        ],
    ),
    "open-quote": (
        changed(9, ",N,", ',"N,'),
        [':9: a quote that is not closed, or text after one; inside quotes write "" for "'],
    ),
    "line-without-end": (
        text(*GOOD) + "c" * 1_000_001,
        [":50: a line of more than 1 MB; this is no CSV"],
    ),
    "decimal-comma": (
        changed(4, ",2600", ',"2600,5"'),
        [":4: GRAMS: found '2600,5' for birth-weight; decimals need a point, not a comma"],
    ),
    "impossible-date": (
        changed(3, "2023-08-02", "2023-02-30"),
        [":3: DOB: found '2023-02-30' for birth-date; no date written as YYYY-MM-DD"],
    ),
    "month-13": (
        changed(3, "2023-08-02", "2023-13-02"),
        [":3: DOB: found '2023-13-02' for birth-date; no date written as YYYY-MM-DD"],
    ),
    "date-in-another-form": (
        changed(3, "2023-08-02", "8/2/2023"),
        [":3: DOB: found '8/2/2023' for birth-date; no date written as YYYY-MM-DD"],
    ),
    "no-date": (
        changed(3, "2023-08-02", ""),
        [":3: DOB: found an empty cell for birth-date; set 'if_missing' to leave-out"],
    ),
    "birth-outside-the-run": (
        changed(3, "2023-08-02", "2021-08-02"),
        [
            ":3: DOB: born in 2021-08, but families of the run are born from 2023-07 to 2024-06; "
            "set 'outside: leave-out', or 'use: every-year'"
        ],
    ),
    "months-without-births": (
        text(*(line for line in GOOD if "-06-" not in line)),
        [
            ": the run needs births from 2023-07 to 2024-06, the file holds 2023-07 to 2024-05; "
            "set 'use: every-year', or move the run"
        ],
    ),
    "no-id": (changed(5, "c0000003", ""), [":5: CERT: no id; each birth needs one of its own"]),
    "same-id": (
        changed(9, "c0000007", "c0000002"),
        [":9: CERT: the same id as on line 4; each birth needs its own"],
    ),
    "unknown-code": (
        changed(3, ",2,2500", ",7,2500"),
        [":3: PAY: found '7' for payer; explain it in 'codes', or set 'if_unknown'"],
    ),
    "mixed-codes": (
        text(*(line.replace(",3,", ",other,") for line in GOOD)),
        [
            ":4: PAY: found 'other' for payer and on 15 more; "
            "explain it in 'codes', or set 'if_unknown'"
        ],
    ),
    "unknown-region": (
        changed(3, ",N,", ",W,"),
        [":3: AREA: found 'W' for region; explain it in 'codes', or set 'if_unknown'"],
    ),
    "no-region": (
        changed(3, ",N,", ", ,"),
        [":3: AREA: found an empty cell for region; set 'if_missing' to leave-out or a level"],
    ),
    "zero-bytes": (
        changed(3, ",N,", ",\0,"),
        [":3: AREA: found '\\x00' for region; explain it in 'codes', or set 'if_unknown'"],
    ),
    "parquet-of-lists": (
        parquet(PAY=[[1]] * len(GOOD)),
        [": PAY: holds list<element: int64>; store texts, whole numbers or dates"],
    ),
    "parquet-of-truths": (
        parquet(AREA=[True] * len(GOOD)),
        [": AREA: holds bool; store texts, whole numbers or dates"],
    ),
    "parquet-cut-short": (
        parquet()[:-30],
        [": not readable as Parquet; it may be damaged or cut short"],
    ),
    "parquet-unknown-code": (
        parquet(PAY=[7, *([1] * (len(GOOD) - 1))]),
        [": PAY: row 1: found '7' for payer; explain it in 'codes', or set 'if_unknown'"],
    ),
    "parquet-without-births": (
        parquet(**{name: pa.array([], pa.string()) for name in HEADER.split(",")}),
        [": no births in it"],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_says_what_is_wrong(name: str, desk: Desk) -> None:
    content, expected = BROKEN[name]
    desk.file(content)
    scenario = desk.scenario()
    with pytest.raises(ScenarioError) as caught:
        read_records(scenario)
    said = str(caught.value)
    assert said.split("\n") == [f"births.csv{line}" for line in expected]
    assert not any(cell in said for line in GOOD for cell in line.split(",")[:2])


def test_the_same_file_without_fault_is_read(desk: Desk) -> None:
    for content in (text(*GOOD), gzip.compress(text(*GOOD).encode()), parquet()):
        desk.file(content)
        assert len(read_records(desk.scenario()).id) == len(GOOD)


HARMLESS: dict[str, Callable[[], str | bytes]] = {
    "byte-order-mark": lambda: b"\xef\xbb\xbf" + text(*GOOD).encode(),
    "windows-line-ends": lambda: text(*GOOD).replace("\n", "\r\n"),
    "empty-lines-at-the-end": lambda: text(*GOOD) + "\n\n",
    "blanks": lambda: text(*(line.replace(",", " , ") for line in GOOD)),
    "trailing-blanks-in-the-header": lambda: text(*GOOD, header=HEADER.replace("PAY", "PAY ")),
    "all-in-quotes": lambda: text(*('"' + line.replace(",", '","') + '"' for line in GOOD)),
    "leading-zeros": lambda: text(*(line.replace(",1,", ",01,") for line in GOOD)),
    "points-and-zeros": lambda: text(*(line.replace(",1,", ",1.0,") for line in GOOD)),
    "more-columns": lambda: text(*(f"{line},x" for line in GOOD), header=f"{HEADER},NOTE"),
    "parquet-of-numbers": lambda: parquet(
        PAY=pa.array([(i + i // 12) % 3 + 1.0 for i in range(len(GOOD))]),
        GRAMS=pa.array([2400 + 100 * (i % 5) for i in range(len(GOOD))]),
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_programs_do_to_files_does_no_harm(name: str, desk: Desk) -> None:
    desk.file(text(*GOOD))
    plain = read_records(desk.scenario())
    desk.file(HARMLESS[name]())
    same = read_records(desk.scenario())
    assert (same.id == plain.id).all()
    assert (same.mother == plain.mother).all()
    assert (same.levels == plain.levels).all()
    assert (same.birth_month == plain.birth_month).all()
    assert (same.region == plain.region).all()


def test_files_that_are_not_there(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"^nowhere.csv: no such file$"):
        read_records(desk.scenario("nowhere.csv"))
    (tmp_path / "folder").mkdir()
    with pytest.raises(ScenarioError, match=r"^folder: a folder; name the file in it$"):
        read_records(desk.scenario("folder"))


def test_of_many_problems_a_few_are_listed(desk: Desk) -> None:
    desk.file(text(*(f"{line[:-5]},{i}" if i % 2 else line + "," for i, line in enumerate(GOOD))))
    with pytest.raises(ScenarioError) as caught:
        read_records(desk.scenario())
    said = str(caught.value).split("\n")
    assert len(said) == 6
    assert said[-1] == "births.csv: and 19 more of this kind"


def test_all_kinds_are_told_at_once(desk: Desk) -> None:
    lines = list(GOOD)
    lines[0] = lines[0].replace(",N,", ",W,").replace(",1,2400", ",8,2400")
    lines[1] = lines[1].replace("c0000001", "c0000000")
    desk.file(text(*lines))
    with pytest.raises(ScenarioError) as caught:
        read_records(desk.scenario())
    assert [problem.field for problem in caught.value.problems] == ["AREA", "PAY", "CERT"]


def test_parts_of_a_date(desk: Desk) -> None:
    parts = [line.replace("2023-", "2023,").replace("2024-", "2024,") for line in GOOD]
    parts = [part.replace(part.split(",")[4], part.split(",")[4][:2]) for part in parts]
    header = "CERT,MOM,AREA,YY,MM,PAY,GRAMS"
    columns: dict[str, Any] = {
        "birth-date": None,
        "birth-year": {"column": "YY"},
        "birth-month": {"column": "MM"},
    }
    desk.file(text(*parts, header=header))
    assert len(read_records(desk.scenario(columns=columns)).id) == len(GOOD)
    parts[0] = parts[0].replace(",2023,07,", ",23,13,")
    desk.file(text(*parts, header=header))
    with pytest.raises(ScenarioError) as caught:
        read_records(desk.scenario(columns=columns))
    assert str(caught.value).split("\n") == [
        "births.csv:2: YY: found '23' for birth-year; write the year with four digits",
        "births.csv:2: MM: found '13' for birth-month; months are 1 to 12",
    ]
