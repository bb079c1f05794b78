"""Scenarios at random: small, valid, often extreme, over all that the language can say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from agreement import living
from agreement.dice import Dice
from agreement.frame import Frame, Tree
from agreement.organizing import Organizer
from hvsim.months import format_month
from hvsim.population import Families
from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.vocabulary import attributes_of


def generated(number: int, folder: Path) -> Scenario:
    """The scenario of a number, written to a folder and loaded from there."""
    frame = Frame(number)
    dice = frame.dice
    chains = living.chains(frame)
    outcomes = living.outcomes(frame, chains)
    organizer = Organizer(frame, outcomes, chains)
    tree: Tree = {
        "title": "At random",
        "place": "nowhere",
        "start": format_month(frame.start),
        "end": format_month(frame.end),
        "follow_up": f"{frame.follow_up} months",
        "fiscal_year_starts": dice.whole(1, 12),
        "price_year": 2024,
        "warm_start": {"months": frame.warm},
        "population": living.population(frame),
        "frailty": {"willingness_with_frailty": dice.real(-1, 1)},
        "structure": living.structure(frame),
        "screening": living.screening(frame),
        "outcomes": outcomes,
        "chains": chains,
        **organizer.organizations(),
    }
    if dice.happens(0.6):
        earlier = organizer.changed(tree) if dice.happens(0.5) else organizer.organizations()
        screening = tree["screening"] | {"flagged": dice.share()}
        write(folder / "before.yaml", tree | earlier | {"screening": screening})
        tree["warm_start"]["under"] = "before.yaml"
    write(folder / "scenario.yaml", tree)
    return load_scenario(folder / "scenario.yaml")


def write(file: Path, tree: Tree) -> None:
    """Write a scenario file: what is JSON is also YAML."""
    file.write_text(json.dumps(tree, indent=1), encoding="utf-8")


def families(number: int, scenario: Scenario, most: int = 150) -> Families:
    """Families of any kind, born in the scenario's months, in any order."""
    dice = Dice(number, "families")
    rng, n = dice.rng, dice.whole(most // 3, most)
    first = scenario.start - int(scenario.warm_start.months.value)
    first += int(scenario.population.enters_before_birth.value)
    ids = rng.permutation(rng.integers(1, 2**63, n).astype(np.uint64)) * np.uint64(2)
    assert len(np.unique(ids)) == n
    attributes = attributes_of(scenario)
    levels = [rng.integers(len(levels), size=n) for levels in attributes.values()]
    return Families(
        attributes=attributes,
        id=ids,
        mother=ids.copy(),
        region=rng.integers(len(scenario.population.regions), size=n).astype(np.int16),
        birth_month=rng.integers(first, scenario.end + 1, size=n).astype(np.int32),
        levels=np.array(levels, dtype=np.int8).T.copy(),
        frailty=rng.normal(size=n),
        detection=rng.normal(size=n),
        willingness_noise=rng.normal(size=n),
        screen_noise=rng.normal(size=n),
    )
