"""Funding streams, as Mesa agents: what they hand out, pay for and are open to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np

from hvsim.months import month_of_fiscal_year
from hvsim.scenario.schema import Funding, Scenario
from hvsim.simulation.ledger import SPENDING
from hvsim.simulation.payments import Payers
from hvsim.simulation.plan import Plan
from hvsim.simulation.tables import FloatArray, IntArray

if TYPE_CHECKING:
    from hvsim.simulation.system import System


@dataclass(frozen=True)
class Terms:
    """What money may be used for under one policy. Months count from the first simulated one.

    Attributes
    ----------
    payers
        Streams that pay for each category of spending, in order.
    families
        Families whom each group of streams is for: attribute (or 'region') to open levels.
    group
        Group of each stream. Shape (streams,).
    intake_closes
        For each stream the month from which its places take no new families. Shape (streams,).
    """

    payers: Payers
    families: tuple[dict[str, frozenset[str]], ...]
    group: IntArray
    intake_closes: FloatArray


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
        payers=_payers(streams),
        families=tuple(families),
        group=np.array([families.index(rule) for rule in open_to], np.int64),
        intake_closes=np.array(
            [stream.to - plan.t0 + 1 - stream.intake_closes.value for stream in streams], float
        ),
    )


def _payers(streams: Sequence[Funding]) -> Payers:
    shape = (len(SPENDING), len(streams))
    payers = Payers(np.full(shape, -1, np.int64), np.zeros(shape))
    for c, category in enumerate(SPENDING):
        who = [s for s, stream in enumerate(streams) if category in stream.pays]
        payers.stream[c, : len(who)] = who
        payers.match[c, : len(who)] = [streams[s].match.value for s in who]
    return payers


def stops(plan: Plan) -> Iterator[tuple[str, int]]:
    """Programs and months in which families without a place are withdrawn at once."""
    for policy in range(len(plan.policies)):
        for stream in plan.policies[policy].funding.values():
            last = stream.to - plan.t0
            if stream.at_end == "stop" and plan.policy(last) == policy:
                yield from ((program, last + 1) for program in stream.pays_for)


class Shares(NamedTuple):
    """What providers get of streams: a row for each stream, program and provider.

    Attributes
    ----------
    provider, stream
        Positions. Shape (rows,).
    split, part
        The program's share of the stream, and the provider's of the program. Shape (rows,).
    """

    provider: IntArray
    stream: IntArray
    split: FloatArray
    part: FloatArray


def shares_of(plan: Plan, policy: int) -> Shares:
    """What providers get of streams under a policy."""
    scenario = plan.policies[policy]
    rows = [
        (r, s, split, part)
        for s, name in enumerate(plan.streams)
        if name in scenario.funding
        for r, split, part in _parts(plan, scenario, scenario.funding[name])
    ]
    provider, stream, split, part = np.array(rows, float).reshape(-1, 4).T
    return Shares(provider.astype(np.int64), stream.astype(np.int64), split.copy(), part.copy())


def _parts(plan: Plan, scenario: Scenario, stream: Funding) -> Iterator[tuple[int, float, float]]:
    """Providers paid by a stream, the split of their program, and their part of it."""
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


class FundingStream(mesa.Agent):
    """A stream of money, handed out to providers as it comes in."""

    model: System

    def __init__(self, model: System, name: str, position: int) -> None:
        super().__init__(model)
        plan = model.plan
        self.name = name
        self.position = position
        self._terms = [streams_of(plan, policy)[name] for policy in range(len(plan.policies))]
        self._flows = [name in policy.funding for policy in plan.policies]
        self._year_starts = plan.scenario.fiscal_year_starts

    def receive(self) -> int:
        """Cents of this month; what providers still hold may lapse before."""
        model = self.model
        stream = self._terms[model.policy]
        month = model.plan.t0 + model.t
        position_in_year = month_of_fiscal_year(month, self._year_starts)
        if position_in_year == 0 or month == stream.to + 1:
            model.lapsed[self.position, model.t] += model.payroll.lapse(self.position)
        if not self._flows[model.policy] or not stream.from_ <= month <= stream.to:
            return 0
        yearly = round(100 * stream.per_year.at(month))
        return yearly * (position_in_year + 1) // 12 - yearly * position_in_year // 12
