"""The kinds of outcome against theory: states begun, statuses, endings, amounts, siblings.

Bounds as in ``test_closed_forms``.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from scipy import stats

from agreement.agreeing import FastRun
from hvsim.population.siblings import siblings_of
from hvsim.simulation.ledger import CHILDREN, EVENTS, PERSON_MONTHS, WITHDRAWN
from hvsim.simulation.plan import make_plan
from hvsim.simulation.rules import dose
from hvsim.simulation.system import System
from reference.hamlet import today
from simulation.laws import CERTAIN, NO_FRAILTY, count, newborns, normal_bound, within
from simulation.laws import run as run_it
from simulation.running import by_family

NO_OFFERS = "programs.light.offer_to=nobody"
LIFE, CARE = 34, 4  # months lived, of which before birth


def run(*overrides: str, n: int = 5000) -> FastRun:
    """A run whose first month is that of the newborns' entry."""
    return run_it(f"warm_start.months={CARE}", *overrides, n=n)


def outcome(name: str, **fields: object) -> str:
    """Override that adds an outcome."""
    return f"outcomes.{name}={json.dumps({'label': name, 'unit': name, **fields})}"


def months_of(result: FastRun, label: str) -> dict[int, list[int]]:
    """Months of a kind of event, by family."""
    months = defaultdict(list)
    for family, month, what in result.trace:
        if what == label:
            months[family].append(month)
    return months


# --- status --------------------------------------------------------------------------------------

READY = {"kind": "status", "share": 0.6, "at_age": 20, "dose_age": 5, "desirable": True}
HELPED = "programs.light.effects.ready={odds_ratio: 1.5, mean_dose: 50%}"
AT_FULL_DOSE = 1 / (1 + math.exp(-(math.log(0.6 / 0.4) + 2 * math.log(1.5))))


def test_a_status_is_as_frequent_as_stated_and_under_service_as_the_odds_ratio_says() -> None:
    n = 5000
    for overrides, share in (((NO_OFFERS,), 0.6), ((HELPED,), AT_FULL_DOSE)):
        result = run(outcome("ready", **READY), *overrides, n=n)
        assert within(count(result, "ready"), stats.binom(n, share), 2)
        assert count(result, "ready", [today().start + 20]) == count(result, "ready")


def test_only_the_dose_at_its_age_moves_a_status() -> None:
    before_birth = outcome("ready", **READY | {"dose_age": -1})
    assert run(before_birth, HELPED, n=200).trace == run(before_birth, n=200).trace


def test_a_realized_status_is_what_it_was_and_moves_only_with_service() -> None:
    n = 5000
    margin = "population.margins.birth-weight={normal-birth-weight: 40%, low-birth-weight: 60%}"
    ready = outcome("ready", **READY, realized="low-birth-weight")
    at_level = newborns(today(), n).has("low-birth-weight")
    ids = newborns(today(), n).id
    was = set(ids[at_level].tolist())
    assert set(months_of(run(margin, ready, NO_OFFERS, n=n), "ready")) == was
    helped = set(months_of(run(margin, ready, HELPED, n=n), "ready"))
    assert helped >= was  # services make nobody unready
    others = n - len(was)
    gained = (AT_FULL_DOSE - 0.6) / 0.4
    assert within(len(helped - was), stats.binom(others, gained), 2)
    harmed = run(
        margin, ready, "programs.light.effects.ready={odds_ratio: 0.8, mean_dose: 50%}", n=n
    )
    still = set(months_of(harmed, "ready"))
    q = 1 / (1 + math.exp(-(math.log(0.6 / 0.4) + 2 * math.log(0.8))))
    assert still <= was
    assert within(len(still), stats.binom(len(was), q / 0.6), 2)


# --- endings -------------------------------------------------------------------------------------

DEATH = {"kind": "ending", "ends": "life"}
MOVE = {"kind": "ending", "ends": "residence"}


