"""The providers' families: each phase of a month for all rosters and queues at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hvsim.scenario.vocabulary import levels_of
from hvsim.simulation import caring
from hvsim.simulation.caring import Teams
from hvsim.simulation.lists import Lists, laid, noted, parted
from hvsim.simulation.tables import IntArray

if TYPE_CHECKING:
    from hvsim.simulation.system import System


class Care:
    """What providers do for families, each as its staff of the month allows."""

    def __init__(self, model: System) -> None:
        self._model = model
        self._providers = model.providers
        self._program = np.array([r.program for r in self._providers], np.int64)
        self._track = np.array([r.track for r in self._providers], np.int64)
        self._by_score = np.array([r.highest_score_first for r in self._providers], np.bool_)
        self._bits = np.zeros((len(self._providers), len(levels_of(model.plan.scenario))), np.int64)
        for provider in self._providers:
            self._bits[provider.position] = provider.team.bits
        self._teams = self._teams_now()

    def _teams_now(self) -> Teams:
        providers = self._providers
        return Teams(
            program=self._program,
            track=self._track,
            by_score=self._by_score,
            bits=self._bits,
            unstaffed=np.array([r.unstaffed for r in providers], np.int64),
            serial=noted([v.serial for v in r.team.visitors] for r in providers),
            serves=noted([v.serves for v in r.team.visitors] for r in providers),
            groups=self._model.payroll.groups,
            places=self._model.payroll.places,
            closing=self._model.payroll.closing,
        )

    def _rosters(self) -> Lists:
        return laid(provider.roster for provider in self._providers)

    def _queues(self) -> Lists:
        return laid(provider.queue for provider in self._providers)

    def serve(self) -> None:
        """Drop from all lists who is gone, and decide who is served and who is on hold."""
        model = self._model
        self._teams = self._teams_now()
        rosters, queues = self._rosters(), self._queues()
        waiting, served, load, on_hold = caring.serve(
            self._teams,
            rosters,
            queues,
            model.policy,
            model.t,
            model.seed,
            model.state,
            model.services,
            model.places,
        )
        nothing = np.zeros_like(served)
        for provider, roster, queue, units, held in zip(
            self._providers,
            parted(rosters, nothing, served),
            parted(queues, nothing, waiting),
            load.tolist(),
            on_hold.tolist(),
            strict=True,
        ):
            provider.roster, provider.queue = roster, queue
            provider.load, provider.on_hold = units, held

    def room(self) -> IntArray:
        """Load units by provider that neither service next month nor who waits will take."""
        model = self._model
        capacity = np.array([provider.capacity for provider in self._providers], np.int64)
        return capacity - caring.loads(
            self._teams, self._rosters(), self._queues(), model.t + 1, model.state, model.services
        )

    def allocate(self) -> None:
        """Let go of those who no longer wait, and give free places to those who do."""
        model = self._model
        queues = self._queues()
        new, stay = caring.allocate(
            self._teams,
            self._rosters(),
            queues,
            model.policy,
            model.t,
            model.plan.first,
            model.seed,
            model.tally,
            model.state,
            model.services,
            model.places,
        )
        for provider, entered, queue in zip(
            self._providers,
            parted(queues, np.zeros_like(new), new),
            parted(queues, new, stay),
            strict=True,
        ):
            provider.queue = queue
            if len(entered) > 0:
                provider.roster = np.concatenate([provider.roster, entered])

    def visit(self) -> None:
        """Visit the families served, and see who leaves."""
        model = self._model
        caring.visit(
            self._teams,
            self._rosters(),
            model.t,
            model.seed,
            model.tally,
            model.state,
            model.offers,
            model.services,
        )

    def families_of(self) -> tuple[list[int], list[int]]:
        """By provider, families on the roster whose service has begun, and who wait."""
        model = self._model
        begun, waiting = caring.families_of(
            self._teams, self._rosters(), self._queues(), model.t, model.state
        )
        return begun.tolist(), waiting.tolist()
