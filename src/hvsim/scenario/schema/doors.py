"""Where families and the system meet."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hvsim.scenario.schema.defaults import NO_CHANGE, NOBODY
from hvsim.scenario.values import (
    ByStage,
    Coefficients,
    Count,
    Dated,
    Name,
    Names,
    PositiveRatio,
    Proportion,
    Record,
    Whole,
)


class Closure(Record):
    """The end of what brought a family to a door, such as an open case."""

    of: Name = Field(description="A state; its end is the closure.")
    leaves: Proportion = Field(
        description="Share of the families then in service through this door who leave."
    )


class Door(Record):
    """A place where families and the system meet."""

    label: str = Field(description="Name in reports.")
    kind: Literal["birth", "prenatal", "community", "agency", "program"] = Field(
        description="When it meets families: at birth, in prenatal care, at some age (WIC, "
        "Medi-Cal, on their own), after a stage of a chain (child welfare), or while a program "
        "visits them."
    )
    share_of_births: Dated[Proportion] = Field(
        default=NOBODY,
        description="Share of births (prenatal door: of pregnancies in care; community door: of "
        "families in its reach) that meet this door.",
    )
    share_log_odds: Coefficients = Field(
        default_factory=dict, description="Log odds of meeting this door, by level or trait."
    )
    contact_age: dict[Name, Whole] = Field(
        default_factory=dict,
        description="Prenatal door: child age in months (negative before birth) at contact, by "
        "start of prenatal care; levels not named have no contact.",
    )
    contacts_per_month: ByStage | None = Field(
        default=None,
        description="Community door: rate of the first contact, by child age in months.",
    )
    chain: Name | None = Field(default=None, description="Agency door: chain that it belongs to.")
    after: Name | None = Field(
        default=None,
        description="Agency door: stage of the chain (or 'reported') after which families may be "
        "referred. Program door: program whose visitors refer.",
    )
    after_visits: Whole = Field(
        default=1, description="Program door: visits completed before the referral."
    )
    refers: Dated[Proportion] = Field(
        default=NOBODY,
        description="Agency door: share of such events after which the family is referred. "
        "Program door: share of families referred.",
    )
    refers_log_odds: Coefficients = Field(
        default_factory=dict, description="Log odds of being referred, by level or trait."
    )
    consents: Dated[Proportion] = Field(description="Share approached who agree to be screened.")
    consents_log_odds: Coefficients = Field(
        default_factory=dict, description="Log odds of agreeing, by level or trait."
    )
    offers: Names = Field(description="Programs that this door can offer.")
    hub: Name | None = Field(
        default=None, description="Intake hub that makes the offers; without it the door does."
    )
    acceptance_odds_ratio: PositiveRatio = Field(
        default=NO_CHANGE, description="On accepting a program offered through this door."
    )
    leaving_hazard_ratio: PositiveRatio = Field(
        default=NO_CHANGE, description="On leaving service reached through this door."
    )
    closure: Closure | None = Field(
        default=None, description="What ends the occasion of the referral, and who then leaves."
    )


class Hub(Record):
    """Coordinated intake: one list for many doors, and a choice among programs."""

    label: str = Field(description="Name in reports.")
    months: Count = Field(description="Months from referral until the hub calls.")
    families_per_month: Dated[Count] = Field(description="Families that it can call in a month.")
    reaches: Proportion = Field(description="Share of families called who are reached.")
    reaches_log_odds: Coefficients = Field(
        default_factory=dict, description="Log odds of being reached, by level or trait."
    )
    match: Literal["listed", "most-room"] = Field(
        description="Offer of a track: its first suitable program, in the scenario's order, or the "
        "suitable program and provider with most room."
    )