def test_endings_compete_month_by_month_in_their_order() -> None:
    n, dies, moves = 10_000, 0.02, 0.03
    result = run(
        outcome("death", **DEATH, per_month=dies),
        outcome("move", **MOVE, per_month=moves),
        NO_OFFERS,
        n=n,
    )
    died, moved = months_of(result, "death"), months_of(result, "move")
    assert {len(months) for months in (*died.values(), *moved.values())} == {1}
    enters = today().start - CARE
    resident, away = n, 0
    for month in range(enters, enters + LIFE):
        dead = {family for family, (when,) in died.items() if when == month}
        gone = {family for family, (when,) in moved.items() if when == month}
        from_away = sum(family in moved for family in dead)  # moved in an earlier month
        here = len(dead) - from_away
        assert within(here, stats.binom(resident, 1 - math.exp(-dies)), 3 * LIFE)
        assert within(from_away, stats.binom(away, 1 - math.exp(-dies)), 3 * LIFE)
        assert within(len(gone), stats.binom(resident - here, 1 - math.exp(-moves)), 3 * LIFE)
        resident -= here + len(gone)
        away += len(gone) - from_away


def test_nothing_happens_after_death_and_outcomes_go_on_after_a_move() -> None:
    n, rate = 3000, 0.05
    result = run(
        *NO_FRAILTY,
        outcome("death", **DEATH, per_month=0.02),
        outcome("move", **MOVE, per_month=0.03),
        f"outcomes.injury.per_month={rate}",
        "programs.light.effects.injury=null",
        n=n,
    )
    died, moved = months_of(result, "death"), months_of(result, "move")
    injured = months_of(result, "injury")
    for family, events in by_family(result.trace).items():
        if family in died:
            assert max(month for month, _ in events) == died[family][0]
        if family in moved:
            assert all("/" not in label for month, label in events if month > moved[family][0])
    ends = today().start - CARE + LIFE - 1
    away = {family: died.get(family, [ends])[0] - when for family, (when,) in moved.items()}
    later = sum(month > moved[family][0] for family in away for month in injured[family])
    assert within(later, stats.poisson(rate * sum(away.values())))


def test_service_and_waits_end_with_life_and_residence() -> None:
    result = run(
        outcome("death", **DEATH, per_month=0.02),
        outcome("move", **MOVE, per_month=0.03),
        "funding.county.per_year=3 M USD",
        n=1000,
    )
    ended: Counter[tuple[str, str]] = Counter()
    ways_out = {"completed", *WITHDRAWN, "dropped-out", "gave-up", "expired", "aged-out"}
    for events in by_family(result.trace).values():
        stood = ""
        for month in sorted({month for month, _ in events}):
            labels = {label.split("/")[0] for when, label in events if when == month}
            if stood in ("waitlisted", "enrolled") or labels & {"waitlisted", "enrolled"}:
                for what, how in (("death", "deceased"), ("move", "moved")):
                    if what in labels and not labels & ways_out:
                        assert how in labels
                        ended[stood, how] += 1
            for label in ("waitlisted", "enrolled", "deceased", "moved", *sorted(ways_out)):
                stood = label if label in labels else stood
        assert sum(label.startswith(("deceased", "moved")) for _, label in events) <= 1
    ways = {(stood, how) for stood in ("waitlisted", "enrolled") for how in ("deceased", "moved")}
    assert ways <= set(ended)  # each was seen
    assert count(result, "deceased") + count(result, "moved") == sum(ended.values())


def test_no_state_is_in_force_after_death() -> None:
    n, dies = 5000, 0.05
    result = run(
        *NO_FRAILTY,
        outcome("death", **DEATH, per_month=dies),
        "outcomes.depression.present_at_entry=100%",
        "outcomes.depression.exit_per_month=0",
        NO_OFFERS,
        n=n,
    )
    ledger = result.ledger
    ill = ledger.outcomes[ledger.measures.index("depression"), PERSON_MONTHS, :, 0]
    gone = Counter(month for (month,) in months_of(result, "death").values())
    alive = n - sum(gone[today().start - k] for k in range(1, CARE + 1))
    for t in range(LIFE - CARE):
        assert ill[t] == alive
        alive -= gone[today().start + t]
    assert ill[LIFE - CARE :].sum() == 0


# --- chains, and what hears of them --------------------------------------------------------------


