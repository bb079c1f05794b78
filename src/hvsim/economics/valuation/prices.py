"""What a file of prices may say: every field, its kind, unit and meaning.

These are *valuation prices*: they turn the counts of a finished run into dollars and never touch
the run. What a position draws from a stream (a *budget price*) stands in the scenario. The classes
hold meaning only; ``price_files`` reads them, ``price_checks`` and ``catalog`` say what is wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import Field, PrivateAttr

from hvsim.scenario.quantities import Quantity
from hvsim.scenario.values import (
    Duration,
    Filed,
    Money,
    Name,
    Named,
    Names,
    Proportion,
    Qalys,
    Record,
    Whole,
    Year,
)


class Payer(Record):
    """Somebody who pays or saves."""

    label: str = Field(description="Name in reports.")
    government: bool = Field(
        default=False, description="Whether the fiscal view counts what it pays and saves."
    )


class Index(Record):
    """A price index: a value for each year, all of them facts of the evidence."""

    label: str = Field(description="Name in reports, with the publisher's.")
    evidence: tuple[str, ...] = Field(
        min_length=1, description="Facts that hold its values, one for each year."
    )


class Discounting(Record):
    """What a dollar of a later year is worth in the first."""

    costs_per_year: Proportion = Field(description="Rate for dollars, 0% to 10%.")
    effects_per_year: Proportion | None = Field(
        default=None, description="Rate for events, 0% to 10%; by default that for dollars."
    )
    first_year: Literal["not-discounted", "half-year", "whole-year"] = Field(
        description="How far the first fiscal year is discounted: not at all (all of it counts as "
        "paid at its start), as paid in its middle, or at its end. Every later year is one more."
    )

    @property
    def of_effects(self) -> Quantity:
        """Rate for events: their own, or that for dollars."""
        return self.effects_per_year or self.costs_per_year


Sector: TypeAlias = Literal[
    "health-outcomes",
    "formal-health-care",
    "informal-health-care",
    "productivity",
    "consumption",
    "welfare-services",
    "legal",
    "education",
    "housing",
    "environment",
    "other",
]
"""Sectors of the impact inventory (Sanders et al. 2016, doi 10.1001/jama.2016.12195)."""


class Heading(Record):
    """A kind of cost, or a cause of costs, perhaps a part of another."""

    label: str = Field(description="Name in reports.")
    within: Name | None = Field(default=None, description="The one that it is a part of.")


class Category(Heading):
    """What money can be for."""

    sector: Sector | None = Field(
        default=None,
        description="Sector of the impact inventory; by default that of what it is a part of, and "
        "'other' where there is none.",
    )


class Budget(Record):
    """What the funding streams of a run pay: budget prices, which the run already applied."""

    index: Name = Field(description="Index that carries the run's price year to this file's.")
    holds: Names = Field(
        description="Ingredients that the dollars of streams pay for, by category; no cost of this "
        "catalog may hold them too."
    )
    payers: Named[dict[Name, Proportion]] = Field(
        default_factory=dict,
        description="For each payer that a scenario's streams name and this file does not know: "
        "who pays, in shares.",
    )


class Cost(Record):
    """One entry of the catalog: what one event, child or year of something costs, and to whom.

    What it holds is stated as `holds` (what the money is for), `because_of` (what it follows from)
    and the child's ages; two entries that share all three hold the same dollars.
    """

    label: str = Field(description="Name in reports.")
    outcome: Name | None = Field(
        default=None, description="Outcome measure of a run that it is paid for."
    )
    transition: Name | None = Field(
        default=None,
        description="Instead: step of the way through the system that it is paid for, an "
        "ingredient of programs that no stream pays.",
    )
    per: Literal["event", "child", "month", "year"] = Field(
        description="What it is the cost of: each event; each child once, at the first event; a "
        "month or a year in a state."
    )
    amount: Money = Field(description="Dollars of `price_year`.")
    price_year: Year = Field(description="Year of whose prices the amount is.")
    index: Name = Field(description="Index that carries it to the year of this file.")
    holds: Names = Field(min_length=1, description="What the money is for: categories.")
    because_of: Names = Field(min_length=1, description="What it follows from: causes.")
    span: Literal["at-once", "lifetime"] = Field(
        description="Whether it is spent when it is counted, or is the present value, then, of "
        "what follows over a lifetime."
    )
    discounted_at: Proportion | None = Field(
        default=None, description="Rate inside a present value."
    )
    from_age: Duration | None = Field(
        default=None, description="Child age from which it holds costs; none: from conception."
    )
    until_age: Duration | None = Field(
        default=None, description="Child age up to which it holds costs; none: as long as it lasts."
    )
    payers: dict[Name, Proportion] = Field(description="Who pays it, in shares that make 100%.")
    cashable: Proportion | None = Field(
        default=None,
        description="Share of an average cost by which spending really falls when one is "
        "prevented; the rest is capacity freed. Without it the amount is a benefit, no saving.",
    )


class QualityLoss(Record):
    """What one event, child or year of something takes from quality and length of life.

    What follows from causes that overlap is the same loss; two entries must not share one.
    """

    label: str = Field(description="Name in reports.")
    outcome: Name = Field(description="Outcome measure of a run that brings it.")
    per: Literal["event", "child", "month", "year"] = Field(
        description="Whose loss it is: each event's; each child's once, at the first event; of a "
        "month or a year in a state."
    )
    loss: Qalys = Field(description="QALYs lost.")
    because_of: Names = Field(min_length=1, description="What it follows from: causes.")
    discounted_at: Proportion | None = Field(
        default=None, description="Rate inside a loss that lasts, as of the event; per child alone."
    )


class View(Record):
    """One way to add up: which costs count, over which years."""

    label: str = Field(description="Name in reports.")
    years: Whole | None = Field(
        default=None, ge=1, description="Fiscal years from the first; none: all of the run."
    )
    spending: Literal["to-last-births", "to-end"] = Field(
        description="Program spending that counts: to the end of the fiscal year of the last "
        "births, or to the end of follow-up, which also pays for families of whom the run holds "
        "nothing."
    )
    counts: Names = Field(description="Costs of the catalog that it counts.")


class Views(Record):
    """The two views, which are never added."""

    fiscal: View = Field(description="What governments pay and save in the next years.")
    lifetime: View = Field(description="What everybody pays and saves in the long run.")


class TopDown(Record):
    """A published cost per family, to check the ledger's by."""

    program: Name = Field(description="Program whose spending is checked.")
    per: Literal["family-year", "family-served"] = Field(
        description="Dollars per year in service, or per family in service at any time of a fiscal "
        "year."
    )
    amount: Money = Field(description="What was published, in dollars of `price_year`.")
    price_year: Year = Field(description="Year of whose prices it is.")
    index: Name = Field(description="Index that carries the ledger's dollars to that year.")


class Prices(Filed):
    """A complete file of prices."""

    title: str = Field(description="What the prices are, in a line.")
    place: str | None = Field(
        default=None,
        description="Place that they were made for, as scenarios write it; those of another place "
        "are not valued by them. None: any place.",
    )
    price_year: Year = Field(description="Year of whose prices all results are.")
    payers: Named[Payer] = Field(description="Who pays and saves.")
    indices: Named[Index] = Field(description="Price indices.")
    discounting: Discounting = Field(description="Rates, and the rule for the first year.")
    categories: Named[Category] = Field(description="What money can be for.")
    causes: Named[Heading] = Field(description="What costs can follow from.")
    budget: Budget = Field(description="What the streams of a run pay.")
    costs: Named[Cost] = Field(description="The cost catalog.")
    quality_of_life: Named[QualityLoss] = Field(
        default_factory=dict,
        description="What outcomes take from quality of life, for the effect that counts QALYs.",
    )
    views: Views = Field(description="Which costs count together.")
    top_down: Named[TopDown] = Field(
        default_factory=dict, description="Published costs per family, for comparison."
    )

    _source: Path | None = PrivateAttr(default=None)

    @property
    def source(self) -> Path | None:
        """File that it was loaded from, if it was."""
        return self._source
