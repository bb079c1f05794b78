"""Who does the visiting, with which staff and money."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hvsim.scenario.schema.defaults import ALL, NO_CHANGE, NONE
from hvsim.scenario.values import (
    Count,
    Dated,
    MoneyPerYear,
    Month,
    Name,
    Names,
    PositiveRatio,
    Proportion,
    Record,
    Whole,
)


class Provider(Record):
    """One agency's team for one program."""

    label: str = Field(default="", description="Name in reports.")
    program: Name = Field(description="Program that it runs.")
    regions: Names = Field(description="Regions whose families it serves.")
    share: Proportion = Field(
        description="Its part of the program's money, relative to the program's other providers."
    )
    pool: Name | None = Field(
        default=None, description="Labor pool in which it hires; without it, it finds people."
    )
    pay_ratio: PositiveRatio = Field(
        default=NO_CHANGE, description="Cost of its positions relative to the program's."
    )
    speaks: dict[Name, Proportion] = Field(
        default_factory=dict,
        description="For each level of one attribute (such as language) the share of its visitors "
        "who can serve families at it; without it, all can.",
    )


class Pool(Record):
    """A regional labor market for one occupation, in which agencies hire and poach."""

    label: str = Field(default="", description="Name in reports.")
    available: Count = Field(description="People open to a position in the first month.")
    entrants_per_year: Dated[Count] = Field(description="People who join the occupation a year.")
    returns: Proportion = Field(
        description="Share of visitors who leave a position and stay in the occupation."
    )
    poached_per_month: Proportion = Field(
        description="Chance that an agency that finds nobody wins a visitor of a lower-paying one."
    )


class Funding(Record):
    """A stream of money."""

    label: str = Field(default="", description="Name in reports.")
    payer: Name = Field(
        default="county", description="Who provides the money; 'county' if nobody is named."
    )
    from_: Month = Field(alias="from", description="First month paid.")
    to: Month = Field(description="Last month paid.")
    per_year: Dated[MoneyPerYear] = Field(description="Dollars per year.")
    pays_for: Names = Field(description="Programs that it may pay.")
    split: dict[Name, Proportion] = Field(
        default_factory=dict,
        description="Its division among those programs; without it, equal parts.",
    )
    order: Whole = Field(
        default=0, description="Streams of lower order pay first; of the same order as written."
    )
    pays: tuple[Literal["salaries", "hires", "supervision"], ...] = Field(
        default=("salaries", "hires", "supervision"), description="What can be claimed from it."
    )
    match: Proportion = Field(
        default=ALL, description="Largest part of any payment that it covers."
    )
    families: dict[Name, Names] = Field(
        default_factory=dict,
        description="Attribute (or 'region') to the levels whose families its places are for.",
    )
    scales: bool = Field(
        default=False,
        description="Whether `hvsim budget` may change its amounts to bring scenarios to the same "
        "money.",
    )
    intake_closes: Count = Field(
        default=NONE,
        description="Months before `to` from which its places take no new families.",
    )
    at_end: Literal["hold", "stop"] = Field(
        default="hold",
        description="Families without a place after `to`: on hold until another is free or "
        "`hold_months` are over, or withdrawn at once.",
    )
