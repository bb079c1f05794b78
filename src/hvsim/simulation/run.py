"""One run: from a scenario to its ledger."""

from __future__ import annotations

from functools import reduce

import numpy as np

from hvsim.population.families import Families
from hvsim.population.synthesis import synthesize
from hvsim.randomness import refuse_collisions
from hvsim.scenario.schema import Scenario
from hvsim.simulation.compile import draws
from hvsim.simulation.ledger import PERSON_MONTHS, FamilyRecord, Ledger
from hvsim.simulation.plan import ScaleError, make_plan
from hvsim.simulation.system import System
from hvsim.simulation.tables import IntArray
from hvsim.simulation.tally import Counts

SMALLEST_PROVIDER = 5
"""Simulated places below which a provider's queue no longer behaves like the real one."""


def simulate(
    scenario: Scenario,
    *,
    seed: int,
    draw: int | None = None,
    scale: float = 1.0,
    threads: int = 1,
    families: Families | None = None,
    refuse_small: bool = True,
) -> Ledger:
    """Run a scenario.

    Parameters
    ----------
    scenario
        What is simulated; it is not changed, and no file is read: without `families` it must not
        name a birth file.
    seed
        Seed of all luck, 0 to 2**64 - 1. Same seed, same families and same luck in every scenario.
    draw
        Number of the parameter draw that the scenario holds, for the ledger; none means 0.
    scale
        Simulated share of families, one over a whole number. Visitors and money stay real; a
        simulated family takes 1/scale places.
    threads
        Threads to use. The result does not depend on it.
    families
        Families made by `hvsim.families_of` from the same scenario, seed and scale.
    refuse_small
        Refuse a scale that leaves a provider too small. Not of draws: where the numbers as written
        pass, one of low money is a part of the spread.

    Returns
    -------
    Ledger
        All counts, in real units.

    Raises
    ------
    ScaleError
        If the scale is not one over a whole number, or too small for a provider.
    ValueError
        If two names would share their luck, or a birth file has not been read.
    """
    plan = make_plan(scenario, scale)
    refuse_collisions(draws(plan))
    if families is None:
        families = synthesize(scenario, seed, 1 / plan.units)
    system = System(plan, families, seed=seed, threads=threads)
    try:
        for _ in range(plan.months):
            system.step()
        if refuse_small:
            refuse_small_providers(system)
        return make_ledger(system, draw or 0, scale)
    finally:
        system.close()


def _with_short_reciprocal(most: int) -> int:
    """Largest number up to `most` whose reciprocal is a short decimal: 1, 2, 4, 5, 8, 10, 16 ..."""
    products = (2**a * 5**b for a in range(most.bit_length()) for b in range(most.bit_length()))
    return max(int(n) for n in products if n <= most)


def refuse_small_providers(system: System) -> None:
    """Refuse a scale at which a provider had too few simulated places to queue like a real one.

    Raises
    ------
    ScaleError
        With the smallest scale that works.
    """
    plan = system.plan
    if plan.units == 1 or not system.capacity[:, 0, plan.first :].any():
        return
    most_places = system.capacity[:, 0, plan.first :].max(axis=1).tolist()
    places, name = min(
        (most, provider.name)
        for most, provider in zip(most_places, system.providers, strict=True)
        if most > 0
    )
    if places < SMALLEST_PROVIDER * plan.units:
        smallest = 1 / _with_short_reciprocal(max(1, places // SMALLEST_PROVIDER))
        raise ScaleError(
            f"--scale {1 / plan.units:.4g} leaves provider '{name}', of at most {places} places, "
            f"with fewer than {SMALLEST_PROVIDER} simulated ones; use {smallest:g} or more"
        )


def make_ledger(system: System, draw: int, scale: float) -> Ledger:
    """The ledger of a finished run, from its first reported month on."""
    plan = system.plan
    births, doors, programs, outcomes = (
        reduce(np.add, counts)
        for counts in zip(*(tally[:4] for tally in system.tallies), strict=True)
    )
    outcomes = outcomes.copy()  # of one tally alone it is the system's own
    outcomes[:, PERSON_MONTHS] = outcomes[:, PERSON_MONTHS].cumsum(axis=-2)
    months = slice(plan.first, None)

    def real(counts: Counts) -> IntArray:
        """What was counted in reported months, in real units."""
        return np.multiply(counts[..., months, :], plan.units, dtype=np.int64)

    return Ledger(
        scenario=plan.scenario.name,
        seed=int(system.seed),
        scale=scale,
        draw=draw,
        first_month=plan.t0 + plan.first,
        fiscal_year_starts=plan.scenario.fiscal_year_starts,
        groups=system.groups,
        doors=tuple(plan.doors),
        programs=tuple(plan.programs),
        providers=tuple(plan.providers),
        provider_programs=tuple(provider.program for provider in system.providers),
        streams=tuple(plan.streams),
        stream_payers=tuple(stream.payer for stream in plan.streams.values()),
        measures=plan.measures.names,
        measure_units=plan.measures.units,
        births=real(births[0, 0]),
        door_funnel=real(doors),
        funnel=real(programs),
        outcomes=real(outcomes),
        capacity=system.capacity[:, :, months],
        received=system.received[:, months],
        lapsed=system.lapsed[:, months],
        spent=system.spent[:, :, :, months],
        families=FamilyRecord(
            id=system.state.people["id"].copy(),
            events=system.state.counts["events"].copy(),
            enrolled=system.state.enrolled.copy(),
            contacted=system.state.people["contacted"].copy(),
        ),
    )
