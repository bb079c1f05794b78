"""The families of a scenario, whether they are drawn or come from a birth file."""

from __future__ import annotations

from hvsim.population.families import Families
from hvsim.population.records import BirthRecords, families_of_records, read_records
from hvsim.population.synthesis import synthesize
from hvsim.scenario.errors import DEFAULT, Problem, ScenarioError, listed
from hvsim.scenario.schema import Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES

MARGINS = "population.margins"


def families_of(
    scenario: Scenario,
    seed: int,
    scale: float = 1.0,
    *,
    threads: int = 1,
    records: BirthRecords | None = None,
) -> Families:
    """Families of a scenario: from its birth file if it names one, else drawn.

    Parameters
    ----------
    scenario
        Its population block, regions and months of birth.
    seed
        Seed of the run.
    scale
        1/n for a whole number n: one family in n.
    threads
        Threads that share the draws; they do not change the families.
    records
        Births of the scenario's file, if it has been read before.

    Raises
    ------
    ScenarioError
        With what is wrong with the birth file, or if an attribute has no margin.
    ValueError
        If `scale` is not one over a whole number, or two draws would coincide.
    """
    _refuse_unstated_margins(scenario)
    if scenario.population.records is None:
        return synthesize(scenario, seed, scale, threads=threads)
    if records is None:
        records = read_records(scenario)
    return families_of_records(records, scenario, seed, scale, threads=threads)


def _refuse_unstated_margins(scenario: Scenario) -> None:
    """Whoever brings families of their own does without margins; to draw families takes all."""
    missing = [name for name in ATTRIBUTES if name not in scenario.population.margins]
    if missing:
        stated = (at for path, at in scenario.origins.items() if path.startswith(MARGINS))
        what = f"lacks {listed(missing)}; no family can be drawn without the shares of their levels"
        raise ScenarioError([Problem(next(stated, DEFAULT), MARGINS, what)])
