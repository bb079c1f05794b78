"""What runs promise: the warm start, faults noticed, the same bytes, copies that double."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agreement.agreeing import FastRun
from hvsim import simulate
from hvsim.simulation.plan import make_plan
from hvsim.simulation.system import System
from reference.hamlet import everybody, expansion, today
from simulation.running import (
    by_family,
)

# --- before the start ----------------------------------------------------------------------------

SHARED = ("programs.light.hold_months=2",)  # the expansion's one change that is not policy


def test_before_the_start_a_scenario_is_its_baseline() -> None:
    columns = everybody(today(), 20)
    baseline, scenario = (FastRun(s, columns, 9) for s in (today(), expansion(*SHARED)))
    start = today().start
    history = [[event for event in run.trace if event[1] < start] for run in (baseline, scenario)]
    assert history[0] == history[1]
    assert any("enrolled" in label for _, _, label in history[0])
    for what in ("capacity", "money"):
        ours, theirs = getattr(baseline, what), getattr(scenario, what)
        for (name, month), row in ours.items():
            if month < start:
                assert theirs[name, month] == row
    assert baseline.trace != scenario.trace


# --- the promises of the code --------------------------------------------------------------------


def test_a_run_changes_neither_scenario_nor_families() -> None:
    columns = everybody(expansion(), 5)
    copy = columns.chosen(np.arange(len(columns)))
    for column in columns.columns().values():
        column.flags.writeable = False
    hashed = expansion().sha256()
    simulate(expansion(), seed=1, families=columns)
    assert expansion().sha256() == hashed
    for name, column in columns.columns().items():
        assert np.array_equal(column, getattr(copy, name))


def fault(harm: Callable[[System], None]) -> Callable[[], None]:
    """A run of the hamlet that is tampered with when somebody is under the system's eyes."""

    def run() -> None:
        system = System(make_plan(today(), 1.0), everybody(today(), 20), seed=1)
        while len(system.present) == 0:
            system.step()
        harm(system)
        for _ in range(system.plan.months - system.t):
            system.step()

    return run


def ahead(system: System) -> None:
    system.state.people["age"][system.present[0]] += 1


def behind(system: System) -> None:
    system.state.people["age"][system.present[-1]] -= 1


def untouched(system: System) -> None:
    pass


@pytest.mark.parametrize("harm", [ahead, behind])
def test_a_family_in_another_month_is_noticed(harm: Callable[[System], None]) -> None:
    with pytest.raises(AssertionError, match="another month"):
        fault(harm)()
    fault(untouched)()


def test_money_that_is_not_there_cannot_be_spent() -> None:
    def rob(system: System) -> None:
        payroll = system.payroll
        payroll.receive = lambda cents, shares: cents  # type: ignore[method-assign]  # a fault on purpose
        payroll.accounts[:] = 0
        payroll.allotted[:] = 10**9

    with pytest.raises(AssertionError, match="does not hold"):
        fault(rob)()


DIGEST = """
import hashlib
from agreement.agreeing import FastRun
from reference.hamlet import everybody, expansion
run = FastRun(expansion(), everybody(expansion(), 1), 3)
print(hashlib.sha256(repr((run.trace, run.money, run.capacity)).encode()).hexdigest())
"""


def digest(**environment: str) -> str:
    """Hash of everything that happens in a tiny run of another process."""
    paths = [str(Path(__file__).parents[1]), *sys.path]
    done = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_neither_the_order_of_hashes_nor_the_compiler_matters() -> None:
    compiled = digest(PYTHONHASHSEED="1")
    assert digest(PYTHONHASHSEED="2") == compiled
    assert digest(NUMBA_DISABLE_JIT="1") == compiled


# --- copies --------------------------------------------------------------------------------------


def twice() -> tuple[FastRun, FastRun, set[int]]:
    """A hill with its organizations; the hill beside a dale that is its copy; the hill's ids."""
    alone = (
        "providers.hill-light.regions=[hill]",
        "providers.nurse-team.regions=[hill]",
        "providers.both-parents=null",
        "programs.nurses.eligible={}",
        "funding.grant=null",
        "funding.county.per_year=2400012 USD",
    )
    copied = (
        *alone[:-1],
        "funding.county.per_year=4800024 USD",
        *(
            f"providers.dale-{p}={{program: {p}, regions: [dale], share: 1}}"
            for p in ("light", "nurses", "parents")
        ),
        "providers.hill-parents.share=1",
    )
    hill = everybody(today(), 40)
    hill = replace(hill, region=np.zeros(len(hill), np.int16))
    dale = replace(hill, id=hill.id + np.uint64(7), region=np.ones(len(hill), np.int16))
    both = hill.followed_by(dale)
    ids = set(hill.id.tolist())
    return FastRun(today(*alone), hill, 2), FastRun(today(*copied), both, 2), ids


def test_two_copies_of_families_and_organizations_double_what_happens() -> None:
    single, double, hill = twice()
    theirs = [event for event in double.trace if event[0] in hill]
    assert theirs == single.trace  # the copy next door changes nothing here
    count = {
        name: (by_family(trace))
        for name, trace in (
            ("hill", single.trace),
            ("dale", [event for event in double.trace if event[0] not in hill]),
        )
    }
    labels = {label.split("/")[0] for _, _, label in single.trace}
    for label in sorted(labels):
        # Each family and its copy differ in luck alone: the difference of sums has the variance
        # of the pairs' differences. 4.5 standard errors: 1 in 100,000 by chance, for each label.
        pairs = [
            sum(what.split("/")[0] == label for _, what in count["hill"][family])
            - sum(what.split("/")[0] == label for _, what in count["dale"][family + 7])
            for family in sorted(hill)
        ]
        error = math.sqrt(sum(pair * pair for pair in pairs))
        assert abs(sum(pairs)) <= 4.5 * max(error, 1), label