def test_a_state_begins_with_a_stage_and_lasts_as_its_exits_say() -> None:
    leaves = 0.2
    case = outcome(
        "case",
        kind="state",
        begins_with={"chain": "cps", "stage": "investigated"},
        exit_per_month=leaves,
    )
    result = run(case, NO_OFFERS, "outcomes.harm.per_month={0: 0.2}", n=3000)
    begun, closed = months_of(result, "case"), months_of(result, "case-recovery")
    last = today().start + LIFE - CARE - 1
    in_force = 0
    for family, stages in months_of(result, "investigated").items():
        onsets, until = [], -1
        ends = iter(closed[family])
        for month in sorted(set(stages)):
            if month > until:
                onsets.append(month)
                until = next(ends, last)
                in_force += until - month
        assert onsets == begun[family]
    ledger = result.ledger
    assert ledger.outcomes[ledger.measures.index("case"), PERSON_MONTHS, :, 0].sum() == in_force
    exits = count(result, "case-recovery")
    assert within(exits, stats.binom(in_force, 1 - math.exp(-leaves)))


AGENCY = {"label": "Agency", "kind": "agency", "chain": "cps", "consents": 1, "offers": ["light"]}


def test_an_agency_refers_a_share_of_those_it_hears_of_in_the_next_month() -> None:
    refers = 0.3
    result = run(
        f"doors.agency={json.dumps({**AGENCY, 'after': 'investigated', 'refers': refers})}",
        "doors.hospital.offers=[]",
        "programs.light.enroll_until_age=20",
        "programs.light.levels=[{from_age: -4, until_age: 30, visits: 30, load: 1}]",
        n=3000,
    )
    last = today().start + LIFE - CARE - 1
    met = months_of(result, "contacted/agency")
    heard = months_of(result, "investigated")
    once = referred = 0
    for family, months in heard.items():
        in_month = Counter(months)
        assert {month - 1 for month in met[family]} <= set(months)
        single = [month for month, times in in_month.items() if times == 1 and month < last]
        once += len(single)
        referred += len(set(met[family]) & {month + 1 for month in single})
        assert last + 1 not in met[family]
    assert set(met) <= set(heard)
    assert within(referred, stats.binom(once, refers))
    enrolled = months_of(result, "enrolled/agency/light")
    assert enrolled
    assert all(min(met[family]) == months[0] for family, months in enrolled.items())


# --- amounts and siblings ------------------------------------------------------------------------


def test_amounts_have_their_mean_and_are_geometric() -> None:
    mean = 3.0
    amount = {"name": "nights", "label": "Nights", "unit": "nights", "mean": mean}
    result = run(f"outcomes.injury.amount={json.dumps(amount)}", NO_OFFERS, *NO_FRAILTY, n=5000)
    events, nights = count(result, "injury"), count(result, "nights")
    error = math.sqrt(events * mean * (mean - 1))
    assert abs(nights - events * mean) <= normal_bound(2) * error
    ledger = result.ledger
    m = ledger.measures.index("nights")
    reported = [month for _, month, what in result.trace if what == "nights"]
    since = sum(month >= ledger.first_month for month in reported)
    assert ledger.outcomes[m, EVENTS, :, 0].sum() == since
    injured = ledger.outcomes[ledger.measures.index("injury"), CHILDREN, :, 0]
    assert (ledger.outcomes[m, CHILDREN, :, 0] == injured).all()
    alone = Counter(
        times for (_, _, what), times in Counter(result.trace).items() if what == "nights"
    )
    single = Counter((family, month) for family, month, what in result.trace if what == "injury")
    one_event = [who for who, times in single.items() if times == 1]
    of_one = Counter(result.trace)
    ones = sum(of_one[family, month, "nights"] == 1 for family, month in one_event)
    assert within(ones, stats.binom(len(one_event), 1 / mean), 2)
    assert max(alone) > 5
    by_event = defaultdict(list)
    for family, month in one_event:
        by_event[family].append(of_one[family, month, "nights"])
    several = [amounts[:2] for amounts in by_event.values() if len(amounts) > 1]
    same = sum(one == other for one, other in several)
    assert within(same, stats.binom(len(several), 1 / (2 * mean - 1)))


