"""How long a birth file takes, and how much memory.

    python benchmarks/birth_file.py --births 1000000

Writes an invented file in the national layout's columns (and as many others beside them as it has),
reads it as a scenario does, makes the families, and reports seconds and peak memory of each step.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
COUNTY = ROOT / "tests/population/records/county.yaml"
OTHERS = 216
"""Columns of the national layout that hvsim does not read."""


@contextmanager
def timed(step: str) -> Iterator[None]:
    began, worked = time.perf_counter(), time.process_time()
    yield
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{step:<16} {seconds:6.1f} s   processor {processor:6.1f} s   peak {peak:6,.0f} MiB")


def lines(births: int, others: int) -> Iterator[str]:
    names = "ID,AREA,DOB_YY,DOB_MM,MRACEHISP,PAY_REC,MAGER,MEDUC,LBO_REC,MAR_P,PRECARE5 ,DBWT "
    yield f"{names},OEGest_Comb{''.join(f',X{i}' for i in range(others))}\n"
    rest = ",1" * others + "\n"
    for i in range(births):
        month = 6 + i % 12
        paternity = "YNXYYYYY "[i % 9].strip()  # empty in one of nine, as in the national file
        yield (
            f"{i},{'NS'[i % 2]},{2023 + month // 12},{month % 12 + 1:02},{i % 7 + 1},{i % 4 + 1},"
            f"{15 + i % 30},{i % 9 + 1},{i % 8 + 1},{paternity},{i % 4 + 1},{1000 + i % 4000},"
            f"{28 + i % 14}{rest}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--births", type=int, default=1_000_000)
    parser.add_argument("--others", type=int, default=OTHERS, help="columns that are not read")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    from hvsim.population import families_of, read_records
    from hvsim.scenario import load_scenario

    with tempfile.TemporaryDirectory() as folder:
        births, plan = Path(folder) / "births.csv", Path(folder) / "plan.yaml"
        with timed("write"), births.open("w", encoding="utf-8") as stream:
            stream.writelines(lines(arguments.births, arguments.others))
        print(f"{arguments.births:,} births, {births.stat().st_size / 1e6:,.0f} MB")
        codes = {"N": "north", "S": "south"}
        columns = {"id": {"column": "ID"}, "region": {"column": "AREA", "codes": codes}}
        records = {"file": "births.csv", "layout": "nchs-natality", "columns": columns}
        plan.write_text(json.dumps({"extends": str(COUNTY), "population": {"records": records}}))
        scenario = load_scenario(plan)
        with timed("read and check"):
            read = read_records(scenario)
        with timed("families"):
            families = families_of(scenario, 1, threads=arguments.threads, records=read)
        assert len(families) == arguments.births
        print("\n".join(read.report.lines()))


if __name__ == "__main__":
    main()
