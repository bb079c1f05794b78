"""A month of service: visits, referrals by visitors, and who leaves.

Months count from the first simulated one, ages from the family's entry.
"""

from __future__ import annotations

import numpy as np

from hvsim.chances import logistic
from hvsim.compiled import inner
from hvsim.randomness import uniform
from hvsim.simulation import tally as counts
from hvsim.simulation.chances import linear
from hvsim.simulation.prefetch import AHEAD, ask_for_care
from hvsim.simulation.rules import leaving_probability
from hvsim.simulation.state import ENDED, NEVER, State
from hvsim.simulation.tables import IntArray, Offers, Services
from hvsim.simulation.tally import Tally, count_program


@inner
def _refer(
    i: int, p: int, t: int, before: int, seed: np.uint64, state: State, offers: Offers
) -> None:
    """Let program doors meet a family whose visits in program p reach their number this month.

    `before` counts the visits made before this month.
    """
    policy, person = offers.policy[t], state.people[i]
    made = state.services[i, p]["completed"]
    for d in range(offers.refers_program.shape[1]):
        if (
            offers.refers_program[policy, d] != p
            or not before < offers.refers_visits[policy, d] <= made
            or state.handled[i, d] < NEVER
        ):
            continue
        row = policy * offers.refers_program.shape[1] + d
        share = logistic(offers.refers[d, t] + linear(i, row, offers.refers_by, state))
        if uniform(seed, person["id"], offers.door_draw[d], 0) < share:
            state.handled[i, d] = t + 1
            person["called"] = True


@inner
def _leaves(
    i: int, p: int, k: int, t: int, seed: np.uint64, state: State, services: Services
) -> int:
    """Transition by which a family leaves service at the end of month t, -1 if it stays."""
    program, path, person = services.programs[p], state.paths[i, k], state.people[i]
    months, entered = t - path["begin"], t - person["entry"]
    age = months if program["from_enrollment"] else entered
    if age + 1 >= program["last_age"]:
        return counts.COMPLETED
    if path["held"] > 0 and (path["held"] >= program["hold_months"] or services.stops[p, t]):
        unstaffed = path["unstaffed"]
        return counts.WITHDRAWN_NO_VISITOR if unstaffed else counts.WITHDRAWN_NO_MONEY
    door = path["door"]
    closure = services.closure_of[door]
    if (
        closure >= 0
        and state.hazards[i, closure]["ended"] == entered - 1
        and uniform(seed, person["id"], services.closes_draw[door], entered)
        < services.closure_leaves[door]
    ):
        return counts.DROPPED_OUT
    hazard = services.leaves[p, months] * path["leaving_factor"] * services.leaving_ratio[door]
    if t - int(path["visitor_left"]) < program["left_months"]:
        hazard *= program["left_ratio"]
    if path["mismatched"]:
        hazard *= program["mismatch_leaving"]
    u = uniform(seed, person["id"], program["leaves_draw"], entered)
    return counts.DROPPED_OUT if u < leaving_probability(hazard) else -1


@inner
def visit(
    roster: IntArray,
    p: int,
    k: int,
    t: int,
    seed: np.uint64,
    tally: Tally,
    state: State,
    offers: Offers,
    services: Services,
) -> None:
    """A month of service: visits, referrals, and who leaves at its end."""
    program = services.programs[p]
    for j in range(roster.shape[0]):
        i = roster[j]
        ask_for_care(roster, j + AHEAD, state)
        path, person, service = state.paths[i, k], state.people[i], state.services[i, p]
        if not path["begin"] <= t < path["finish"]:
            continue
        groups, door = state.groups[i], path["door"]
        person["touched"] = True
        origin = path["begin"] if program["from_enrollment"] else person["entry"]
        due = services.visits_due[p, t - origin]
        done = 0
        if path["held"] == 0 and due > 0:
            logit = path["visit_logit"]
            if path["mismatched"]:
                logit += program["mismatch_visits"]
            chance = logistic(logit)
            for v in range(due):
                u = uniform(seed, person["id"], program["visit_draw"], service["scheduled"] + v)
                done += u < chance
        service["scheduled"] += due
        service["completed"] += done
        service["finish"] = path["finish"]
        if due > 0:
            count_program(tally, i, groups, door, p, counts.VISITS_SCHEDULED, t, due)
        if done > 0:
            count_program(tally, i, groups, door, p, counts.VISITS_COMPLETED, t, done)
            _refer(i, p, t, service["completed"] - done, seed, state, offers)
        if path["state"] == ENDED:
            continue
        transition = _leaves(i, p, k, t, seed, state, services)
        if transition < 0:
            continue
        path["state"] = ENDED
        path["finish"] = t + 1
        service["finish"] = t + 1
        count_program(tally, i, groups, door, p, transition, t, 1)
