"""What can be seen of the engine only by running it."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hvsim
from architecture.entry_points import named_by_python
from architecture.source import ROOT, module

HARBOR = ROOT / "tests" / "runs" / "harbor"


@pytest.mark.slow
def test_each_entry_point_is_compiled_once() -> None:
    scenarios = [HARBOR / "today.yaml", HARBOR / "universal.yaml"]
    code = Path(__file__).with_name("entry_points.py")
    # The first run fills the cache: compiling, it also holds what compiled callers need.
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, code, *scenarios], capture_output=True, text=True, check=True
        )
    signatures = {name: kinds for name, kinds in json.loads(done.stdout).items() if kinds}
    assert any(name.startswith("hvsim.simulation") for name in signatures)
    assert {name: kinds for name, kinds in signatures.items() if len(kinds) > 1} == {}


def test_an_entry_point_is_what_plain_python_names() -> None:
    kernels = "@compiled\ndef a(x): return b(x)\n@compiled\ndef b(x): return c\n"
    text = f"{kernels}def f(pool): pool.map(a, d)"
    assert named_by_python(module("hvsim.simulation.x", text)) == {"pool", "a", "d"}


def floating(record: object) -> list[str]:
    """Names of arrays that hold anything but whole numbers and yes or no, in parts as well."""
    found = []
    for field in dataclasses.fields(record):  # type: ignore[arg-type]  # of any dataclass
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray) and value.dtype.kind not in "iub":
            found.append(field.name)
        elif dataclasses.is_dataclass(value):
            found += floating(value)
    return found


def test_the_ledger_holds_whole_numbers() -> None:
    ledger = hvsim.simulate(hvsim.load_scenario(HARBOR / "today.yaml"), seed=1)
    assert floating(ledger) == []
    broken = dataclasses.replace(ledger, births=ledger.births * 0.5)  # type: ignore[arg-type]  # on purpose
    assert floating(broken) == ["births"]
