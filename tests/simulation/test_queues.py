"""Full programs against the exact chains of their queues."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from agreement.agreeing import FastRun
from reference.hamlet import families, today
from simulation.laws import (
    ALARM,
    CERTAIN,
    count,
    normal_bound,
    run,
)

# --- queues --------------------------------------------------------------------------------------

PLACES, BORN, MONTHS, LEAVES = 6, 20, 600, 0.2
"""Places; births per month, and for how many months; chance to leave in a month."""
BUSY, CALM = 0.08, 0.035
"""Chance to ask for a place: more and less than places can take, `6 / (1 / LEAVES + 1)` a month."""

Matrix = npt.NDArray[np.float64]


def queue_run(chance: float, patience: int) -> FastRun:
    """A program with some places, families asking for them at random, and random stays."""
    scenario = today(
        *CERTAIN,
        "start=2000-01",
        "end=2049-12",
        "follow_up=120 months",
        f"doors.hospital.share_of_births={chance}",
        f"programs.light.caseload={PLACES}",
        "funding.county.per_year=150000 USD",  # one visitor
        f"programs.light.leaves_per_month={-math.log(1 - LEAVES)}",
        "programs.light.levels=[{from_age: 0, until_age: 300, visits: 0, load: 1}]",
        "programs.light.enroll_until_age=110",
        f"programs.light.wait_expires={patience}",
        "programs.light.gives_up_per_month=0",
        *(f"outcomes.{name}.per_month=0" for name in today().outcomes),
    )
    births = [month for month in range(scenario.start, scenario.end + 1) for _ in range(BORN)]
    return FastRun(scenario, families(births, 2), 17)


def rows(result: FastRun) -> npt.NDArray[np.int64]:
    """Families in service and waiting, by month of births."""
    start = result.ledger.first_month
    cells = [result.capacity["hill-light", start + t] for t in range(MONTHS)]
    assert {(visitors, places) for visitors, _, places, *_ in cells} == {(1, PLACES)}
    return np.array([(served, waiting) for *_, served, _, waiting, _ in cells])


def chain_of(chance: float, room: int) -> tuple[list[tuple[int, int]], Matrix]:
    """The chain that the monthly rules imply: states (in service, waiting) and transitions.

    In month t, `x` families are in service and `q` wait from before. `a` arrive; those who leave
    this month still hold their places when these are given away: `min(q + a, PLACES - x)` enroll.
    Then each of the `x` leaves with probability `LEAVES`. At most `room` keep waiting.
    """
    states = [(x, q) for x in range(PLACES + 1) for q in range(room + 1)]
    number = {state: i for i, state in enumerate(states)}
    arrive = stats.binom(BORN, chance).pmf(np.arange(BORN + 1))
    moves = np.zeros((len(states), len(states)))
    for (x, q), i in number.items():
        leave = stats.binom(x, LEAVES).pmf(np.arange(x + 1))
        for a, p in enumerate(arrive):
            enrolled = min(q + a, PLACES - x)
            still = min(q + a - enrolled, room)
            for gone, of in enumerate(leave):
                moves[i, number[x - gone + enrolled, still]] += p * of
    return states, moves


def long_run(moves: Matrix, values: Matrix) -> tuple[float, float]:
    """Mean of a function of a chain's state, and the variance of its sum per month."""
    n = len(moves)
    a = np.vstack([moves.T - np.eye(n), np.ones(n)])
    share = np.linalg.lstsq(a, np.r_[np.zeros(n), 1.0], rcond=None)[0]
    mean = float(share @ values)
    # Poisson's equation: (I - P) g = f - mean.
    centered = values - mean
    g = np.linalg.solve(np.eye(n) - moves + np.outer(np.ones(n), share), centered)
    return mean, float(share @ (centered * (2 * g - centered)))


def assert_mean(observed: Matrix, moves: Matrix, values: Matrix, looks: int) -> None:
    mean, variance = long_run(moves, values)
    error = math.sqrt(variance / len(observed))
    assert abs(observed.mean() - mean) <= normal_bound(looks) * error


WARM_UP = 60
"""Months until a chain that started empty is in balance."""


def test_a_full_program_turns_families_away_like_its_loss_chain() -> None:
    seen = rows(queue_run(BUSY, patience=1))
    assert seen[:, 1].max() > 0  # those who found no place wait for the month's end
    states, moves = chain_of(BUSY, room=0)
    served = np.array([x for x, _ in states], float)
    chain = seen[WARM_UP:, 0].astype(float)
    assert_mean(chain, moves, served, 2)
    assert_mean((chain == PLACES).astype(float), moves, (served == PLACES).astype(float), 2)


def test_every_step_of_the_loss_chain_has_its_probability() -> None:
    """Steps from each state, whatever came before: independent, and so a plain chi-square."""
    seen = rows(queue_run(BUSY, patience=1))[:, 0]
    _, moves = chain_of(BUSY, room=0)
    statistic, freedom = 0.0, 0
    for x in range(PLACES + 1):
        after = np.bincount(seen[1:][seen[:-1] == x], minlength=PLACES + 1)
        expected = moves[x] * after.sum()
        usual = expected >= 5
        if usual.sum() < 2:
            continue
        rest = [(~usual) @ y for y in (after, expected)]
        ours, theirs = np.r_[after[usual], rest[0]], np.r_[expected[usual], rest[1]]
        ours, theirs = ours[theirs > 0], theirs[theirs > 0]
        statistic += float(((ours - theirs) ** 2 / np.maximum(theirs, 0.5)).sum())
        freedom += len(ours) - 1
    assert freedom > 10
    assert stats.chi2(freedom).sf(statistic) > ALARM


def test_a_patient_queue_is_as_long_as_its_chain_says() -> None:
    result = queue_run(CALM, patience=1000)
    seen = rows(result)
    states, moves = chain_of(CALM, room=80)
    served, waiting = (np.array(column, float) for column in zip(*states, strict=True))
    assert_mean(seen[WARM_UP:, 0].astype(float), moves, served, 2)
    assert_mean(seen[WARM_UP:, 1].astype(float), moves, waiting, 2)
    # Little's law, without error: months waited by families are families waiting by month.
    since: dict[int, int] = {}
    waited, last = 0, result.ledger.first_month + MONTHS
    for family, month, label in result.chronicle:
        if label.startswith("waitlisted"):
            since[family] = month
        elif label.startswith("enrolled"):
            waited += min(month, last) - min(since.pop(family), last)
    waited += sum(last - month for month in since.values())
    assert waited == seen[:, 1].sum()


@pytest.mark.parametrize("patience", [1, 1000])
def test_without_scarcity_nobody_waits(patience: int) -> None:
    result = run(f"programs.light.wait_expires={patience}", n=300)
    assert count(result, "enrolled") == 300
    assert count(result, "expired") == 0
