"""The engine against theory.

Bounds are exact quantiles, or normal ones where sums are large: each statistic leaves them by
chance with probability `ALARM`, divided by the number of statistics where a test looks at several.
Seeds are fixed, so that what passes keeps passing.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from agreement.agreeing import FastRun
from hvsim.months import format_month
from hvsim.simulation.ledger import PERSON_MONTHS
from hvsim.simulation.plan import make_plan
from hvsim.simulation.system import System
from reference.hamlet import today
from simulation.laws import (
    ALARM,
    CERTAIN,
    NO_FRAILTY,
    count,
    newborns,
    normal_bound,
    run,
    within,
)

# --- the screen ----------------------------------------------------------------------------------


@pytest.mark.parametrize("with_risk", [0.0, 0.6])
def test_false_positives_are_those_of_two_normal_scores(with_risk: float) -> None:
    n, flagged, shared, own = 20_000, 0.3, 0.8, 0.4
    spread = math.hypot(shared, own)
    result = run(
        "outcomes.harm.log_hazard_ratios={}",
        f"outcomes.harm.shared_frailty_sd={shared}",
        f"outcomes.harm.own_frailty_sd={own}",
        f"screening.risk_mean={-(spread**2) / 2}",
        f"screening.risk_sd={spread}",
        f"screening.flagged={flagged}",
        f"screening.correlation_with_risk={with_risk}",
        n=n,
    )
    threshold = stats.norm.isf(flagged)
    both = stats.multivariate_normal([0, 0], [[1, with_risk], [with_risk, 1]])
    without_need = stats.norm.cdf(threshold) - both.cdf([threshold, threshold])
    assert within(count(result, "flagged"), stats.binom(n, flagged), 2)
    assert within(count(result, "false-positive"), stats.binom(n, without_need), 2)


def test_a_screen_without_error_has_no_false_positives() -> None:
    result = run("screening.correlation_with_risk=1", "screening.correlation_with_detection=0")
    assert count(result, "flagged") > 0
    assert count(result, "false-positive") == 0


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


# Light visits and visits by parents to everybody: two tracks with the same schedule.
TWO_PROGRAMS = (
    *(each for each in CERTAIN if "parents=null" not in each or "hill-" in each),
    "doors.hospital.offers=[light, parents]",
    "funding.county={from: 1990-01, to: 2150-01, per_year: 800 M USD, pays_for: [light, parents]}",
    "programs.parents.accepts=1",
    "programs.parents.accepts_log_odds={}",
    "programs.parents.visits_completed=1",
    "programs.parents.leaves_per_month=0",
    "programs.parents.levels=[{from_age: 0, until_age: 9, visits: 9, load: 1}]",
    "programs.parents.staff.turnover_per_year=0",
    "providers.both-parents.share=1",
)


@pytest.mark.parametrize(("rule", "factor"), [("strongest", 0.4), ("sum", 0.4 * 0.8)])
def test_of_several_programs_the_strongest_acts_or_all_together(rule: str, factor: float) -> None:
    n, rate = 5000, 0.05
    scenario = today(
        *TWO_PROGRAMS,
        *NO_FRAILTY,
        f"structure.several_programs={rule}",
        f"outcomes.injury.per_month={rate}",
        "programs.light.effects.injury={hazard_ratio: 0.8, mean_dose: 1}",
        "programs.parents.effects.injury={hazard_ratio: 0.4, mean_dose: 1}",
    )
    result = FastRun(scenario, newborns(scenario, n), 3)
    born = today().start
    assert count(result, "enrolled", [born]) == 2 * n
    served = count(result, "injury", range(born + 1, born + 9))
    assert within(served, stats.poisson(n * rate * 8 * factor))


def test_visitors_report_what_they_see_and_nothing_of_families_on_hold() -> None:
    """Nobody but a visitor sees harm here, and the money ends after three months of visits."""
    result = run(
        *NO_FRAILTY,
        "outcomes.harm.per_month=0.2",
        "outcomes.false-reports.per_month=0",
        "chains.cps.detected=1e-12",
        "chains.cps.detection_spread=0",
        "programs.light.surveillance.cps={detection_odds_ratio: 1e24, false_report_rate_ratio: 1}",
        f"funding.county.to={format_month(today().start + 3)}",
        "programs.light.hold_months=100",
        n=1000,
    )
    born = today().start
    seen, on_hold = range(born + 1, born + 4), range(born + 4, born + 9)
    assert count(result, "reported", seen) == count(result, "harm", seen) > 0
    assert result.capacity["hill-light", born + 4][4] == 1000
    assert count(result, "harm", on_hold) > 0
    assert count(result, "reported", on_hold) == 0


# --- doors --------------------------------------------------------------------------------------


def test_each_birth_door_meets_its_share_of_all_births() -> None:
    n, shares = 10_000, {"hospital": 0.3, "ward": 0.4, "home": 0.2}
    result = run(
        *(
            f"doors.{name}={{label: {name}, kind: birth, share_of_births: {share}, consents: 1, "
            "offers: [light]}"
            for name, share in shares.items()
        ),
        n=n,
    )
    met = [(who, label) for who, _, label in result.trace if label.startswith("contacted/")]
    assert len({who for who, _ in met}) == len(met)
    by_door = Counter(label for _, label in met)
    for name, share in shares.items():
        assert within(by_door[f"contacted/{name}"], stats.binom(n, share), len(shares))


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


def test_families_of_a_visitor_who_left_are_divided_among_the_others() -> None:
    n = 400
    scenario = today(
        *CERTAIN,
        f"funding.county.per_year={n // 20 * 100_000} USD",
        "programs.light.staff.turnover_per_year=0.4",
    )
    plan = make_plan(scenario, 1.0)
    system = System(plan, newborns(scenario, n), seed=5)
    before, reassigned = np.full(n, -1), []
    for _ in range(9):
        system.step()
        now = system.state.paths["visitor"][:, plan.tracks.index("light")].copy()
        changed = (before >= 0) & (now >= 0) & (now != before)
        reassigned += [now[changed & (before == gone)] for gone in np.unique(before[changed])]
        before = now
    system.close()
    # Each draws anew: that a dozen families of one visitor meet again is all but impossible.
    groups = [visitors for visitors in reassigned if len(visitors) >= 12]
    assert groups
    assert all(len(np.unique(visitors)) > 1 for visitors in groups)


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
