"""What a scenario may say: every field, its kind, unit and meaning.

Three kinds of field (see ``docs/scenario-files.md``): **records** (classes here) merge field by
field, **named collections** (``Named[...]``) merge name by name, **values** are replaced whole.
The classes hold meaning only; loading, merging and messages live in ``loading``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr

from hvsim.scenario.schema.agencies import Funding, Pool, Provider
from hvsim.scenario.schema.doors import Closure, Door, Hub
from hvsim.scenario.schema.families import (
    Attribute,
    AttributeLevel,
    Frailty,
    Population,
    Region,
    Screening,
    WarmStart,
)
from hvsim.scenario.schema.outcomes import Amount, Begins, Chain, Outcome, Stage
from hvsim.scenario.schema.programs import Effect, Level, Mismatch, Program, Staff, Surveillance
from hvsim.scenario.schema.records import RecordColumn, Records
from hvsim.scenario.values import Duration, Filed, Month, Named, Record, Whole, Year

__all__ = [
    "Amount",
    "Attribute",
    "AttributeLevel",
    "Begins",
    "Chain",
    "Closure",
    "Door",
    "Effect",
    "Frailty",
    "Funding",
    "Hub",
    "Level",
    "Mismatch",
    "Outcome",
    "Pool",
    "Population",
    "Program",
    "Provider",
    "RecordColumn",
    "Records",
    "Region",
    "Scenario",
    "Screening",
    "Staff",
    "Stage",
    "Structure",
    "Surveillance",
    "WarmStart",
]


class Structure(Record):
    """Structural choices: alternatives that are run side by side, never averaged."""

    several_programs: Literal["strongest", "sum"] = Field(
        default="strongest", description="Effects of several programs on one outcome."
    )
    dose: Literal["share-of-scheduled", "share-of-program"] = Field(
        default="share-of-scheduled",
        description="Visits received, relative to those scheduled so far or to a whole program.",
    )
    recurrence: Literal["reporting", "harm"] = Field(
        default="reporting",
        description="What a first report raises: the reporting of later harm, or harm itself.",
    )


class Scenario(Filed):
    """A complete scenario."""

    title: str = Field(description="What the scenario is, in a line.")
    question: str = Field(default="", description="What it is to answer.")
    place: str = Field(description="Where, as reports name it.")
    start: Month = Field(description="First month reported.")
    end: Month = Field(description="Month of the last births.")
    follow_up: Duration = Field(description="Child age at which follow-up ends.")
    also_at: Duration | None = Field(
        default=None,
        description="Earlier child age at which comparisons count outcomes too, to tell what is "
        "prevented from what is only postponed; without effect where follow-up ends no later.",
    )
    fiscal_year_starts: Whole = Field(
        ge=1, le=12, description="First month of the fiscal year: 1 is January, 7 is July."
    )
    price_year: Year = Field(description="Year of whose prices all dollars are.")
    warm_start: WarmStart = Field(description="What runs before `start`.")
    population: Population = Field(description="The families.")
    frailty: Frailty = Field(description="What families share beyond their attributes.")
    screening: Screening = Field(description="The screen that doors use.")
    structure: Structure = Field(
        default_factory=Structure, description="Structural choices, by name."
    )
    outcomes: Named[Outcome] = Field(description="What can happen to families.")
    chains: Named[Chain] = Field(
        default_factory=dict, description="How agencies come to know, and what they then do."
    )
    doors: Named[Door] = Field(default_factory=dict, description="Where families are met.")
    hubs: Named[Hub] = Field(default_factory=dict, description="Who matches them to programs.")
    programs: Named[Program] = Field(default_factory=dict, description="What they are offered.")
    labor: Named[Pool] = Field(default_factory=dict, description="Where visitors are hired.")
    providers: Named[Provider] = Field(default_factory=dict, description="Who does the visiting.")
    funding: Named[Funding] = Field(default_factory=dict, description="Who pays.")

    _source: Path | None = PrivateAttr(default=None)
    _before: Scenario | None = PrivateAttr(default=None)

    @property
    def source(self) -> Path:
        """File it was loaded from.

        Raises
        ------
        ValueError
            If it comes from no file.
        """
        if self._source is None:
            raise ValueError("this scenario was not loaded from a file")
        return self._source

    @property
    def name(self) -> str:
        """Name of its file, without folder and ending."""
        return self.source.stem

    @property
    def before(self) -> Scenario:
        """Scenario in force before `start`: that of ``warm_start.under``, or this one."""
        return self if self._before is None else self._before

    def sha256(self) -> str:
        """Hash of the content: the same in whatever files and forms it is written."""
        from hvsim.scenario.resolved import content_hash

        return content_hash(self)