def test_siblings_are_born_when_due_and_live_their_own_lives() -> None:
    n, after = 2000, 12
    again = outcome("again", kind="recurrent", per_month={0: 0.05}, sibling_after=after)
    scenario = today(
        *CERTAIN,
        f"warm_start.months={CARE}",
        again,
        outcome("move", **MOVE, per_month={0: 0.02}),
        f"end={today().start // 12 + 3:04d}-06",
        "outcomes.false-reports.per_month=0.1",
    )
    columns = newborns(scenario, n)
    system = System(make_plan(scenario, 1.0), columns, seed=3, trace_rows=2_000_000)
    for _ in range(system.plan.months):
        system.step()
    people, reported = system.state.people.copy(), system.state.reported.copy()
    births = int(sum(tally.births[0, 0, :, 0].sum() for tally in system.tallies))
    system.close()
    result = FastRun(scenario, columns, 3)
    anew, moved = months_of(result, "again"), months_of(result, "move")
    assert {len(months) for months in anew.values()} == {1}
    ids = people["id"].tolist()
    assert births == len(ids) == len(set(ids)) > n
    at = {family: row for row, family in enumerate(ids)}
    entry = dict(zip(ids, people["entry"].tolist(), strict=True))
    t0 = result.first_month
    reports = months_of(result, "reported")
    due = {
        family: month + after
        for family, (month,) in anew.items()
        if month + after <= scenario.end and moved.get(family, [month])[0] >= month
    }
    assert len(due) == len(ids) - n
    children: Counter[bool] = Counter()
    for family, born in due.items():
        if at[family] >= n:
            continue
        position = np.array([at[family]])
        (child,) = siblings_of(columns, position, [born], 3).id.tolist()
        assert t0 + entry[child] + CARE == born
        was = any(month <= born - after for month in reports[family])
        assert (reported[at[child], 0] == -1) == was
        children[was] += 1
    assert min(children[True], children[False]) > 10
    spans = by_family(result.trace)
    for family in ids[n:]:
        months = [month for month, _ in spans[family]]
        if months:
            assert t0 + entry[family] <= min(months)
            assert max(months) < t0 + entry[family] + LIFE
    assert within(
        sum(family in anew for family in ids[:n]),
        stats.binom(n, 1 - math.exp(-0.05 * (LIFE - CARE))),
    )


# --- doses ---------------------------------------------------------------------------------------


def test_more_visits_than_a_program_has_are_no_more_than_all() -> None:
    assert dose(12, 9, 1.0) == dose(12, 9, 0.5) == dose(9, 9, 0.5) == 1.0
    assert dose(3, 12, 0.5) == 0.5


@pytest.mark.parametrize("shape", [1, 0.5])
def test_dose_can_be_the_share_of_a_whole_program(shape: float) -> None:
    n, rate, ratio = 10_000, 0.1, 0.3
    result = run(
        *NO_FRAILTY,
        "structure.dose=share-of-program",
        f"programs.light.dose_shape={shape}",
        f"outcomes.injury.per_month={rate}",
        f"programs.light.effects.injury={{hazard_ratio: {ratio}, mean_dose: 1}}",
        n=n,
    )
    born = today().start
    # Of nine visits the first falls in the month of birth, before service; one in each after it.
    intensity = sum(rate * ratio ** ((visits / 9) ** shape) for visits in range(1, 9))
    served = count(result, "injury", range(born + 1, born + 9))
    assert within(served, stats.poisson(n * intensity))
    assert not within(served, stats.poisson(n * rate * ratio * 8))


def test_a_report_can_raise_harm_itself() -> None:
    """Each episode is reported: the first comes at the rate stated, later ones at thrice that."""
    n, rate = 5000, 0.03
    result = run(
        *NO_FRAILTY,
        "structure.recurrence=harm",
        "chains.cps.after_first_report=3",
        "chains.cps.detected=1",
        "chains.cps.detection_spread=0",
        "outcomes.false-reports.per_month=0",
        f"outcomes.harm.per_month={rate}",
        "outcomes.harm.trend=1",
        NO_OFFERS,
        n=n,
    )
    ends = today().start - CARE + LIFE - 1
    harm = months_of(result, "harm")
    first = {family: min(months) for family, months in harm.items()}
    assert within(len(first), stats.binom(n, 1 - math.exp(-rate * LIFE)), 2)
    after = sum(ends - month for month in first.values())
    again = sum(month > first[family] for family, months in harm.items() for month in months)
    assert within(again, stats.poisson(3 * rate * after), 2)
