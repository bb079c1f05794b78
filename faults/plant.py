"""Plant faults in copies of hvsim, one at a time, and see which of them the tests catch.

    python faults/plant.py [--only NAME ...] [--jobs N] [--out FILE]

``data/faults.toml`` holds the faults. Each goes into a copy of the package in a temporary folder,
never into the working tree; the tests of the room run against the copy, the most telling first, up
to the first that fails. Nothing is compiled (``NUMBA_DISABLE_JIT=1``): compiling would take a
minute for each fault, and a cache could hide it. In the end every test that caught something runs
against an unchanged copy, where it must pass.

The exit code is 1 if a fault survives without being explained, 2 if the list is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent
PACKAGE = ROOT / "src" / "hvsim"
LIST = HERE / "data" / "faults.toml"
SECONDS = 400
"""Longest that the tests of one fault may take."""

FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
"""A line of pytest's short summary."""


RUNNER = """
import importlib, sys
import pytest
module, source, *arguments = sys.argv[1:]
found = importlib.import_module(module).__file__
if not found.startswith(source):
    sys.exit(f"the tests would see {found}")
sys.exit(pytest.main(arguments))
"""
"""Runs pytest once the faulty module has shown that it can be imported, and whose it is."""


class ListError(Exception):
    """The list of faults is not true of the code."""


class Fault(NamedTuple):
    """A change that somebody could make by mistake.

    Attributes
    ----------
    name
        What goes wrong, in a few words.
    file
        Where, within the package.
    old, new
        Text that stands there once, and what takes its place.
    why
        Why it is plausible.
    explained
        Why no test can tell; nothing if one must.
    tests
        Tests to be run first, each text in one run of pytest.
    """

    name: str
    file: str
    old: str
    new: str
    why: str
    explained: str = ""
    tests: Sequence[str] = ()


class Outcome(NamedTuple):
    """What became of a fault: ``caught``, ``survived`` or ``unfinished``, and by which test."""

    name: str
    verdict: str
    caught_by: str
    seconds: float
    explained: str


def read_faults(file: Path) -> tuple[list[Fault], dict[str, list[str]]]:
    """Faults of a list, and the tests to be run by room: the first part of a fault's path.

    Raises
    ------
    ListError
        If two have the same name.
    """
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    faults = [Fault(**entry) for entry in raw["fault"]]
    names = [fault.name for fault in faults]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ListError(f"listed twice: {', '.join(repeated)}")
    return faults, raw["tests"]


def planted(fault: Fault, package: Path) -> str:
    """Text of the fault's file with the fault in it.

    Raises
    ------
    ListError
        If its old text does not stand there exactly once, or the result is no Python.
    """
    text = (package / fault.file).read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        raise ListError(
            f"{fault.name}: {fault.file} has its old text {text.count(fault.old)} times, not once"
        )
    faulty = text.replace(fault.old, fault.new)
    try:
        compile(faulty, fault.file, "exec")
    except SyntaxError as error:
        raise ListError(f"{fault.name}: {error}") from None
    return faulty


def surroundings(source: Path) -> dict[str, str]:
    """Environment in which the tests see the copy in a folder, uncompiled, with fixed examples."""
    return os.environ | {
        "PYTHONPATH": str(source),
        "NUMBA_DISABLE_JIT": "1",
        "HVSIM_CACHE": str(source / "compiled"),
        "CI": "1",
        "COLUMNS": "300",
    }


