"""Families of a place: where they live, what they are, what they share."""

from __future__ import annotations

from pydantic import Field

from hvsim.scenario.schema.records import Records
from hvsim.scenario.values import (
    Coefficients,
    Correlation,
    Count,
    Dated,
    FilePath,
    Name,
    Named,
    Pair,
    Proportion,
    Real,
    Record,
    SpreadSd,
)


class WarmStart(Record):
    """The system before the first reported month, so that no queue starts empty."""

    months: Count = Field(description="Months simulated before `start`.")
    under: FilePath | None = Field(
        default=None,
        description="Scenario whose doors, offers, providers and funding hold before `start`; "
        "without it the scenario's own.",
    )


class Region(Record):
    """An area of the place."""

    label: str = Field(default="", description="Name in reports.")
    share_of_births: Proportion = Field(description="Share of the place's births.")


class AttributeLevel(Record):
    """One level of a further attribute, and who is at it."""

    share: Proportion = Field(description="Share of births at this level.")
    log_odds: Coefficients = Field(
        default_factory=dict,
        description="Log odds of this level, by level of the attributes before it or trait "
        "'frailty' (the family's shared frailty).",
    )


class Attribute(Record):
    """A further attribute of families, beside those of birth records."""

    label: str = Field(description="Name in reports.")
    otherwise: Name = Field(description="Level of the families at none of `levels`.")
    levels: Named[AttributeLevel] = Field(description="Its other levels, drawn in order.")


class Population(Record):
    """The families: how many, where, and with which attributes."""

    births_per_year: Dated[Count] = Field(description="Births per year.")
    enters_before_birth: Count = Field(description="Months before birth at which a family enters.")
    associations: Name = Field(
        description="Packaged table of how attributes go together among real births."
    )
    regions: Named[Region] = Field(description="Areas; their shares sum to 1.")
    margins: Named[dict[Name, Proportion]] = Field(
        description="For each attribute the share of births at each level; shares sum to 1."
    )
    attributes: Named[Attribute] = Field(
        default_factory=dict, description="Further attributes, each drawn given those before it."
    )
    records: Records | None = Field(
        default=None, description="The user's own birth file, in place of drawn families."
    )


class Frailty(Record):
    """What families share beyond their recorded attributes."""

    willingness_with_frailty: Correlation = Field(
        description="Correlation of willingness to be served with the family's shared frailty."
    )


class Screening(Record):
    """The screen: a noisy score, cut at a threshold."""

    of: Name = Field(description="The outcome whose risk the screen is meant to find.")
    flagged: Dated[Proportion] = Field(
        description="Share of the reference population whose score lies above the threshold."
    )
    correlation_with_risk: Correlation = Field(
        description="Correlation of the score with the standardized log risk of that outcome."
    )
    correlation_with_detection: Correlation = Field(
        description="Correlation of the score with the family's propensity to be reported."
    )
    risk_mean: Real = Field(
        description="Mean of that outcome's log multiplier in the reference population."
    )
    risk_sd: SpreadSd = Field(
        description="Standard deviation of that log multiplier in the reference population."
    )
    risk_group_cuts: Pair = Field(
        description="Standardized risk at which the reporting groups 'medium' and 'high' begin."
    )
