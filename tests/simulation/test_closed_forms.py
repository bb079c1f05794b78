"""The engine against theory.

Bounds are exact quantiles, or normal ones where sums are large: each statistic leaves them by
chance with probability `ALARM`, divided by the number of statistics where a test looks at several.
Seeds are fixed, so that what passes keeps passing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from agreement.agreeing import FastRun
from hvsim.population import Families
from hvsim.scenario import Scenario
from hvsim.simulation.ledger import PERSON_MONTHS
from hvsim.simulation.plan import make_plan
from hvsim.simulation.system import System
from reference.hamlet import families, today

ALARM = 1e-4
Matrix = npt.NDArray[np.float64]

CERTAIN = (
    "warm_start.months=0",
    "doors.clinic=null",
    "doors.hospital.share_of_births=1",
    "doors.hospital.share_log_odds={}",
    "doors.hospital.consents=1",
    "doors.hospital.offers=[light]",
    "programs.nurses=null",
    "programs.parents=null",
    "providers.nurse-team=null",
    "providers.hill-parents=null",
    "providers.both-parents=null",
    "funding.grant=null",
    "funding.county={from: 1990-01, to: 2150-01, per_year: 200 M USD, pays_for: [light]}",
    "programs.light.gives_way_to=[]",
    "programs.light.accepts=1",
    "programs.light.visits_completed=1",
    "programs.light.leaves_per_month=0",
    "programs.light.fade_half_life=null",
    "programs.light.staff.turnover_per_year=0",
    "programs.light.levels=[{from_age: 0, until_age: 9, visits: 9, load: 1}]",
)
"""Every birth is met, screened and offered light visits; all accept, find a place and stay."""

NO_FRAILTY = tuple(
    f"outcomes.{name}.{field}"
    for name in today().outcomes
    for field in ("shared_frailty_sd=0", "own_frailty_sd=0", "log_hazard_ratios={}")
)


def within(count: float, law: object, looks: int = 1) -> bool:
    """Whether a count lies between the quantiles of its law."""
    low, high = law.ppf([ALARM / looks / 2, 1 - ALARM / looks / 2])  # type: ignore[attr-defined]
    return bool(low <= count <= high)


def normal_bound(looks: int = 1) -> float:
    return NormalDist().inv_cdf(1 - ALARM / looks / 2)


def newborns(scenario: Scenario, n: int, seed: int = 1) -> Families:
    """Families all born in the first month."""
    return families([scenario.start] * n, seed)


def run(*overrides: str, n: int = 5000, seed: int = 3) -> FastRun:
    scenario = today(*CERTAIN, *overrides)
    return FastRun(scenario, newborns(scenario, n), seed)


@lru_cache(maxsize=1)
def tallied(result: FastRun) -> Counter[tuple[str, int]]:
    return Counter((label.split("/")[0], month) for _, month, label in result.trace)


def count(result: FastRun, label: str, months: Iterable[int] | None = None) -> int:
    """Events of a kind, in all months or some."""
    if months is None:
        return sum(n for (what, _), n in tallied(result).items() if what == label)
    return sum(tallied(result)[label, month] for month in months)


# --- outcomes ------------------------------------------------------------------------------------


def test_constant_hazards_give_poisson_counts_before_and_under_full_service() -> None:
    n, rate, ratio, half_dose_ratio = 5000, 0.04, 0.6, math.sqrt(0.6)
    result = run(
        *NO_FRAILTY,
        f"outcomes.injury.per_month={rate}",
        # Found at a mean dose of one half: the full dose does twice as much.
        f"programs.light.effects.injury.hazard_ratio={half_dose_ratio}",
        "programs.light.effects.injury.mean_dose=50%",
        n=n,
    )
    born, ends = today().start, today().start + 30
    # Enrolled in the month of birth, visited from the next on: at full dose from the first visit.
    alone, served = range(born - 4, born + 1), range(born + 1, ends)
    assert within(count(result, "injury", alone), stats.poisson(n * rate * 5), 2)
    assert within(count(result, "injury", served), stats.poisson(n * rate * 29 * ratio), 2)


def test_first_events_come_through_both_frailties_as_quadrature_says() -> None:
    n, rate, shared, own = 20_000, 0.02, 0.9, 0.5
    result = run(
        f"outcomes.injury.per_month={rate}",
        f"outcomes.injury.shared_frailty_sd={shared}",
        f"outcomes.injury.own_frailty_sd={own}",
        "programs.light.offer_to=nobody",
        n=n,
    )
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    sd = math.hypot(shared, own)
    intensity = np.exp(sd * nodes - sd**2 / 2) * rate * 34
    free = float((weights * np.exp(-intensity)).sum() / weights.sum())
    hit = len({family for family, _, label in result.trace if label == "injury"})
    assert within(hit, stats.binom(n, 1 - free))
    assert not within(hit, stats.binom(n, 1 - math.exp(-rate * 34)))  # frailty matters


def test_a_state_in_balance_stays_there() -> None:
    n, onset, recovery = 20_000, 0.1, 0.25
    on, off = 1 - math.exp(-onset), 1 - math.exp(-recovery)
    share = on / (on + off)
    result = run(
        *NO_FRAILTY,
        "warm_start.months=4",
        f"outcomes.depression.per_month={onset}",
        f"outcomes.depression.exit_per_month={recovery}",
        f"outcomes.depression.present_at_entry={share}",
        "programs.light.offer_to=nobody",
        n=n,
    )
    ledger = result.ledger
    now = ledger.outcomes[ledger.measures.index("depression"), PERSON_MONTHS, :, 0]
    for present in now[:30].tolist():  # reported from birth on
        assert within(present, stats.binom(n, share), 30)
    # Of those in the state a share `off` recovers each month, of the others a share `on` falls ill.
    for t in range(30):
        ill, month = int(now[t]), ledger.first_month + t
        assert within(count(result, "depression-recovery", [month]), stats.binom(ill, off), 60)
        assert within(count(result, "depression", [month]), stats.binom(n - ill, on), 60)


def test_detection_and_stages_thin_the_events() -> None:
    result = run(
        *NO_FRAILTY,
        "programs.light.offer_to=nobody",
        "chains.cps.detection_spread=0",
        "chains.cps.after_first_report=1",
        n=5000,
    )
    harm, reported, unharmed = (
        count(result, label) for label in ("harm", "reported", "reported-without-harm")
    )
    assert unharmed == count(result, "false-reports")
    found = reported - unharmed
    assert within(found, stats.binom(harm, 0.4), 2)
    expected = found * 0.8 + unharmed * 0.6
    variance = found * 0.8 * 0.2 + unharmed * 0.6 * 0.4
    off = count(result, "investigated") - expected
    assert abs(off) <= normal_bound(2) * math.sqrt(variance)


# --- service -------------------------------------------------------------------------------------


def test_retention_is_the_product_of_monthly_stays() -> None:
    n, hazard = 10_000, [0.06] * 3 + [0.15] * 4
    result = run("programs.light.leaves_per_month={0: 0.06, 3: 0.15}", n=n)
    begins, left = today().start + 1, n
    for stay, h in enumerate(hazard):
        leavers = count(result, "dropped-out", [begins + stay])
        assert within(leavers, stats.binom(left, 1 - math.exp(-h)), len(hazard) + 1)
        left -= leavers
    kept = math.exp(-sum(hazard))
    assert within(left, stats.binom(n, kept), len(hazard) + 1)
    assert left == count(result, "completed")  # the last month ends with the schedule


def test_a_family_whose_visitor_left_leaves_likelier() -> None:
    """Turnover of one: every visitor leaves after a month, and so every family is at risk."""
    n, h = 10_000, 0.05
    result = run(
        f"programs.light.leaves_per_month={h}",
        "programs.light.visitor_left_hazard_ratio=3",
        "programs.light.visitor_left_months=1",
        "programs.light.hold_months=100",
        "programs.light.staff.turnover_per_year=1",
        "programs.light.staff.hiring_months=0",
        n=n,
    )
    begins = today().start + 1
    leavers = count(result, "dropped-out", [begins])
    assert within(leavers, stats.binom(n, 1 - math.exp(-3 * h)))


def test_visits_completed_are_binomial_by_family() -> None:
    n, p, due = 10_000, 0.7, 8  # of nine visits, the one in the month of birth is missed
    result = run(f"programs.light.visits_completed={p}", n=n)
    assert count(result, "visits-scheduled") == due * n
    visits = Counter(who for who, _, label in result.trace if label.startswith("visits-completed"))
    done = Counter(visits[family] for family in result.ledger.families.id.tolist())
    expected = stats.binom(due, p).pmf(np.arange(due + 1)) * n
    observed = np.array([done[k] for k in range(due + 1)], float)
    # The rarest counts go together, so that each class expects at least five.
    few = int((expected.cumsum() < 5).sum()) + 1
    classes = [np.r_[x[:few].sum(), x[few:]] for x in (observed, expected)]
    assert stats.chisquare(*classes).pvalue > ALARM


def test_visitors_stay_exponential_times() -> None:
    n, turnover = 2000, 0.4
    scenario = today(
        *CERTAIN,
        f"funding.county.per_year={n * 100_000} USD",
        f"programs.light.staff.turnover_per_year={turnover}",
        "programs.light.staff.hiring_months=1000",
        "end=2026-12",
    )
    result = FastRun(scenario, newborns(scenario, 1), 5)
    there = [result.capacity["hill-light", scenario.start + k][0] for k in range(36)]
    assert there[0] == n
    stays = (1 - turnover) ** (1 / 12)
    for before, after in pairwise(there):
        assert within(before - after, stats.binom(before, 1 - stays), 36)
    assert within(there[12], stats.binom(n, 1 - turnover), 36)


def test_waiting_families_give_up_month_by_month_until_they_expire() -> None:
    n, p = 10_000, 0.2
    result = run(
        "funding.county.per_year=1 USD",  # nobody is hired
        f"programs.light.gives_up_per_month={p}",
        "programs.light.wait_expires=5",
        "programs.light.enroll_until_age=8",
        n=n,
    )
    born, left = today().start, n
    for waited in range(1, 5):
        gone = count(result, "gave-up", [born + waited])
        assert within(gone, stats.binom(left, p), 4)
        left -= gone
    assert count(result, "expired", [born + 5]) == left
    assert count(result, "gave-up", [born]) == 0


# --- screening -----------------------------------------------------------------------------------


def test_the_score_is_as_sharp_and_as_often_high_as_stated() -> None:
    n, flagged, with_risk, with_detection = 20_000, 0.3, 0.6, 0.2
    scenario = today(
        *CERTAIN,
        "outcomes.harm.log_hazard_ratios={}",
        # The multiplier's log has mean -(0.8^2 + 0.4^2)/2 and variance 0.8^2 + 0.4^2.
        "screening.risk_mean=-0.4",
        f"screening.risk_sd={math.sqrt(0.8)}",
    )
    system = System(make_plan(scenario, 1.0), newborns(scenario, n), seed=11)
    while system.t <= 4:
        system.step()
    people = system.state.people
    assert people["screened"].all()
    assert within(int(people["flagged"].sum()), stats.binom(n, flagged), 3)
    for trait, r in (("risk", with_risk), ("detection", with_detection)):
        found = np.corrcoef(people["score"], people[trait])[0, 1]
        # Fisher's transformation: normal, with variance 1/(n - 3).
        assert abs(math.atanh(found) - math.atanh(r)) <= normal_bound(3) / math.sqrt(n - 3)
    system.close()


def test_log_odds_move_families_but_not_the_average() -> None:
    """The approximation is good to a percentage point (model.md, section 4)."""
    n, share = 40_000, 0.2
    by_risk = (
        "outcomes.harm.log_hazard_ratios={}",
        "screening.risk_mean=-0.4",
        f"screening.risk_sd={math.sqrt(0.8)}",
        f"programs.light.accepts={share}",
    )
    result = run(*by_risk, "programs.light.accepts_log_odds={risk: 1.2}", n=n)
    accepted = count(result, "waitlisted")
    sampling = normal_bound() * math.sqrt(share * (1 - share) / n)
    assert abs(accepted / n - share) <= 0.01 + sampling


# --- queues --------------------------------------------------------------------------------------

PLACES, BORN, MONTHS, LEAVES = 6, 20, 600, 0.2
"""Places; births per month, and for how many months; chance to leave in a month."""
BUSY, CALM = 0.08, 0.035
"""Chance to ask for a place: more and less than places can take, `6 / (1 / LEAVES + 1)` a month."""


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
    return np.array([(served, waiting) for *_, served, _, waiting in cells])


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
