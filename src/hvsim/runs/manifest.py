"""What a run folder says about itself: enough to read its tables and to repeat the run."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from hvsim.months import fiscal_year, parse_month
from hvsim.population import RecordsReport

Format = Literal["hvsim run 3"]
"""Name and version of the folder's layout; a reader refuses others."""

Status = Literal["running", "complete", "failed"]
MeasureKind = Literal[
    "event",
    "amount",
    "harm",
    "state",
    "recovery",
    "status",
    "death",
    "move",
    "report",
    "stage",
    "no-harm-report",
]

EffectSet = Literal["zero", "low", "central", "high"]


class Part(BaseModel):
    """A frozen piece of the manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Effects(Part):
    """Which effect set a draw stands for."""

    draw: int
    effects: EffectSet


class ParameterDraws(Part):
    """Draws of parameters, which stand apart in ``draws``.

    Attributes
    ----------
    first
        Number of the first; the numbers before it are those of effect sets.
    count
        How many there are.
    posterior, posterior_sha256
        Name and hash of the file of joint draws, if there is one.
    """

    first: int
    count: int
    posterior: str | None = None
    posterior_sha256: str | None = None

    @property
    def numbers(self) -> range:
        """Numbers of the draws."""
        return range(self.first, self.first + self.count)


class AlternativeNote(Part):
    """One way in which the world may work.

    Attributes
    ----------
    name, label
        Its name on its axis, and in reports.
    weight
        Its share of draws in expectation; those of an axis sum to one.
    evidence, assumption
        Where the weight is from.
    sets
        What it sets in the scenarios, by dotted path; nothing if it is the scenario as written.
    """

    name: str
    label: str
    weight: float
    evidence: tuple[str, ...] = ()
    assumption: str = ""
    sets: dict[str, Any]


class AxisNote(Part):
    """A structural choice: its alternatives, the first as written."""

    name: str
    label: str
    alternatives: tuple[AlternativeNote, ...]


class StructuresNote(Part):
    """Structures: run one at a time, which stand in ``structures``, and picked by draws."""

    title: str
    axes: tuple[AxisNote, ...]

    @property
    def alone(self) -> tuple[tuple[str, str], ...]:
        """Axis and alternative of each number in ``structures``; of the first, all as written."""
        return (
            ("", ""),
            *((axis.name, one.name) for axis in self.axes for one in axis.alternatives[1:]),
        )


class Measure(Part):
    """An outcome measure of the tables.

    Attributes
    ----------
    kind
        A *state* has onsets as its events and person-months in it; a *recovery* ends one; an
        *amount* is what events bring in number; a *status* is so or not at one age; a *death* or
        a *move* ends life or residence; *harm* can be detected by an agency, whose *report* and
        later *stages* are counted; a *no-harm-report* has no harm behind it.
    desirable
        Whether more of it is better.
    group
        Heading under which reports show it; empty where the scenario gives none.
    """

    name: str
    label: str
    unit: str
    kind: MeasureKind
    desirable: bool = False
    group: str = ""

    @property
    def title(self) -> str:
        """The label, with the unit where the label does not say it."""
        return self.label if self.unit in self.label.lower() else f"{self.label} ({self.unit})"

    @property
    def is_judged(self) -> bool:
        """Whether fewer, or more, are better: neither is so of what says nothing by itself."""
        return self.kind not in ("recovery", "no-harm-report", "move")

    @property
    def benefit(self) -> str:
        """First word of its rows in the summary, whose numbers above zero are for the better."""
        return "gained" if self.desirable else "prevented"


class LeftOut(Part):
    """An outcome that is not compared, because not all scenarios have it.

    Attributes
    ----------
    scenarios
        Those that have it.
    """

    name: str
    label: str
    scenarios: tuple[str, ...]


class Program(Part):
    """A program as reports name it."""

    name: str
    label: str
    track: str


class Labeled(Part):
    """A door, stream, provider or region, and how reports name it."""

    name: str
    label: str


class ScenarioNote(Part):
    """What reports need of a scenario beside its resolved file.

    Attributes
    ----------
    sha256
        Of the resolved scenario.
    """

    name: str
    title: str
    question: str
    sha256: str
    programs: tuple[Program, ...]
    doors: tuple[Labeled, ...]
    streams: tuple[Labeled, ...]
    regions: tuple[Labeled, ...]


class Valued(Part):
    """Prices by which the dollars of ``valuation.parquet`` were made, and how they fit the run.

    Attributes
    ----------
    sha256
        Of what the prices say.
    unused
        Costs that views count and of whose outcome the run knows nothing.
    unpriced
        Outcome measures of the run to which no view gives a price.
    remarks
        What a reader of the dollars must know.
    """

    title: str
    price_year: int
    sha256: str
    unused: tuple[str, ...]
    unpriced: tuple[str, ...]
    remarks: tuple[str, ...]


class Manifest(Part):
    """Contents of ``manifest.json``.

    Attributes
    ----------
    command
        ``run`` or ``compare``.
    baseline
        Scenario that the others are compared with; none after ``run``.
    start, end
        First month reported and month of the last births.
    follow_up_months
        Child age at which follow-up ends.
    also_at_months
        Earlier age at which outcomes are counted too; none if there is none.
    draws
        Effect sets that were run.
    parameter_draws
        Draws of parameters, if there are any.
    structures
        Structural alternatives that were run, if there are any.
    seeds
        Seed of each replicate.
    uncertainty
        Kinds of uncertainty that the results hold.
    measures
        Outcome measures that all scenarios have.
    left_out
        Outcomes that only some have.
    versions
        Of Python, hvsim and the libraries that results depend on, and the platform.
    evidence_sha256
        Of the packaged facts.
    valued
        Prices of the dollars; none if there are no dollars.
    not_valued
        Then why not.
    records
        What may be told about the birth file, if the families are from one: its hash and counts.
    """

    format: Format = "hvsim run 3"
    status: Status
    command: Literal["run", "compare"]
    place: str
    start: str
    end: str
    follow_up_months: int
    also_at_months: int | None = None
    fiscal_year_starts: int
    price_year: int
    baseline: str | None
    scenarios: tuple[ScenarioNote, ...]
    draws: tuple[Effects, ...]
    parameter_draws: ParameterDraws | None = None
    structures: StructuresNote | None = None
    seed: int
    seeds: tuple[int, ...]
    scale: float
    uncertainty: tuple[str, ...]
    measures: tuple[Measure, ...]
    left_out: tuple[LeftOut, ...]
    versions: dict[str, str]
    evidence_sha256: str
    valued: Valued | None = None
    not_valued: str = ""
    records: RecordsReport | None = None

    def to_json(self) -> str:
        """The file's text."""
        return self.model_dump_json(indent=2) + "\n"

    @property
    def first_year(self) -> int:
        """Fiscal year of the first month reported, by the calendar year in which it ends."""
        return fiscal_year(parse_month(self.start), self.fiscal_year_starts)

    @property
    def last_births(self) -> int:
        """Fiscal year of the last births."""
        return fiscal_year(parse_month(self.end), self.fiscal_year_starts)

    def scenario(self, name: str) -> ScenarioNote:
        """The scenario of that name."""
        return next(note for note in self.scenarios if note.name == name)

    def draw_of(self, effects: str) -> int | None:
        """Draw that holds an effect set; none if the run did not include it."""
        return next((draw.draw for draw in self.draws if draw.effects == effects), None)
