"""Families of a run from the births of a file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from hvsim.compiled import compiled
from hvsim.population.associations import load_associations
from hvsim.population.completion import OPEN, complete, completion_model
from hvsim.population.families import Families
from hvsim.population.further import FurtherModel, draw_further, further_model
from hvsim.population.records.births import BirthRecords
from hvsim.population.records.months import run_months
from hvsim.population.synthesis import draws, margins, one_in
from hvsim.population.traits import KeyArray, Traits, draw_traits
from hvsim.randomness import derived_key, refuse_collisions
from hvsim.scenario.schema import Scenario

IntArray = npt.NDArray[np.int64]


def families_of_records(
    records: BirthRecords, scenario: Scenario, seed: int, scale: float = 1.0, *, threads: int = 1
) -> Families:
    """Families of a run, in the order that `Families` asks for.

    What the file holds does not depend on the seed; traits and open attributes do.

    Parameters
    ----------
    records
        Births of the scenario's file.
    scenario
        Its months, margins, associations and further attributes.
    seed
        Seed of the run.
    scale
        1/n for a whole number n: of each region's births, by month and within it by the key of the
        id, every nth.
    threads
        Threads that share the draws; they do not change the families.

    Raises
    ------
    ValueError
        If `scale` is not one over a whole number, or two draws would coincide.
    """
    population = scenario.population
    refuse_collisions(draws(population))
    rows, months = _births(records, scenario, one_in(scale))
    cycles = ((months - records.birth_month[rows]) // 12 % (1 << 32)).astype(np.uint64)
    ids, mothers = np.empty((2, len(rows)), np.uint64)
    _keys_of_the_year(records.id[rows], cycles, ids)
    _keys_of_the_year(records.mother[rows], cycles, mothers)
    levels = records.levels[rows]
    model = completion_model(margins(population), load_associations(population.associations))
    complete(seed, model, ids, levels, threads)
    traits = Traits.empty(len(rows))
    draw_traits(seed, ids, mothers, traits)
    _draw_further(seed, further_model(scenario), ids, traits, levels)
    return Families(
        id=ids,
        mother=mothers,
        region=records.region[rows],
        birth_month=months.astype(np.int32),
        levels=levels,
        **traits._asdict(),
        attributes=records.attributes,
    )


def _births(records: BirthRecords, scenario: Scenario, n: int) -> tuple[IntArray, IntArray]:
    """Positions of the records that are born in each month of the run, and those months."""
    stated = scenario.population.records
    every_year = stated is not None and stated.use == "every-year"
    first, last = run_months(scenario)
    slot = records.birth_month % 12 if every_year else records.birth_month
    order = np.lexsort((records.id, records.region, slot))
    slots, regions = slot[order], records.region[order]
    before = np.zeros(len(scenario.population.regions), np.int64)
    rows, months = [], []
    for month in range(first, last + 1):
        wanted = month % 12 if every_year else month
        some = slice(*np.searchsorted(slots, [wanted, wanted + 1]))
        born = np.bincount(regions[some], minlength=len(before))
        rank = np.arange(some.stop - some.start) - (np.cumsum(born) - born)[regions[some]]
        chosen = order[some][(before[regions[some]] + rank) % n == n - 1]
        before += born
        rows.append(chosen)
        months.append(np.full(len(chosen), month))
    return np.concatenate(rows), np.concatenate(months)


def _draw_further(
    seed: int, model: FurtherModel, ids: KeyArray, traits: Traits, levels: npt.NDArray[np.int8]
) -> None:
    """Draw the scenario's own attributes in order, and keep what the file says of them."""
    for column in np.unique(model.columns):
        known = levels[:, column].copy()
        draw_further(seed, _one_attribute(model, column), ids, traits.frailty, levels)
        levels[:, column] = np.where(known == OPEN, levels[:, column], known)


def _one_attribute(model: FurtherModel, column: int) -> FurtherModel:
    rows = model.columns == column
    first = int(np.flatnonzero(rows)[0])
    begin = int(model.ends[first - 1]) if first else 0
    terms = slice(begin, int(model.ends[rows].max(initial=begin)))
    return replace(
        model,
        columns=model.columns[rows],
        positions=model.positions[rows],
        purposes=model.purposes[rows],
        logits=model.logits[rows],
        by_frailty=model.by_frailty[rows],
        ends=model.ends[rows] - begin,
        terms=model.terms[terms],
        weights=model.weights[terms],
    )


@compiled
def _keys_of_the_year(keys: KeyArray, cycles: KeyArray, out: KeyArray) -> None:
    """Keys that differ from one simulated year to the next, the same in every run."""
    for i in range(len(keys)):
        out[i] = derived_key(keys[i], cycles[i])
