"""A scenario's numbers as arrays: what compiled code reads and never writes.

Axes: o outcomes, c chains, s stages, d doors, p programs, r providers, k tracks, q policies (0
before the first reported month, 1 from it on), t months from the first simulated one. Fields named
``*_draw`` hold numbers of purposes of draws, fields named ``m_*`` positions of measures.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Records = npt.NDArray[np.void]
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# Columns of a table of coefficients; the levels' own follow.
TRAIT_COLUMNS = ("risk", "willingness", "frailty")
RISK, WILLINGNESS, FRAILTY, CENTER, FIRST_LEVEL = range(5)

# Kinds of outcome.
RECURRENT, STATE, STATUS, ENDING = range(4)

OUTCOME = np.dtype(
    [
        ("kind", np.int64),
        ("row", np.int64),  # among the outcomes with a rate, -1 for a status
        ("is_chained", np.bool_),  # its events are those of a chain
        ("after_report", np.float64),  # factor on its rate after a first report of its chain
        ("is_begun", np.bool_),  # a state whose spells a stage begins
        ("ends_life", np.bool_),
        ("at_entry", np.float64),  # chance of being in the state on entry at multiplier one
        ("amount_rate", np.float64),  # of the exponential whose whole part is the amount less one
        ("sibling_after", np.int64),  # months, -1 without
        ("logit", np.float64),  # of a status, at the center
        ("realized", np.int64),  # level at which the status was so, -1 without
        ("dose_age", np.int64),  # from entry, -1 without
        ("at_age", np.int64),
        ("event_draw", np.int64),
        ("amount_draw", np.int64),
        ("onset_draw", np.int64),
        ("exit_draw", np.int64),
        ("entry_draw", np.int64),
        ("status_draw", np.int64),
        ("m_event", np.int64),
        ("m_recovery", np.int64),
        ("m_amount", np.int64),  # -1 without
    ],
    align=True,
)

CHAIN = np.dtype(
    [
        ("true_events", np.int64),  # outcome
        ("false_events", np.int64),  # outcome
        ("logit", np.float64),  # of detection
        ("spread", np.float64),
        ("after", np.float64),  # factor after the first report
        ("raises_harm", np.bool_),  # on harm itself, not on its detection
        ("is_heard", np.bool_),  # whether doors or states follow from its reports
        ("first_stage", np.int64),
        ("end_stage", np.int64),
        ("first_listener", np.int64),
        ("end_listener", np.int64),
        ("first_begun", np.int64),
        ("end_begun", np.int64),
        ("detected_draw", np.int64),
        ("m_reported", np.int64),
        ("m_unharmed", np.int64),
    ],
    align=True,
)

STAGE = np.dtype(
    [
        ("follows", np.int64),  # stage, or -1: the report itself
        ("draw", np.int64),
        ("measure", np.int64),
    ],
    align=True,
)

LISTENER = np.dtype(
    [
        ("door", np.int64),
        ("stage", np.int64),  # or -1: the report itself
        ("draw", np.int64),
    ],
    align=True,
)

BEGUN = np.dtype(
    [
        ("outcome", np.int64),  # a state
        ("stage", np.int64),  # or -1: the report itself
    ],
    align=True,
)

PROGRAM = np.dtype(
    [
        ("track", np.int64),
        ("caseload", np.int64),
        ("enroll_from", np.int64),  # first age of enrollment, from entry
        ("enroll_until", np.int64),  # last age of enrollment, from entry
        ("returns_after", np.int64),  # months after service in the track, `NEVER` without
        ("from_enrollment", np.bool_),  # ages of the schedule count from enrollment, not entry
        ("last_age", np.int64),  # age at which the schedule ends
        ("accepts", np.float64),  # log odds at the center
        ("visits", np.float64),  # log odds at the center
        ("wait_expires", np.int64),
        ("gives_up", np.float64),
        ("hold_months", np.int64),
        ("left_ratio", np.float64),
        ("left_months", np.int64),
        ("mismatch_visits", np.float64),  # log odds ratio
        ("mismatch_leaving", np.float64),  # hazard ratio
        ("shape", np.float64),
        ("all_visits", np.int64),  # to which the visits made are related; 0: those scheduled so far
        ("half_life", np.float64),
        ("fade_step", np.int64),
        ("accepts_draw", np.int64),
        ("provider_draw", np.int64),
        ("queue_draw", np.int64),
        ("gives_up_draw", np.int64),
        ("visitor_draw", np.int64),
        ("order_draw", np.int64),
        ("visit_draw", np.int64),
        ("leaves_draw", np.int64),
    ],
    align=True,
)


class Clock(NamedTuple):
    """Months and ages of a run.

    Attributes
    ----------
    first
        First reported month.
    birth_age
        Age at birth: the months between entry and birth.
    last_birth
        Last month of births.
    """

    first: int
    birth_age: int
    last_birth: int


class Risks(NamedTuple):
    """Outcomes and chains. Coefficients are as in `Offers`.

    Attributes
    ----------
    outcomes, chains, stages
        Records. Shapes (o,), (c,), (s,).
    linked, free
        Outcomes an event of which changes what happens to others, and all others.
    linked_alone
        Of the linked ones those that are neither part of a chain nor endings.
    endings
        Outcomes that end life or residence, in order.
    cumulative
        Intensity accumulated up to each age, with the trend of the cohort's calendar months, for a
        family with multiplier one. Shape (months of entry, o, ages + 1).
    exits
        Exit intensity of states accumulated up to each age. Shape (o, ages + 1).
    if_true, if_false
        Probability of a stage by age, with and without harm. Shape (s, ages).
    detected_by
        Coefficients of detection. One row a chain.
    share_by
        Coefficients of statuses. One row an outcome.
    """

    outcomes: Records
    chains: Records
    stages: Records
    linked: IntArray
    linked_alone: IntArray
    free: IntArray
    endings: IntArray
    cumulative: FloatArray
    exits: FloatArray
    if_true: FloatArray
    if_false: FloatArray
    detected_by: FloatArray
    share_by: FloatArray


class Listening(NamedTuple):
    """What follows from the reports of chains, in the order of chains.

    Attributes
    ----------
    listeners
        Agency doors, each once by policy. Shape (listeners,).
    begun
        States that stages begin.
    refers
        Log odds at the center; minus infinity in months of another policy. Shape (listeners, t).
    refers_by
        Coefficients, as in `Offers`. One row a listener.
    """

    listeners: Records
    begun: Records
    refers: FloatArray
    refers_by: FloatArray


class Effects(NamedTuple):
    """What full service does, as logarithms.

    Attributes
    ----------
    hazard, exit
        On events, onsets or the odds of a status, and on exits. Shape (p, o).
    detection, false_rate
        On the odds of detection and the rate of false reports. Shape (p, c).
    false_events
        Outcome of each chain. Shape (c,).
    reach, first
        Outcomes on which each program has an effect: of program p those from `first[p]` up to
        `first[p + 1]`.
    any, rates, rows
        Outcomes on which services have any effect, in order: all of them, all but statuses, and the
        latter's rows among the outcomes with a rate.
    most, most_exit
        Largest factors (not logarithms) that services, and a first report still to come, can put on
        a rate, at least one. Shape (o,).
    sums
        Whether effects of several programs on an outcome add up; else the strongest counts.
        Shape (1,).
    programs
        Records. Shape (p,).
    """

    hazard: FloatArray
    exit: FloatArray
    detection: FloatArray
    false_rate: FloatArray
    false_events: IntArray
    reach: IntArray
    first: IntArray
    any: IntArray
    rates: IntArray
    rows: IntArray
    most: FloatArray
    most_exit: FloatArray
    sums: BoolArray
    programs: Records


class Offers(NamedTuple):
    """The way through the doors.

    Coefficients have one row a subject and the columns risk, willingness, frailty, center (the sum
    over levels of coefficient times margin), then one for each level.

    Attributes
    ----------
    consents
        Log odds at the center. Shape (d, t).
    consents_by
        Coefficients, rows q * doors + d.
    consents_draw
        Shape (d,).
    consents_anew
        Whether each contact has its own luck. Shape (q, d).
    acceptance
        Log odds added to acceptance by the door of the offer. Shape (d,).
    hub
        Hub that makes a door's offers, -1 without. Shape (q, d).
    reaches, reaches_by, reaches_draw, by_room
        Log odds that a hub reaches a family and their coefficients, one row a hub; whether it
        matches by room. Shape (h,).
    refers, refers_by
        Log odds at the center of being referred by visitors, shape (d, t), and coefficients, as for
        consents.
    refers_program, refers_visits
        Program whose visitors refer to a door, -1 without, and after how many visits. Shape (q, d).
    door_draw
        Shape (d,).
    offers
        Shape (q, d, p).
    rule
        0 nobody, 1 everyone, 2 screened high, 3 screened low. Shape (q, p).
    eligible
        Shape (q, p, levels); a level of an attribute that is not restricted is open.
    eligible_region
        Shape (q, p, regions).
    threshold
        Score above which a screen is high. Shape (t,).
    policy
        0 or 1. Shape (t,).
    provider_program
        Shape (r,).
    provider_share
        Shape (q, r).
    provider_serves
        Shape (r, regions).
    """

    consents: FloatArray
    consents_by: FloatArray
    consents_draw: IntArray
    consents_anew: BoolArray
    acceptance: FloatArray
    hub: IntArray
    reaches: FloatArray
    reaches_by: FloatArray
    reaches_draw: IntArray
    by_room: BoolArray
    refers: FloatArray
    refers_by: FloatArray
    refers_program: IntArray
    refers_visits: IntArray
    door_draw: IntArray
    offers: BoolArray
    rule: IntArray
    eligible: BoolArray
    eligible_region: BoolArray
    threshold: FloatArray
    policy: IntArray
    provider_program: IntArray
    provider_share: FloatArray
    provider_serves: BoolArray


class Services(NamedTuple):
    """Programs.

    Attributes
    ----------
    last_age
        Age from entry at which follow-up ends.
    programs
        Records. Shape (p,).
    gives_way
        Whether service ends on enrollment in a track. Shape (p, k).
    accepts_by, visits_by, leaves_by
        Coefficients, as in `Offers`. One row a program.
    visits_due, load
        Visits scheduled, and case weight of one simulated family, by age from entry or by months
        since enrollment. Shape (p, ages).
    leaves
        Hazard by months since enrollment. Shape (p, months).
    stops
        Whether families on hold are withdrawn at once. Shape (p, t).
    closure_of, closure_leaves, closes_draw
        State whose end closes the occasion of a referral, as its row among the outcomes with a
        rate, -1 without; share of families who then leave. Shape (d,).
    leaving_ratio
        Factor on the hazard of leaving by the door of the offer. Shape (d,).
    """

    last_age: int
    programs: Records
    gives_way: BoolArray
    accepts_by: FloatArray
    visits_by: FloatArray
    leaves_by: FloatArray
    visits_due: IntArray
    load: IntArray
    leaves: FloatArray
    stops: BoolArray
    closure_of: IntArray
    closure_leaves: FloatArray
    closes_draw: IntArray
    leaving_ratio: FloatArray


class Places(NamedTuple):
    """Whom the places of each group of streams are for; g groups, padded with closed ones.

    Attributes
    ----------
    levels
        Shape (q, g, levels).
    regions
        Shape (q, g, regions).
    everyone
        Whether all levels and regions are open. Shape (q, g).
    families
        That a simulated one stands for.
    """

    levels: BoolArray
    regions: BoolArray
    everyone: BoolArray
    families: int
