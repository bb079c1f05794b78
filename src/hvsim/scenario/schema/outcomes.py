"""What can happen to families, and how agencies come to know."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hvsim.scenario.quantities import Quantity
from hvsim.scenario.schema.defaults import NO_SPREAD
from hvsim.scenario.values import (
    ByStage,
    Coefficients,
    Dated,
    Name,
    Named,
    PositiveRatio,
    Proportion,
    Ratio,
    Record,
    ShareByAge,
    SpreadSd,
    Whole,
)


class Begins(Record):
    """Where the spells of a state come from: a stage of a chain."""

    chain: Name = Field(description="A chain.")
    stage: Name = Field(description="One of its stages, or 'reported'.")


class Amount(Record):
    """What one event brings in a number of its own, such as nights of a hospital stay."""

    name: Name = Field(description="Name of the measure.")
    label: str = Field(description="Name in reports.")
    unit: str = Field(description="What is counted, in the plural.")
    mean: PositiveRatio = Field(
        description="Mean per event, at least 1; the number is geometric from 1."
    )


class Outcome(Record):
    """One outcome: recurrent events, a state with spells, a status at an age, or an ending."""

    label: str = Field(description="Name in reports.")
    unit: str = Field(description="What one event is called, in the plural.")
    group: str = Field(
        default="", description="Heading of reports under which it stands; by default its chain's."
    )
    kind: Literal["recurrent", "state", "status", "ending"] = Field(
        description="Events that recur; a state with onset and recovery; what is so or not at one "
        "age; or an event that ends what follows."
    )
    desirable: bool = Field(default=False, description="Whether more of it is better.")
    per_month: ByStage = Field(
        default=Quantity(((None, 0.0),), "by-stage", "per month"),
        description="Events (or onsets) per month by child age in months, for a family with "
        "multiplier one. Months before the first age given are not at risk.",
    )
    trend: Dated[Ratio] = Field(
        default=Quantity(((None, 1.0),), "ratio", "factor"),
        description="Factor on the intensity by calendar month.",
    )
    shared_frailty_sd: SpreadSd = Field(
        default=NO_SPREAD, description="Log sd of the family's shared frailty."
    )
    own_frailty_sd: SpreadSd = Field(
        default=NO_SPREAD, description="Log sd of the outcome's own frailty."
    )
    log_hazard_ratios: Coefficients = Field(
        default_factory=dict, description="By attribute level, relative to families without it."
    )
    exit_per_month: ByStage | None = Field(
        default=None, description="For a state: recoveries per month, by child age in months."
    )
    present_at_entry: Proportion | None = Field(
        default=None, description="For a state: share of families in it on entry."
    )
    begins_with: Begins | None = Field(
        default=None,
        description="For a state: the stage of a chain that begins its spells, instead of "
        "`per_month`.",
    )
    at_age: Whole | None = Field(
        default=None, description="For a status: child age in months at which it is counted."
    )
    dose_age: Whole | None = Field(
        default=None,
        description="For a status: child age in months whose dose of service counts, at most "
        "`at_age`; without it `at_age`.",
    )
    share: Proportion | None = Field(
        default=None, description="For a status: share of families, without service."
    )
    share_log_odds: Coefficients = Field(
        default_factory=dict,
        description="For a status: log odds, by level or trait ('frailty', 'willingness').",
    )
    realized: Name | None = Field(
        default=None,
        description="For a status: attribute level that says what was so for each family without "
        "further service.",
    )
    ends: Literal["life", "residence"] | None = Field(
        default=None,
        description="For an ending: the child's life, or residence in the place (service and "
        "contacts end, outcomes go on).",
    )
    amount: Amount | None = Field(
        default=None, description="For recurrent events: what each brings in number."
    )
    sibling_after: Whole | None = Field(
        default=None,
        description="For recurrent events, of which only the first counts: months until the birth "
        "of a sibling, who is followed as a family of the same mother.",
    )


class Stage(Record):
    """One later step of a chain: its probability given the step before."""

    label: str = Field(description="Name in reports.")
    unit: str = Field(description="What one event is called, in the plural.")
    follows: Name = Field(description="'reported' or an earlier stage of the same chain.")
    if_true: ShareByAge = Field(
        description="Probability when harm lies behind the report, also by child age in months."
    )
    if_false: ShareByAge = Field(
        description="Probability when no harm does, also by child age in months."
    )


class Chain(Record):
    """Detection of an outcome by an agency, and what follows a report."""

    label: str = Field(description="Name in reports.")
    group: str = Field(
        default="", description="Heading of reports under which it stands; by default its label."
    )
    true_events: Name = Field(description="Recurrent outcome whose events can be detected.")
    false_events: Name = Field(description="Recurrent outcome: reports without harm behind them.")
    detected: Proportion = Field(description="Probability that an episode is reported.")
    detection_spread: SpreadSd = Field(
        description="Log odds of detection per sd of the family's propensity to be detected."
    )
    detected_log_odds: Coefficients = Field(
        default_factory=dict, description="Log odds of detection, by attribute level."
    )
    after_first_report: Ratio = Field(
        description="Factor on the probability of detection (at most 1) and on the rate of false "
        "reports, from the month after the first report; with `structure.recurrence: harm`, on "
        "the rates of harm and of false reports."
    )
    stages: Named[Stage] = Field(description="What can follow a report, in order.")
