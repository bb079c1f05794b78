"""Organizations: doors, funding streams and providers, as Mesa agents.

Families are columns and visitors are rows inside their provider; agents decide for them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import mesa
import numpy as np

from hvsim.months import month_of_fiscal_year
from hvsim.randomness import exponential, key, purpose
from hvsim.scenario.schema import Program
from hvsim.simulation import screening, serving, waiting
from hvsim.simulation.rules import trained_units
from hvsim.simulation.state import NEVER, WAITING
from hvsim.simulation.tables import IntArray

if TYPE_CHECKING:
    from hvsim.simulation.system import System

NOBODY = np.zeros(0, np.int64)


class Door(mesa.Agent):
    """A referral partner: the families that it meets, by the month in which they are handled."""

    model: System

    def __init__(self, model: System, name: str, position: int) -> None:
        super().__init__(model)
        self.name = name
        self.position = position
        self._expected: dict[int, list[IntArray]] = defaultdict(list)

    def expect(self, who: IntArray) -> None:
        """Note those among `who` whose contact will be handled, in its month."""
        handled = self.model.state.handled[who, self.position]
        order = np.argsort(handled, kind="stable")
        order = order[(handled[order] >= self.model.t) & (handled[order] < NEVER)]
        months, starts = np.unique(handled[order], return_index=True)
        for month, part in zip(months.tolist(), np.split(who[order], starts[1:]), strict=False):
            self._expected[month].append(part)

    def families(self) -> IntArray:
        """Families handled this month."""
        who = np.unique(np.concatenate([NOBODY, *self._expected.get(self.model.t, [])]))
        now: IntArray = who[self.model.state.handled[who, self.position] == self.model.t]
        return now

    def screen(self) -> None:
        """Screen this month's families and make offers; who accepts joins a queue."""
        model = self.model
        who = self.families()
        if len(who) == 0:
            return
        waited = model.state.paths["state"][who] == WAITING
        screening.screen(
            who,
            self.position,
            model.t,
            model.seed,
            model.tally,
            model.state,
            model.offers,
            model.services,
        )
        model.join_queues(who, waited)


class FundingStream(mesa.Agent):
    """A stream of money, handed out to providers as it comes in."""

    model: System

    def __init__(self, model: System, name: str, position: int) -> None:
        super().__init__(model)
        self.name = name
        self.position = position

    def pay_out(self) -> None:
        """Receive this month's money and hand it to the accounts of providers."""
        model = self.model
        plan = model.plan
        scenario = plan.policies[plan.policy(model.t)]
        stream = scenario.funding.get(self.name)
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
        for name in stream.pays_for:
            split = 1 / len(stream.pays_for)
            if stream.split:
                split = stream.split[name].value / sum(s.value for s in stream.split.values())
            shares = {
                r: scenario.providers[r].share.value
                for r, provider in plan.providers.items()
                if provider.program == name and r in scenario.providers
            }
            for r, share in shares.items():
                part = share / sum(shares.values()) if share > 0 else 0.0
                cents = math.floor(received * split * part)
                handed_out += cents
                model.providers_by_name[r].receive(self.position, cents)
        model.lapsed[self.position, model.t] += received - handed_out

    def _lapse(self) -> None:
        """Take back what providers did not spend."""
        for provider in self.model.providers:
            self.model.lapsed[self.position, self.model.t] += provider.accounts[self.position]
            provider.accounts[self.position] = 0