def _finished(command: Sequence[str], source: Path, seconds: float) -> tuple[int | None, str]:
    """Exit code and output of a command; no code if it had to be ended."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=surroundings(source),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None, ""
    return process.returncode, output


def _module(file: str) -> str:
    return ".".join(("hvsim", *Path(file).with_suffix("").parts)).removesuffix(".__init__")


def _tested(
    source: Path, module: str, runs: Iterable[Sequence[str]], seconds: float
) -> tuple[str, str]:
    """Verdict of the tests on the package in a folder, and the first that failed."""
    end = time.monotonic() + seconds
    run = [sys.executable, "-c", RUNNER, module, str(source)]
    run += ["-x", "-q", "--tb=no", "-p", "no:cacheprovider"]
    for tests in runs:
        status, output = _finished([*run, *tests], source, end - time.monotonic())
        if status is None:
            return "unfinished", ""
        if status == 0:
            continue
        failed = FAILED.search(output)
        if failed is None:
            raise ListError(f"{tests[0]} cannot be run: {output.strip()[-500:]}")
        return "caught", failed[1]
    return "survived", ""


def plant(
    fault: Fault, tests: Sequence[str], package: Path = PACKAGE, seconds: float = SECONDS
) -> Outcome:
    """Plant a fault in a copy of the package, and run tests until one fails.

    Raises
    ------
    ListError
        If it cannot be planted, breaks its module, or there are no such tests.
    """
    begun = time.monotonic()
    faulty = planted(fault, package)
    with tempfile.TemporaryDirectory(prefix="hvsim-fault-") as folder:
        source = Path(folder)
        _copy(package, source)
        (source / package.name / fault.file).write_text(faulty, encoding="utf-8")
        runs = [run.split() for run in (*fault.tests, *tests)]
        try:
            verdict, test = _tested(source, _module(fault.file), runs, seconds)
        except ListError as error:
            raise ListError(f"{fault.name}: {error}") from None
    took = round(time.monotonic() - begun, 1)
    return Outcome(fault.name, verdict, test, took, fault.explained)


def _copy(package: Path, source: Path) -> None:
    shutil.copytree(package, source / package.name)


def refuse_unsound(tests: Sequence[str], package: Path = PACKAGE) -> None:
    """Refuse tests that fail without any fault.

    Raises
    ------
    ListError
        With the first of them.
    """
    if not tests:
        return
    with tempfile.TemporaryDirectory(prefix="hvsim-sound-") as folder:
        _copy(package, Path(folder))
        verdict, test = _tested(Path(folder), "hvsim", [tests], 10 * SECONDS)
    if verdict != "survived":
        raise ListError(f"fails without any fault: {test or 'the tests did not end'}")


def tests_of(fault: Fault, by_room: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Tests that are to find a fault."""
    return by_room[Path(fault.file).with_suffix("").parts[0]]


def row(outcome: Outcome, wide: int) -> str:
    """One line of the table."""
    said = outcome.caught_by or outcome.explained
    return f"{outcome.name:{wide}}  {outcome.verdict:10}  {outcome.seconds:6.1f} s  {said}"


def chosen_of(faults: Sequence[Fault], names: Sequence[str] | None) -> Sequence[Fault]:
    """Faults of some names; all without any.

    Raises
    ------
    ListError
        If there is none of a name.
    """
    unknown = set(names or ()) - {fault.name for fault in faults}
    if unknown:
        raise ListError(f"no fault is called {', '.join(sorted(unknown))}")
    return [fault for fault in faults if names is None or fault.name in names]


def plant_all(options: argparse.Namespace) -> list[Outcome]:
    """Plant the faults that somebody asked for, telling of each.

    Raises
    ------
    ListError
        If the list is not true of the code, or a test fails without any fault.
    """
    faults, by_room = read_faults(options.list)
    for fault in faults:  # a list that is not true is found before anything runs
        planted(fault, PACKAGE)
    chosen = chosen_of(faults, options.only)
    wide = max(len(fault.name) for fault in chosen)
    outcomes = []

    def one(fault: Fault) -> Outcome:
        return plant(fault, tests_of(fault, by_room), seconds=options.seconds)

    with ThreadPoolExecutor(options.jobs) as pool:
        for outcome in pool.map(one, chosen):
            outcomes.append(outcome)
            print(row(outcome, wide), flush=True)
    refuse_unsound(sorted({outcome.caught_by for outcome in outcomes} - {""}))
    return outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", nargs="+", metavar="NAME", help="plant these alone")
    parser.add_argument("--jobs", type=int, default=1, help="faults planted at a time")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="longest for one fault")
    parser.add_argument("--out", type=Path, help="also write the outcomes as JSON")
    parser.add_argument("--list", type=Path, default=LIST, help="the faults")
    options = parser.parse_args(arguments)
    try:
        outcomes = plant_all(options)
    except ListError as error:
        print(error, file=sys.stderr)
        return 2
    caught = sum(outcome.verdict == "caught" for outcome in outcomes)
    print(f"{caught} of {len(outcomes)} caught")
    if options.out is not None:
        text = json.dumps([outcome._asdict() for outcome in outcomes], indent=1)
        options.out.write_text(text + "\n", encoding="utf-8")
    return int(any(o.verdict != "caught" and not o.explained for o in outcomes))


if __name__ == "__main__":
    sys.exit(main())
