"""The system: a Mesa model whose month has named phases in one published order."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import mesa
import numpy as np

from hvsim.chances import attenuated_logit
from hvsim.population.families import Families
from hvsim.randomness import purpose
from hvsim.scenario.vocabulary import ATTRIBUTES
from hvsim.simulation import presence, screening
from hvsim.simulation.compile import coefficients
from hvsim.simulation.compile_offers import offers
from hvsim.simulation.compile_risks import effects, risks
from hvsim.simulation.compile_services import services
from hvsim.simulation.ledger import CAPACITY_MEASURES
from hvsim.simulation.lifecourse import live
from hvsim.simulation.organizations import NOBODY, Door, FundingStream, Provider
from hvsim.simulation.people import make_state, report_groups
from hvsim.simulation.plan import Plan
from hvsim.simulation.state import NEVER, WAITING
from hvsim.simulation.tables import BoolArray, IntArray
from hvsim.simulation.tally import Tally, new_tally

SPENDING = ("salaries", "hires")
SMALLEST_CHUNK = 8192
"""Families below which a stretch of lives is not worth a second thread."""

PHASES = (
    "money",
    "staff",
    "contacts",
    "screening",
    "allocation",
    "service",
    "outcomes",
    "ledger",
)
"""The month, in order (``docs/model.md``, section 5). Deaths will stand before the ledger."""


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
    """

    def __init__(
        self, plan: Plan, families: Families, *, seed: int, threads: int = 1, trace_rows: int = 0
    ) -> None:
        super().__init__(rng=seed)
        self.plan = plan
        self.seed = np.uint64(seed)
        self.threads = threads
        self.t = 0
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self.state = make_state(plan, families, seed)
        self.groups = report_groups(plan.scenario)
        self.risks = risks(plan)
        self.services = services(plan)
        self.effects = effects(plan, self.services.programs)
        self.offers = offers(plan)
        n = len(families)
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
        self._meet(families)
        self.doors = [
            Door(self, name, d, self.state.handled[:, d]) for d, name in enumerate(plan.doors)
        ]
        self.streams = [FundingStream(self, name, s) for s, name in enumerate(plan.streams)]
        self.providers = [
            Provider(self, name, r, plan.programs[provider.program])
            for r, (name, provider) in enumerate(plan.providers.items())
        ]
        self.providers_by_name = {provider.name: provider for provider in self.providers}
        self.present = NOBODY
        self._is_present = np.zeros(n, np.bool_)
        self._live(np.arange(n, dtype=np.int64), 0)

    @property
    def tally(self) -> Tally:
        """Counts of the single-threaded phases."""
        return self.tallies[0]

    def draw(self, program: int, kind: str) -> int:
        """Number of the purpose of a program's draw."""
        return int(self.services.programs[f"{kind}_draw"][program])

    def spend(self, stream: int, program: int, category: str, cents: int) -> None:
        """Record a payment."""
        self.spent[stream, program, SPENDING.index(category), self.t] += cents

    def join_queues(self, who: IntArray, waited: BoolArray) -> None:
        """Put those among `who` who began to wait into their providers' queues.

        `waited` tells by family and track who was waiting before.
        """
        for k in range(len(self.plan.tracks)):
            joined = who[(self.state.paths["state"][who, k] == WAITING) & ~waited[:, k]]
            chosen = self.state.paths["provider"][joined, k]
            for r in np.unique(chosen):
                self.providers[r].join(joined[chosen == r])

    def step(self) -> None:
        """One month."""
        for phase in PHASES:
            getattr(self, f"_{phase}")()
        self.t += 1

    def close(self) -> None:
        """Let go of everything large: Mesa 3 remembers each model for the life of the process."""
        if self._pool is not None:
            self._pool.shutdown()
        self.remove_all_agents()
        self.__dict__.clear()

    def _money(self) -> None:
        for stream in self.streams:
            stream.pay_out()

    def _staff(self) -> None:
        for provider in self.providers:
            provider.staff()

    def _contacts(self) -> None:
        """Bring the families whose contact is handled this month under the system's eyes."""
        joining = []
        for door in self.doors:
            who = door.families(self.t)
            joining.append(who[~self._is_present[who]])
            self._is_present[who] = True
        self.present = np.concatenate([self.present, *joining])
        if not presence.all_in_month(self.present, self.t, self.state):
            raise AssertionError("a family stands in another month than the system")

    def _screening(self) -> None:
        for door in self.doors:
            door.screen()

    def _allocation(self) -> None:
        for provider in self.providers:
            provider.allocate()

    def _service(self) -> None:
        for provider in self.providers:
            provider.visit()

    def _outcomes(self) -> None:
        self._live(self.present, self.t + 1)

    def _ledger(self) -> None:
        for provider in self.providers:
            self.capacity[provider.position, :, self.t] = provider.snapshot()

    def _live(self, who: IntArray, t: int) -> None:
        """Let families live: up to month t if an organization can act on them in it, else ahead.

        Who lives ahead does so up to the next contact or the end of follow-up.
        """
        until = np.empty(len(who), np.int64)
        stay = presence.part(who, t, self.state, until)
        self._is_present[who[stay:]] = False
        chunks = 1 if self._pool is None else min(self.threads, len(who) // SMALLEST_CHUNK + 1)
        bounds = np.linspace(0, len(who), chunks + 1).astype(int).tolist()
        calls = [
            (who[a:b], until[a:b], tally)
            for a, b, tally in zip(bounds[:-1], bounds[1:], self.tallies, strict=False)
        ]
        if self._pool is None or chunks == 1:
            self._live_chunk(*calls[0])
        else:
            list(self._pool.map(lambda call: self._live_chunk(*call), calls))
        self.present = who[:stay]

    def _live_chunk(self, who: IntArray, until: IntArray, tally: Tally) -> None:
        live(
            who,
            until,
            self.plan.birth_age,
            self.plan.first,
            self.seed,
            tally,
            self.state,
            self.risks,
            self.effects,
        )

    def _meet(self, families: Families) -> None:
        """Find out in which month each family's contact at each door is handled."""
        plan = self.plan
        care = families.levels[:, list(ATTRIBUTES).index("prenatal-care")]
        left_at_birth = np.ones(len(families))
        for d, name in enumerate(plan.doors):
            for policy, scenario in enumerate(plan.policies):
                if name not in scenario.doors:
                    continue
                door = scenario.doors[name]
                by, (variance,) = coefficients(plan.scenario, [door.share_log_odds])
                logit = np.full(plan.months, -math.inf)
                for t in range(plan.months):
                    if plan.policy(t) == policy:
                        share = door.share_of_births.at(plan.t0 + t)
                        logit[t] = attenuated_logit(share, variance)
                age, left = np.zeros(len(families), np.int64), left_at_birth
                if door.kind == "prenatal":
                    left = np.ones(len(families))
                    levels = ATTRIBUTES["prenatal-care"]
                    ages = [door.contact_age.get(level, NEVER) for level in levels]
                    age = np.array(ages, np.int64)[care]
                screening.meet_door(
                    d,
                    logit,
                    by,
                    self.state.people["entry"] + plan.birth_age + age,
                    purpose("door", name),
                    int(door.kind == "prenatal"),
                    left,
                    self.seed,
                    self.state,
                )