class Provider(mesa.Agent):
    """One agency's team for one program: money, visitors, the families served and waiting.

    Visitors are rows: serial, month of starting, month of leaving, and whether they came trained.
    """

    model: System

    def __init__(self, model: System, name: str, position: int, program: Program) -> None:
        super().__init__(model)
        plan = model.plan
        self.name = name
        self.position = position
        self.program = list(plan.programs).index(plan.providers[name].program)
        self.track = plan.tracks.index(program.track)
        staff = program.staff
        self.highest_score_first = program.priority == "highest-score"
        self.caseload = program.caseload
        self.cost = round(100 * (staff.cost_per_visitor.value / 12))
        self.cost_of_hire = round(100 * staff.cost_per_hire.value)
        self.hiring_months = int(staff.hiring_months.value)
        self.ramp_months = int(staff.ramp_months.value)
        stay = 1.0 - staff.turnover_per_year.value
        self.leaving_hazard = math.inf if stay <= 0.0 else -math.log(stay) / 12
        self.key = np.uint64(key("provider", name))
        self.accounts = [0] * len(plan.streams)
        self.allotted = 0
        self.visitors: list[tuple[int, int, int, bool]] = []
        self.pending: list[tuple[int, int]] = []
        self.next_serial = 0
        self.positions = 0
        self.capacity = 0
        self.load = 0
        self.on_hold = 0
        self.roster: IntArray = NOBODY
        self.queue: IntArray = NOBODY

    def receive(self, stream: int, cents: int) -> None:
        """Take in money of a stream."""
        self.accounts[stream] += cents
        self.allotted += cents

    def staff(self) -> None:
        """Lose, hire and pay visitors; then decide who is served with those there are."""
        t = self.model.t
        self.visitors = [visitor for visitor in self.visitors if visitor[2] > t]
        self.positions = self.allotted // self.cost if self.cost > 0 else 0
        self.allotted = 0
        while self.pending and len(self.visitors) + len(self.pending) > self.positions:
            self.pending.pop()
        while len(self.visitors) > self.positions:
            self.visitors.pop()
        self._hire(t)
        self._pay("salaries", self.cost * len(self.visitors))
        self.capacity = sum(
            self.caseload if trained else trained_units(self.caseload, t - start, self.ramp_months)
            for _, start, _, trained in self.visitors
        )
        self._serve(t)

    def _hire(self, t: int) -> None:
        waiting = []
        for serial, month in self.pending:
            need = self.cost * (len(self.visitors) + 1) + self.cost_of_hire
            if month <= t and sum(self.accounts) >= need:
                self._pay("hires", self.cost_of_hire)
                self._start(serial, t, trained=False)
            else:
                waiting.append((serial, month))
        self.pending = waiting
        for _ in range(self.positions - len(self.visitors) - len(self.pending)):
            if t == 0:
                self._start(self.next_serial, t, trained=True)
            else:
                self.pending.append((self.next_serial, t + self.hiring_months))
            self.next_serial += 1

    def _start(self, serial: int, t: int, *, trained: bool) -> None:
        draw = exponential(self.model.seed, self.key, purpose("visitor", "tenure"), serial)
        tenure = draw / self.leaving_hazard if self.leaving_hazard > 0.0 else math.inf
        leaves = t + 1 + math.floor(min(tenure, self.model.plan.months))
        self.visitors.append((serial, t, leaves, trained))
        self.visitors.sort()

    def _pay(self, category: str, cents: int) -> None:
        """Pay from the accounts, in the order of streams."""
        for stream, held in enumerate(self.accounts):
            paid = min(held, cents)
            self.accounts[stream] -= paid
            self.model.spend(stream, self.program, category, paid)
            cents -= paid
        if cents > 0:
            raise AssertionError(f"{self.name} spent {cents} cents that it does not hold")

    @property
    def serials(self) -> IntArray:
        """Serials of the visitors there are, in order."""
        return np.array([visitor[0] for visitor in self.visitors], np.int64)

    def _serve(self, t: int) -> None:
        model = self.model
        stay = serving.still_served(self.roster, self.track, t, model.plan.last_age, model.state)
        self.roster = self.roster[:stay]
        serving.reassign(
            self.roster,
            self.serials,
            self.program,
            self.track,
            t,
            model.seed,
            model.state,
            model.services,
        )
        self.load, self.on_hold = serving.serve(
            self.roster,
            self.capacity,
            self.program,
            self.track,
            t,
            model.plan.units,
            model.state,
            model.services,
        )

    def join(self, who: IntArray) -> None:
        """Take families into the queue."""
        self.queue = np.concatenate([self.queue, who])

    def allocate(self) -> None:
        """Let go of those who no longer wait, and give free places to those who do."""
        model, t, p, k = self.model, self.model.t, self.program, self.track
        if len(self.queue) == 0:
            return
        stay = waiting.leave_queue(
            self.queue, p, k, t, model.seed, model.tally, model.state, model.services
        )
        self.queue = self.queue[:stay]
        free = self.capacity - serving.load_of(
            self.roster, p, k, t + 1, model.plan.units, model.state, model.services
        )
        if free <= 0 or stay == 0:
            return
        self.queue = self.queue[self._priority()]
        enrolled = waiting.enroll(
            self.queue,
            free,
            self.serials,
            p,
            k,
            t,
            model.plan.first,
            model.plan.units,
            model.seed,
            model.tally,
            model.state,
            model.services,
        )
        new, self.queue = self.queue[:enrolled], self.queue[enrolled:]
        luck = waiting.luck(new, model.draw(p, "order"), model.seed, model.state)
        self.roster = np.concatenate([self.roster, new[np.argsort(luck, kind="stable")]])

    def _priority(self) -> IntArray:
        """Order of the queue: by score if the program says so, then date, then luck."""
        model = self.model
        draw = model.draw(self.program, "queue")
        luck = waiting.luck(self.queue, draw, model.seed, model.state)
        since = model.state.paths["since"][self.queue, self.track]
        if not self.highest_score_first:
            return np.lexsort((luck, since))
        people = model.state.people[self.queue]
        score = np.where(people["screened"], -people["score"], math.inf)
        return np.lexsort((luck, since, score))

    def visit(self) -> None:
        """Visit the families served, and see who leaves."""
        model = self.model
        serving.visit(
            self.roster,
            self.program,
            self.track,
            model.t,
            model.seed,
            model.tally,
            model.state,
            model.services,
        )

    def snapshot(self) -> tuple[int, int, int, int, int, int]:
        """Places, enrolled, on hold, waiting (families), visitors and vacancies at month's end."""
        model, t, k = self.model, self.model.t, self.track
        begun = model.state.paths["begin"][self.roster, k] <= t
        enrolled = int(begun.sum()) - self.on_hold
        newcomer = int(model.services.load[self.program, model.plan.birth_age])
        waiting = int((model.state.paths["state"][self.queue, k] == WAITING).sum())
        units = model.plan.units
        return (
            enrolled * units + max(0, self.capacity - self.load) // max(1, newcomer),
            enrolled * units,
            self.on_hold * units,
            waiting * units,
            len(self.visitors),
            max(0, self.positions - len(self.visitors)),
        )
