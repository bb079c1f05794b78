"""What families are offered."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hvsim.scenario.schema.defaults import ONE
from hvsim.scenario.values import (
    ByStage,
    Coefficients,
    Count,
    Duration,
    Money,
    MoneyPerYear,
    Name,
    Named,
    Names,
    OfferRule,
    PositiveRatio,
    Proportion,
    Record,
    Whole,
)


class Level(Record):
    """A stretch of a program's schedule."""

    until_age: Whole = Field(description="Child age in months at which the level ends.")
    visits: Whole = Field(ge=0, description="Visits scheduled over the whole level.")
    from_age: Whole = Field(description="Child age in months at which the level begins.")
    load: Whole = Field(ge=1, description="Case weight, in units of the program's caseload.")


class Effect(Record):
    """A published effect and the dose at which it was found."""

    hazard_ratio: PositiveRatio | None = Field(
        default=None,
        description="Published hazard ratio, intention to treat; for a state, of onset.",
    )
    odds_ratio: PositiveRatio | None = Field(
        default=None, description="For a status, instead: published odds ratio."
    )
    mean_dose: Proportion = Field(
        description="Mean dose of the trial's families; the full-dose log hazard ratio is the "
        "published one divided by it."
    )
    exit_hazard_ratio: PositiveRatio | None = Field(
        default=None, description="For a state: of recovery."
    )


class Surveillance(Record):
    """What visitors add to detection while service lasts."""

    detection_odds_ratio: PositiveRatio = Field(description="On the odds that harm is reported.")
    false_report_rate_ratio: PositiveRatio = Field(description="On the rate of false reports.")


class Staff(Record):
    """Visitors of one program."""

    role: str = Field(description="Occupation of the visitors.")
    cost_per_visitor: MoneyPerYear = Field(
        description="Budget price of one filled position, everything included."
    )
    pay_per_year: MoneyPerYear | None = Field(
        default=None,
        description="Pay of one visitor, by which agencies compete; without it the cost of a "
        "position.",
    )
    cost_per_hire: Money = Field(description="Training and start-up of one new visitor.")
    hiring_months: Count = Field(description="From a vacancy to the new visitor's first day.")
    ramp_months: Count = Field(description="Months until a new visitor carries a full caseload.")
    turnover_per_year: Proportion = Field(description="Share of visitors who leave in a year.")
    training_every: Count = Field(
        default=ONE,
        description="Months between training cohorts, counted from January; a visitor begins to "
        "carry families with the next one.",
    )
    visitors_per_supervisor: Count | None = Field(
        default=None, description="Visitors for whom one supervisor is paid; none: no supervisors."
    )
    cost_per_supervisor: MoneyPerYear | None = Field(
        default=None, description="Budget price of one supervisor, everything included."
    )


class Mismatch(Record):
    """What follows when no visitor speaks a family's language."""

    visits_odds_ratio: PositiveRatio = Field(description="On the odds that a visit happens.")
    leaving_hazard_ratio: PositiveRatio = Field(description="On leaving service.")


class Program(Record):
    """One home visiting program."""

    label: str = Field(description="Name in reports.")
    track: Name = Field(description="A family is in at most one program of a track.")
    offer_to: OfferRule = Field(description="Whom doors offer it to.")
    eligible: dict[Name, Names] = Field(
        default_factory=dict,
        description="Attribute (or 'region') to the levels that may enter; others are open.",
    )
    enroll_until_age: Whole = Field(
        description="Child age in months after which no family enters this program."
    )
    enroll_from_age: Whole | None = Field(
        default=None, description="Child age in months before which no family enters."
    )
    returns_after: Count | None = Field(
        default=None,
        description="Months after the end of service in its track from which the program may be "
        "offered again; none: never.",
    )
    levels_from: Literal["birth", "enrollment"] = Field(
        default="birth",
        description="Whether the ages of `levels` count from birth or from enrollment.",
    )
    levels: tuple[Level, ...] = Field(
        min_length=1, description="Its schedule, one stretch of ages after another."
    )
    caseload: Whole = Field(ge=1, description="Case-weight units that one trained visitor carries.")
    priority: Literal["first-come", "highest-score"] = Field(
        description="Who among waiting families is served first."
    )
    accepts: Proportion = Field(description="Share offered who accept.")
    accepts_log_odds: Coefficients = Field(
        default_factory=dict, description="Log odds of accepting, by level or trait."
    )
    wait_expires: Count = Field(description="Months after which a waiting family is let go.")
    gives_up_per_month: Proportion = Field(description="Waiting families who give up in a month.")
    visits_completed: Proportion = Field(description="Share of scheduled visits that happen.")
    visits_completed_log_odds: Coefficients = Field(
        default_factory=dict, description="Log odds that a visit happens, by level or trait."
    )
    leaves_per_month: ByStage = Field(
        description="Hazard of leaving service per month, by months since enrollment."
    )
    leaves_log_hazard: Coefficients = Field(
        default_factory=dict, description="Log hazard ratios of leaving, by level or trait."
    )
    visitor_left_hazard_ratio: PositiveRatio = Field(
        description="On leaving, for a family whose visitor left."
    )
    visitor_left_months: Count = Field(description="Months that this lasts.")
    mismatch: Mismatch | None = Field(
        default=None, description="For families whose visitor does not speak their language."
    )
    hold_months: Count = Field(description="Months without a visitor before withdrawal.")
    gives_way_to: Names = Field(
        default=(), description="Tracks whose enrollment ends service in this program."
    )
    dose_shape: PositiveRatio = Field(description="Exponent of the share of visits received.")
    fade_half_life: Duration | None = Field(
        default=None, description="Half-life of the effect after exit; none: it does not fade."
    )
    fade_step: Count = Field(description="Months between steps of the fading effect.")
    staff: Staff = Field(description="Its visitors and what they cost.")
    effects: Named[Effect] = Field(default_factory=dict, description="By outcome.")
    surveillance: Named[Surveillance] = Field(default_factory=dict, description="By chain.")
