"""What a scenario may say: every field, its kind, unit and meaning.

Three kinds of field (see ``docs/scenario-files.md``): **records** (classes here) merge field by
field, **named collections** (``Named[...]``) merge name by name, **values** are replaced whole.
The classes hold meaning only; loading, merging and messages live in ``loading``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr

from hvsim.scenario.errors import Origin
from hvsim.scenario.values import (
    ByStage,
    Coefficients,
    Correlation,
    Count,
    Dated,
    Duration,
    FilePath,
    Money,
    MoneyPerYear,
    Month,
    Name,
    Named,
    Names,
    OfferRule,
    Pair,
    PositiveRatio,
    Proportion,
    Ratio,
    Real,
    Record,
    SpreadSd,
    Whole,
    Year,
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


class Outcome(Record):
    """One outcome: events that recur, or a state with spells."""

    label: str = Field(description="Name in reports.")
    unit: str = Field(description="What one event is called, in the plural.")
    kind: Literal["recurrent", "state"] = Field(
        description="Events that recur, or a state with onset and recovery."
    )
    per_month: ByStage = Field(
        description="Events (or onsets) per month by child age in months, for a family with "
        "multiplier one. Months before the first age given are not at risk."
    )
    trend: Dated[Ratio] = Field(description="Factor on the intensity by calendar month.")
    shared_frailty_sd: SpreadSd = Field(description="Log sd of the family's shared frailty.")
    own_frailty_sd: SpreadSd = Field(description="Log sd of the outcome's own frailty.")
    log_hazard_ratios: Coefficients = Field(
        default_factory=dict, description="By attribute level, relative to families without it."
    )
    exit_per_month: ByStage | None = Field(
        default=None, description="For a state: recoveries per month, by child age in months."
    )
    present_at_entry: Proportion | None = Field(
        default=None, description="For a state: share of families in it on entry."
    )


class Stage(Record):
    """One later step of a chain: its probability given the step before."""

    label: str = Field(description="Name in reports.")
    unit: str = Field(description="What one event is called, in the plural.")
    follows: Name = Field(description="'reported' or an earlier stage of the same chain.")
    if_true: Proportion = Field(description="Probability when harm lies behind the report.")
    if_false: Proportion = Field(description="Probability when none does.")


class Chain(Record):
    """Detection of an outcome by an agency, and what follows a report."""

    label: str = Field(description="Name in reports.")
    true_events: Name = Field(description="Recurrent outcome whose events can be detected.")
    false_events: Name = Field(description="Recurrent outcome: reports without harm behind them.")
    detected: Proportion = Field(description="Probability that an episode is reported.")
    detection_spread: SpreadSd = Field(
        description="Log odds of detection per sd of the family's propensity to be detected."
    )
    after_first_report: Ratio = Field(
        description="Factor on the probability of detection (at most 1) and on the rate of false "
        "reports, from the month after the first report."
    )
    stages: Named[Stage] = Field(description="What can follow a report, in order.")


class Door(Record):
    """A place where families and the system meet."""

    label: str = Field(description="Name in reports.")
    kind: Literal["birth", "prenatal"] = Field(description="When it meets families.")
    share_of_births: Dated[Proportion] = Field(
        description="Share of births (prenatal door: of pregnancies in care) that meet this door."
    )
    share_log_odds: Coefficients = Field(
        default_factory=dict, description="Log odds of meeting this door, by level or trait."
    )
    contact_age: dict[Name, Whole] = Field(
        default_factory=dict,
        description="Prenatal door: child age in months (negative before birth) at contact, by "
        "start of prenatal care; levels not named have no contact.",
    )
    consents: Dated[Proportion] = Field(description="Share approached who agree to be screened.")
    consents_log_odds: Coefficients = Field(
        default_factory=dict, description="Log odds of agreeing, by level or trait."
    )
    offers: Names = Field(description="Programs that this door can offer.")


class Level(Record):
    """A stretch of a program's schedule."""

    until_age: Whole = Field(description="Child age in months at which the level ends.")
    visits: Whole = Field(ge=0, description="Visits scheduled over the whole level.")
    from_age: Whole = Field(description="Child age in months at which the level begins.")
    load: Whole = Field(ge=1, description="Case weight, in units of the program's caseload.")


class Effect(Record):
    """A published effect and the dose at which it was found."""

    hazard_ratio: PositiveRatio = Field(
        description="Published hazard ratio, intention to treat; for a state, of onset."
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
    cost_per_hire: Money = Field(description="Training and start-up of one new visitor.")
    hiring_months: Count = Field(description="From a vacancy to the new visitor's first day.")
    ramp_months: Count = Field(description="Months until a new visitor carries a full caseload.")
    turnover_per_year: Proportion = Field(description="Share of visitors who leave in a year.")


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


class Provider(Record):
    """One agency's team for one program."""

    label: str = Field(default="", description="Name in reports.")
    program: Name = Field(description="Program that it runs.")
    regions: Names = Field(description="Regions whose families it serves.")
    share: Proportion = Field(
        description="Its part of the program's money, relative to the program's other providers."
    )


class Funding(Record):
    """A stream of money."""

    label: str = Field(default="", description="Name in reports.")
    payer: Name = Field(default="county", description="Who provides the money.")
    from_: Month = Field(alias="from", description="First month paid.")
    to: Month = Field(description="Last month paid.")
    per_year: Dated[MoneyPerYear] = Field(description="Dollars per year.")
    pays_for: Names = Field(description="Programs that it may pay.")
    split: dict[Name, Proportion] = Field(
        default_factory=dict,
        description="Its division among those programs; without it, equal parts.",
    )


class Scenario(Record):
    """A complete scenario."""

    title: str = Field(description="What the scenario is, in a line.")
    question: str = Field(default="", description="What it is to answer.")
    place: str = Field(description="Where, as reports name it.")
    start: Month = Field(description="First month reported.")
    end: Month = Field(description="Month of the last births.")
    follow_up: Duration = Field(description="Child age at which follow-up ends.")
    fiscal_year_starts: Whole = Field(
        ge=1, le=12, description="First month of the fiscal year: 1 is January, 7 is July."
    )
    price_year: Year = Field(description="Year of whose prices all dollars are.")
    warm_start: WarmStart = Field(description="What runs before `start`.")
    population: Population = Field(description="The families.")
    frailty: Frailty = Field(description="What families share beyond their attributes.")
    screening: Screening = Field(description="The screen that doors use.")
    outcomes: Named[Outcome] = Field(description="What can happen to families.")
    chains: Named[Chain] = Field(
        default_factory=dict, description="How agencies come to know, and what they then do."
    )
    doors: Named[Door] = Field(default_factory=dict, description="Where families are met.")
    programs: Named[Program] = Field(default_factory=dict, description="What they are offered.")
    providers: Named[Provider] = Field(default_factory=dict, description="Who does the visiting.")
    funding: Named[Funding] = Field(default_factory=dict, description="Who pays.")

    _origins: dict[str, Origin] = PrivateAttr(default_factory=dict)
    _source: Path | None = PrivateAttr(default=None)
    _before: Scenario | None = PrivateAttr(default=None)

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Where each value was written, by dotted path."""
        return self._origins

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
