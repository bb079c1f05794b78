"""The system: a Mesa model whose month has named phases in one published order."""

from __future__ import annotations

import mesa
import numpy as np

from hvsim.population.families import Families
from hvsim.simulation import presence, screening, waiting
from hvsim.simulation.care import Care
from hvsim.simulation.compile_offers import offers
from hvsim.simulation.compile_services import places, services
from hvsim.simulation.contacts import Calendar
from hvsim.simulation.hubs import Hub
from hvsim.simulation.labor import LaborPool, by_pay
from hvsim.simulation.ledger import CAPACITY_MEASURES, SPENDING
from hvsim.simulation.lists import NOBODY, Lists, distinct
from hvsim.simulation.lives import Lives, end_service
from hvsim.simulation.people import report_groups
from hvsim.simulation.plan import Plan
from hvsim.simulation.providers import Provider
from hvsim.simulation.state import State
from hvsim.simulation.streams import FundingStream, terms_of
from hvsim.simulation.tables import BoolArray, IntArray
from hvsim.simulation.tally import Tally, new_tally

PHASES = (
    "money",
    "staff",
    "contacts",
    "screening",
    "allocation",
    "service",
    "outcomes",
    "deaths",
    "ledger",
)
"""The month, in order (``docs/model.md``, section 5)."""


class System(mesa.Model):
    """Families, organizations and clock of one run.

    Parameters
    ----------
    plan
        Frame of the run.
    families
        Who lives in it.
    seed
        Seed of all luck.
    threads
        Threads among which lives are divided; results do not depend on it.
    trace_rows
        Room for single events, for comparison with the reference.

    Attributes
    ----------
    terms
        What money may be used for this month.
    """

    def __init__(
        self, plan: Plan, families: Families, *, seed: int, threads: int = 1, trace_rows: int = 0
    ) -> None:
        super().__init__(rng=seed)
        self.plan = plan
        self.seed = np.uint64(seed)
        self.threads = threads
        self.t = 0
        self.groups = report_groups(plan.scenario)
        self.services = services(plan)
        self.offers = offers(plan)
        self.places = places(plan)
        self._terms = [terms_of(plan, policy) for policy in range(len(plan.policies))]
        self.terms = self._terms[self.policy]
        measures = len(plan.measures.names)
        self.tallies = [
            new_tally(
                len(plan.doors),
                len(plan.programs),
                measures,
                plan.months,
                len(self.groups),
                trace_rows,
            )
            for _ in range(threads)
        ]
        self.received = np.zeros((len(plan.streams), plan.months), np.int64)
        self.lapsed = np.zeros_like(self.received)
        self.spent = np.zeros(
            (len(plan.streams), len(plan.programs), len(SPENDING), plan.months), np.int64
        )
        self.capacity = np.zeros(
            (len(plan.providers), len(CAPACITY_MEASURES), plan.months), np.int64
        )
        self.lives = Lives(plan, families, self.services, self.tallies, seed)
        self._calendar = Calendar()
        self.hubs = [Hub(self, name, h, terms) for h, (name, terms) in enumerate(plan.hubs.items())]
        self.streams = [FundingStream(self, name, s) for s, name in enumerate(plan.streams)]
        self.pools = {name: LaborPool(self, name, terms) for name, terms in plan.labor.items()}
        self.providers = [
            Provider(self, name, r, None if terms.pool is None else self.pools[terms.pool])
            for r, (name, terms) in enumerate(plan.providers.items())
        ]
        self._hiring = by_pay(self.providers)
        self.care = Care(self)
        self._met = NOBODY
        self._contacts_now = Lists(NOBODY, np.zeros(1, np.int64))
        self.present = self._lived = NOBODY
        self._live(np.arange(len(families), dtype=np.int64), 0)

    @property
    def state(self) -> State:
        """What is known about each family."""
        return self.lives.state

    @property
    def policy(self) -> int:
        """0 before the first reported month, 1 from it on."""
        return self.plan.policy(self.t)

    @property
    def tally(self) -> Tally:
        """Counts of the single-threaded phases."""
        return self.tallies[0]

    def spend(self, stream: int, program: int, category: str, cents: int) -> None:
        """Record a payment."""
        self.spent[stream, program, SPENDING.index(category), self.t] += cents

    def step(self) -> None:
        """One month."""
        for phase in PHASES:
            getattr(self, f"_{phase}")()
        self.t += 1

    def close(self) -> None:
        """Let go of everything large: Mesa 3 remembers each model for the life of the process."""
        self.lives.close()
        self.remove_all_agents()
        self.__dict__.clear()

    def _money(self) -> None:
        self.terms = self._terms[self.policy]
        for stream in self.streams:
            stream.pay_out()

    def _staff(self) -> None:
        for provider in self.providers:
            provider.fund()
        for pool in self.pools.values():
            pool.receive()
        for provider in self._hiring:
            provider.hire()
        for provider in self.providers:
            provider.staff()
        self.care.serve()

    def _contacts(self) -> None:
        """Bring the families whose contact is handled this month under the system's eyes."""
        self._contacts_now = self._calendar.handled(self.t, self.state)
        self._met = distinct(self._contacts_now.items)
        present = self.state.people["present"]
        joining = self._met[~present[self._met]]
        present[joining] = True
        self.present = np.concatenate([self.present, joining])
        if not presence.all_in_month(self.present, self.t, self.state):
            raise AssertionError("a family stands in another month than the system")

    def _screening(self) -> None:
        before = waiting.waits(self._met, self.state)
        screening.screen(
            self._contacts_now,
            self.t,
            self.seed,
            self.tally,
            self.state,
            self.offers,
            self.services,
        )
        self._join(self._met, before)
        for hub in self.hubs:
            hub.join(self._met)
            chosen = hub.choose()
            before = waiting.waits(chosen, self.state)
            hub.call(chosen)
            self._join(chosen, before)

    def _join(self, who: IntArray, before: BoolArray) -> None:
        """Put those among `who` into queues who wait, and did not do so `before`."""
        joined, chosen = waiting.newly_waiting(who, before, self.state)
        for r in np.unique(chosen):
            self.providers[r].join(joined[chosen == r])

    def _allocation(self) -> None:
        self.care.allocate()

    def _service(self) -> None:
        self.care.visit()

    def _outcomes(self) -> None:
        self._lived = self.present
        self._live(self._lived, self.t + 1)

    def _deaths(self) -> None:
        """End the service of those whose life or residence has ended; who moved lives ahead.

        Among them may be some in their last month, who are no longer present.
        """
        ended = end_service(self._lived, self.t, self.tally, self.state)
        ended = ended[: len(self.present)]  # who is still present stands first
        if ended.any():
            staying = self.present[~ended]
            self._live(self.present[ended], self.t + 1)
            self.present = staying

    def _ledger(self) -> None:
        begun, waits = self.care.families_of()
        for provider in self.providers:
            r = provider.position
            self.capacity[r, :, self.t] = provider.snapshot(begun[r], waits[r])

    def _live(self, who: IntArray, t: int) -> None:
        """Let families live, and doors know of the contacts that come of it."""
        self.present = self.lives.live(who, t)
        self._calendar.expect(self.lives.take_called(), self.t, self.state)
