"""A scenario's numbers as arrays: what compiled code reads and never writes.

Axes: o outcomes, c chains, s stages, d doors, p programs, r providers, k tracks, q policies (0
before the first reported month, 1 from it on), t months from t0, m measures.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Risks(NamedTuple):
    """Outcomes and chains.

    Attributes
    ----------
    cumulative
        Intensity accumulated up to each age, with the trend of the cohort's calendar months, for a
        family with multiplier one. Shape (o, birth months, ages + 1).
    exits
        Exit intensity of states accumulated up to each age. Shape (o, ages + 1).
    is_state, is_alone
        Whether an outcome is a state; whether it recurs outside any chain. Shape (o,).
    at_entry
        Chance of being in the state on entry at multiplier one. Shape (o,).
    chain_true, chain_false
        Outcome behind true and false reports. Shape (c,).
    chain_logit, chain_spread, chain_after
        Log odds of detection, their spread, factor after the first report. Shape (c,).
    stage_start
        Stages of chain c are stage_start[c] to stage_start[c + 1] - 1. Shape (c + 1,).
    stage_after
        The stage before (-1: the report itself). Shape (s,).
    stage_true, stage_false
        Probability by origin. Shape (s,).
    event, onset, exit, entry, detected, stage
        Numbers of the purposes of draws.
    m_event, m_recovery, m_reported, m_unharmed, m_stage
        Positions of measures.
    """

    cumulative: FloatArray
    exits: FloatArray
    is_state: BoolArray
    is_alone: BoolArray
    at_entry: FloatArray
    chain_true: IntArray
    chain_false: IntArray
    chain_logit: FloatArray
    chain_spread: FloatArray
    chain_after: FloatArray
    stage_start: IntArray
    stage_after: IntArray
    stage_true: FloatArray
    stage_false: FloatArray
    event: IntArray
    onset: IntArray
    exit: IntArray
    entry: IntArray
    detected: IntArray
    stage: IntArray
    m_event: IntArray
    m_recovery: IntArray
    m_reported: IntArray
    m_unharmed: IntArray
    m_stage: IntArray


class Effects(NamedTuple):
    """What full service does. Shapes: (p, o) effects, (p, c) surveillance, (p,) dose and fading."""

    log_hazard_ratio: FloatArray
    log_exit_ratio: FloatArray
    log_detection_odds: FloatArray
    log_false_rate: FloatArray
    shape: FloatArray
    half_life: FloatArray
    fade_step: IntArray


class Coefficients(NamedTuple):
    """Log odds (or log hazards) on traits and levels.

    `traits` has shape (n, 2) (risk, willingness), `levels` (n, all levels), `center` (n,): the sum over
    levels of coefficient times margin. `variance` (n,) is that of the log odds over families.
    """

    traits: FloatArray
    levels: FloatArray
    center: FloatArray
    variance: FloatArray


class Offers(NamedTuple):
    """The way through the doors.

    Attributes
    ----------
    consents
        Log odds at the center. Shape (d, t).
    consents_by
        Their coefficients, rows q * doors + d.
    offers
        Shape (q, d, p).
    rule
        0 nobody, 1 everyone, 2 screened high, 3 screened low. Shape (q, p).
    eligible
        Shape (q, p, all levels); a level of an attribute that is not restricted is open.
    eligible_region
        Shape (q, p, regions).
    threshold
        Score above which a screen is high. Shape (t,).
    enroll_until
        Last age of enrollment. Shape (p,).
    track
        Shape (p,).
    gives_way
        Shape (p, k).
    accepts
        Log odds at the center. Shape (p,).
    accepts_by
        Their coefficients, one row a program.
    provider_program
        Shape (r,).
    provider_share
        Shape (q, r).
    provider_serves
        Shape (r, regions).
    policy
        0 or 1. Shape (t,).
    consents_draw, accepts_draw, provider_draw, queue_draw
        Numbers of the purposes of draws.
    """

    consents: FloatArray
    consents_by: Coefficients
    offers: BoolArray
    rule: IntArray
    eligible: BoolArray
    eligible_region: BoolArray
    threshold: FloatArray
    enroll_until: IntArray
    track: IntArray
    gives_way: BoolArray
    accepts: FloatArray
    accepts_by: Coefficients
    provider_program: IntArray
    provider_share: FloatArray
    provider_serves: BoolArray
    policy: IntArray
    consents_draw: IntArray
    accepts_draw: IntArray
    provider_draw: IntArray
    queue_draw: IntArray


class Service(NamedTuple):
    """Service in each program.

    Attributes
    ----------
    visits_due, load
        Visits scheduled and case weight by child age. Shape (p, ages), ages as in `Risks`.
    last_age
        Age at which the schedule ends. Shape (p,).
    visit_logit
        Shape (p,); `visit_by` its coefficients.
    leaves
        Hazard by months since enrollment. Shape (p, months); `leaves_by` its coefficients.
    left_ratio, left_months
        What the departure of a visitor does, and how long. Shape (p,).
    hold_months, wait_expires
        Shape (p,).
    gives_up
        Shape (p,).
    visit_draw, leaves_draw, gives_up_draw, visitor_draw, order_draw
        Numbers of the purposes of draws.
    """

    visits_due: IntArray
    load: IntArray
    last_age: IntArray
    visit_logit: FloatArray
    visit_by: Coefficients
    leaves: FloatArray
    leaves_by: Coefficients
    left_ratio: FloatArray
    left_months: IntArray
    hold_months: IntArray
    wait_expires: IntArray
    gives_up: FloatArray
    visit_draw: IntArray
    leaves_draw: IntArray
    gives_up_draw: IntArray
    visitor_draw: IntArray
    order_draw: IntArray
