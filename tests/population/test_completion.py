"""Open attributes: drawn as often as the margins and associations say, given the known ones."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from hvsim.population.associations import load_associations
from hvsim.population.completion import OPEN, complete, completion_model
from hvsim.population.description import pair_table
from hvsim.population.synthesis import margins, synthesize
from hvsim.scenario.schema import Scenario
from hvsim.scenario.vocabulary import ATTRIBUTES

N = 20_000
NAMES = list(ATTRIBUTES)
KEYS = np.arange(N, dtype=np.uint64) * np.uint64(7919)

Levels = npt.NDArray[np.int8]


def completed(scenario: Scenario, seed: int = 1, threads: int = 1, **known: int) -> Levels:
    """Families of whom only some attributes are known, the same for all."""
    levels = np.full((N, len(NAMES)), OPEN, np.int8)
    for name, level in known.items():
        levels[:, NAMES.index(name.replace("_", "-"))] = level
    shares, associations = margins(scenario.population), load_associations("us-births-2022")
    complete(seed, completion_model(shares, associations), KEYS, levels, threads)
    return levels


def shares_of(levels: Levels, name: str) -> npt.NDArray[np.float64]:
    return np.bincount(levels[:, NAMES.index(name)], minlength=len(ATTRIBUTES[name])) / N


@pytest.mark.parametrize(
    ("known", "at", "open_"),
    [
        ("gestation", 1, "birth-weight"),
        ("education", 0, "payer"),
        ("payer", 2, "education"),
        ("race-ethnicity", 3, "paternity"),
        ("education", 3, "race-ethnicity"),
        ("paternity", 1, "race-ethnicity"),
    ],
)
def test_one_known_attribute_moves_another_as_their_table_says(
    place: Callable[..., Scenario], known: str, at: int, open_: str
) -> None:
    scenario = place()
    table = pair_table(
        margins(scenario.population), load_associations("us-births-2022"), known, open_
    )
    expected = table[at] / table[at].sum()
    found = shares_of(completed(scenario, **{known.replace("-", "_"): at}), open_)
    error = np.sqrt(expected * (1 - expected) / N)
    assert np.abs(found - expected).max() > 0  # not the table itself
    assert (np.abs(found - expected) < 4.5 * error + 0.003).all()


def test_of_whom_nothing_is_known_is_like_anybody(place: Callable[..., Scenario]) -> None:
    levels = completed(place())
    for name in NAMES:
        expected = np.array(
            [place().population.margins[name][level].value for level in ATTRIBUTES[name]]
        )
        error = np.sqrt(expected * (1 - expected) / N)
        assert (np.abs(shares_of(levels, name) - expected) < 4.5 * error + 0.003).all()


def test_what_is_known_stays_and_pairs_survive_a_gap(place: Callable[..., Scenario]) -> None:
    scenario = place()
    everyone = synthesize(scenario, 5)
    levels = everyone.levels.copy()
    column = NAMES.index("birth-weight")
    levels[::2, column] = OPEN
    model = completion_model(margins(scenario.population), load_associations("us-births-2022"))
    complete(9, model, everyone.id, levels)
    same = levels == everyone.levels
    assert same[:, np.arange(len(NAMES)) != column].all()
    assert same[1::2].all()
    preterm = everyone.levels[:, NAMES.index("gestation")] == 1
    low = levels[:, column] == 1
    half = np.arange(len(levels)) % 2 == 0
    drawn, real = low[preterm & half].mean(), low[preterm & ~half].mean()
    assert abs(drawn - real) < 0.06
    assert real > 3 * low.mean()


def test_draws_follow_seed_and_family_alone(place: Callable[..., Scenario]) -> None:
    scenario = place()
    one = completed(scenario, education=1)
    assert (one == completed(scenario, threads=3, education=1)).all()
    assert (one != completed(scenario, seed=2, education=1)).any()
    levels = np.full((100, len(NAMES)), OPEN, np.int8)
    levels[:, NAMES.index("education")] = 1
    model = completion_model(margins(scenario.population), load_associations("us-births-2022"))
    complete(1, model, KEYS[50:150], levels)
    assert (levels == one[50:150]).all()


def test_a_level_that_nobody_should_have_is_no_obstacle(place: Callable[..., Scenario]) -> None:
    scenario = place(payer={"medicaid": 1.0, "private-insurance": 0.0, "other-payer": 0.0})
    levels = completed(scenario, payer=2)
    assert ((levels >= 0).all(axis=1)).all()
