"""The families of a run: their state, their lives, and the siblings born to them."""

from __future__ import annotations

import itertools
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from hvsim.compiled import compiled
from hvsim.population.families import Families
from hvsim.population.siblings import siblings_of
from hvsim.simulation import presence
from hvsim.simulation.compile import steps
from hvsim.simulation.compile_effects import effects
from hvsim.simulation.compile_risks import clock, listening, risks
from hvsim.simulation.lifecourse import live
from hvsim.simulation.lists import distinct
from hvsim.simulation.meetings import meet, meetings
from hvsim.simulation.people import Entrance
from hvsim.simulation.plan import Plan
from hvsim.simulation.state import (
    ENDED,
    NEVER,
    SERVED,
    WAITING,
    State,
    enlarged,
    stretch,
)
from hvsim.simulation.tables import BoolArray, IntArray, Services
from hvsim.simulation.tally import DECEASED, MOVED, Tally, count_program

SMALLEST_CHUNK = 8192
"""Families below which a stretch of lives is not worth a second thread."""

BEFORE_ENTRY = -1
"""Month of the first report of a sibling, if the family was reported."""


@compiled
def _marked(who: IntArray, state: State) -> tuple[BoolArray, BoolArray]:
    """Of each family, whether living brought a contact, and a sibling; the former is unmarked."""
    called = np.zeros(who.shape[0], np.bool_)
    bore = np.zeros(who.shape[0], np.bool_)
    for j in range(who.shape[0]):
        person = state.people[who[j]]
        called[j] = person["called"]
        person["called"] = False
        bore[j] = person["sibling"] < NEVER
    return called, bore


@compiled
def end_service(who: IntArray, t: int, tally: Tally, state: State) -> BoolArray:
    """End waits and service of those whose life or residence ended in month t; who they are."""
    ended = np.zeros(who.shape[0], np.bool_)
    for j in range(who.shape[0]):
        i = who[j]
        person = state.people[i]
        if not (person["died"] or person["moved"]):
            continue
        ended[j] = True
        transition = DECEASED if person["died"] else MOVED
        for h in range(state.waiting.shape[1]):
            state.waiting[i, h]["since"] = NEVER
        for k in range(state.paths.shape[1]):
            path = state.paths[i, k]
            if path["state"] == SERVED:
                if path["begin"] > t:
                    path["begin"] = NEVER
                else:
                    path["finish"] = t + 1
                    state.services[i, path["program"]]["finish"] = t + 1
            elif path["state"] != WAITING:
                continue
            path["state"] = ENDED
            door, p = path["door"], path["program"]
            count_program(tally, i, state.groups[i], door, p, transition, t, 1)
    return ended


def _room_for_siblings(plan: Plan, families: int) -> int:
    """Rows kept for siblings, rather too many than too few: unused ones take no memory."""
    ahead = sum(
        float(steps(outcome.per_month, -plan.birth_age, plan.last_age).sum())
        * float(steps(outcome.trend, plan.t0, plan.months).max())
        for outcome in plan.scenario.outcomes.values()
        if outcome.sibling_after is not None
    )
    return math.ceil(families * 2 * ahead)


class Lives:
    """All families, and the clock of each.

    Parameters
    ----------
    plan
        Frame of the run.
    families
        Who lives in it, but for the siblings who are born.
    services
        Tables of programs.
    tallies
        Counts, one for each thread.
    seed
        Seed of all luck.

    Attributes
    ----------
    state
        What is known about each family, siblings last, in the order of their discovery.
    """

    def __init__(
        self, plan: Plan, families: Families, services: Services, tallies: list[Tally], seed: int
    ) -> None:
        self._plan = plan
        self._seed = np.uint64(seed)
        self._tallies = tallies
        self._pool = ThreadPoolExecutor(len(tallies)) if len(tallies) > 1 else None
        self._clock = clock(plan)
        self._risks = risks(plan)
        self._effects = effects(plan, services.programs, self._risks.outcomes["after_report"])
        self._listening = listening(plan)
        self._meetings = meetings(plan)
        after = (o.sibling_after for o in plan.scenario.outcomes.values())
        self._sibling_after = max((months for months in after if months is not None), default=0)
        self._entrance = Entrance(plan, seed)
        self._store = self._entrance.store(len(families) + _room_for_siblings(plan, len(families)))
        self._families = families.with_room(len(self._store.people))
        self.state = stretch(self._store, 0, len(families))
        self._entrance.enter(families, self.state)
        meet(0, self._meetings, self._seed, self.state)
        self._called = [np.arange(len(families), dtype=np.int64)]

    def close(self) -> None:
        """Let go of the threads."""
        if self._pool is not None:
            self._pool.shutdown()

    def take_called(self) -> IntArray:
        """Families with contacts that no door knows of yet."""
        called = distinct(*self._called)
        self._called = [called[:0]]
        return called

    def live(self, who: IntArray, t: int) -> IntArray:
        """Let families live: up to month t if an organization can act on them in it, else ahead.

        Who lives ahead does so up to the next contact or to the end, and so do the siblings born to
        them. Returns those who are under the eyes of organizations in month t.
        """
        stay = self._live(who, t)
        parents = self._mark(who)
        while len(parents) > 0:
            born = self._bear(parents)
            self._live(born, t)
            parents = self._mark(born)
        return who[:stay]

    def _live(self, who: IntArray, t: int) -> int:
        until = np.empty(len(who), np.int64)
        stay = presence.part(who, t, self.state, until)
        self.state.people["present"][who[stay:]] = False
        chunks = min(len(self._tallies), len(who) // SMALLEST_CHUNK + 1)
        if self._pool is None or chunks == 1:
            self._live_chunk(who, until, self._tallies[0])
            return int(stay)
        bounds = [len(who) * c // chunks for c in range(chunks + 1)]
        calls = [
            (who[a:b], until[a:b], tally)
            for (a, b), tally in zip(itertools.pairwise(bounds), self._tallies, strict=False)
        ]
        list(self._pool.map(lambda call: self._live_chunk(*call), calls))
        return int(stay)

    def _live_chunk(self, who: IntArray, until: IntArray, tally: Tally) -> None:
        live(
            who,
            until,
            self._clock,
            self._seed,
            tally,
            self.state,
            self._risks,
            self._effects,
            self._listening,
        )

    def _mark(self, who: IntArray) -> IntArray:
        """Take note of new contacts; families to which a sibling is born."""
        called, bore = _marked(who, self.state)
        if called.any():
            self._called.append(who[called])
        return who[bore]

    def _bear(self, parents: IntArray) -> IntArray:
        """Make the siblings of some families; their positions."""
        born = self.state.people["sibling"][parents].astype(np.int64)
        order = np.lexsort((self.state.people["id"][parents], born))
        parents, born = parents[order], born[order]
        self.state.people["sibling"][parents] = NEVER
        siblings = siblings_of(self._families, parents, born + self._plan.t0, int(self._seed))
        used = len(self.state.people)
        end = used + len(siblings)
        if end > len(self._store.people):
            self._store = enlarged(self._store, end + end // 4)
            self._families = self._families.with_room(end + end // 4)
        self._families.put(used, siblings)
        new = stretch(self._store, used, end)
        self._entrance.enter(siblings, new)
        seen = self.state.reported[parents] <= (born - self._sibling_after)[:, np.newaxis]
        new.reported[:] = np.where(seen, BEFORE_ENTRY, NEVER)
        self.state = stretch(self._store, 0, end)
        meet(used, self._meetings, self._seed, self.state)
        who = np.arange(used, end, dtype=np.int64)
        self._called.append(who)
        return who
