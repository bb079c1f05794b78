"""Doors and funding streams, one Mesa agent each (``docs/model.md``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mesa import Agent, Model

from hvsim.reference import rules
from hvsim.reference.families import Family
from hvsim.reference.luck import Luck
from hvsim.scenario import schema


class Door(Agent):
    """A referral partner: a place where families and the system meet.

    Parameters
    ----------
    model
        The model that the agent lives in.
    name
        Name of the door.
    margins
        Share of families at each level.
    luck
        The draws of the run.
    """

    def __init__(self, model: Model, name: str, margins: Mapping[str, float], luck: Luck) -> None:
        super().__init__(model)
        self.name = name
        self.margins = margins
        self.luck = luck
        self.met: dict[int, list[Family]] = {}
        """Families by the month in which their contact is handled."""
        self.known: set[Family] = set()
        """Families that it has met: it meets each but once."""

    def meet(self, families: Iterable[Family], month: int, terms: schema.Door) -> None:
        """Meet families of the age at which this door is passed; a birth has one hospital."""
        at_birth = terms.kind == "birth"
        share = terms.share_of_births.at(month)
        handled = self.met.setdefault(month if at_birth else month + 1, [])
        for family in families:
            care = family.attributes["prenatal-care"]
            contact_age = 0 if at_birth else terms.contact_age.get(care)
            if family.age(month) != contact_age or family in self.known:
                continue
            if at_birth and family.hospitals_left <= 0:
                continue
            p = rules.chance(share, terms.share_log_odds, family.held, self.margins)
            left = family.hospitals_left if at_birth else 1.0
            meets = self.luck.uniform(family.key, "door", self.name) * left < p
            if meets:
                handled.append(family)
                self.known.add(family)
            if at_birth:
                family.hospitals_left = 0.0 if meets else family.hospitals_left - p

    def refer(self, family: Family, month: int, k: int, terms: schema.Door) -> None:
        """Refer a family, or not, after what an agency did in a month; it is met in the next.

        Parameters
        ----------
        family, month
            Who, and when.
        k
            Number of the event, as its draws are keyed.
        terms
            What the policy of the month says of the door.
        """
        p = rules.chance(terms.refers.at(month), terms.refers_log_odds, family.held, self.margins)
        handled = self.met.setdefault(month + 1, [])
        if self.luck.uniform(family.key, "door", self.name, k) < p and family not in handled:
            handled.append(family)

    def handle(self, month: int, terms: schema.Door, flagged: float) -> list[Family]:
        """Families whose contact is handled this month, screened if they consent.

        Parameters
        ----------
        month
            The month.
        terms
            What the scenario says of the door.
        flagged
            Share of the reference population above the threshold.
        """
        families = [family for family in self.met.pop(month, []) if family.resides(month)]
        for family in families:
            family.note(month, f"contacted/{self.name}")
            if not family.screened and self._consents(family, month, terms):
                family.screened = True
                family.flagged = family.score > rules.threshold(flagged)
                family.note(month, f"screened/{self.name}")
                if family.flagged:
                    family.note(month, f"flagged/{self.name}")
        return families

    def _consents(self, family: Family, month: int, terms: schema.Door) -> bool:
        p = rules.chance(
            terms.consents.at(month), terms.consents_log_odds, family.held, self.margins
        )
        return self.luck.uniform(family.key, "consents", self.name) < p


class FundingStream(Agent):
    """A stream of money, and what became of it this month, in cents.

    Parameters
    ----------
    model
        The model that the agent lives in.
    name
        Name of the stream.
    """

    def __init__(self, model: Model, name: str) -> None:
        super().__init__(model)
        self.name = name
        self.received = self.salaries = self.hires = self.lapsed = 0

    def open_month(self) -> None:
        """Forget the month before."""
        self.received = self.salaries = self.hires = self.lapsed = 0

    def receive(self, month: int, position: int, terms: schema.Funding | None) -> int:
        """Cents received in a month at `position` of the fiscal year."""
        if terms is not None and terms.from_ <= month <= terms.to:
            self.received = rules.installment(rules.cents(terms.per_year.at(month)), position)
        return self.received
