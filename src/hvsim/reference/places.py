"""A month's places of one provider, divided among groups of streams (``docs/month.md``, 5.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hvsim.reference.families import Family
from hvsim.reference.money import FundingStream


@dataclass(eq=False)
class Group:
    """Places that streams with the same `families` pay.

    Attributes
    ----------
    families
        Whom the places are for: attributes (or ``region``) to levels; empty for everybody.
    units
        Load units.
    closed
        Of these, those that are closed to new families.
    streams
        The streams.
    """

    families: Mapping[str, frozenset[str]] = field(default_factory=dict)
    units: int = 0
    closed: int = 0
    streams: list[FundingStream] = field(default_factory=list)

    def is_open_to(self, family: Family) -> bool:
        """Whether the places are for such a family."""
        return all(family.attributes[what] in levels for what, levels in self.families.items())


def make_groups(capacity: int, salaries: Mapping[FundingStream, int], month: int) -> list[Group]:
    """Groups of the streams that paid, in order, and what each has of a month's capacity.

    Parameters
    ----------
    capacity
        Load units.
    salaries
        What each stream paid of the month's salaries, all streams in order.
    month
        The month.
    """
    groups: list[Group] = []
    for stream in (stream for stream, cents in salaries.items() if cents > 0):
        families = {what: frozenset(levels) for what, levels in stream.terms.families.items()}
        group = next((group for group in groups if group.families == families), None)
        if group is None:
            group = Group(families)
            groups.append(group)
        group.streams.append(stream)

    paid = sum(salaries.values())
    for group in groups:
        by_group = sum(salaries[stream] for stream in group.streams)
        closing = sum(salaries[stream] for stream in group.streams if stream.closes(month))
        group.units = capacity * by_group // paid
        group.closed = capacity * closing // paid
    for first in groups[:1]:
        first.units += capacity - sum(group.units for group in groups)
    return groups


class Seats:
    """Free units of groups while families take places one after the other.

    Parameters
    ----------
    groups
        The groups, in order.
    weight
        Families that a simulated one stands for.
    """

    def __init__(self, groups: Sequence[Group], weight: int) -> None:
        self.free = {group: group.units for group in groups}
        self.weight = weight

    def open_to(self, family: Family) -> list[Group]:
        """Groups open to a family, in order."""
        return [group for group in self.free if group.is_open_to(family)]

    def take(self, family: Family, load: int) -> bool:
        """Take places in the first group open to the family that has room, if one has.

        There is room if more than half of those fit for whom the simulated family stands.
        """
        needed = load - (load - load // self.weight) // 2
        for group in self.open_to(family):
            if needed <= self.free[group]:
                self.free[group] -= load
                return True
        return False

    def keep(self, family: Family, load: int) -> None:
        """Take places as in `take`, or else beyond what the first group open to the family has."""
        if not self.take(family, load):
            for group in self.open_to(family)[:1]:
                self.free[group] -= load

    def close_intake(self) -> None:
        """From here on only new families come: closed places are not for them."""
        for group in self.free:
            self.free[group] -= group.closed

    def admit(self, family: Family, load: int) -> bool:
        """Give a new family a place; if there is none, its groups admit nobody else."""
        if self.take(family, load):
            return True
        for group in self.open_to(family):
            del self.free[group]
        return False
