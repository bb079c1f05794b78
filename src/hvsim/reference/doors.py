"""Doors, one Mesa agent each: where families and the system meet (``docs/model.md``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from mesa import Agent, Model

from hvsim.reference import rules
from hvsim.reference.families import Family
from hvsim.reference.luck import Luck
from hvsim.scenario import schema


class Door(Agent):
    """A referral partner.

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
        self.met: defaultdict[int, list[Family]] = defaultdict(list)
        """Families by the month in which their contact is handled."""
        self.known: set[Family] = set()
        """Families that it has met: only as an agency does it meet a family again."""

    # contacts

    def meet(self, families: Iterable[Family], month: int, terms: schema.Door) -> None:
        """Meet the families who come to this door of their own in a month.

        Parameters
        ----------
        families
            Who lives in the place.
        month
            The month.
        terms
            What the policy of the month says of the door.
        """
        for family in families:
            if family in self.known:
                continue
            if terms.kind == "birth" and family.age(month) == 0:
                self._meet_at_birth(family, month, terms)
            elif terms.kind == "prenatal":
                care = family.attributes["prenatal-care"]
                if family.age(month) == terms.contact_age.get(care):
                    self._meet_earlier(family, month, terms)
            elif terms.kind == "community" and self._comes(family, month, terms):
                self._meet_earlier(family, month, terms)

    def _meet_at_birth(self, family: Family, month: int, terms: schema.Door) -> None:
        """Meet a newborn, unless it was born elsewhere: a birth has one hospital."""
        if family.hospitals_left <= 0:
            return
        p = self._chance_of_meeting(family, month, terms)
        if self.luck.uniform(family.key, "door", self.name) * family.hospitals_left < p:
            family.hospitals_left = 0.0
            self._note(family, month)
        else:
            family.hospitals_left -= p

    def _meet_earlier(self, family: Family, month: int, terms: schema.Door) -> None:
        """Meet a family whose contact is handled in the next month."""
        p = self._chance_of_meeting(family, month, terms)
        if self.luck.uniform(family.key, "door", self.name) < p:
            self._note(family, month + 1)

    def _chance_of_meeting(self, family: Family, month: int, terms: schema.Door) -> float:
        share = terms.share_of_births.at(month)
        return rules.chance(share, terms.share_log_odds, family.held, self.margins)

    def _comes(self, family: Family, month: int, terms: schema.Door) -> bool:
        """Whether the family's first contact with a community door falls in a month."""
        assert terms.contacts_per_month is not None
        earlier = sum(
            terms.contacts_per_month.at(family.age(m)) for m in range(family.first_month, month)
        )
        by_now = earlier + terms.contacts_per_month.at(family.age(month))
        return earlier < self.luck.exponential(family.key, "contact", self.name) <= by_now

    def _note(self, family: Family, handled: int) -> None:
        self.known.add(family)
        self.met[handled].append(family)

    # referrals

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
        if self._is_referred(family, month, k, terms) and family not in self.met[month + 1]:
            self.met[month + 1].append(family)

    def refer_visited(
        self, family: Family, month: int, completed: int, made: int, terms: schema.Door
    ) -> None:
        """Refer a family, or not, if a program has visited it often enough.

        Parameters
        ----------
        family, month
            Who, and when.
        completed, made
            Visits so far, and of these the visits of this month.
        terms
            What the policy of the month says of the door.
        """
        reached = completed - made < terms.after_visits <= completed
        if reached and family not in self.known and self._is_referred(family, month, 0, terms):
            self._note(family, month + 1)

    def _is_referred(self, family: Family, month: int, k: int, terms: schema.Door) -> bool:
        p = rules.chance(terms.refers.at(month), terms.refers_log_odds, family.held, self.margins)
        return self.luck.uniform(family.key, "door", self.name, k) < p

    # screening

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
                threshold = rules.threshold(flagged)
                family.flagged = family.score > threshold
                family.note(month, f"screened/{self.name}")
                if family.flagged:
                    family.note(month, f"flagged/{self.name}")
                    if family.held["risk"] <= threshold:
                        family.note(month, f"false-positive/{self.name}")
        return families

    def _consents(self, family: Family, month: int, terms: schema.Door) -> bool:
        p = rules.chance(
            terms.consents.at(month), terms.consents_log_odds, family.held, self.margins
        )
        k = family.since_entry(month) if terms.kind == "agency" else 0
        return self.luck.uniform(family.key, "consents", self.name, k) < p
