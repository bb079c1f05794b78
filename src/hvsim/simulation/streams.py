"""Funding streams, as Mesa agents: what they hand out, pay for and are open to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

from hvsim.months import month_of_fiscal_year
from hvsim.scenario.schema import Funding
from hvsim.simulation.ledger import SPENDING
from hvsim.simulation.payments import Payer
from hvsim.simulation.plan import Plan

if TYPE_CHECKING:
    from hvsim.simulation.system import System


@dataclass(frozen=True)
class Terms:
    """What money may be used for under one policy. Months count from the first simulated one.

    Attributes
    ----------
    payers
        By category of spending, the streams that pay for it, in order.
    families
        Families whom each group of streams is for: attribute (or 'region') to open levels.
    group
        Group of each stream.
    intake_closes
        For each stream the month from which its places take no new families.
    """

    payers: dict[str, tuple[Payer, ...]]
    families: tuple[dict[str, frozenset[str]], ...]
    group: tuple[int, ...]
    intake_closes: tuple[float, ...]


def streams_of(plan: Plan, policy: int) -> dict[str, Funding]:
    """Each stream on the terms of a policy; one that only the other knows keeps its own."""
    own = plan.policies[policy].funding
    return {name: own.get(name, stream) for name, stream in plan.streams.items()}


def terms_of(plan: Plan, policy: int) -> Terms:
    """Terms of all streams under a policy."""
    streams = list(streams_of(plan, policy).values())
    open_to = [
        {attribute: frozenset(levels) for attribute, levels in stream.families.items()}
        for stream in streams
    ]
    families = [rule for s, rule in enumerate(open_to) if rule not in open_to[:s]]
    return Terms(
        payers={
            category: tuple(
                Payer(s, stream.match.value)
                for s, stream in enumerate(streams)
                if category in stream.pays
            )
            for category in SPENDING
        },
        families=tuple(families),
        group=tuple(families.index(rule) for rule in open_to),
        intake_closes=tuple(
            stream.to - plan.t0 + 1 - stream.intake_closes.value for stream in streams
        ),
    )


def stops(plan: Plan) -> Iterator[tuple[str, int]]:
    """Programs and months in which families without a place are withdrawn at once."""
    for policy in range(len(plan.policies)):
        for stream in plan.policies[policy].funding.values():
            last = stream.to - plan.t0
            if stream.at_end == "stop" and plan.policy(last) == policy:
                yield from ((program, last + 1) for program in stream.pays_for)


class FundingStream(mesa.Agent):
    """A stream of money, handed out to providers as it comes in."""

    model: System

    def __init__(self, model: System, name: str, position: int) -> None:
        super().__init__(model)
        self.name = name
        self.position = position
        policies = range(len(model.plan.policies))
        self._parts = [list(self._parts_of(policy)) for policy in policies]

    def _parts_of(self, policy: int) -> Iterator[tuple[int, float, float]]:
        """Providers, the split of their program, and their part of it."""
        plan = self.model.plan
        scenario = plan.policies[policy]
        if self.name not in scenario.funding:
            return
        stream = scenario.funding[self.name]
        for name in stream.pays_for:
            split = 1 / len(stream.pays_for)
            if stream.split:
                split = stream.split[name].value / sum(s.value for s in stream.split.values())
            shares = {
                r: scenario.providers[provider].share.value
                for r, provider in enumerate(plan.providers)
                if plan.providers[provider].program == name and provider in scenario.providers
            }
            for r, share in shares.items():
                yield r, split, share / sum(shares.values()) if share > 0 else 0.0

    def pay_out(self) -> None:
        """Receive this month's money and hand it to the accounts of providers."""
        model = self.model
        plan = model.plan
        policy = plan.policy(model.t)
        stream = plan.policies[policy].funding.get(self.name)
        month = plan.t0 + model.t
        position_in_year = month_of_fiscal_year(month, plan.scenario.fiscal_year_starts)
        known = plan.streams[self.name] if stream is None else stream
        if position_in_year == 0 or month == known.to + 1:
            self._lapse()
        if stream is None or not stream.from_ <= month <= stream.to:
            return
        yearly = round(100 * stream.per_year.at(month))
        received = yearly * (position_in_year + 1) // 12 - yearly * position_in_year // 12
        model.received[self.position, model.t] = received
        handed_out = 0
        for r, split, part in self._parts[policy]:
            cents = math.floor(received * split * part)
            handed_out += cents
            model.providers[r].receive(self.position, cents)
        model.lapsed[self.position, model.t] += received - handed_out

    def _lapse(self) -> None:
        """Take back what providers did not spend."""
        for provider in self.model.providers:
            self.model.lapsed[self.position, self.model.t] += provider.accounts[self.position]
            provider.accounts[self.position] = 0
