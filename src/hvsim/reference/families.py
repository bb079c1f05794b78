"""Families, one Mesa agent each, and their dealings with programs (``docs/model.md``)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import numpy as np
from mesa import Agent, Model

from hvsim.population.families import Families
from hvsim.reference import rules
from hvsim.reference.clocks import Events, Spells
from hvsim.reference.luck import Luck
from hvsim.scenario import schema

if TYPE_CHECKING:
    from hvsim.reference.staff import Visitor


class State(Enum):
    """Where a family stands with the program it last met in a track."""

    DECLINED = auto()
    WAITING = auto()
    GAVE_UP = auto()
    EXPIRED = auto()
    AGED_OUT = auto()
    ENROLLED = auto()
    TRANSFERRED = auto()
    COMPLETED = auto()
    WITHDRAWN_NO_VISITOR = auto()
    WITHDRAWN_NO_MONEY = auto()
    DROPPED_OUT = auto()
    DECEASED = auto()
    MOVED = auto()

    @property
    def label(self) -> str:
        """The transition into this state, as the ledger calls it."""
        return {"WAITING": "waitlisted"}.get(self.name, self.name.lower().replace("_", "-"))


MAY_BE_OFFERED_AGAIN = (State.DECLINED, State.GAVE_UP, State.EXPIRED, State.AGED_OUT)
SERVED = (
    State.COMPLETED,
    State.DROPPED_OUT,
    State.WITHDRAWN_NO_VISITOR,
    State.WITHDRAWN_NO_MONEY,
    State.TRANSFERRED,
)


class Family(Agent):
    """One pregnancy and its child.

    Parameters
    ----------
    model
        The model that the agent lives in.
    families, row
        The columns, and the family's place in them.
    terms
        The scenario.
    luck
        The draws of the run.
    """

    def __init__(
        self, model: Model, families: Families, row: int, terms: schema.Scenario, luck: Luck
    ) -> None:
        super().__init__(model)
        self.columns, self.row = families, row
        self.key: np.uint64 = families.id[row]
        self.id = int(self.key)
        self.birth_month = int(families.birth_month[row])
        self.first_month = self.birth_month - int(terms.population.enters_before_birth.value)
        self.last_month = self.birth_month + int(terms.follow_up.value) - 1
        """Last month of follow-up, or of life."""
        self.moved = False
        """Whether residence has ended, in a month before."""
        self.attributes = {
            attribute: levels[families.levels[row, column]]
            for column, (attribute, levels) in enumerate(families.attributes.items())
        }
        self.hospitals_left = 1.0
        """Chance left to birth doors not yet tried; none once one is met."""
        self.held = dict.fromkeys(self.attributes.values(), 1.0)
        self.attributes["region"] = list(terms.population.regions)[families.region[row]]
        self.detection = float(families.detection[row])
        shared = float(families.frailty[row])

        logs = {
            name: rules.log_multiplier(
                (b.value for level, b in outcome.log_hazard_ratios.items() if level in self.held),
                outcome.shared_frailty_sd.value,
                shared,
                outcome.own_frailty_sd.value,
                luck.normal(self.key, "frailty", name),
            )
            for name, outcome in terms.outcomes.items()
        }
        self.multiplier = {name: math.exp(log) for name, log in logs.items()}

        screen = terms.screening
        risk = (logs[screen.of] - screen.risk_mean.value) / screen.risk_sd.value
        self.held["frailty"] = shared
        self.held["risk"] = risk
        self.held["willingness"] = rules.willingness(
            terms.frailty.willingness_with_frailty.value,
            shared,
            float(families.willingness_noise[row]),
        )
        self.score = rules.score(
            screen.correlation_with_risk.value,
            risk,
            screen.correlation_with_detection.value,
            self.detection,
            float(families.screen_noise[row]),
        )
        self.screened = False
        self.flagged = False

        self.cases: dict[str, Case] = {}
        """The last dealings in each track."""
        self.services: defaultdict[str, Service] = defaultdict(Service)
        """Visits by program, over all spells of service in it."""
        self.offers: Counter[str] = Counter()
        """Offers so far, by program."""
        self.assignments: Counter[str] = Counter()
        """Visitors so far, by track."""
        self.history: list[tuple[int, str]] = []
        """Month and label of everything that happened to the family."""

        self.events: dict[str, Events] = {}
        self.spells: dict[str, Spells] = {}
        self.first_report: dict[str, int] = {}
        """By chain, the month of the first report."""
        self.effect_on_status: dict[str, float] = {}
        """By status, the effect of service at the age whose dose counts."""

    def lives(self, month: int) -> bool:
        """Whether the family is followed in a month."""
        return self.first_month <= month <= self.last_month

    def resides(self, month: int) -> bool:
        """Whether doors may meet the family, and programs serve it."""
        return self.lives(month) and not self.moved

    def age(self, month: int) -> int:
        """Age of the child in months, negative before birth."""
        return month - self.birth_month

    def since_entry(self, month: int) -> int:
        """Months since the family entered, which key what can happen in any month."""
        return month - self.first_month

    def note(self, month: int, label: str) -> None:
        """Remember that something happened."""
        self.history.append((month, label))

    def in_service(self, program: str, month: int) -> bool:
        """Whether the family holds a place in a program in a month, on hold or not."""
        return any(case.name == program and case.in_service(month) for case in self.cases.values())

    def enrolled_in(self, tracks: Sequence[str]) -> bool:
        """Whether the family is in service, or about to begin, in one of the tracks."""
        return any(
            case.state is State.ENROLLED for track, case in self.cases.items() if track in tracks
        )


@dataclass(eq=False)
class Service:
    """What a family has had of one program, all spells of service together."""

    scheduled: int = 0
    completed: int = 0
    finish: int | None = None
    """First month after the last spell that is over."""


@dataclass(eq=False)
class Case:
    """A family's dealings with one program: one wait and one spell of service."""

    family: Family
    name: str
    program: schema.Program
    door: str
    state: State = State.DECLINED
    waiting_since: int = 0
    begin: int | None = None
    finish: int | None = None
    visitor: Visitor | None = None
    visitor_left: int | None = None
    on_hold: bool = False
    months_on_hold: int = 0
    lacks_visitor: bool = False
    """Whether a family on hold lacks a visitor, and not the money for one."""

    @property
    def service(self) -> Service:
        """What the family has had of the program, in earlier spells too."""
        return self.family.services[self.name]

    def begun(self, month: int) -> bool:
        """Whether service began in or before a month."""
        return self.begin is not None and self.begin <= month

    def in_service(self, month: int) -> bool:
        """Whether the family holds a place in a month, on hold or not."""
        return (
            self.begun(month)
            and (self.finish is None or month < self.finish)
            and self.family.lives(month)
        )

    def visited(self, month: int) -> bool:
        """Whether the family is in service in a month and not on hold."""
        return self.in_service(month) and not self.on_hold

    def age(self, month: int) -> int:
        """Age that the program's levels go by: the child's, or that of service."""
        if self.program.levels_from == "birth":
            return self.family.age(month)
        return 0 if self.begin is None else month - self.begin

    def load(self, month: int) -> int:
        """Load units of one such family in a month; none once it is no longer followed."""
        if not self.family.lives(month):
            return 0
        return rules.load(self.program.levels, self.age(month))

    def note(self, month: int, what: str) -> None:
        """Remember that something happened in this case."""
        self.family.note(month, f"{what}/{self.door}/{self.name}")

    def turn(self, state: State, month: int) -> None:
        """Move to another state."""
        self.state = state
        self.note(month, state.label)

    def leave(self, state: State, month: int) -> None:
        """End service after the month."""
        self.turn(state, month)
        self.finish = month + 1
        if self.begun(month):
            self.service.finish = self.finish

    def stop(self, state: State, month: int) -> None:
        """End what there is: a wait at once, service after the month."""
        if self.state is State.WAITING:
            self.turn(state, month)
            self.finish = month + 1
        elif self.state is State.ENROLLED:
            self.leave(state, month)
